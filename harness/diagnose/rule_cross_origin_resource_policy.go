package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var crossOriginResourcePolicyRule = Rule{
	ID: "cross-origin-resource-policy", Title: "A resource policy keeps the answer from the page: not CORS", Severity: Error,
	Explanation: "Requests in mode no-cors are not checked by CORS, but by Cross-Origin-Resource-Policy: with that header a server keeps its answers from pages of other origins or sites; and a page that is isolated (Cross-Origin-Embedder-Policy) takes only answers that have it.",
	Clause:      fetch.ResourcePolicy.Clause(),
	Codes: []string{"corp-not-same-origin", "corp-not-same-site", "corp-not-same-origin-after-defaulted-to-same-origin-by-coep",
		"coep-frame-resource-needs-coep-header"},
	find: resourcePolicy,
}
