package specs

// Access-Control-Allow-Methods and Access-Control-Allow-Headers: which lists let a request through. Proves
// https://fetch.spec.whatwg.org/#cors-preflight-fetch, https://fetch.spec.whatwg.org/#extract-header-list-values,
// https://fetch.spec.whatwg.org/#cors-protocol-and-credentials, https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name,
// and the field survey, sections 2.0 (the browser's codes) and 2.1 (causes 4, 5, 12 and 20).

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

const (
	anyMethod = "Access-Control-Allow-Methods: *"
	anyHeader = "Access-Control-Allow-Headers: *"
)

var _ = Describe("A preflight", Label("preflight"), func() {
	Describe("must allow the method,", func() {
		DescribeTable("and does by Access-Control-Allow-Methods",
			func(ctx SpecContext, method string, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowAny)...), ok(allowAny))
				seen := fetching(ctx, app, probe.Request{Method: method, URL: url})
				Expect(seen).To(match.BeReadable())
				Expect(seen).To(match.HaveReceived(1, 1))
			},
			Entry("that lists it", "PUT", "Access-Control-Allow-Methods: PUT"),
			Entry("that lists it among others", "PUT", "Access-Control-Allow-Methods: GET, PUT, DELETE"),
			Entry("without blanks", "PUT", "Access-Control-Allow-Methods: GET,PUT,DELETE"),
			Entry("with tabs and blanks", "PUT", "Access-Control-Allow-Methods: GET\t,  \tPUT ,DELETE"),
			Entry("with empty elements", "PUT", "Access-Control-Allow-Methods: ,, PUT,,"),
			Entry("with the element twice", "PUT", "Access-Control-Allow-Methods: PUT, PUT"),
			Entry("over several lines", "PUT", "Access-Control-Allow-Methods: GET", "Access-Control-Allow-Methods: PUT"),
			Entry("whose name is in lower case", "PUT", "access-control-allow-methods: PUT"),
			Entry("that is the wildcard", "PUT", anyMethod),
			Entry("with the wildcard among others", "DELETE", "Access-Control-Allow-Methods: PUT, *"),
			Entry("of the same case, patch", "patch", "Access-Control-Allow-Methods: patch"),
			Entry("that is the wildcard, of any case", "patch", anyMethod),
			Entry("of the normalised case, where script writes put", "put", "Access-Control-Allow-Methods: PUT"),
			Entry("of a method that nobody knows", "QUERY", "Access-Control-Allow-Methods: QUERY"),
		)

		DescribeTable("and does not by Access-Control-Allow-Methods",
			func(ctx SpecContext, method string, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowAny)...), ok(allowAny))
				expectStopped(fetching(ctx, app, probe.Request{Method: method, URL: url}), "MethodDisallowedByPreflightResponse", method)
			},
			Entry("that is missing", "PUT"),
			Entry("that is empty", "PUT", "Access-Control-Allow-Methods: "),
			Entry("that lists others", "PUT", "Access-Control-Allow-Methods: GET, POST, DELETE"),
			Entry("that has PATCH, where script writes patch, which is not normalised", "patch", "Access-Control-Allow-Methods: PATCH"),
			Entry("that has patch, where script writes PATCH", "PATCH", "Access-Control-Allow-Methods: patch"),
			Entry("that has put, where the method is PUT", "PUT", "Access-Control-Allow-Methods: put"),
			Entry("that has a word of which the method is a part", "PUT", "Access-Control-Allow-Methods: PUTS"),
			Entry("in a header of a similar name", "PUT", "Access-Control-Allow-Method: PUT", "Allow: PUT"),
		)

		DescribeTable("and does not by a malformed Access-Control-Allow-Methods, though the method stands in it:",
			func(ctx SpecContext, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowAny)...), ok(allowAny))
				expectStopped(fetching(ctx, app, probe.Request{Method: "PUT", URL: url}), "InvalidAllowMethodsPreflightResponse", "")
			},
			Entry("blanks for commas", "Access-Control-Allow-Methods: GET PUT"),
			Entry("semicolons for commas", "Access-Control-Allow-Methods: GET;PUT"),
			Entry("quotes", `Access-Control-Allow-Methods: "GET", "PUT"`),
			Entry("quotes around all", `Access-Control-Allow-Methods: "GET, PUT"`),
			Entry("brackets, as a list is printed", "Access-Control-Allow-Methods: [GET, PUT]"),
			Entry("one bad element beside a good one", "Access-Control-Allow-Methods: PUT, x y"),
			Entry("one bad line beside a good one", "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Methods: x y"),
			Entry("a byte outside ASCII", "Access-Control-Allow-Methods: PUT, \xe4"),
		)

		DescribeTable("but needs no leave for a safelisted one:",
			func(ctx SpecContext, method, header string) {
				url := apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Headers: x-custom", header), ok(allowAny))
				seen := fetching(ctx, app, probe.Request{Method: method, URL: url, Headers: one("X-Custom", "1")})
				Expect(seen).To(match.BeReadable())
				Expect(seen).To(match.HaveReceived(1, 1))
			},
			Entry("GET, where the list has others", "GET", "Access-Control-Allow-Methods: PUT"),
			Entry("HEAD, where the list has others", "HEAD", "Access-Control-Allow-Methods: PUT"),
			Entry("POST, where the list has others", "POST", "Access-Control-Allow-Methods: PUT"),
			Entry("POST, where there is no list", "POST", "Vary: Origin"),
			Entry("POST, where the list is empty", "POST", "Access-Control-Allow-Methods: "),
		)

		It("unless a listener on upload alone was what made it ask: then a missing list allows what was asked", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowAny), ok(allowAny))
			expectPreflighted(sending(ctx, app, probe.Request{Method: "POST", URL: url, UploadListener: true, Body: &probe.Body{Text: "a"}}), "POST")
		})
	})

	Describe("must allow each header that is not safelisted,", func() {
		DescribeTable("and does by Access-Control-Allow-Headers",
			func(ctx SpecContext, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowAny)...), ok(allowAny))
				seen := fetching(ctx, app, probe.Request{URL: url, Headers: one("X-Custom", "1")})
				Expect(seen).To(match.BeReadable())
				Expect(seen).To(match.HaveReceived(1, 1))
				Expect(seen).To(match.HaveReceivedHeader("X-Custom", "1"))
			},
			Entry("that lists it as script writes it", "Access-Control-Allow-Headers: X-Custom"),
			Entry("that lists it in lower case", "Access-Control-Allow-Headers: x-custom"),
			Entry("that lists it in upper case", "Access-Control-Allow-Headers: X-CUSTOM"),
			Entry("that lists it among others", "Access-Control-Allow-Headers: authorization, x-custom,content-type"),
			Entry("with empty elements and blanks", "Access-Control-Allow-Headers: ,\t, x-custom ,"),
			Entry("over several lines", "Access-Control-Allow-Headers: authorization", "Access-Control-Allow-Headers: x-custom"),
			Entry("that reflects what was asked for", "Access-Control-Allow-Headers: ${request.header.Access-Control-Request-Headers}"),
			Entry("that is the wildcard", anyHeader),
			Entry("with the wildcard among others", "Access-Control-Allow-Headers: authorization, *"),
		)

		DescribeTable("and does not by Access-Control-Allow-Headers",
			func(ctx SpecContext, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowAny)...), ok(allowAny))
				expectStopped(fetching(ctx, app, probe.Request{URL: url, Headers: one("X-Custom", "1")}), "HeaderDisallowedByPreflightResponse", "x-custom")
			},
			Entry("that is missing"),
			Entry("that is empty", "Access-Control-Allow-Headers: "),
			Entry("that lists others", "Access-Control-Allow-Headers: authorization, content-type"),
			Entry("that lists a prefix with an asterisk", "Access-Control-Allow-Headers: x-*"),
			Entry("that has a word of which the name is a part", "Access-Control-Allow-Headers: x-custom-2"),
			Entry("where only Expose-Headers lists it", "Access-Control-Expose-Headers: x-custom"),
			Entry("where only Allow-Methods is the wildcard", anyMethod),
		)

		DescribeTable("and does not by a malformed Access-Control-Allow-Headers, though the name stands in it:",
			func(ctx SpecContext, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowAny)...), ok(allowAny))
				expectStopped(fetching(ctx, app, probe.Request{URL: url, Headers: one("X-Custom", "1")}), "InvalidAllowHeadersPreflightResponse", "")
			},
			Entry("blanks for commas", "Access-Control-Allow-Headers: x-a x-custom"),
			Entry("semicolons for commas", "Access-Control-Allow-Headers: x-a; x-custom"),
			Entry("quotes", `Access-Control-Allow-Headers: "x-custom"`),
			Entry("a name with a colon", "Access-Control-Allow-Headers: x-custom, x-a:"),
			Entry("one bad line beside a good one", "Access-Control-Allow-Headers: x-custom", "Access-Control-Allow-Headers: x y"),
		)

		It("and names only one of those that it misses: in no order that script could know, so that more may follow", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Headers: x-b"), ok(allowAny))
			seen := fetching(ctx, app, probe.Request{URL: url, Headers: fetch.HeaderList{{Name: "X-C", Value: "1"}, {Name: "X-B", Value: "1"}, {Name: "X-A", Value: "1"}}})
			Expect(seen).To(match.BeBlockedBy("HeaderDisallowedByPreflightResponse"))
			Expect(seen.Blocked.Parameter).To(BeElementOf("x-a", "x-c"))
			expectStopped(seen, "HeaderDisallowedByPreflightResponse", seen.Blocked.Parameter)
		})

		It("Content-Type too, where it is JSON", func(ctx SpecContext) {
			r := probe.Request{Method: "POST", Headers: one("Content-Type", "application/json"), Body: &probe.Body{Text: "{}"}}
			r.URL = apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Headers: accept"), ok(allowAny))
			expectStopped(fetching(ctx, app, r), "HeaderDisallowedByPreflightResponse", "content-type")
			r.URL = apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Headers: content-type"), ok(allowAny))
			Expect(fetching(ctx, app, r)).To(match.BeReadable())
		})

		It("but not Content-Type where its value is safelisted, even in a request that is preflighted for another reason", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowAny, allowPUT), ok(allowAny))
			seen := fetching(ctx, app, probe.Request{Method: "PUT", URL: url, Headers: one("Content-Type", "text/plain"), Body: &probe.Body{Text: "a"}})
			Expect(seen).To(match.BeReadable())
			Expect(seen).To(match.HaveReceivedHeader("Content-Type", "text/plain"))
		})
	})

	Describe("and credentials:", func() {
		DescribeTable("a wildcard is no wildcard for a request with credentials",
			func(ctx SpecContext, r probe.Request, code, parameter string, headers ...string) {
				r.Credentials = fetch.Include
				r.URL = apis.api.preflighted(noContent(append(headers, allowOrigin, allowCredentials)...), ok(allowOrigin, allowCredentials))
				expectStopped(fetching(ctx, app, r), code, parameter)
			},
			Entry("in Allow-Methods", probe.Request{Method: "PUT"}, "MethodDisallowedByPreflightResponse", "PUT", anyMethod),
			Entry("in Allow-Headers", probe.Request{Headers: one("X-Custom", "1")}, "HeaderDisallowedByPreflightResponse", "x-custom", anyHeader),
			Entry("in Allow-Headers, for Authorization", probe.Request{Headers: one("Authorization", "Bearer t")}, "HeaderDisallowedByPreflightResponse", "authorization", anyHeader),
		)

		It("the wildcard is a name with credentials: it allows the method *", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(anyMethod, allowOrigin, allowCredentials), ok(allowOrigin, allowCredentials))
			Expect(fetching(ctx, app, probe.Request{Method: "*", URL: url, Credentials: fetch.Include})).To(match.BeReadable())
		})

		It("the wildcard is a name with credentials: it allows the header *", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(anyHeader, allowOrigin, allowCredentials), ok(allowOrigin, allowCredentials))
			Expect(fetching(ctx, app, probe.Request{Headers: one("*", "1"), URL: url, Credentials: fetch.Include})).To(match.BeReadable())
		})

		DescribeTable("the wildcard in Allow-Headers covers Authorization in Chromium, which the Standard denies (a known deviation)",
			func(ctx SpecContext, credentials fetch.CredentialsMode) {
				url := apis.api.preflighted(noContent(allowAny, anyHeader), ok(allowAny))
				seen := deviating(h.From(app).Fetch(ctx, probe.Request{URL: url, Headers: one("Authorization", "Bearer t"), Credentials: credentials}), "chromium-authorization-wildcard")
				Expect(seen).To(match.BeReadable())
				Expect(seen).To(match.HaveReceived(1, 1))
			},
			Entry("without credentials", fetch.Omit),
			Entry("with same-origin credentials", fetch.SameOrigin),
		)

		It("Authorization is allowed by its name beside the wildcard", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowAny, "Access-Control-Allow-Headers: *, Authorization"), ok(allowAny))
			Expect(fetching(ctx, app, probe.Request{URL: url, Headers: one("Authorization", "Bearer t")})).To(match.BeReadable())
		})

		DescribeTable("a preflight for a request with credentials must allow them, though it carries none",
			func(ctx SpecContext, code, parameter string, headers ...string) {
				url := apis.api.preflighted(noContent(append(headers, allowPUT)...), ok(allowOrigin, allowCredentials))
				expectStopped(fetching(ctx, app, probe.Request{Method: "PUT", URL: url, Credentials: fetch.Include}), code, parameter)
			},
			Entry("and does not without Allow-Credentials", "PreflightInvalidAllowCredentials", "", allowOrigin),
			Entry("and does not by True", "PreflightInvalidAllowCredentials", "True", allowOrigin, "Access-Control-Allow-Credentials: True"),
			Entry("and does not by 1", "PreflightInvalidAllowCredentials", "1", allowOrigin, "Access-Control-Allow-Credentials: 1"),
			Entry("and does not by the header twice", "PreflightInvalidAllowCredentials", "true, true", allowOrigin, allowCredentials, allowCredentials),
			Entry("and does not by the wildcard for origins", "PreflightWildcardOriginNotAllowed", "", allowAny, allowCredentials),
		)

		It("a preflight for a request without credentials need not allow them", func(ctx SpecContext) {
			url := apis.api.preflighted(noContent(allowOrigin, allowPUT, "Access-Control-Allow-Credentials: nonsense"), ok(allowOrigin))
			Expect(fetching(ctx, app, probe.Request{Method: "PUT", URL: url, Credentials: fetch.Omit})).To(match.BeReadable())
		})
	})
})
