package harreport

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/report"
)

// stamp is ISO 8601, as HAR wants it.
const stamp = "2006-01-02T15:04:05.000000Z07:00"

func entries(h report.Header, r report.Result) []entry {
	exchanges := r.Exchanges
	if len(exchanges) == 0 && r.Outcome != "" && r.Outcome != "readable" {
		exchanges = []report.Exchange{{Role: "actual", Request: report.Sent{
			Method: r.Request.Method, URL: r.Request.URL, Headers: r.Request.Headers, Provisional: true,
		}, Error: r.NetError}}
	}
	started := r.Started
	if started.IsZero() {
		started = h.Started
	}
	var list []entry
	for i, x := range exchanges {
		e := entry{
			Started: started.Add(time.Duration(i) * time.Microsecond).Format(stamp), Request: asked(r, x), Response: answered(x), Ours: remarks(r, x),
		}
		if i == len(exchanges)-1 {
			e.Time, e.Timings.Wait = r.DurationMS, r.DurationMS
			e.Response.Content.body(r)
		}
		list = append(list, e)
	}
	return list
}

func remarks(r report.Result, x report.Exchange) ours {
	o := ours{
		ID: r.ID, Case: r.Case, Step: r.Step, Verdict: string(r.Verdict), Outcome: r.Outcome, Role: x.Role, From: r.From,
		Sent: !x.Request.Provisional || x.Response != nil, Error: x.Error,
	}
	if r.Blocked != nil {
		o.Blocked = r.Blocked
	}
	if len(x.Cookies.Sent)+len(x.Cookies.Withheld)+len(x.Cookies.Refused) > 0 {
		o.Cookies = x.Cookies
	}
	return o
}

func asked(r report.Result, x report.Exchange) request {
	q := request{
		Method: string(x.Request.Method), URL: string(x.Request.URL), HTTPVersion: version(x), Headers: pairs(x.Request.Headers),
		Cookies: []cookie{}, Query: query(string(x.Request.URL)), HeadersSize: -1, BodySize: -1,
	}
	for _, v := range values(x.Request.Headers, "cookie") {
		for p := range strings.SplitSeq(v, ";") {
			q.Cookies = append(q.Cookies, parsed(p))
		}
	}
	if x.Role != "preflight" && r.Request.Body != nil && strings.EqualFold(q.Method, string(r.Request.Method)) {
		q.PostData = posted(r.Request.Body, strings.Join(values(x.Request.Headers, "content-type"), ", "))
	}
	return q
}

func posted(b *report.Body, mimeType string) *postData {
	p := &postData{MimeType: mimeType, Text: strings.ToValidUTF8(string(b.Text), "\uFFFD")}
	if !utf8.ValidString(string(b.Text)) {
		p.Base64 = []byte(b.Text)
	}
	if b.Fields != nil {
		p.Params = pairs(b.Fields)
	}
	return p
}

func answered(x report.Exchange) response {
	a := response{Cookies: []cookie{}, Headers: []pair{}, HTTPVersion: version(x), HeadersSize: -1, BodySize: -1, Error: x.Error}
	if x.Response == nil {
		return a
	}
	a.Status, a.StatusText, a.Headers = x.Response.Status, string(x.Response.StatusText), pairs(x.Response.Headers)
	a.RedirectURL = strings.Join(values(x.Response.Headers, "location"), ", ")
	a.Content.MimeType = strings.Join(values(x.Response.Headers, "content-type"), ", ")
	for _, v := range values(x.Response.Headers, "set-cookie") {
		first, _, _ := strings.Cut(v, ";")
		a.Cookies = append(a.Cookies, parsed(first))
	}
	return a
}

// body is what script read. Nobody else keeps an answer's body.
func (c *content) body(r report.Result) {
	if r.Outcome == "readable" {
		c.Size, c.Text = r.BodySize, r.Body
	}
}

func version(x report.Exchange) string {
	if x.Response == nil {
		return ""
	}
	return x.Response.Protocol
}

func pairs(list report.Lines) []pair {
	out := []pair{}
	for _, l := range list {
		p := pair{Name: string(l[0]), Value: strings.ToValidUTF8(string(l[1]), "\uFFFD")}
		if !utf8.ValidString(string(l[1])) {
			p.Base64 = []byte(l[1])
		}
		out = append(out, p)
	}
	return out
}

func values(list report.Lines, name string) []string {
	var out []string
	for _, l := range list {
		if strings.EqualFold(string(l[0]), name) {
			out = append(out, string(l[1]))
		}
	}
	return out
}

func parsed(p string) cookie {
	name, v, ok := strings.Cut(strings.TrimSpace(p), "=")
	if !ok {
		name, v = "", name
	}
	return cookie{name, v}
}

// query are the parameters, decoded where that is possible, in order.
func query(u string) []pair {
	out := []pair{}
	u, _, _ = strings.Cut(u, "#")
	_, q, _ := strings.Cut(u, "?")
	for part := range strings.SplitSeq(q, "&") {
		if part == "" {
			continue
		}
		name, v, _ := strings.Cut(part, "=")
		out = append(out, pair{Name: decoded(name), Value: decoded(v)})
	}
	return out
}

func decoded(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
