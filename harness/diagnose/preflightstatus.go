package diagnose

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// turnedAwayByStatus reports a preflight that was answered with an error, and neither for what it asks nor by what stands between.
func (s *scene) turnedAwayByStatus(a answer) bool {
	return a.has(fetch.PreflightStatus) && s.refusalOf(a).rule == "" && s.fault(a) == ""
}

func (s *scene) preflightStatus(a answer) claim {
	status := a.x.Response.Status
	why, fix := s.turnedAwayWhy(a)
	c := claim{
		at:       a.at(25),
		summary:  fmt.Sprintf("%s was answered %d (%s): %s", exchange(a.x), status, statusText(status), why),
		evidence: []string{cite(a.x, append([]string{allowOrigin}, telling(a)...)...)},
		fix:      append(fix, grant(a)...),
	}
	if status != 400 || !s.everythingRefused(status) { // else CORS is not what keeps the page out
		c.cures = &a
	}
	if a.has(fetch.AllowOriginMissing) {
		c.at = a.at(1)
		c.evidence = append(c.evidence, "the browser looks for "+allowOrigin+" before it looks at the status, so it reports the missing header")
	}
	if s.madeBefore(a) {
		c.evidence = append(c.evidence, "the server itself did not receive the preflight: something before it answered")
	}
	if s.refusesBrowsers(a) {
		c.evidence = append(c.evidence, s.browsersRefused(a)...)
		c.cures = nil
	}
	if s.redirectedTo(a) {
		c.evidence = append(c.evidence, "a redirect led there: "+s.way(a))
	}
	c.evidence = append(c.evidence, s.why(a)...)
	if by := maker(a.x.Response); by != "" {
		c.evidence = append(c.evidence, by)
	}
	if r := s.o.Replay; r != nil && r.Error == "" {
		line := fmt.Sprintf("without a browser, and so without a preflight, the same request gets %d", r.Status)
		if r.Status >= 400 {
			line += ": it fails there, too, so that CORS is not all, unless clients that are no browsers are refused"
		}
		c.evidence = append(c.evidence, line)
	}
	return c
}

// turnedAwayWhy says what a preflight's status means beside what was asked otherwise, and what to do.
func (s *scene) turnedAwayWhy(a answer) (why string, fix []string) {
	status, with := a.x.Response.Status, s.reply(withOrigin)
	switch everything := s.everythingRefused(status); {
	case s.refusesBrowsers(a):
		return "the same preflight is allowed without what a browser sends of itself", []string{forBrowsers}
	case everything && status >= 500:
		return "the server, or a proxy in front of it, fails for the request itself, too, without a browser; a list of origins that throws for whoever is not on it, and sends no Origin either, would look the same", errorFix(status)
	case everything && status == 403:
		_, first := preflightRefusal(a)
		return "the request itself is refused just so, without a browser, too (a token that is not good, a firewall, a check of the host's name): what refuses it stands before CORS, or is a list of origins, on which who sends no Origin is not either",
			append([]string{"find out who refuses it, and why: its log, and the body that a client without a browser gets, tell"}, first...)
	case everything:
		return "the request itself is refused just so, without a browser, too: what refuses it (a check of the host's name, a rule about headers) is most likely not about CORS",
			[]string{"find out who refuses it, and why: its log, and the body that a client without a browser gets, tell"}
	case status >= 500 && with != nil && with.Answer.Status >= 500 && s.replaySucceeded():
		return "the server fails where a request has this Origin: a GET with it fails as well, and the request succeeds without a browser, and so without Origin",
			[]string{"see in the server's log what fails where a request has Origin: a list of origins that throws for one that it lacks, or a mistake in the code that reads it"}
	case s.saysCORS() != "":
		return "a CORS layer refuses it, which says: " + quote(s.saysCORS()), []string{"see that CORS is switched on there, and that its rules have this origin, method and these headers"}
	case (status == 403 || status == 400) && s.refusesEveryOPTIONS(a):
		return "OPTIONS without an Origin is turned away just so: authorization, a firewall or a rule about methods runs before CORS, something there wants a header that preflights never have (a version, a key), or a CORS layer refuses whoever is not on its list; the answer does not tell which",
			[]string{"let OPTIONS requests that have Access-Control-Request-Method through to the CORS layer", "see that the server's lists have this origin, method and these headers"}
	}
	why, fix = preflightRefusal(a)
	if r := s.o.Replay; status == 404 && r != nil && r.Status == 404 {
		fix = append([]string{"see whether the path is right: without a browser, the request itself gets 404, too"}, fix...)
	}
	return why, fix
}

// corsTexts are what CORS layers say of a preflight without saying what they object to.
var corsTexts = []string{"CORS not enabled or no matching rule found", "CORS is not enabled for this bucket"}

// saysCORS is what the answer to the preflight says of CORS, or "".
func (s *scene) saysCORS() string {
	f := s.reply(samePreflight)
	for _, t := range corsTexts {
		if f != nil && strings.Contains(string(f.Answer.Body), t) {
			return t
		}
	}
	return ""
}

// everythingRefused reports an error that the request itself gets without a browser, too, and that is not for want of a login (401) or a route.
func (s *scene) everythingRefused(status int) bool {
	r := s.o.Replay
	return r != nil && r.Error == "" && r.Status == status && (status == 400 || status == 403 || status >= 500)
}

// why says what makes a preflight necessary: without it there would be none.
func (s *scene) why(a answer) []string {
	if reasons := a.hop.Preflight.Reasons; len(reasons) > 0 {
		return []string{"why there is a preflight: " + list(whys(reasons))}
	}
	return nil
}

// telling are the headers of an answer that tell more about its status.
func telling(a answer) []string {
	var names []string
	for _, name := range []string{"WWW-Authenticate", "Allow", "Vary"} {
		if a.x.Response.Headers.Has(name) {
			names = append(names, name)
		}
	}
	return names
}

// preflightRefusal says what a preflight's status means, and what to do.
func preflightRefusal(a answer) (why string, fix []string) {
	status, headers := a.x.Response.Status, a.x.Response.Headers
	const first = "answer OPTIONS requests that have Access-Control-Request-Method in the CORS layer, before "
	switch {
	case status == 401 || status == 403 && headers.Has("WWW-Authenticate"):
		return "authentication runs before CORS, and a preflight never carries credentials", []string{first + "authentication"}
	case status == 403 && readsPreflights(headers):
		return "the layer that turned it away reads the Origin, so it may be a CORS layer that does not allow this origin, method or header; or authorization runs before CORS",
			[]string{"see that the server's lists have this origin, method and these headers", first + "authorization"}
	case status == 403:
		return "authorization or a firewall runs before CORS, or a CORS layer does not allow this origin, method or header; the answer does not tell which",
			[]string{first + "authorization, and let it through the firewall", "see that the server's lists have this origin, method and these headers"}
	case status == 404:
		return "no route answers OPTIONS there (or one only with a header that preflights never have, such as a version or a key)", []string{first + "the router looks for a route"}
	case status == 405 || status == 501:
		return "the server does not handle OPTIONS there", []string{first + "the router looks for a handler by method"}
	case status == 407 || status == 511:
		return "a network on the way wants authentication", []string{"authenticate to the network, or have it let OPTIONS through"}
	case status == 429:
		return "a rate limit counts preflights and runs before CORS", []string{first + "the rate limit"}
	case status >= 500:
		return "the server, or a proxy in front of it, failed on OPTIONS", []string{"see the server's log about OPTIONS " + path(a.x.Request.URL)}
	}
	return "only 200 to 299 is leave to send the request", []string{first + "whatever makes that answer"}
}
