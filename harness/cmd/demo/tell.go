package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/probe"
)

// tell prints what each witness saw of one request.
func tell(out io.Writer, s scene, o probe.Observation, cause diagnose.Finding) {
	line := func(who string, what ...string) {
		for _, text := range what {
			fmt.Fprintf(out, "    %-8s %s\n", who, strings.Join(printable.Wrap(text, width), "\n             "))
			who = ""
		}
	}
	fmt.Fprintf(out, "\n  %s: %s %s%s\n", s.setup, method(o.Request), o.Request.URL, credentials(o.Request))
	if o.Replay != nil {
		line("curl", curl(*o.Replay))
	}
	line("wire", wire(o.Exchanges)...)
	line("script", script(o))
	if o.Blocked != nil {
		line("browser", o.Blocked.Code)
	}
	if cause.Rule == "" {
		line("why", s.lesson)
		return
	}
	line("cause", cause.Rule+": "+cause.Summary)
	line("fix", cause.Fix[0])
}

func method(r probe.Request) string {
	if r.Method == "" {
		return "GET"
	}
	return r.Method
}

func credentials(r probe.Request) string {
	if r.Credentials == "" {
		return ""
	}
	return ", credentials: " + string(r.Credentials)
}

func curl(r probe.Replay) string {
	if r.Error != "" {
		return r.Error
	}
	return fmt.Sprintf("%d %s", r.Status, excerpt(string(r.Body)))
}

func script(o probe.Observation) string {
	if o.Outcome == probe.Readable {
		return fmt.Sprintf("reads %d %s", o.Page.Status, excerpt(o.Page.Body.Text))
	}
	if e := o.Page.Error; e != nil {
		return fmt.Sprintf("reads nothing: %s: %s", e.Name, e.Message)
	}
	return "reads nothing: " + o.Why
}

// wire tells the exchanges in one line each, with the headers that decide.
func wire(list []probe.Exchange) []string {
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = x.Request.Method + " → " + answer(x)
	}
	return parts
}

func answer(x probe.Exchange) string {
	switch {
	case x.Response != nil:
	case !x.Request.Raw:
		return "never sent"
	case x.Error != "":
		return "no answer: " + x.Error
	default:
		return "no answer"
	}
	var headers []string
	for _, h := range x.Response.Headers {
		name := strings.ToLower(h.Name)
		if strings.HasPrefix(name, "access-control-allow-") {
			headers = append(headers, fmt.Sprintf("%s: %s", strings.TrimPrefix(h.Name, "Access-Control-"), excerpt(h.Value)))
		}
	}
	if len(headers) == 0 {
		return fmt.Sprintf("%d, no Access-Control-Allow-* at all", x.Response.Status)
	}
	return fmt.Sprintf("%d, %s", x.Response.Status, strings.Join(headers, ", "))
}

// excerpt is a text in one short line, safe for a terminal.
func excerpt(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 70 {
		s = s[:70] + "…"
	}
	return strings.ReplaceAll(strings.Trim(fmt.Sprintf("%+q", s), `"`), `\"`, `"`)
}

// width is how much of a line of 80 columns the texts have.
const width = 66
