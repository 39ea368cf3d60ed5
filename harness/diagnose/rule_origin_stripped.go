package diagnose

var originStrippedRule = Rule{
	ID: "origin-stripped", Title: "Something on the way takes Origin out of the request", Severity: Error,
	Explanation: "A browser tells the server in the header Origin whose page asks, and the server's answer depends on it. Here a proxy, gateway or cache in front of the server drops that header, so that the server takes the request for one that needs no CORS, and allows nobody. " +
		"The server's own list of origins can be as right as can be.",
	Clause: "https://fetch.spec.whatwg.org/#origin-header", Codes: []string{"MissingAllowOriginHeader", "PreflightMissingAllowOriginHeader"},
	find: func(s *scene) []claim {
		return s.each(func(a answer) bool { return s.fault(a) == "origin-stripped" }, s.originStripped)
	},
}
