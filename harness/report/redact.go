package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/replay"
)

// Redacted stands in place of a secret.
const Redacted = "[redacted]"

// Redactor takes secrets out of results: the values of Authorization,
// Proxy-Authorization, Cookie and Set-Cookie, of the headers in Names, of user
// and password, and user information in URLs. Of cookies only the values go;
// names and attributes stay. Where other text (messages, checks, the story,
// the curl command) quotes such a value, it goes there too.
//
// Bodies stay as they are: a secret that an API echoes in a body is still there.
// A value of fewer than four bytes is only found behind its name.
type Redactor struct {
	Names []string // further headers, without case
	Show  bool     // redacts nothing
}

// Redact is r without its secrets. r itself is not changed.
func (x Redactor) Redact(r Result) Result {
	if x.Show {
		return r
	}
	derived := r.Curl == command(r)
	text := x.secrets(r).replacer()
	r = x.structured(r, text)
	r.prose(text)
	r.Checks = x.checks(r.Checks, text)
	if r.Curl = text(r.Curl); derived {
		r.Curl = command(r)
	}
	return r
}

func (x Redactor) secret(name string) bool {
	known := []string{"authorization", "proxy-authorization", "cookie", "set-cookie"}
	same := func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(name)) }
	return slices.ContainsFunc(known, same) || slices.ContainsFunc(x.Names, same)
}

// value is what is shown of a secret header.
func value(name, v string) string {
	switch strings.ToLower(name) {
	case "cookie":
		pairs := strings.Split(v, ";")
		for i, p := range pairs {
			pairs[i] = pair(p)
		}
		return strings.Join(pairs, ";")
	case "set-cookie":
		first, attributes, more := strings.Cut(v, ";")
		if more {
			return pair(first) + ";" + attributes
		}
		return pair(first)
	}
	return Redacted
}

// pair keeps a cookie's name. Without "=" all of it is the value.
func pair(p string) string {
	if name, _, ok := strings.Cut(p, "="); ok {
		return name + "=" + Redacted
	}
	if strings.TrimSpace(p) == "" {
		return p
	}
	return p[:len(p)-len(strings.TrimLeft(p, " "))] + Redacted
}

// structured redacts what has its place: headers, jar, user and password. All else that it copies goes through text.
func (x Redactor) structured(r Result, text func(string) string) Result {
	visible := map[string]Text{}
	for name, v := range r.Headers {
		visible[name] = x.line(name, v, text)
	}
	r.Headers = visible
	r.Request = x.request(r.Request, text)
	r.Jar = slices.Clone(r.Jar)
	for i := range r.Jar {
		r.Jar[i].URL, r.Jar[i].Value = userinfo(r.Jar[i].URL), Redacted
	}
	r.Exchanges = slices.Clone(r.Exchanges)
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		e.Request.URL, e.Request.Headers = Text(text(string(e.Request.URL))), x.lines(e.Request.Headers, text)
		if e.Response != nil {
			a := *e.Response
			a.Headers = x.lines(a.Headers, text)
			e.Response = &a
		}
	}
	r.Receipts = slices.Clone(r.Receipts)
	for i := range r.Receipts {
		c := &r.Receipts[i]
		c.URL, c.Headers = Text(text(string(c.URL))), x.lines(c.Headers, text)
	}
	if r.Replay != nil {
		p := *r.Replay
		p.Headers, p.Error = x.lines(p.Headers, text), text(p.Error)
		r.Replay = &p
	}
	return r
}

func (x Redactor) request(r Request, text func(string) string) Request {
	r.URL, r.Referrer = Text(text(string(r.URL))), Text(text(string(r.Referrer)))
	r.Headers = x.lines(r.Headers, text)
	for _, v := range []*Text{&r.User, &r.Password} {
		if *v != "" {
			*v = Redacted
		}
	}
	return r
}

func (x Redactor) lines(list Lines, text func(string) string) Lines {
	list = slices.Clone(list)
	for i, l := range list {
		list[i][1] = x.line(string(l[0]), l[1], text)
	}
	return list
}

func (x Redactor) line(name string, v Text, text func(string) string) Text {
	if x.secret(name) {
		return Text(value(name, string(v)))
	}
	return Text(text(string(v)))
}

// prose redacts what is only text.
func (r *Result) prose(text func(string) string) {
	all := func(list []string) []string {
		list = slices.Clone(list)
		for i := range list {
			list[i] = text(list[i])
		}
		return list
	}
	for _, s := range []*string{&r.ID, &r.Case, &r.Problem, &r.Line, &r.Story, &r.Why, &r.Disagreement, &r.Retried} {
		*s = text(*s)
	}
	r.Console, r.Missing = all(r.Console), all(r.Missing)
	if r.Error != nil {
		r.Error = &ScriptError{r.Error.Name, text(r.Error.Message)}
	}
	if b := r.Blocked; b != nil {
		r.Blocked = &Block{Code: b.Code, Parameter: Text(text(string(b.Parameter))), Message: text(b.Message)}
	}
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Summary, f.Evidence, f.Fix = text(f.Summary), all(f.Evidence), all(f.Fix)
		if f.Config != nil {
			c := *f.Config
			c.Because = text(c.Because)
			f.Config = &c
		}
	}
}

// checks redacts both sides of a check that is about a secret header, since its quotes may be cut short.
func (x Redactor) checks(list []Check, text func(string) string) []Check {
	list = slices.Clone(list)
	for i := range list {
		k := &list[i]
		// such a name ends with the header's: "actual request header cookie", "hidden set-cookie"
		if x.secret(k.Name[strings.LastIndexByte(k.Name, ' ')+1:]) {
			k.Want, k.Got = hidden(k.Want), hidden(k.Got)
			continue
		}
		k.Want, k.Got = text(k.Want), text(k.Got)
	}
	return list
}

// hidden keeps what quotes nothing: "absent", "not sent".
func hidden(s string) string {
	if !strings.ContainsAny(s, "\"'`/") {
		return s
	}
	return Redacted
}

// inURL is user information in a URL anywhere in a text, up to the last @ before the path.
var inURL = regexp.MustCompile(`(://)[^/?#\s]*@`)

func userinfo(s string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	return inURL.ReplaceAllString(s, "${1}"+Redacted+"@")
}

// command is the curl command of a result's request, as [New] makes it.
func command(r Result) string {
	q := r.Request
	p := probe.Request{
		Method: string(q.Method), URL: string(q.URL), Credentials: fetch.CredentialsMode(q.Credentials), Client: probe.Client(q.Client),
		Mode: fetch.RequestMode(q.Mode), Redirect: fetch.RedirectMode(q.Redirect), User: string(q.User), Password: string(q.Password),
	}
	for _, l := range q.Headers {
		p.Headers = append(p.Headers, fetch.Header{Name: string(l[0]), Value: string(l[1])})
	}
	p.Body = q.Body.script()
	var cookies []probe.Cookie
	for _, c := range r.Jar {
		cookies = append(cookies, probe.Cookie{
			URL: c.URL, Name: string(c.Name), Value: string(c.Value), Domain: c.Domain, Path: c.Path, SameSite: c.SameSite,
			Secure: c.Secure, HTTPOnly: c.HTTPOnly, Partitioned: c.Partitioned,
		})
	}
	return replay.Command(p, cookies)
}
