package fetch

import (
	"slices"
	"strings"
)

// Request is what script asks for, with what decides whether script may read
// the answer. The zero value but for Origin and URL is fetch(url).
type Request struct {
	// Origin is the page's.
	Origin Origin
	URL    string // absolute
	Method string // as script writes it; "" means GET
	// Headers are those that script sets, in order.
	Headers     HeaderList
	Mode        RequestMode     // "" means CORS
	Credentials CredentialsMode // "" means SameOrigin; XMLHttpRequest with withCredentials: Include
	Redirect    RedirectMode    // "" means Follow
	// BodyType is nil for no body; otherwise the Content-Type that the body's
	// own type implies: "text/plain;charset=UTF-8" for a string, "" for bytes.
	BodyType *string
	// ReferrerPolicy is the request's, or the page's where it has none; "" means StrictOriginWhenCrossOrigin.
	ReferrerPolicy ReferrerPolicy
	// Integrity is fetch()'s integrity metadata, or "".
	Integrity string
	// XHR is true for XMLHttpRequest, which combines headers of one name, and
	// ignores a body where fetch() throws.
	XHR bool
	// Sync is true for a synchronous XMLHttpRequest. The Standard makes no difference there; browsers do.
	Sync bool
	// UploadListener is true where a listener on XMLHttpRequest.upload sets the
	// use-CORS-preflight flag. https://fetch.spec.whatwg.org/#use-cors-preflight-flag
	UploadListener bool
	// listed is true where Headers are the request's header list already.
	listed bool
}

// method returns the request's method, normalised.
func (r Request) method() string {
	if r.Method == "" {
		return "GET"
	}
	return NormalizeMethod(r.Method)
}

func (r Request) mode() RequestMode {
	if r.Mode == "" {
		return CORS
	}
	return r.Mode
}

func (r Request) redirectMode() RedirectMode {
	if r.Redirect == "" {
		return Follow
	}
	return r.Redirect
}

// sendsBody reports whether there is a body, and the method allows for it.
func (r Request) sendsBody() bool {
	method := r.method()
	return r.BodyType != nil && method != "GET" && method != "HEAD"
}

// HeaderList returns the request's header list as the CORS protocol sees it:
// what script sets, normalised, without what the browser drops; the
// Content-Type that the body implies; and an Accept. Accept-Language, which is
// the browser's own choice, is left out.
// https://fetch.spec.whatwg.org/#concept-headers-append, https://fetch.spec.whatwg.org/#fetching
func (r Request) HeaderList() HeaderList {
	if r.listed {
		return r.Headers
	}
	var list HeaderList
	for _, h := range r.Headers {
		list = r.appendHeader(list, Header{h.Name, NormalizeHeaderValue(h.Value)})
	}
	if r.sendsBody() && *r.BodyType != "" && !list.Has("Content-Type") {
		list = r.appendHeader(list, Header{"Content-Type", *r.BodyType})
	}
	if !list.Has("Accept") {
		list = append(list, Header{"Accept", "*/*"})
	}
	return list
}

// appendHeader appends a header where script may set it.
func (r Request) appendHeader(list HeaderList, h Header) HeaderList {
	combined := h.Value
	if value, ok := list.Get(h.Name); ok {
		combined = value + ", " + h.Value
	}
	switch {
	case !IsHeaderName(h.Name), !IsHeaderValue(h.Value), IsForbiddenRequestHeader(h.Name, h.Value):
		return list
	case r.mode() == NoCORS && !IsNoCORSSafelistedRequestHeader(h.Name, combined):
		return list
	case r.XHR && combined != h.Value:
		return combineHeader(list, h.Name, combined)
	default:
		return append(list, h)
	}
}

// combineHeader gives the first header of that name its new, combined value.
// https://fetch.spec.whatwg.org/#concept-header-list-combine
func combineHeader(list HeaderList, name, combined string) HeaderList {
	i := slices.IndexFunc(list, func(h Header) bool { return byteEqualFold(h.Name, name) })
	list[i].Value = combined
	return list
}

// withoutHeaders returns the list without the headers whose names match.
func withoutHeaders(list HeaderList, match func(name string) bool) HeaderList {
	return slices.DeleteFunc(slices.Clone(list), func(h Header) bool { return match(h.Name) })
}

// refusals lists why the call itself throws, so that nothing is fetched.
// https://fetch.spec.whatwg.org/#dom-request,
// https://xhr.spec.whatwg.org/#the-open()-method
func (r Request) refusals() []Violation {
	violations := r.refuseHeaders()
	method := r.method()
	switch {
	case !IsMethod(method):
		violations = append(violations, Violation{Step: MethodInvalid, Got: []string{method}, Want: "a token", Why: "it is not a method"})
	case IsForbiddenMethod(method):
		violations = append(violations, Violation{Step: MethodForbidden, Got: []string{method}, Want: "another method", Why: "script may not use CONNECT, TRACE or TRACK"})
	case r.mode() == NoCORS && !IsCORSSafelistedMethod(method):
		violations = append(violations, Violation{Step: NoCORSMethod, Got: []string{method}, Want: "GET, HEAD or POST", Why: "mode no-cors allows no other method"})
	}
	if r.XHR {
		return violations
	}
	if includesCredentials(r.URL) {
		violations = append(violations, Violation{Step: URLWithCredentials, Got: []string{"a user or password"}, Want: "neither", Why: "fetch() takes no URL that includes credentials"})
	}
	if r.BodyType != nil && !r.sendsBody() {
		violations = append(violations, Violation{Step: BodyNotAllowed, Got: []string{method}, Want: "another method", Why: "fetch() allows no body with GET and HEAD"})
	}
	return violations
}

func (r Request) refuseHeaders() []Violation {
	var violations []Violation
	for _, h := range r.Headers {
		v := Violation{Step: HeaderInvalid, Header: h.Name, Got: []string{h.Value}}
		switch {
		case !IsHeaderName(h.Name):
			v.Want, v.Why = "a token", "the name is not a header name"
		case strings.ContainsAny(NormalizeHeaderValue(h.Value), "\x00\r\n"):
			v.Want, v.Why = "a value without NUL, CR and LF", "the value is not a header value"
		default:
			continue
		}
		violations = append(violations, v)
	}
	return violations
}
