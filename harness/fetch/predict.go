package fetch

// Outcome is what the Standard has happen to script.
type Outcome string

// The outcomes.
const (
	// OutcomeReadable: script reads status, body and [Prediction].Exposed.
	OutcomeReadable Outcome = "readable"
	// OutcomeOpaque: script gets a filtered response without status, headers and body.
	OutcomeOpaque Outcome = "opaque"
	// OutcomeBlocked: script gets a network error, or the call itself throws.
	OutcomeBlocked Outcome = "blocked"
	// OutcomeUnknown: the wire does not tell; [Prediction].Unknown says why.
	OutcomeUnknown Outcome = "unknown"
)

// Prediction is what the Standard, applied to what was on the wire, has happen
// to script. It knows the CORS protocol, redirects and the cross-origin
// resource policy. Content security policy, mixed content, local network
// access and the like are not on the wire, and not in it.
type Prediction struct {
	Outcome Outcome
	// ResponseType is that of the response that script gets: ErrorResponse where blocked, "" where unknown.
	ResponseType ResponseType
	// Exposed are the response headers that script reads, as [Exposed] returns them.
	Exposed HeaderList
	// Violations are all that the wire shows, in the order in which a browser
	// comes to them. There are some if and only if Outcome is OutcomeBlocked.
	Violations []Violation
	// Preflight is that of the first hop that needs one, or the zero value.
	Preflight Preflight
	// Hops are the requests up to where the wire ends: the first, and one for each redirect followed.
	Hops []Hop
	// Unknown says why Outcome is OutcomeUnknown.
	Unknown string
}

// Preflight says whether a hop needs a preflight, and whether the wire has one.
type Preflight struct {
	Needed  bool
	Reasons []Reason
	// Method and HeaderNames are what Access-Control-Request-Method and -Headers ask for.
	Method      string
	HeaderNames []string
	// Sent is true where the wire has a preflight. Where one is needed and was
	// not sent, the prediction takes it that the CORS-preflight cache allowed the request.
	// https://fetch.spec.whatwg.org/#cors-preflight-cache
	Sent bool
}

// Hop is one request on the way.
type Hop struct {
	URL string
	// Origin is the request's origin as the CORS check has it: opaque where redirects tainted it.
	Origin Origin
	// Request is the request as it stands at this hop: redirects change its method, headers and body.
	Request Request
	// Sent is true where the request is known to have left the browser.
	Sent bool
	// OriginSent is the value of the Origin header on the wire, and OriginDue the one that the Standard has; "" is none.
	// https://fetch.spec.whatwg.org/#append-a-request-origin-header
	OriginSent, OriginDue string
	// Tainting is the request's response tainting: Basic, CORSResponse or Opaque.
	// https://fetch.spec.whatwg.org/#concept-request-response-tainting
	Tainting  ResponseType
	Preflight Preflight
}

// Predict applies the Standard to a request and to what was on the wire for
// it, in the order in which it was sent, a preflight before the request it
// serves. It follows the wire, not its own imagination: where the wire lacks
// what a decision needs, the outcome is unknown.
// https://fetch.spec.whatwg.org/#fetching
func Predict(r Request, wire []Exchange) Prediction {
	w := &walk{request: r, wire: wire, url: r.URL, tainting: Basic}
	if refusals := r.refusals(); len(refusals) > 0 {
		w.block("", refusals...)
		w.end("")
		return w.result
	}
	w.request.Headers, w.request.Method, w.request.listed = r.HeaderList(), r.method(), true
	if w.leaveByScheme() {
		return w.result
	}
	for w.hop() {
	}
	return w.result
}

// leaveByScheme ends the walk for a URL that does not lead to the network.
// https://fetch.spec.whatwg.org/#scheme-fetch
func (w *walk) leaveByScheme() bool {
	scheme := byteLower(schemeOf(cleanURL(w.url)))
	mode := w.request.mode()
	switch {
	case isHTTPScheme(scheme):
		return false
	case scheme == "":
		w.end("the URL is not absolute")
	case scheme == "data" || scheme == "blob" || mode == NoCORS:
		w.end("a URL of the scheme " + scheme + " is fetched without the network")
	case mode == SameOriginMode:
		w.block("", modeSameOrigin(w.request.Origin, w.url))
		w.end("")
	default:
		w.block("", Violation{Step: SchemeNotHTTP, Got: []string{scheme}, Want: "http or https", Why: "mode cors fetches over HTTP only"})
		w.end("")
	}
	return true
}

func modeSameOrigin(origin Origin, url string) Violation {
	return Violation{Step: ModeSameOrigin, Got: []string{url}, Want: origin.String(), Why: "mode same-origin fetches from the page's own origin only"}
}
