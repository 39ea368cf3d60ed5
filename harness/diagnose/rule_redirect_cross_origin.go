package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var redirectCrossOriginRule = Rule{
	ID: "redirect-cross-origin", Title: "A redirect on the way does not pass the CORS check", Severity: Error,
	Explanation: "Where a server redirects a request, every answer on the way is checked: the redirect itself must have the CORS headers, and so must the answer at its end. A redirect from one foreign origin to another makes the request anonymous: " +
		"from there on its Origin is null, which no list of origins has, and Authorization is dropped. A redirect to a URL that names a user or a password is not followed at all.",
	Clause: fetch.LocationWithCredentials.Clause(),
	Codes:  []string{"RedirectContainsCredentials", "MissingAllowOriginHeader", "AllowOriginMismatch"},
	find:   crossOriginRedirects,
}
