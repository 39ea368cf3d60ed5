// Package page is the prober: the document that a browser loads at an origin
// under test, and the values that its script and Go exchange. Every driver uses it.
package page

import (
	_ "embed"
	"encoding/base64"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Prefix is the reserved path: an API at the same origin gets every other path.
const Prefix = "/.well-known/corsproof/"

// The documents. Path is an ordinary page; SandboxPath has an opaque origin,
// "null", by the CSP sandbox directive, which gives a document of its own the
// origin that a sandboxed iframe has.
const (
	Path        = Prefix + "page"
	SandboxPath = Prefix + "sandbox"
)

// OpaqueHost is the host of the sandboxed document. Its name shows nowhere: its origin is "null".
const OpaqueHost = "opaque.corsproof.test"

// Binding is the name of the function by which the page reports a list of [Result], as JSON.
const Binding = "corsproofReport"

//go:embed page.js
var script string

// The empty icon keeps browsers from asking the API for /favicon.ico.
const head = "<!doctype html><meta charset=utf-8><title>corsproof</title><link rel=icon href='data:,'>\n"

// Serve answers for a path below [Prefix]. extra are header lines of the page that its user wants (a
// Content-Security-Policy, say). ok is false for a path that is no document of ours.
func Serve(path string, extra fetch.HeaderList) (headers fetch.HeaderList, body []byte, ok bool) {
	if path != Path && path != SandboxPath {
		return nil, nil, false
	}
	headers = fetch.HeaderList{
		{Name: "Content-Type", Value: "text/html; charset=utf-8"},
		{Name: "Cache-Control", Value: "no-store"},
	}
	if path == SandboxPath {
		headers = append(headers, fetch.Header{Name: "Content-Security-Policy", Value: "sandbox allow-scripts"})
	}
	return append(headers, extra...), []byte(head + "<script>\n" + script + "</script>\n"), true
}

// Request is a probe.Request in the form that page.js takes.
type Request struct {
	ID             string         `json:"id"`
	Client         probe.Client   `json:"client"`
	URL            string         `json:"url"`
	Init           map[string]any `json:"init"`
	Headers        [][2]string    `json:"headers,omitempty"`
	Body           *body          `json:"body,omitempty"`
	Timeout        int64          `json:"timeout"` // milliseconds
	BodyLimit      int64          `json:"bodyLimit"`
	UploadListener bool           `json:"uploadListener,omitempty"`
	Sync           bool           `json:"sync,omitempty"`
	User           *string        `json:"user,omitempty"`
	Password       *string        `json:"password,omitempty"`
}

type body struct {
	Kind   string      `json:"kind"`
	Data   string      `json:"data,omitempty"`
	Type   string      `json:"type,omitempty"`
	Fields [][2]string `json:"fields,omitempty"`
}

// maxTimeout is the longest that a timer of script's can run, in milliseconds.
const maxTimeout = 1<<31 - 1

// NewRequest gives r to the page under an id. The URL's fragment becomes the
// id: it never leaves the browser and script cannot see it in response.url,
// and it is by what the browser's own events are attributed.
func NewRequest(id string, r probe.Request, timeout time.Duration, bodyLimit int64) Request {
	url, _, _ := strings.Cut(r.URL, "#")
	out := Request{
		ID: id, Client: r.Client, URL: url + "#" + id, Init: map[string]any{},
		Headers: pairs(r.Headers), Body: bodyOf(r.Body),
		Timeout: min(max(timeout.Milliseconds(), 1), maxTimeout), BodyLimit: bodyLimit,
		UploadListener: r.UploadListener, Sync: r.Sync,
	}
	set(out.Init, "method", r.Method)
	set(out.Init, "mode", string(r.Mode))
	set(out.Init, "credentials", string(r.Credentials))
	set(out.Init, "redirect", string(r.Redirect))
	set(out.Init, "cache", string(r.Cache))
	set(out.Init, "referrer", r.Referrer)
	set(out.Init, "referrerPolicy", string(r.ReferrerPolicy))
	set(out.Init, "integrity", r.Integrity)
	if r.Keepalive {
		out.Init["keepalive"] = true
	}
	if r.User != "" {
		out.User = &r.User
	}
	if r.Password != "" {
		out.Password = &r.Password
	}
	return out
}

func set(init map[string]any, name, value string) {
	if value != "" {
		init[name] = value
	}
}

func bodyOf(b *probe.Body) *body {
	switch {
	case b == nil:
		return nil
	case b.Blob != nil:
		data := b.Bytes
		if data == nil {
			data = []byte(b.Text)
		}
		return &body{Kind: "blob", Type: *b.Blob, Data: base64.StdEncoding.EncodeToString(data)}
	case b.Bytes != nil:
		return &body{Kind: "bytes", Data: base64.StdEncoding.EncodeToString(b.Bytes)}
	case b.Form != nil:
		return &body{Kind: "form", Fields: fields(b.Form)}
	case b.Multipart != nil:
		return &body{Kind: "multipart", Fields: fields(b.Multipart)}
	default:
		return &body{Kind: "text", Data: b.Text}
	}
}

func fields(list []probe.Field) [][2]string {
	out := make([][2]string, len(list))
	for i, f := range list {
		out[i] = [2]string{f.Name, f.Value}
	}
	return out
}

func pairs(list fetch.HeaderList) [][2]string {
	out := make([][2]string, len(list))
	for i, h := range list {
		out[i] = [2]string{h.Name, h.Value}
	}
	return out
}
