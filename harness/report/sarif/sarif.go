package sarif

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/report"
)

// Writer is a [report.Reporter]. Only the rules' names are kept until the end.
type Writer struct {
	to    io.Writer
	head  report.Header
	begun bool
	any   bool
	rules map[string]string // descriptions by id
}

// New writes to to, which it does not close.
func New(to io.Writer) *Writer { return &Writer{to: to, rules: map[string]string{}} }

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// Begin opens the only run.
func (w *Writer) Begin(h report.Header) error {
	w.head, w.begun = h, true
	return w.write(fmt.Appendf(nil, "{\"$schema\": %q,\n\"version\": \"2.1.0\",\n\"runs\": [{\"results\": [", schema))
}

// Result writes a line for each failed check and each finding, and for a missing verdict.
// Findings of a result that passed were expected: they are informational.
func (w *Writer) Result(r report.Result) error {
	for _, x := range w.results(r) {
		text, err := json.Marshal(x)
		if err != nil {
			return fmt.Errorf("write the sarif report: %w", err)
		}
		before := ",\n"
		if !w.any {
			before = "\n"
		}
		w.any = true
		if err := w.write(append([]byte(before), text...)); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) results(r report.Result) []result {
	var list []result
	if r.Verdict == report.Error {
		w.rules["no-verdict"] = "A case has no verdict."
		list = append(list, w.result(r, "no-verdict", "", r.Title()+": "+printable.Text(r.Problem), report.ParsePlace(r.At)))
	}
	for _, k := range r.Failed() {
		word, _, _ := strings.Cut(k.Name, " ")
		id := "expect/" + word
		w.rules[id] = "What a case expects of " + word + "."
		place := report.ParsePlace(k.At)
		if k.At == "" {
			place = r.Place()
		}
		list = append(list, w.result(r, id, k.Name, r.Title()+": "+k.String()+"\n"+printable.Text(r.Line), place))
	}
	for _, f := range r.Findings {
		w.rules[f.Rule] = "The rule " + f.Rule + " of corsproof."
		x := w.result(r, f.Rule, "", findingText(r, f), r.Place())
		if r.Verdict == report.Pass {
			x.Kind, x.Level = "informational", "none"
		} else if slices.Contains([]string{"error", "warning", "note"}, f.Severity) {
			x.Level = f.Severity
		}
		list = append(list, x)
	}
	return list
}

func findingText(r report.Result, f report.Finding) string {
	lines := []string{r.Title() + ": " + printable.Text(f.Summary)}
	for _, e := range f.Evidence {
		lines = append(lines, printable.Text(e))
	}
	for _, e := range f.Fix {
		lines = append(lines, "Fix: "+printable.Text(e))
	}
	if f.Config != nil {
		for _, line := range f.Config.Lines() {
			lines = append(lines, printable.Text(line))
		}
	}
	return strings.Join(lines, "\n")
}

func (w *Writer) result(r report.Result, id, part, text string, place report.Place) result {
	key := strings.TrimSuffix(fmt.Sprintf("%s/%s/%d/%s/%s", w.head.Suite, r.ID, r.Step, id, part), "/")
	x := result{
		RuleID: id, Level: "error", Message: message{text}, Fingerprints: map[string]string{"corsproof/v1": printable.Text(key)},
		Properties: map[string]any{"id": r.ID, "from": r.From, "outcome": r.Outcome},
	}
	if place.File != "" {
		at := location{physicalLocation{Artifact: artifactLocation{uri(place.File)}}}
		if place.Line > 0 {
			at.Physical.Region = &region{place.Line, place.Column}
		}
		x.Locations = []location{at}
	}
	return x
}

// uri is a file's name as a URI reference: relative where the name is.
func uri(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}

// End writes the tool and its rules, which may stand behind the results.
func (w *Writer) End(s report.Summary) error {
	if !w.begun {
		if err := w.Begin(report.Header{Version: report.Version}); err != nil {
			return err
		}
	}
	t := tool{driver{Name: "corsproof", Rules: []rule{}}}
	for id, text := range w.rules {
		t.Driver.Rules = append(t.Driver.Rules, rule{id, message{text}})
	}
	slices.SortFunc(t.Driver.Rules, func(a, b rule) int { return strings.Compare(a.ID, b.ID) })
	text, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write the sarif report: %w", err)
	}
	head, err := json.Marshal(map[string]any{
		"suite": w.head.Suite, "browser": w.head.Browser, "summary": s, "duration_ms": s.Duration.Milliseconds(),
	})
	if err != nil {
		return fmt.Errorf("write the sarif report: %w", err)
	}
	return w.write(fmt.Appendf(nil, "\n],\n\"columnKind\": \"unicodeCodePoints\",\n\"tool\": %s,\n\"properties\": %s}]}\n", text, head))
}

func (w *Writer) write(text []byte) error {
	if _, err := w.to.Write(text); err != nil {
		return fmt.Errorf("write the sarif report: %w", err)
	}
	return nil
}
