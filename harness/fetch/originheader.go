package fetch

// originDue is what the Origin header of the request at this hop is to say, or "" where it is to have none.
// https://fetch.spec.whatwg.org/#append-a-request-origin-header
func (w *walk) originDue() string {
	method := w.request.method()
	switch {
	case w.tainting == CORSResponse:
		return w.origin().String()
	case method == "GET" || method == "HEAD":
		return ""
	case w.request.mode() != CORS && w.hidesOrigin():
		return Origin{}.String()
	default:
		return w.origin().String()
	}
}

// hidesOrigin reports whether the referrer policy keeps the page's origin from the server at this hop.
func (w *walk) hidesOrigin() bool {
	switch w.request.ReferrerPolicy {
	case NoReferrer:
		return true
	case SameOriginReferrer:
		return !w.at.SameOrigin(w.request.Origin)
	case "", NoReferrerWhenDowngrade, StrictOrigin, StrictOriginWhenCrossOrigin:
		return w.request.Origin.Scheme == "https" && w.at.Scheme != "https"
	default:
		return false
	}
}

// changeReferrerPolicy takes over the policy that comes with a redirect.
// https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect
func (w *walk) changeReferrerPolicy(headers HeaderList) {
	if policy := ParseReferrerPolicy(headers); policy != "" {
		w.request.ReferrerPolicy = policy
	}
}

// ParseReferrerPolicy returns the policy in a response's Referrer-Policy
// header: the last one that is known, or "".
// https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
func ParseReferrerPolicy(headers HeaderList) ReferrerPolicy {
	var last ReferrerPolicy
	for _, line := range headers.Values("Referrer-Policy") {
		for _, token := range splitHeaderValue(line) {
			switch policy := ReferrerPolicy(byteLower(token)); policy {
			case NoReferrer, NoReferrerWhenDowngrade, SameOriginReferrer, OriginReferrer,
				StrictOrigin, OriginWhenCrossOrigin, StrictOriginWhenCrossOrigin, UnsafeURL:
				last = policy
			}
		}
	}
	return last
}
