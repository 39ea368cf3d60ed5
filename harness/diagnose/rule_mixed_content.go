package diagnose

var mixedContentRule = Rule{
	ID: "mixed-content", Title: "A secure page asks over plain http: not CORS", Severity: Error,
	Explanation: "A page that came over https may not fetch over http, since anybody on the way could read and change the answer. The browser stops the request before it is sent, whatever CORS headers the server has.",
	Clause:      mainFetch, Codes: []string{"mixed-content"},
	find: byCode(mixedContent, "mixed-content"),
}
