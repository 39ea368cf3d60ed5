package fetch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	allowMethods = "Access-Control-Allow-Methods"
	allowHeaders = "Access-Control-Allow-Headers"
)

// Trigger is what makes a request need a preflight.
type Trigger string

// The triggers.
const (
	UploadListenerTrigger Trigger = "upload-listener" // the use-CORS-preflight flag
	MethodTrigger         Trigger = "method"
	HeaderTrigger         Trigger = "header"
	HeaderSizeTrigger     Trigger = "header-size" // safelisted values that are too long together
)

// Reason is one reason for a preflight.
type Reason struct {
	Trigger Trigger
	// Header is the header at fault, where Trigger is HeaderTrigger; its name is as script wrote it.
	Header Header
	// Why is a sentence for people.
	Why string
}

// NeedsPreflight reports whether a request, before any redirect, needs a CORS
// preflight, and all reasons for it. A request to the page's own origin, and
// one whose mode is not cors, needs none.
// https://fetch.spec.whatwg.org/#main-fetch
//
// The names in Access-Control-Request-Headers are
// [CORSUnsafeRequestHeaderNames] of the request's HeaderList.
func NeedsPreflight(r Request) (bool, []Reason) {
	if r.mode() != CORS || !isHTTPScheme(byteLower(schemeOf(cleanURL(r.URL)))) {
		return false, nil
	}
	if at, err := OriginOf(r.URL); err == nil && at.SameOrigin(r.Origin) {
		return false, nil
	}
	reasons := r.preflightReasons()
	return len(reasons) > 0, reasons
}

// preflightReasons lists the reasons for a preflight of a request that is CORS-tainted.
func (r Request) preflightReasons() []Reason {
	var reasons []Reason
	if r.UploadListener {
		reasons = append(reasons, Reason{Trigger: UploadListenerTrigger, Why: "a listener is registered on XMLHttpRequest.upload"})
	}
	if method := r.method(); !IsCORSSafelistedMethod(method) {
		reasons = append(reasons, Reason{Trigger: MethodTrigger, Why: fmt.Sprintf("the method %s is none of GET, HEAD and POST", method)})
	}
	return append(reasons, headerReasons(r.HeaderList())...)
}

func headerReasons(list HeaderList) []Reason {
	var reasons []Reason
	for _, h := range list {
		if why := whyUnsafe(h.Name, h.Value); why != "" {
			reasons = append(reasons, Reason{Trigger: HeaderTrigger, Header: h, Why: fmt.Sprintf("the header %s is not CORS-safelisted: %s", h.Name, why)})
		}
	}
	if size := safelistedSize(list); size > maxSafelistedValues {
		reasons = append(reasons, Reason{Trigger: HeaderSizeTrigger,
			Why: fmt.Sprintf("the values of the safelisted headers have %d bytes together, and %d are the limit", size, maxSafelistedValues)})
	}
	return reasons
}

// CheckPreflight checks the response to the preflight of a request. origin is
// the page's, or the opaque one where redirects tainted it. All checks are
// made, where the Standard stops at the first that fails, and their violations
// are in the Standard's order; nil means that the preflight succeeds.
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func CheckPreflight(r Request, origin Origin, response Response) []Violation {
	violations := CORSCheck(origin, r.Credentials, response.Headers)
	if v := checkPreflightStatus(response.Status); v != nil {
		violations = append(violations, *v)
	}
	methods, methodsErr := ExtractHeaderListValues(allowMethods, response.Headers)
	if methodsErr != nil {
		violations = append(violations, malformed(AllowMethodsMalformed, allowMethods, response.Headers, methodsErr))
	}
	names, namesErr := ExtractHeaderListValues(allowHeaders, response.Headers)
	if namesErr != nil {
		violations = append(violations, malformed(AllowHeadersMalformed, allowHeaders, response.Headers, namesErr))
	}
	c := preflightCheck{credentials: r.Credentials, headers: response.Headers}
	if methodsErr == nil {
		violations = append(violations, c.method(r, methods)...)
	}
	if namesErr == nil {
		violations = append(violations, c.headerNames(r.HeaderList(), names)...)
	}
	return violations
}

func checkPreflightStatus(status int) *Violation {
	v := &Violation{Step: PreflightStatus, Got: []string{strconv.Itoa(status)}, Want: "200 to 299"}
	switch {
	case isOKStatus(status):
		return nil
	case isRedirectStatus(status):
		v.Step, v.Why = PreflightRedirect, "a preflight's redirect is not followed"
	default:
		v.Why = "a preflight succeeds with an ok status only"
	}
	return v
}

func malformed(step Step, name string, headers HeaderList, err error) Violation {
	return Violation{Step: step, Header: name, Got: headers.Values(name), Want: "tokens separated by commas", Why: err.Error()}
}

// preflightCheck matches a request against the lists in a preflight's response.
type preflightCheck struct {
	credentials CredentialsMode
	headers     HeaderList // the response's
}

// method checks the request's method. A missing Access-Control-Allow-Methods
// allows the method of a request that has the use-CORS-preflight flag.
func (c preflightCheck) method(r Request, allowed []string) []Violation {
	method := r.method()
	switch {
	case IsCORSSafelistedMethod(method), slices.Contains(allowed, method), c.wildcard(allowed):
		return nil
	case allowed == nil && r.UploadListener:
		return nil
	}
	v := c.missing(MethodNotAllowed, allowMethods, method, allowed)
	if containsFold(allowed, method) {
		v.Why = "the case differs, and methods are compared byte for byte"
	}
	return []Violation{v}
}

// headerNames checks the request's unsafe headers, Authorization first.
func (c preflightCheck) headerNames(list HeaderList, allowed []string) []Violation {
	var first, rest []Violation
	for _, name := range CORSUnsafeRequestHeaderNames(list) {
		switch nonWildcard := IsCORSNonWildcardRequestHeaderName(name); {
		case containsFold(allowed, name):
		case nonWildcard && c.wildcard(allowed):
			v := c.missing(AuthorizationByWildcard, allowHeaders, name, allowed)
			v.Why = `"*" does not cover Authorization, which must be listed by name`
			first = append(first, v)
		case nonWildcard:
			first = append(first, c.missing(HeaderNotAllowed, allowHeaders, name, allowed))
		case !c.wildcard(allowed):
			rest = append(rest, c.missing(HeaderNotAllowed, allowHeaders, name, allowed))
		}
	}
	return append(first, rest...)
}

// wildcard reports whether a list has a "*" that is a wildcard for this request.
// https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
func (c preflightCheck) wildcard(allowed []string) bool {
	return c.credentials != Include && slices.Contains(allowed, "*")
}

// missing is the violation of a list that does not have an element.
func (c preflightCheck) missing(step Step, header, want string, allowed []string) Violation {
	v := Violation{Step: step, Header: header, Got: c.headers.Values(header), Want: want}
	switch {
	case allowed == nil:
		v.Why = "the response does not have the header"
	case slices.Contains(allowed, "*"):
		v.Why = `"*" is no wildcard for a request whose credentials mode is include`
	default:
		v.Why = fmt.Sprintf("%s is not among %s", want, orNothing(strings.Join(allowed, ", ")))
	}
	return v
}

func orNothing(s string) string {
	if s == "" {
		return "nothing at all"
	}
	return s
}
