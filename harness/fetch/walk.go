package fetch

import "fmt"

// walk is a fetch on its way along the wire. Its methods for one hop are in
// the order in which they run; those that return false have ended the walk.
type walk struct {
	request Request    // as it stands at this hop: redirects change method, headers and body
	wire    []Exchange // what is left
	url     string     // the request's current URL
	at      Origin     // that of url
	tainted bool       // the request's redirect-taint is not same-origin
	// tainting is the request's response tainting.
	tainting  ResponseType
	redirects int
	blocked   bool
	result    Prediction
}

// origin is the request's origin as it is serialised.
// https://fetch.spec.whatwg.org/#serializing-a-request-origin
func (w *walk) origin() Origin {
	if w.tainted {
		return Origin{}
	}
	return w.request.Origin
}

// block records violations of an exchange of that role at the current URL.
func (w *walk) block(on Role, violations ...Violation) {
	for _, v := range violations {
		if v.On = on; on != "" {
			v.URL = w.url
		}
		w.result.Violations = append(w.result.Violations, v)
		w.blocked = true
	}
}

// end ends the walk where the wire does: blocked if anything blocks, otherwise
// unknown for that reason. It returns false for its caller to return.
func (w *walk) end(reason string) bool {
	if w.blocked {
		w.result.Outcome, w.result.ResponseType = OutcomeBlocked, ErrorResponse
		return false
	}
	w.result.Outcome, w.result.Unknown = OutcomeUnknown, reason
	return false
}

// hop takes one request, and reports whether it is redirected to another one on the wire.
func (w *walk) hop() bool {
	preflight, actual := w.take()
	if !w.arrive(preflight, actual) || !w.taint() || !w.checkPreflight(preflight, actual) {
		return false
	}
	response, ok := w.answer(actual)
	if !ok || !w.check(actual.Role, response) {
		return false
	}
	if isRedirectStatus(response.Status) {
		return w.redirect(actual.Role, response)
	}
	return w.finish(w.tainting, response)
}

// take takes the next request from the wire, with its preflight; either may be
// missing. Of exchanges that were repeated (a lost connection, a 421), the last counts.
func (w *walk) take() (preflight, actual *Exchange) {
	for len(w.wire) > 0 && w.wire[0].Role == PreflightRole {
		preflight, w.wire = &w.wire[0], w.wire[1:]
	}
	for len(w.wire) > 0 && (actual == nil || actual.Role == ActualRole && w.wire[0].Role == ActualRole) {
		actual, w.wire = &w.wire[0], w.wire[1:]
	}
	return preflight, actual
}

// arrive sets the current URL. The wire's is preferred to script's: a browser
// upgrades schemes, and has already resolved what is relative.
func (w *walk) arrive(preflight, actual *Exchange) bool {
	for _, exchange := range []*Exchange{preflight, actual} {
		if exchange != nil {
			w.url = exchange.URL
		}
	}
	at, err := OriginOf(w.url)
	if err != nil {
		return w.end(err.Error())
	}
	w.at = at
	return true
}

// taint sets the response tainting, or refuses the request.
// https://fetch.spec.whatwg.org/#main-fetch
func (w *walk) taint() bool {
	mode := w.request.mode()
	switch {
	case w.tainting == Basic && w.at.SameOrigin(w.request.Origin):
	case mode == SameOriginMode:
		w.block("", modeSameOrigin(w.request.Origin, w.url))
		return w.end("")
	case mode == NoCORS && w.request.redirectMode() != Follow:
		w.block("", Violation{Step: NoCORSRedirectMode, Got: []string{string(w.request.Redirect)}, Want: string(Follow), Why: "mode no-cors fetches from another origin with redirect mode follow only"})
		return w.end("")
	case mode == NoCORS:
		w.tainting = Opaque
	default:
		w.tainting = CORSResponse
	}
	return true
}

// checkPreflight records the hop, and checks its preflight where it has and needs one.
func (w *walk) checkPreflight(preflight, actual *Exchange) bool {
	hop := Hop{URL: w.url, Origin: w.origin(), Request: w.request, OriginDue: w.originDue(), Tainting: w.tainting, Preflight: w.preflight()}
	hop.Preflight.Sent = preflight != nil
	if actual != nil {
		hop.Sent = actual.Sent
		hop.OriginSent, _ = actual.Headers.Get("Origin")
	}
	w.result.Hops = append(w.result.Hops, hop)
	if hop.Preflight.Needed && !w.result.Preflight.Needed {
		w.result.Preflight = hop.Preflight
	}
	switch {
	case preflight == nil || !hop.Preflight.Needed:
		return true
	case preflight.Response == nil:
		return w.end("the preflight got no answer")
	default:
		w.block(PreflightRole, CheckPreflight(w.request, w.origin(), *preflight.Response)...)
		return true
	}
}

// preflight says whether this hop needs a preflight, and for what.
func (w *walk) preflight() Preflight {
	if w.tainting != CORSResponse {
		return Preflight{}
	}
	reasons := w.request.preflightReasons()
	if len(reasons) == 0 {
		return Preflight{}
	}
	names := CORSUnsafeRequestHeaderNames(w.request.HeaderList())
	return Preflight{Needed: true, Reasons: reasons, Method: w.request.method(), HeaderNames: names}
}

// answer returns the response, if it is one that the wire shows whole.
func (w *walk) answer(actual *Exchange) (*Response, bool) {
	switch {
	case actual == nil:
		return nil, w.end("the wire has no request to " + w.url)
	case actual.ServiceWorker:
		return nil, w.end("a service worker made the answer")
	case actual.Response == nil:
		return nil, w.end("the request got no answer")
	}
	response := actual.Response
	switch {
	case response.Headers.Has("Non-Authoritative-Reason"):
		return nil, w.end("the browser redirected the request itself (HSTS), which the Standard does not do by a redirect")
	case response.Status < 200:
		return nil, w.end(fmt.Sprintf("%d is not the status of a final response", response.Status))
	case response.Status == 407:
		return nil, w.end("a proxy asks for authentication")
	case response.Status == 304 && !w.conditional():
		return nil, w.end("the browser revalidated a stored response, which is not on the wire")
	default:
		return response, true
	}
}

// conditional reports whether script made the request conditional itself, so that it gets a 304 as it is.
// https://fetch.spec.whatwg.org/#concept-request-cache-mode
func (w *walk) conditional() bool {
	for _, name := range []string{"If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "If-Match", "If-Range"} {
		if w.request.Headers.Has(name) {
			return true
		}
	}
	return false
}

// check checks a response, whether or not it is a redirect.
// https://fetch.spec.whatwg.org/#http-fetch
func (w *walk) check(role Role, response *Response) bool {
	switch w.tainting {
	case CORSResponse:
		w.block(role, CORSCheck(w.origin(), w.request.Credentials, response.Headers)...)
	case Opaque:
		v, unknown := resourcePolicy(w.request.Origin, w.at, response.Headers)
		if unknown != "" {
			return w.end(unknown)
		}
		if v != nil {
			w.block(role, *v)
		}
	}
	return true
}

// finish hands a response of that type to script.
func (w *walk) finish(responseType ResponseType, response *Response) bool {
	switch {
	case w.blocked:
		return w.end("")
	case w.request.Integrity != "":
		return w.end("the integrity metadata is checked against the body, which is not on the wire")
	}
	w.result.Outcome, w.result.ResponseType = OutcomeReadable, responseType
	if responseType == Opaque || responseType == OpaqueRedirect {
		w.result.Outcome = OutcomeOpaque
	}
	w.result.Exposed = Exposed(w.request.Credentials == Include, response.Headers, responseType)
	return false
}
