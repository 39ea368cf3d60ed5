package diagnose

var cookieRefusedRule = Rule{
	ID: "cookie-refused", Title: "The browser did not store a cookie of the answer", Severity: Warning,
	Explanation: "The answer sets a cookie, and the browser did not take it: a cookie that is for another site's pages must say SameSite=None; Secure and come over https, its Domain must be the server's own, and users may forbid cookies of third parties. The next request will go without it.",
	Clause:      "https://fetch.spec.whatwg.org/#parse-and-store-response-set-cookie-headers",
	find:        refusedCookies,
}
