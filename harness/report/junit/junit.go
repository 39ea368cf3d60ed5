package junit

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/report"
)

// Writer is a [report.Reporter]. The counts stand at the top of the file, so
// that results wait in a temporary file until End writes all of it.
type Writer struct {
	to    io.Writer
	head  report.Header
	spool *os.File
	out   *bufio.Writer
}

// New writes to to, which it does not close. Nothing is written before End.
func New(to io.Writer) *Writer { return &Writer{to: to} }

type testcase struct {
	XMLName   xml.Name `xml:"testcase"`
	Name      string   `xml:"name,attr"`
	Classname string   `xml:"classname,attr"`
	Time      string   `xml:"time,attr"`
	File      string   `xml:"file,attr,omitempty"`
	Line      int      `xml:"line,attr,omitempty"`
	Failure   *problem `xml:"failure"`
	Error     *problem `xml:"error"`
	Out       string   `xml:"system-out,omitempty"`
}

type problem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Begin opens the temporary file.
func (w *Writer) Begin(h report.Header) error {
	f, err := os.CreateTemp("", "corsproof-junit-*")
	if err != nil {
		return failure(err)
	}
	w.head, w.spool, w.out = h, f, bufio.NewWriter(f)
	return nil
}

// Result keeps one result for End.
func (w *Writer) Result(r report.Result) error {
	text, err := xml.MarshalIndent(w.testcase(r), "    ", "  ")
	if err == nil {
		_, err = w.out.Write(append(text, '\n'))
	}
	return failure(err)
}

func (w *Writer) testcase(r report.Result) testcase {
	place := report.ParsePlace(r.At)
	c := testcase{
		Name: r.Title(), Classname: printable.Text(w.head.Suite), Time: fmt.Sprintf("%.3f", r.DurationMS/1000),
		File: printable.Text(place.File), Line: place.Line, Out: output(r),
	}
	switch r.Verdict {
	case report.Fail:
		c.Failure = &problem{Message: message(r), Type: printable.Text(r.Outcome), Text: details(r)}
	case report.Error:
		c.Error = &problem{Message: printable.Text(r.Problem), Text: details(r)}
	}
	return c
}

// message is short: it stands in lists of failures.
func message(r report.Result) string {
	var list []string
	for _, k := range r.Failed() {
		list = append(list, k.String())
	}
	return strings.Join(list, "; ")
}

func details(r report.Result) string {
	var b strings.Builder
	for _, k := range r.Failed() {
		fmt.Fprintf(&b, "%s\n", k)
		if k.At != "" {
			fmt.Fprintf(&b, "    at %s\n", printable.Text(k.At))
		}
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s %s: %s\n", f.Severity, f.Rule, printable.Text(f.Summary))
		for _, fix := range f.Fix {
			fmt.Fprintf(&b, "    fix: %s\n", printable.Text(fix))
		}
		if f.Config != nil {
			for _, line := range f.Config.Lines() {
				fmt.Fprintf(&b, "    %s\n", printable.Text(line))
			}
		}
	}
	return "\n" + b.String() + "\n" + printable.Lines(r.Story)
}

func output(r report.Result) string {
	text := printable.Text(r.Line) + "\n"
	if r.Flaky {
		text = "flaky: it did not pass at first\n" + text
	}
	return text + printable.Lines(r.Curl) + "\n"
}

// End writes the report, and removes the temporary file.
func (w *Writer) End(s report.Summary) (err error) {
	if w.spool == nil {
		return w.write(s, strings.NewReader(""))
	}
	defer func() {
		err = errors.Join(err, failure(w.spool.Close()), failure(os.Remove(w.spool.Name())))
	}()
	if err := w.out.Flush(); err != nil {
		return failure(err)
	}
	if _, err := w.spool.Seek(0, io.SeekStart); err != nil {
		return failure(err)
	}
	return w.write(s, w.spool)
}

func (w *Writer) write(s report.Summary, cases io.Reader) error {
	counts := fmt.Sprintf(`name="%s" tests="%d" failures="%d" errors="%d" time="%.3f"`,
		attribute(w.head.Suite), s.Total(), s.Failed, s.Errors, s.Duration.Seconds())
	_, err := fmt.Fprintf(w.to, "%s<testsuites %s>\n  <testsuite %s skipped=\"0\" timestamp=\"%s\">\n%s", xml.Header, counts, counts,
		w.head.Started.UTC().Format(time.RFC3339), w.properties())
	if err != nil {
		return failure(err)
	}
	if _, err := io.Copy(w.to, cases); err != nil {
		return failure(err)
	}
	_, err = io.WriteString(w.to, "  </testsuite>\n</testsuites>\n")
	return failure(err)
}

func (w *Writer) properties() string {
	var b strings.Builder
	b.WriteString("    <properties>\n")
	x := w.head.Browser
	for _, p := range [][2]string{
		{"browser", strings.TrimSpace(x.Name + " " + x.Version)}, {"flavour", x.Flavour}, {"thirdPartyCookies", x.ThirdPartyCookies},
	} {
		fmt.Fprintf(&b, "      <property name=\"%s\" value=\"%s\"></property>\n", p[0], attribute(p[1]))
	}
	b.WriteString("    </properties>\n")
	return b.String()
}

func attribute(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(printable.Text(s))); err != nil {
		return "" // a strings.Builder never fails
	}
	return b.String()
}

func failure(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("write the junit report: %w", err)
}
