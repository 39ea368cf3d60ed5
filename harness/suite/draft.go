package suite

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Draft is a suite to be written to a file, for a person to go on with. Its texts are taken as they are: none is a reference.
type Draft struct {
	Name string
	// APIs are origins of servers that run already, by name, in order.
	APIs  []DraftAPI
	Cases []DraftCase
}

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
	// Env has environment variables in place of values that are secret: of headers by name in lower case, of cookies by "cookie NAME".
	Env map[string]string
}

// YAML is the draft as a suite file that [Load] takes.
func (d Draft) YAML() []byte {
	w := &draftWriter{apis: d.APIs}
	w.line("suite: %s", scalar(d.Name))
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
	apis []DraftAPI
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
		w.line("      - {%s}", strings.Join(w.cookie(k, c.Env["cookie "+k.Name]), ", "))
	}
	w.line("    request:")
	w.request(c.Request, c.Env)
	w.line("    expect:")
	w.line("      outcome: %s", c.Outcome)
	if c.Status > 0 {
		w.line("      status: %d", c.Status)
	}
}

func (w *draftWriter) request(r probe.Request, env map[string]string) {
	w.member("client", string(r.Client))
	w.member("method", r.Method)
	w.line("      url: %s", w.url(r.URL))
	if len(r.Headers) > 0 {
		w.line("      headers:")
	}
	for _, group := range grouped(r.Headers) {
		value := flow(group.Value)
		if variable := env[strings.ToLower(group.Name)]; variable != "" {
			value = quote("${env." + variable + "}")
		}
		w.line("        %s: %s", scalar(group.Name), value)
	}
	if r.Body != nil {
		w.line("      body: %s", body(*r.Body))
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

// url is a URL with its origin as a reference, where it is an API's.
func (w *draftWriter) url(url string) string {
	for _, a := range w.apis {
		if rest, ok := strings.CutPrefix(url, a.URL); ok && (rest == "" || strings.ContainsAny(rest[:1], "/?")) {
			return quote("${" + a.Name + "}" + escaped(rest))
		}
	}
	return text(url)
}

func (w *draftWriter) cookie(k probe.Cookie, variable string) []string {
	list := []string{"url: " + text(k.URL), "name: " + scalar(k.Name), "value: " + text(k.Value)}
	for _, a := range w.apis {
		if k.URL == a.URL || k.URL == a.URL+"/" {
			list[0] = "api: " + a.Name
		}
	}
	if variable != "" {
		list[2] = "value: " + quote("${env."+variable+"}")
	}
	if k.SameSite != "" {
		list = append(list, "sameSite: "+k.SameSite)
	}
	if k.Secure {
		list = append(list, "secure: true")
	}
	return list
}

func body(b probe.Body) string {
	switch {
	case b.Form != nil:
		return "{form: " + fields(b.Form) + "}"
	case b.Multipart != nil:
		return "{multipart: " + fields(b.Multipart) + "}"
	case b.Bytes != nil:
		return "{base64: " + quote(base64.StdEncoding.EncodeToString(b.Bytes)) + "}"
	}
	return text(b.Text)
}

func fields(list []probe.Field) string {
	headers := make(fetch.HeaderList, len(list))
	for i, f := range list {
		headers[i] = fetch.Header{Name: f.Name, Value: f.Value}
	}
	var members []string
	for _, g := range group(headers, func(a, b string) bool { return a == b }) {
		members = append(members, scalar(g.Name)+": "+flow(g.Value))
	}
	return "{" + strings.Join(members, ", ") + "}"
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

// flow is one value, or a list of several.
func flow(values []string) string {
	if len(values) == 1 {
		return text(values[0])
	}
	return "[" + strings.Join(mapped(values, text), ", ") + "]"
}

func mapped(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}

// text is a scalar whose "${" is no reference.
func text(s string) string { return scalar(escaped(s)) }

func escaped(s string) string { return strings.ReplaceAll(s, "${", "$${") }

// plain are texts that are the same text in YAML without quotes.
var plain = regexp.MustCompile(`^(https?://[A-Za-z0-9.:/_-]*[A-Za-z0-9/_-]|[A-Za-z][A-Za-z0-9 ./_+-]*[A-Za-z0-9]|[A-Za-z])$`)

// scalar is a text as YAML, without quotes where it needs none.
func scalar(s string) string {
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf":
		return quote(s)
	}
	if plain.MatchString(s) && !strings.Contains(s, ": ") {
		return s
	}
	return quote(s)
}

// quote is a text in double quotes: a JSON string is one in YAML, too.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // strings cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
