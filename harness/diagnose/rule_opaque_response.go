package diagnose

import (
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

var opaqueResponseRule = Rule{
	ID: "opaque-response", Title: "Script got an opaque response, of which it can read nothing", Severity: Warning,
	Explanation: "With mode: \"no-cors\" a request to another origin does not fail, but that is no success: status is 0, headers and body are empty, and script cannot tell a good answer from an error. " +
		"The mode does not switch CORS off; it gives up reading. The same holds for a redirect that script wants to handle itself (redirect: \"manual\").",
	Clause: "https://fetch.spec.whatwg.org/#concept-filtered-response-opaque",
	find: func(s *scene) []claim {
		if s.o.Outcome != probe.Opaque {
			return nil
		}
		c := claim{at: -1, evidence: []string{"the response's type: " + string(s.o.Page.Type)}}
		if x := s.final(); x != nil && x.Response != nil {
			c.evidence = append(c.evidence, "on the wire: "+cite(*x, allowOrigin))
		}
		if s.o.Page.Type == fetch.OpaqueRedirect {
			c.severity = Note
			c.summary = "script asked for redirect: \"manual\" and got a redirect of which it reads nothing, not even where it leads"
			c.fix = []string{"have redirects followed, or have the server answer 200 with the URL in the body"}
			return []claim{c}
		}
		c.summary = "the request was sent with mode: \"no-cors\", so script reads neither status nor headers nor body of the answer: this is no success"
		return []claim{s.inModeCORS(c)}
	},
}
