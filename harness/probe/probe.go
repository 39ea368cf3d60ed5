package probe

import (
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Probe is one browsing session: a page of one origin sends one or more
// requests, one after the other. Probes are independent of each other: none
// sees cookies, caches, permissions or connections' credentials of another.
type Probe struct {
	// ID names the probe in results. It must be unique within one call of the engine.
	ID string
	// From is the page's origin: "https://app.example.com", or "null" for an opaque origin.
	From string
	// Cookies are in the browser's jar before the first request.
	Cookies []Cookie
	// Permissions are granted to the page's origin before the first request,
	// by the names of the Permissions API ("loopback-network", "local-network").
	Permissions []string
	// Steps are the requests, in order. There is at least one.
	Steps []Step
}

// Step is one request of a Probe.
type Step struct {
	// Wait is how long the page waits before this step.
	Wait time.Duration
	// ClearCache empties the HTTP cache and the CORS-preflight cache before this step.
	ClearCache bool
	// Request is what script asks for.
	Request Request
}

// Client is the API by which script sends a request.
type Client string

// The clients. The zero value means [Fetch].
const (
	Fetch Client = "fetch"
	XHR   Client = "xhr"
)

// Request is what script asks for, in script's own terms. Nothing here is
// checked or corrected before the browser sees it: what script may not do
// shows in the Observation as what the browser did.
type Request struct {
	Client Client
	// Method as script writes it, in its own case. Empty means GET.
	Method string
	// URL is absolute. A fragment is kept for script but cannot be relied on:
	// the engine marks requests with fragments.
	URL     string
	Headers fetch.HeaderList
	// Body is nil for none.
	Body *Body
	// Mode, Credentials, Redirect, Cache, Referrer, ReferrerPolicy, Integrity
	// and Keepalive are the members of fetch()'s RequestInit. A zero value is left out of it.
	// XMLHttpRequest knows only Credentials: Include sets withCredentials.
	Mode           fetch.RequestMode
	Credentials    fetch.CredentialsMode
	Redirect       fetch.RedirectMode
	Cache          fetch.CacheMode
	Referrer       string
	ReferrerPolicy fetch.ReferrerPolicy
	Integrity      string
	Keepalive      bool
	// UploadListener registers a listener on XMLHttpRequest.upload, which makes a cross-origin request preflighted.
	UploadListener bool
	// Sync makes XMLHttpRequest synchronous (open's third argument false).
	Sync bool
	// User and Password are XMLHttpRequest.open's last arguments. Empty means not given.
	User, Password string
	// Timeout bounds the request; at its end the page aborts. Zero means the engine's default.
	Timeout time.Duration
}

// Body is a request's body as script hands it over. At most one field is set;
// a Body with none set is the empty string.
type Body struct {
	Text      string  // a string
	Bytes     []byte  // a Uint8Array
	Form      []Field // URLSearchParams
	Multipart []Field // FormData
	// Blob is a Blob of that MIME type holding Bytes (or Text); nil means no Blob.
	Blob *string
}

// Type is the Content-Type that comes with a body by itself; "" for none.
// https://fetch.spec.whatwg.org/#concept-bodyinit-extract
func (b *Body) Type() string {
	switch {
	case b.Blob != nil:
		return *b.Blob
	case b.Bytes != nil:
		return ""
	case b.Form != nil:
		return "application/x-www-form-urlencoded;charset=UTF-8"
	case b.Multipart != nil:
		return "multipart/form-data; boundary=----formdata"
	}
	return "text/plain;charset=UTF-8"
}

// Field is one name and value of a form.
type Field struct{ Name, Value string }

// Cookie is a cookie that stands in the jar before the first request.
type Cookie struct {
	// URL decides the cookie's host and scheme: an API's or a page's origin.
	URL         string
	Name, Value string
	Domain      string // empty: host-only
	Path        string // empty: "/"
	SameSite    string // "Strict", "Lax", "None"; empty: not set
	Secure      bool
	HTTPOnly    bool
	Partitioned bool // partitioned by the page's site
}
