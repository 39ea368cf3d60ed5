package chromium

import "strings"

// missing lists the evidence that the browser owes for a settled request: every
// request needs an end, and every response that announced raw headers needs
// them. preflightDue is true when a preflight must have been sent. It is empty
// when the account is closed.
func (p *pending) missing(preflightDue bool) []string {
	owed := p.unended(preflightDue)
	for _, e := range p.entries {
		if want := e.expectedExtras(); len(e.responseExtra) < want || len(e.requestExtra) < want {
			owed = append(owed, "raw headers of "+e.what())
		}
	}
	return owed
}

// unended lists the requests of which the end, or all, is missing.
func (p *pending) unended(preflightDue bool) []string {
	var owed []string
	preflights := 0
	for _, e := range p.entries {
		if e.isPreflight {
			preflights++
			if p.result != nil && p.result.TimedOut {
				continue // a preflight that script's abort ends gets no end of its own
			}
		}
		if !e.finished && e.failed == nil {
			owed = append(owed, "the end of "+e.what())
		}
	}
	if preflights == len(p.entries) && (preflights > 0 || p.result != nil && p.result.Response != nil) {
		owed = append(owed, "the request")
	}
	if preflights == 0 && (preflightDue || p.stoppedByPreflight()) && !p.neverSent() {
		owed = append(owed, "the preflight")
	}
	return owed
}

func (e *entry) what() string {
	if e.isPreflight {
		return "the preflight"
	}
	return "the request"
}

// storedAnswers notes the answers that came from the HTTP cache and were
// refused: the browser says nothing of them but the refusal. It is called when all
// that the network said of a request is on record, so that nothing on record means that nothing was sent.
func (p *pending) storedAnswers() {
	for _, e := range p.entries {
		refused := e.received == nil && e.failed != nil && answered(e.failed.CORS)
		if hops := e.announcedHops(); refused && len(e.requestExtra) == hops && len(e.responseExtra) == hops {
			e.stored = true
		}
	}
}

// expectedExtras counts the answers whose raw headers are announced.
func (e *entry) expectedExtras() int {
	n := e.announcedHops()
	if e.announced() && !e.fromCache {
		n++
	}
	if e.received == nil && e.failed != nil && answered(e.failed.CORS) && !e.stored {
		n++
	}
	return n
}

// announcedHops counts the redirects whose raw headers are announced.
func (e *entry) announcedHops() int {
	n := 0
	for _, ev := range e.sent {
		if ev.RedirectResponse != nil && ev.RedirectHasExtraInfo {
			n++
		}
	}
	return n
}

// announced reports that the answer's raw headers come. An opaque answer that
// Chromium's opaque response blocking emptied says that they don't, and they do: it
// is one from the network without a single header.
func (e *entry) announced() bool {
	if e.received == nil {
		return false
	}
	r := e.received.Response
	emptied := r != nil && r.RemoteIP != "" && len(headerList(r.Headers)) == 0 &&
		!r.FromDiskCache && !r.FromServiceWorker && !r.FromPrefetchCache
	return e.received.HasExtraInfo || emptied
}

// answered reports the CORS errors that only an answer to the request itself
// can cause, so that the answer's raw headers must come although script's view of it does not.
func answered(c *corsStatus) bool {
	if c == nil {
		return false
	}
	switch c.Error {
	case "MissingAllowOriginHeader", "MultipleAllowOriginValues", "InvalidAllowOriginValue",
		"AllowOriginMismatch", "WildcardOriginNotAllowed", "InvalidAllowCredentials":
		return true
	}
	return false
}

// stoppedByPreflight reports that the browser blames a preflight.
func (p *pending) stoppedByPreflight() bool {
	for _, e := range p.entries {
		if e.failed == nil || e.failed.CORS == nil {
			continue
		}
		code := e.failed.CORS.Error
		if strings.HasPrefix(code, "Preflight") || strings.Contains(code, "PreflightResponse") {
			return true
		}
	}
	return false
}

// neverSent reports a request that the browser refused before it sent anything,
// a preflight included.
func (p *pending) neverSent() bool {
	if len(p.entries) == 0 {
		return true
	}
	for _, e := range p.entries {
		if e.isPreflight || len(e.requestExtra) > 0 || e.received != nil {
			return false
		}
		if e.failed == nil || (e.failed.CORS != nil && !strings.Contains(e.failed.CORS.Error, "LocalNetwork")) {
			return false
		}
	}
	return true
}
