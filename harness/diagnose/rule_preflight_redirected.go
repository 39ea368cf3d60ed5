package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var preflightRedirectedRule = Rule{
	ID: "preflight-redirected", Title: "The preflight was answered with a redirect", Severity: Error,
	Explanation: "Before a request that an HTML form could not send, a browser asks the server for leave: it sends OPTIONS, the preflight. A redirect is no leave, and browsers do not follow it. Usual causes: the page asks over http and the server wants https; " +
		"the path lacks or has a slash at its end; or nobody is logged in, and the server sends everybody to a login page. Clients that are no browser send no preflight and follow the redirect, so that they notice nothing.",
	Clause: fetch.PreflightRedirect.Clause(), Codes: []string{"PreflightDisallowedRedirect"},
	find: func(s *scene) []claim {
		return s.each(func(a answer) bool { return a.has(fetch.PreflightRedirect) }, s.preflightRedirect)
	},
}
