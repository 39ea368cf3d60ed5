package fetch

// Role says why an exchange took place.
type Role string

// The roles. A request that is redirected is one RedirectRole for each hop
// that was answered with a redirect, and one ActualRole for the last.
const (
	PreflightRole Role = "preflight"
	RedirectRole  Role = "redirect"
	ActualRole    Role = "actual"
)

// Exchange is one request as it was on the wire, and its answer.
type Exchange struct {
	Role Role
	URL  string // absolute
	// Headers are the request's.
	Headers HeaderList
	// Sent is true where the request is known to have left the browser with those headers.
	Sent bool
	// Response is nil where there was no answer.
	Response *Response
	// ServiceWorker is true for an answer that a service worker made.
	ServiceWorker bool
}

// Response is an answer before any filtering.
type Response struct {
	Status  int
	Headers HeaderList
}

// isOKStatus: https://fetch.spec.whatwg.org/#ok-status
func isOKStatus(status int) bool { return 200 <= status && status <= 299 }

// isRedirectStatus: https://fetch.spec.whatwg.org/#redirect-status
func isRedirectStatus(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	default:
		return false
	}
}
