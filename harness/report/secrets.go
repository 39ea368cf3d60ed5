package report

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/corsproof/corsproof/harness/probe"
)

// secrets are texts to replace, and what stands in their place.
type secrets map[string]string

// shortest is the length in bytes from which a secret is replaced wherever it stands: shorter ones would take half the report along.
const shortest = 4

// secrets collects what a result's headers, jar, user and password have to hide.
func (x Redactor) secrets(r Result) secrets {
	found := secrets{}
	for name, v := range r.Headers {
		x.gather(found, name, string(v))
	}
	for _, list := range r.lists() {
		for _, l := range list {
			x.gather(found, string(l[0]), string(l[1]))
		}
	}
	for _, c := range r.Jar {
		found.cookie(string(c.Name) + "=" + string(c.Value))
	}
	found.add("", string(r.Request.User))
	found.add("", string(r.Request.Password))
	if u, err := url.Parse(string(r.Request.URL)); err == nil && u.User != nil {
		password, _ := u.User.Password()
		found.add("", password)
	}
	return found
}

// lists are all lists of header lines in a result.
func (r Result) lists() []Lines {
	list := []Lines{r.Request.Headers}
	for _, e := range r.Exchanges {
		list = append(list, e.Request.Headers)
		if e.Response != nil {
			list = append(list, e.Response.Headers)
		}
	}
	for _, c := range r.Receipts {
		list = append(list, c.Headers)
	}
	if r.Replay != nil {
		list = append(list, r.Replay.Headers)
	}
	return list
}

func (x Redactor) gather(found secrets, name, v string) {
	if !x.secret(name) {
		return
	}
	switch strings.ToLower(name) {
	case "cookie":
		for p := range strings.SplitSeq(v, ";") {
			found.cookie(strings.TrimSpace(p))
		}
	case "set-cookie":
		first, _, _ := strings.Cut(v, ";")
		found.cookie(strings.TrimSpace(first))
	default:
		found.add(name+": ", v)
		if _, credentials, ok := strings.Cut(v, " "); ok {
			found.add("", credentials)
		}
	}
}

func (s secrets) cookie(p string) {
	name, v, ok := strings.Cut(p, "=")
	if !ok {
		name, v = "", p
	}
	s.add(name+"=", v)
}

// add takes a value in the forms in which texts quote it. before is what stands before it where it is short.
func (s secrets) add(before, v string) {
	v = strings.TrimSpace(v)
	if v == "" || v == Redacted {
		return
	}
	quoted := strconv.Quote(v)
	for _, form := range []string{v, quoted[1 : len(quoted)-1], strings.ReplaceAll(v, "'", `'\''`), url.QueryEscape(v), url.PathEscape(v)} {
		if len(v) >= shortest {
			s[form] = Redacted
		} else if len(before) > 1 {
			s[before+form] = before + Redacted
		}
	}
	if before != "" && len(v) < shortest {
		s[before+quoted] = before + Redacted
	}
}

// replacer replaces the longest first, and user information in URLs.
func (s secrets) replacer() func(string) string {
	var keys []string
	for k := range s {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, k := range keys {
		pairs = append(pairs, k, s[k])
	}
	replace := sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer(pairs...) })
	return func(text string) string {
		text = userinfo(text)
		// most texts have no secret, and building the replacer is slow
		if !slices.ContainsFunc(keys, func(k string) bool { return strings.Contains(text, k) }) {
			return text
		}
		return replace().Replace(text)
	}
}

// script is a body as script handed it over.
func (b *Body) script() *probe.Body {
	if b == nil {
		return nil
	}
	out := &probe.Body{Blob: b.Blob}
	var list []probe.Field
	for _, f := range b.Fields {
		list = append(list, probe.Field{Name: string(f[0]), Value: string(f[1])})
	}
	switch b.Kind {
	case "form":
		out.Form = append([]probe.Field{}, list...)
	case "multipart":
		out.Multipart = append([]probe.Field{}, list...)
	case "bytes":
		out.Bytes = append([]byte{}, b.Text...)
	default:
		out.Text = string(b.Text)
	}
	return out
}
