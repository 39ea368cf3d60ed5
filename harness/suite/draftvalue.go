package suite

import (
	"encoding/base64"
	"encoding/json"
	neturl "net/url"
	"regexp"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// url is a URL with its origin as a reference, where it is an API's.
func (w *draftWriter) url(url string) string {
	for _, a := range w.apis {
		if rest, ok := strings.CutPrefix(url, a.URL); ok && (rest == "" || strings.ContainsAny(rest[:1], "/?")) {
			return quote("${" + a.Name + "}" + w.query(rest))
		}
	}
	return scalar(w.query(url))
}

// query is a URL, or its end, as a suite has it.
func (w *draftWriter) query(url string) string {
	path, query, ok := strings.Cut(url, "?")
	if !ok {
		return escaped(url)
	}
	return escaped(path) + "?" + w.pairs(DraftParameter, query)
}

// pairs are name=value&name=value as a suite has them.
func (w *draftWriter) pairs(place DraftPlace, text string) string {
	list := strings.Split(text, "&")
	for i, pair := range list {
		raw, value, ok := strings.Cut(pair, "=")
		name, err := neturl.QueryUnescape(raw)
		if err != nil {
			name = raw
		}
		if list[i] = escaped(pair); ok {
			list[i] = escaped(raw) + "=" + w.value(place, name, value)
		}
	}
	return strings.Join(list, "&")
}

// value is a value without quotes, or the variable that has it.
func (w *draftWriter) value(place DraftPlace, name, value string) string {
	if w.secret != nil && value != "" {
		if variable := w.secret(place, name, value); variable != "" {
			return "${env." + variable + "}"
		}
	}
	return escaped(value)
}

func (w *draftWriter) cookie(k probe.Cookie) []string {
	list := []string{"url: " + text(k.URL), "name: " + scalar(k.Name), "value: " + scalar(w.value(DraftCookie, k.Name, k.Value))}
	for _, a := range w.apis {
		if k.URL == a.URL || k.URL == a.URL+"/" {
			list[0] = "api: " + a.Name
		}
	}
	if k.SameSite != "" {
		list = append(list, "sameSite: "+k.SameSite)
	}
	if k.Secure {
		list = append(list, "secure: true")
	}
	return list
}

func (w *draftWriter) body(b probe.Body, headers fetch.HeaderList) string {
	switch {
	case b.Form != nil:
		return "{form: " + w.fields(b.Form) + "}"
	case b.Multipart != nil:
		return "{multipart: " + w.fields(b.Multipart) + "}"
	case b.Bytes != nil:
		return "{base64: " + quote(base64.StdEncoding.EncodeToString(b.Bytes)) + "}"
	case isForm(headers):
		return scalar(w.pairs(DraftField, b.Text))
	}
	return text(b.Text)
}

// isForm reports that a text is a form, as curl's -d has it.
func isForm(headers fetch.HeaderList) bool {
	value, _ := headers.Get("Content-Type")
	essence, _, _ := strings.Cut(value, ";")
	return strings.EqualFold(strings.TrimSpace(essence), "application/x-www-form-urlencoded")
}

func (w *draftWriter) fields(list []probe.Field) string {
	headers := make(fetch.HeaderList, len(list))
	for i, f := range list {
		headers[i] = fetch.Header{Name: f.Name, Value: f.Value}
	}
	var members []string
	for _, g := range group(headers, func(a, b string) bool { return a == b }) {
		members = append(members, scalar(g.Name)+": "+w.flow(DraftField, g))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// flow is one value, or a list of several.
func (w *draftWriter) flow(place DraftPlace, l lines) string {
	if len(l.Value) == 1 {
		return scalar(w.value(place, l.Name, l.Value[0]))
	}
	values := mapped(l.Value, func(v string) string { return scalar(w.value(place, l.Name, v)) })
	return "[" + strings.Join(values, ", ") + "]"
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
