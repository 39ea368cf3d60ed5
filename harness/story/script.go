package story

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// script tells the first witness: what the page asked, and what it could read.
func (s *sheet) script(o probe.Observation) {
	s.section("script")
	client := o.Request.Client
	if client == "" {
		client = probe.Fetch
	}
	step := ""
	if o.Step > 1 {
		step = fmt.Sprintf(" (step %d)", o.Step)
	}
	s.line(1, Plain(string(client))+" "+request(o)+step)
	if list := settings(o.Request); len(list) > 0 {
		s.prose(1, strings.Join(list, ", "))
	}
	s.header(1, o.Request.Headers)
	if o.Request.Body != nil {
		s.line(1, "body: "+bodyKind(*o.Request.Body))
	}
	s.prose(1, "→ "+Plain(string(o.Outcome))+": "+Plain(o.Why))
	s.caught(o.Page)
	s.read(o.Page)
	if len(o.Page.Events) > 0 {
		s.prose(1, "events: "+Plain(joined(o.Page.Events)))
	}
}

// settings are those that script chose, as "name: value".
func settings(r probe.Request) []string {
	var list []string
	for _, m := range []struct{ name, value string }{
		{"mode", string(r.Mode)}, {"credentials", string(r.Credentials)}, {"redirect", string(r.Redirect)},
		{"cache", string(r.Cache)}, {"referrer", r.Referrer}, {"referrerPolicy", string(r.ReferrerPolicy)},
		{"integrity", r.Integrity}, {"user", r.User},
	} {
		if m.value != "" {
			list = append(list, m.name+": "+Plain(m.value))
		}
	}
	for _, m := range []struct {
		name string
		set  bool
	}{{"keepalive", r.Keepalive}, {"uploadListener", r.UploadListener}, {"sync", r.Sync}, {"password given", r.Password != ""}} {
		if m.set {
			list = append(list, m.name)
		}
	}
	if r.Timeout > 0 {
		list = append(list, "timeout: "+r.Timeout.String())
	}
	return list
}

func bodyKind(b probe.Body) string {
	switch {
	case b.Blob != nil:
		return fmt.Sprintf("a Blob of %s, type %s", count(len(b.Bytes)+len(b.Text), "byte"), value(*b.Blob))
	case b.Bytes != nil:
		return count(len(b.Bytes), "byte")
	case b.Form != nil:
		return "URLSearchParams of " + count(len(b.Form), "field")
	case b.Multipart != nil:
		return "FormData of " + count(len(b.Multipart), "field")
	}
	return excerpt(b.Text)
}

// caught tells the error that script saw.
func (s *sheet) caught(p probe.Page) {
	what := "caught"
	if p.Rejected {
		what = "the call itself threw"
	}
	if p.Error != nil {
		s.prose(1, fmt.Sprintf("%s %s: %s", what, Plain(p.Error.Name), Plain(p.Error.Message)))
	}
	if p.BodyError != nil {
		s.prose(1, fmt.Sprintf("reading the body threw %s: %s", Plain(p.BodyError.Name), Plain(p.BodyError.Message)))
	}
}

// read tells what script could read of a response.
func (s *sheet) read(p probe.Page) {
	if p.Type == "" && p.Status == 0 {
		s.line(1, "read nothing")
		return
	}
	text := fmt.Sprintf("read status %d", p.Status)
	if p.StatusText != "" {
		text += " " + Plain(p.StatusText)
	}
	if p.Type != "" {
		text += ", type " + Plain(string(p.Type))
	}
	if p.URL != "" {
		text += ", url " + Plain(p.URL)
	}
	if p.Redirected {
		text += ", redirected"
	}
	s.prose(1, text)
	if len(p.Headers) == 0 {
		s.line(1, "no header")
	}
	s.header(1, p.Headers)
	if p.BodyError == nil && p.Settled {
		s.line(1, readBody(p.Body))
	}
}

func readBody(b probe.ReadBody) string {
	size := count(int(b.Size), "byte")
	if b.Cut {
		size = "more than " + size
	}
	text := "body (" + size + ")"
	if b.SHA256 != "" {
		text += " with SHA-256 " + Plain(b.SHA256)
	}
	if b.Text == "" {
		return text
	}
	return text + ": " + excerpt(b.Text)
}
