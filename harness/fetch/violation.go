package fetch

import (
	"fmt"
	"strings"
)

// Step names the check of the Standard that a [Violation] fails.
type Step string

// The steps, in the order in which a browser comes to them.
const (
	// The call itself throws, and nothing is fetched.
	MethodInvalid      Step = "method-invalid"
	MethodForbidden    Step = "method-forbidden"
	HeaderInvalid      Step = "header-invalid"
	URLWithCredentials Step = "url-with-credentials"
	NoCORSMethod       Step = "no-cors-method"
	BodyNotAllowed     Step = "body-not-allowed"

	// Main fetch refuses before anything is sent.
	ModeSameOrigin     Step = "mode-same-origin"
	NoCORSRedirectMode Step = "no-cors-redirect-mode"
	SchemeNotHTTP      Step = "scheme-not-http"

	// The CORS check, of a preflight's response and of every other.
	AllowOriginMissing  Step = "allow-origin-missing"
	AllowOriginWildcard Step = "allow-origin-wildcard" // "*" with credentials
	AllowOriginMultiple Step = "allow-origin-multiple"
	AllowOriginNull     Step = "allow-origin-null" // "null" for an origin that is not
	AllowOriginMismatch Step = "allow-origin-mismatch"
	AllowCredentials    Step = "allow-credentials" // not exactly "true"

	// The rest of the preflight.
	PreflightRedirect       Step = "preflight-redirect"
	PreflightStatus         Step = "preflight-status"
	AllowMethodsMalformed   Step = "allow-methods-malformed"
	AllowHeadersMalformed   Step = "allow-headers-malformed"
	MethodNotAllowed        Step = "method-not-allowed"
	AuthorizationByWildcard Step = "authorization-by-wildcard" // covered by "*" only
	HeaderNotAllowed        Step = "header-not-allowed"

	// A response for no-cors.
	ResourcePolicy Step = "cross-origin-resource-policy"

	// A redirect.
	RedirectModeError       Step = "redirect-mode-error"
	LocationConflict        Step = "location-conflict" // several lines that differ
	LocationRepeated        Step = "location-repeated" // several lines that are equal
	LocationScheme          Step = "location-scheme"
	RedirectCount           Step = "redirect-count"
	LocationWithCredentials Step = "location-with-credentials"
)

const standard = "https://fetch.spec.whatwg.org/"

var clauses = map[Step]string{
	MethodInvalid:           "#dom-request",
	MethodForbidden:         "#forbidden-method",
	HeaderInvalid:           "#concept-headers-append",
	URLWithCredentials:      "#dom-request",
	NoCORSMethod:            "#dom-request",
	BodyNotAllowed:          "#dom-request",
	ModeSameOrigin:          "#main-fetch",
	NoCORSRedirectMode:      "#main-fetch",
	SchemeNotHTTP:           "#main-fetch",
	AllowOriginMissing:      "#concept-cors-check",
	AllowOriginWildcard:     "#cors-protocol-and-credentials",
	AllowOriginMultiple:     "#http-new-header-syntax",
	AllowOriginNull:         "#concept-cors-check",
	AllowOriginMismatch:     "#concept-cors-check",
	AllowCredentials:        "#concept-cors-check",
	PreflightRedirect:       "#cors-preflight-fetch",
	PreflightStatus:         "#cors-preflight-fetch",
	AllowMethodsMalformed:   "#extract-header-list-values",
	AllowHeadersMalformed:   "#extract-header-list-values",
	MethodNotAllowed:        "#cors-preflight-fetch",
	AuthorizationByWildcard: "#cors-non-wildcard-request-header-name",
	HeaderNotAllowed:        "#cors-preflight-fetch",
	ResourcePolicy:          "#cross-origin-resource-policy-header",
	RedirectModeError:       "#http-fetch",
	LocationConflict:        "#concept-response-location-url",
	LocationRepeated:        "#concept-response-location-url",
	LocationScheme:          "#http-redirect-fetch",
	RedirectCount:           "#http-redirect-fetch",
	LocationWithCredentials: "#http-redirect-fetch",
}

// Clause returns the URL of the clause that asks for a step, or "" for a step that is none of ours.
func (s Step) Clause() string {
	anchor, ok := clauses[s]
	if !ok {
		return ""
	}
	return standard + anchor
}

// Violation is one check of the Standard that failed.
type Violation struct {
	Step Step
	// Header is the header that the check reads, or "".
	Header string
	// Got is what was there: the values of that header's lines in order, nil
	// for no line; or the status, method, mode or URL that the check is about.
	Got []string
	// Want is what would have passed: a value, a list's missing element, or a description.
	Want string
	// Why says in a clause what is wrong with Got.
	Why string
	// On and URL say which exchange it is about. [Predict] sets them; they are
	// empty where nothing was sent.
	On  Role
	URL string
}

// String says what was wanted and what was there, in one line.
func (v Violation) String() string {
	what := v.Header
	if what == "" {
		what = string(v.Step)
	}
	return fmt.Sprintf("%s: want %q, got %s: %s", what, v.Want, v.got(), v.Why)
}

func (v Violation) got() string {
	if v.Got == nil {
		return "none"
	}
	quoted := make([]string, len(v.Got))
	for i, line := range v.Got {
		quoted[i] = fmt.Sprintf("%q", line)
	}
	return strings.Join(quoted, " and ")
}
