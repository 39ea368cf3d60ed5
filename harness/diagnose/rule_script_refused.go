package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var scriptRefusedRule = Rule{
	ID: "script-refused", Title: "Script asked for what no page may do", Severity: Error,
	Explanation: "The request fails in the page itself, whatever the server allows: a forbidden method (TRACE, CONNECT), a body with GET, a header that is none, a URL with a password in it, mode same-origin for another origin, a scheme other than http and https, " +
		"or a redirect where script said that it wants none. Nothing has to change on the server.",
	Clause: fetch.ModeSameOrigin.Clause(), Codes: []string{"DisallowedByMode", "CorsDisabledScheme", "NoCorsRedirectModeNotFollow"},
	find: scriptRefused,
}
