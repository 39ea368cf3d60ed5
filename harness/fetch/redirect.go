package fetch

const maxRedirects = 20

// redirect does what the redirect mode says with a redirect response.
// https://fetch.spec.whatwg.org/#http-fetch
func (w *walk) redirect(role Role, response *Response) bool {
	switch w.request.redirectMode() {
	case ErrorRedirect:
		w.block(role, Violation{Step: RedirectModeError, Header: "Location", Got: response.Headers.Values("Location"), Want: "no redirect", Why: "the request's redirect mode is error"})
		return w.end("")
	case ManualRedirect:
		return w.finish(OpaqueRedirect, response)
	default:
		return w.follow(role, response)
	}
}

// follow is HTTP-redirect fetch. A redirect without Location is a response like any other.
// https://fetch.spec.whatwg.org/#http-redirect-fetch
func (w *walk) follow(role Role, response *Response) bool {
	lines := response.Headers.Values("Location")
	if len(lines) == 0 {
		return w.finish(w.tainting, response)
	}
	if v := checkOneLocation(lines); v != nil {
		w.block(role, *v)
	}
	location := resolveLocation(w.url, lines[0])
	w.block(role, w.checkLocation(location, lines)...)
	if len(w.wire) == 0 {
		w.refuseToLeave(location)
		return w.end("the wire ends at a redirect to " + lines[0])
	}
	next, err := OriginOf(w.wire[0].URL)
	if err != nil {
		return w.end(err.Error())
	}
	w.redirects++
	w.changeMethod(response.Status)
	w.changeReferrerPolicy(response.Headers)
	w.changeOrigin(next)
	return true
}

// refuseToLeave blocks a redirect away from the page's origin under mode
// same-origin, after which nothing is sent that the wire could show.
func (w *walk) refuseToLeave(location string) {
	to, err := OriginOf(location)
	if err == nil && w.request.mode() == SameOriginMode && !to.SameOrigin(w.request.Origin) {
		w.block("", modeSameOrigin(w.request.Origin, to.String()))
	}
}

func checkOneLocation(lines []string) *Violation {
	v := &Violation{Step: LocationRepeated, Header: "Location", Got: lines, Want: "one line", Why: "the header stands there more than once"}
	for _, line := range lines[1:] {
		if line != lines[0] {
			v.Step, v.Why = LocationConflict, "the header stands there more than once, with different values"
		}
	}
	if len(lines) == 1 {
		return nil
	}
	return v
}

// checkLocation checks where a redirect leads, and that it is not one too many.
func (w *walk) checkLocation(location string, lines []string) []Violation {
	if scheme := byteLower(schemeOf(location)); !isHTTPScheme(scheme) {
		return []Violation{{Step: LocationScheme, Header: "Location", Got: lines, Want: "http or https", Why: "a redirect to the scheme " + scheme + " is not followed"}}
	}
	var violations []Violation
	if w.redirects == maxRedirects {
		violations = append(violations, Violation{Step: RedirectCount, Header: "Location", Got: lines, Want: "at most 20 redirects", Why: "this one is the 21st"})
	}
	if includesCredentials(location) && w.refusesCredentials(location) {
		violations = append(violations, Violation{Step: LocationWithCredentials, Header: "Location", Got: []string{"a user or password"}, Want: "neither", Why: "a CORS request is not redirected to a URL that includes credentials"})
	}
	return violations
}

// refusesCredentials reports whether a location may not include credentials:
// under mode cors when it is of another origin than the page, or when the
// redirect comes from one.
func (w *walk) refusesCredentials(location string) bool {
	if w.tainting == CORSResponse {
		return true
	}
	to, err := OriginOf(location)
	return w.request.mode() == CORS && err == nil && !to.SameOrigin(w.request.Origin)
}

// changeMethod makes the request a GET where its status asks for that.
func (w *walk) changeMethod(status int) {
	method := w.request.method()
	post := (status == 301 || status == 302) && method == "POST"
	see := status == 303 && method != "GET" && method != "HEAD"
	if !post && !see {
		return
	}
	w.request.Method, w.request.BodyType = "GET", nil
	w.request.Headers = withoutHeaders(w.request.Headers, isRequestBodyHeaderName)
}

// changeOrigin drops Authorization on the way to another origin, and taints
// the request's origin where that way starts outside the page's origin.
// https://fetch.spec.whatwg.org/#concept-request-tainted-origin
func (w *walk) changeOrigin(next Origin) {
	if next.SameOrigin(w.at) {
		return
	}
	w.request.Headers = withoutHeaders(w.request.Headers, IsCORSNonWildcardRequestHeaderName)
	if !w.at.SameOrigin(w.request.Origin) {
		w.tainted = true
	}
}
