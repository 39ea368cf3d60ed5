package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var preflightStatusRule = Rule{
	ID: "preflight-status", Title: "The preflight was answered with an error status", Severity: Error,
	Explanation: "Before a request that an HTML form could not send, a browser asks the server for leave: it sends OPTIONS, the preflight, always without cookies and without Authorization. Only a status from 200 to 299 is leave. " +
		"Where authentication, a firewall or a router that knows no OPTIONS stands in front of the CORS layer, it turns the preflight away, and the request itself is never sent. The browser often reports a missing Access-Control-Allow-Origin instead, since it looks for that first.",
	Clause: fetch.PreflightStatus.Clause(), Codes: []string{"PreflightInvalidStatus", "PreflightMissingAllowOriginHeader"},
	find: func(s *scene) []claim {
		return s.each(s.turnedAwayByStatus, s.preflightStatus)
	},
}
