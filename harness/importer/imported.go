package importer

import (
	"encoding/base64"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Imported is one foreign request, as its tool sends it and as a page can. Its
// texts are the source's, control characters included: who prints them escapes them.
type Imported struct {
	// Name tells requests of one source apart: "PUT https://api.example.com/orders/1",
	// or the folders and name of a Postman request, "Orders / Create".
	Name string
	// Pos is where the request begins in its source.
	Pos Pos
	// Tool is what the tool sends.
	Tool ToolRequest
	// Request is what a page asks fetch() for. Headers that script cannot set
	// are gone. What fetch() itself refuses (a method, a body with GET) is kept, since the
	// browser's refusal is the answer; Impossible names both.
	Request probe.Request
	// Cookies are what the tool sends in Cookie headers, for the browser's jar.
	Cookies []probe.Cookie
	// From is the origin of the page that the request came from, by its Origin
	// or Referer header, or "".
	From string
	// Impossible is what a page can never send, in the order in which the tool sends it.
	Impossible []Impossible
	// Warnings are sentences about what was left out or is not as it was.
	Warnings []string
}

// ToolRequest is a request as a tool without a browser sends it: nothing is forbidden.
type ToolRequest struct {
	Method string // as written: curl sends "post" for -X post
	URL    string // absolute http or https, without fragment, user and password
	// Headers are the lines that the tool was told to send, or sends because of
	// what it was told (Cookie, Authorization, Content-Type). What it sends with
	// every request by itself (Host, Accept, User-Agent, Content-Length) is not here.
	Headers fetch.HeaderList
	// Without names the headers that the tool was told not to send by itself.
	Without []string
	Body    []byte // as on the wire; nil for none
	// Basic is the user and password, or nil. Headers has the Authorization line made of them.
	Basic           *Basic
	FollowRedirects bool
	Insecure        bool // certificates are not checked
	Compressed      bool // asks for a compressed answer
}

// Basic is a user and password of HTTP's Basic authentication.
type Basic struct{ User, Password string }

// Header is the value of the Authorization header. https://www.rfc-editor.org/rfc/rfc7617#section-2
func (b Basic) Header() string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(b.User+":"+b.Password))
}

// Probe is t in the form that package replay sends without a browser: all
// headers are there, and the body brings no Content-Type of its own.
func (t ToolRequest) Probe() probe.Request {
	r := probe.Request{Method: t.Method, URL: t.URL, Headers: t.Headers, Redirect: fetch.ManualRedirect}
	if t.FollowRedirects {
		r.Redirect = fetch.Follow
	}
	if t.Body != nil {
		r.Body = &probe.Body{Bytes: t.Body}
	}
	return r
}

// name is a name for a request that has none.
func (t ToolRequest) name() string {
	url, _, _ := strings.Cut(t.URL, "?")
	return t.Method + " " + url
}

// Impossible is one thing that the tool sends and a page cannot.
type Impossible struct {
	// Header is the header's name as written, or "" for what is no header: the
	// method, a body with GET, user and password in the URL.
	Header string
	Value  string
	Why    string // a sentence
	// Instead says what to do on a page, or in corsproof.
	Instead string
}
