package diagnose

var notKnownRule = Rule{
	ID: "not-known", Title: "What was seen does not tell the cause", Severity: Warning,
	Explanation: "Script got no answer, and what the browser, the wire and the server showed does not say why: evidence did not arrive, a service worker made the answer, or the browser gives no reason. corsproof does not guess; asking again usually tells.",
	Clause:      networkError,
	find:        func(*scene) []claim { return nil }, // see fallback: only where nothing else is found
}
