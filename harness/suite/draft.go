package suite

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Draft is a suite to be written to a file, for a person to go on with. Its texts are taken as they are: none is a reference.
type Draft struct {
	Name string
	// Redact are names of headers whose values no report is to show.
	Redact []string
	// APIs are origins of servers that run already, by name, in order.
	APIs  []DraftAPI
	Cases []DraftCase
	// Secret gives the environment variable that stands in place of a value, or "" for one that may stand in the file; nil: all may.
	Secret func(place DraftPlace, name, value string) string
}

// DraftPlace is where a value with a name stands.
type DraftPlace string

// The places whose values may be secret.
const (
	DraftHeader    DraftPlace = "header"
	DraftCookie    DraftPlace = "cookie"
	DraftParameter DraftPlace = "query parameter" // its value is as it stands in the URL
	DraftField     DraftPlace = "form field"      // of a form in a text, its value is as it stands there
)

// DraftAPI is a server that runs already.
type DraftAPI struct{ Name, URL string }

// DraftCase is one case.
type DraftCase struct {
	Name    string
	Comment string // stands above it; "" for none
	From    []string
	Cookies []probe.Cookie
	Request probe.Request
	Outcome probe.Outcome
	Status  int // that script reads; 0: none is expected
}

// YAML is the draft as a suite file that [Load] takes.
func (d Draft) YAML() []byte {
	w := &draftWriter{apis: d.APIs, secret: d.Secret}
	w.line("suite: %s", scalar(d.Name))
	if len(d.Redact) > 0 {
		w.line("redact: [%s]", strings.Join(mapped(d.Redact, scalar), ", "))
	}
	w.line("apis:")
	for _, a := range d.APIs {
		w.line("  %s: {url: %s}", a.Name, text(a.URL))
	}
	w.line("cases:")
	for _, c := range d.Cases {
		w.draftCase(c)
	}
	return []byte(w.String())
}

type draftWriter struct {
	strings.Builder
	apis   []DraftAPI
	secret func(place DraftPlace, name, value string) string
}

func (w *draftWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *draftWriter) draftCase(c DraftCase) {
	for line := range strings.SplitSeq(c.Comment, "\n") {
		if line != "" {
			w.line("  # %s", line)
		}
	}
	w.line("  - name: %s", scalar(c.Name))
	w.line("    from: [%s]", strings.Join(mapped(c.From, text), ", "))
	if len(c.Cookies) > 0 {
		w.line("    cookies:")
	}
	for _, k := range c.Cookies {
		w.line("      - {%s}", strings.Join(w.cookie(k), ", "))
	}
	w.line("    request:")
	w.request(c.Request)
	w.line("    expect:")
	w.line("      outcome: %s", c.Outcome)
	if c.Status > 0 {
		w.line("      status: %d", c.Status)
	}
}

func (w *draftWriter) request(r probe.Request) {
	w.member("client", string(r.Client))
	w.member("method", r.Method)
	w.line("      url: %s", w.url(r.URL))
	if len(r.Headers) > 0 {
		w.line("      headers:")
	}
	for _, group := range grouped(r.Headers) {
		w.line("        %s: %s", scalar(group.Name), w.flow(DraftHeader, group))
	}
	if r.Body != nil {
		w.line("      body: %s", w.body(*r.Body, r.Headers))
	}
	w.member("mode", string(r.Mode))
	w.member("credentials", string(r.Credentials))
	w.member("redirect", string(r.Redirect))
}

func (w *draftWriter) member(name, value string) {
	if value != "" {
		w.line("      %s: %s", name, text(value))
	}
}

// lines are the values of one name.
type lines struct {
	Name  string
	Value []string
}

func grouped(headers fetch.HeaderList) []lines { return group(headers, strings.EqualFold) }

func group(list fetch.HeaderList, same func(a, b string) bool) []lines {
	var groups []lines
next:
	for _, h := range list {
		for i := range groups {
			if same(groups[i].Name, h.Name) {
				groups[i].Value = append(groups[i].Value, h.Value)
				continue next
			}
		}
		groups = append(groups, lines{Name: h.Name, Value: []string{h.Value}})
	}
	return groups
}
