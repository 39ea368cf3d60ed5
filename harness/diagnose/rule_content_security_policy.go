package diagnose

var contentSecurityPolicyRule = Rule{
	ID: "content-security-policy", Title: "The page's own Content-Security-Policy forbids the request: not CORS", Severity: Error,
	Explanation: "The page was delivered with a policy that lists the servers that its script may ask, in connect-src. This server is not on it, so that the browser does not ask. What has to change is the page's policy, and not the API.",
	Clause:      mainFetch, Codes: []string{"csp"},
	find: byCode(contentSecurity, "csp"),
}
