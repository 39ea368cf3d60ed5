package report

import (
	"cmp"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

func request(r probe.Request) Request {
	out := Request{
		Client: string(cmp.Or(r.Client, probe.Fetch)), Method: Text(cmp.Or(r.Method, "GET")), URL: Text(r.URL),
		Mode: string(r.Mode), Credentials: string(r.Credentials), Redirect: string(r.Redirect), Cache: string(r.Cache),
		Referrer: Text(r.Referrer), ReferrerPolicy: string(r.ReferrerPolicy), Integrity: Text(r.Integrity),
		Keepalive: r.Keepalive, UploadListener: r.UploadListener, User: Text(r.User), Password: Text(r.Password),
		TimeoutMS: milliseconds(r.Timeout), Headers: lines(r.Headers), Body: body(r.Body),
	}
	if r.Sync {
		out.Async = new(bool)
	}
	if len(out.Headers) == 0 {
		out.Headers = nil
	}
	return out
}

func body(b *probe.Body) *Body {
	switch {
	case b == nil:
		return nil
	case b.Form != nil:
		return &Body{Kind: "form", Fields: fields(b.Form)}
	case b.Multipart != nil:
		return &Body{Kind: "multipart", Fields: fields(b.Multipart)}
	case b.Bytes != nil:
		return &Body{Kind: "bytes", Text: Text(b.Bytes), Blob: b.Blob}
	}
	return &Body{Kind: "text", Text: Text(b.Text), Blob: b.Blob}
}

func fields(list []probe.Field) Lines {
	out := Lines{}
	for _, f := range list {
		out = append(out, [2]Text{Text(f.Name), Text(f.Value)})
	}
	return out
}

func lines(list fetch.HeaderList) Lines {
	out := Lines{}
	for _, h := range list {
		out = append(out, [2]Text{Text(h.Name), Text(h.Value)})
	}
	return out
}

func jar(list []probe.Cookie) []Cookie {
	var out []Cookie
	for _, c := range list {
		out = append(out, Cookie{
			URL: c.URL, Name: Text(c.Name), Value: Text(c.Value), Domain: c.Domain, Path: c.Path, SameSite: c.SameSite,
			Secure: c.Secure, HTTPOnly: c.HTTPOnly, Partitioned: c.Partitioned,
		})
	}
	return out
}

func exchange(x probe.Exchange) Exchange {
	out := Exchange{
		Role:    string(x.Role),
		Request: Sent{Method: Text(x.Request.Method), URL: Text(x.Request.URL), Headers: lines(x.Request.Headers), Provisional: !x.Request.Raw},
		Cookies: cookies(x.Cookies), FromCache: x.FromCache, Error: x.Error,
	}
	if a := x.Response; a != nil {
		out.Response = &Received{
			Status: a.Status, StatusText: Text(a.StatusText), Protocol: a.Protocol, Headers: lines(a.Headers), Provisional: !a.Raw,
		}
	}
	return out
}

func cookies(c probe.Cookies) Cookies {
	out := Cookies{Sent: []Text{}, Withheld: []CookieUse{}}
	for _, u := range c.Sent {
		out.Sent = append(out.Sent, Text(u.Name))
	}
	for _, u := range c.Withheld {
		out.Withheld = append(out.Withheld, CookieUse{Text(u.Name), u.Reasons})
	}
	for _, u := range c.Refused {
		out.Refused = append(out.Refused, CookieUse{Text(u.Name), u.Reasons})
	}
	return out
}

func receipts(o probe.Observation) []Receipt {
	if !o.ReceiptsKnown {
		return nil
	}
	out := []Receipt{}
	for _, r := range o.Receipts {
		out = append(out, Receipt{
			Method: Text(r.Method), URL: Text(r.URL), Proto: r.Proto, Headers: lines(r.Headers), Body: Text(r.Body), BodySize: r.BodySize,
		})
	}
	return out
}

func replayed(r *probe.Replay) *Replay {
	if r == nil {
		return nil
	}
	return &Replay{Status: r.Status, Proto: r.Proto, Headers: lines(r.Headers), Body: Text(r.Body), Error: r.Error}
}
