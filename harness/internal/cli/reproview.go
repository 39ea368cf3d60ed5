package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/repro"
)

// view writes comparisons for people, no wider than a number of columns.
type view struct {
	width int
	color bool
	first int // the width of the first column; 0 for label
}

// request is what is sent, and what of it a page can never send.
func (v view) request(r importer.Imported) string {
	var b strings.Builder
	title := r.Tool.Method + " " + r.Tool.URL
	fmt.Fprintf(&b, "\n%s\n", v.bold(printable.Text(title)))
	if r.Name != "" && !strings.HasPrefix(title, r.Name) {
		fmt.Fprintf(&b, "  %s\n", printable.Text(r.Name))
	}
	for _, i := range r.Impossible {
		what := i.Header
		if what == "" {
			what = "this"
		}
		b.WriteString(v.item("never", fmt.Sprintf("A page can never send %s: %s. Instead: %s.", printable.Text(what), printable.Text(i.Why), printable.Text(i.Instead))))
	}
	for _, warning := range r.Warnings {
		b.WriteString(v.item("note", printable.Text(warning)))
	}
	return b.String()
}

// page is one page's view beside the tool's.
func (v view) page(r report.Result, tool *report.Replay, p repro.Page) string {
	who := "page at " + p.From
	if p.Stranger {
		who += " (unrelated)"
	}
	var b strings.Builder
	b.WriteString("\n" + v.row("", "without a browser", who))
	if r.Verdict == report.Error {
		b.WriteString(v.row("outcome", toolOutcome(tool), "no verdict"))
		return b.String() + v.item("why", printable.Text(r.Problem))
	}
	b.WriteString(v.row("sent", printable.Text(string(r.Request.Method))+", no preflight", sent(r)))
	b.WriteString(v.row("answer", toolOutcome(tool), scriptOutcome(r)))
	b.WriteString(v.row("headers", toolHeaders(tool), readHeaders(r)))
	b.WriteString(v.row("body", toolBody(tool), readBody(r)))
	if p.Stranger {
		return b.String() + v.stranger(r)
	}
	return b.String() + v.reasons(r)
}

// stranger is what can be said of a page of which nobody knows whether it should read the answer. How to open the API to it is not said.
func (v view) stranger(r report.Result) string {
	switch r.Outcome {
	case "readable":
		return v.item("note", "a page of any origin may read this; is that meant to be so?")
	case "blocked":
		return v.item("note", "as it should be, unless pages of any origin are to read this")
	}
	return ""
}

// reasons are the findings, or the browser's own words where there are none.
func (v view) reasons(r report.Result) string {
	var b strings.Builder
	for i, f := range r.Findings {
		b.WriteString(v.item(standing(i, f), fmt.Sprintf("%s (%s)", printable.Text(f.Summary), f.Rule)))
		for _, e := range f.Evidence {
			b.WriteString(v.item("", "- "+printable.Text(e)))
		}
		for n, fix := range f.Fix {
			label := ""
			if n == 0 {
				label = "fix"
			}
			b.WriteString(v.item(label, printable.Text(fix)))
		}
		if f.Config != nil {
			b.WriteString(v.config(*f.Config))
		}
	}
	if len(r.Findings) == 0 && r.Outcome != "readable" {
		b.WriteString(v.item("why", printable.Text(browserWords(r))))
	}
	return b.String()
}

// config is a configuration to paste: its lines are not broken, and stand as far to the left as they can.
func (v view) config(c report.Config) string {
	var b strings.Builder
	b.WriteString(v.item("paste", printable.Text(c.Head())+". "+printable.Text(c.Note)))
	for _, p := range c.Parts {
		b.WriteString(v.item("", printable.Text(p.Place)+":"))
		for line := range strings.SplitSeq(p.Text, "\n") {
			fmt.Fprintf(&b, "%s\n", strings.TrimRight("    "+printable.Text(strings.ReplaceAll(line, "\t", "    ")), " "))
		}
	}
	return b.String()
}

// standing is what the i-th finding is to the reader: the cause, another one, or something beside.
func standing(i int, f report.Finding) string {
	switch {
	case f.Severity == "warning":
		return "warn"
	case f.Severity == "note":
		return "note"
	case i == 0:
		return "why"
	}
	return "also"
}

func browserWords(r report.Result) string {
	switch {
	case r.Blocked != nil && r.Blocked.Message != "":
		return r.Blocked.Message
	case r.NetError != "":
		return r.NetError
	}
	return r.Why
}

// sent is what left the browser, in order.
func sent(r report.Result) string {
	var list []string
	for _, x := range r.Exchanges {
		switch {
		case x.Response != nil:
			list = append(list, fmt.Sprintf("%s -> %d", printable.Text(string(x.Request.Method)), x.Response.Status))
		case x.Request.Provisional:
			list = append(list, printable.Text(string(x.Request.Method))+" never sent")
		default:
			list = append(list, printable.Text(string(x.Request.Method))+" -> no answer")
		}
	}
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

func toolOutcome(r *report.Replay) string {
	switch {
	case r.Status == 0:
		return printable.Text(r.Error)
	}
	return fmt.Sprint(r.Status)
}

func scriptOutcome(r report.Result) string {
	switch {
	case r.Outcome == "readable":
		return fmt.Sprint(r.Status)
	case r.Blocked != nil:
		return r.Outcome + ": " + printable.Text(r.Blocked.Code)
	case r.NetError != "":
		return r.Outcome + ": " + printable.Text(r.NetError)
	}
	return r.Outcome
}

func toolHeaders(r *report.Replay) string {
	if r.Status == 0 {
		return "-"
	}
	var names []string
	for _, h := range r.Headers {
		names = append(names, strings.ToLower(printable.Text(string(h[0]))))
	}
	slices.Sort(names)
	return joined(slices.Compact(names))
}

func readHeaders(r report.Result) string {
	var names []string
	for name := range r.Headers {
		names = append(names, printable.Text(name))
	}
	slices.Sort(names)
	return joined(names)
}

func joined(names []string) string {
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, ", ")
}

// shown is how much of a body is worth a look here, in bytes.
const shown = 120

func toolBody(r *report.Replay) string {
	if r.Status == 0 {
		return "-"
	}
	return excerpt(string(r.Body))
}

func readBody(r report.Result) string {
	if r.Outcome != "readable" {
		return "-"
	}
	return excerpt(r.Body)
}

func excerpt(body string) string {
	if body == "" {
		return "(empty)"
	}
	if len(body) > shown {
		return printable.Text(strings.ToValidUTF8(body[:shown], "")) + "…"
	}
	return printable.Text(body)
}
