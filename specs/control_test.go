package specs

// A control run: the same probes put to a browser with none of corsproof's flags, on plain loopback ports, must have the
// same outcome, byte for byte of what is about CORS. Proves that names, one trusted key and switched-off services change nothing
// of what is measured; field survey, section 2.1 (cause 22: the test tool caused it).

import (
	"context"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

// world is a page's server and an API on loopback ports, and a browser that asks.
type world struct {
	*harness.Harness
	page, api *stub
}

func newWorld(ctx context.Context, plain bool) world {
	GinkgoHelper()
	w := world{page: stubAt(""), api: stubAt("")}
	var err error
	w.Harness, err = harness.Start(ctx, harness.Config{
		PlainBrowser: plain,
		APIs:         map[string]harness.API{"page": {Raw: w.page.handle}, "api": {Raw: w.api.handle}},
	})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(w.Close()).To(Succeed()) })
	w.page.origin, w.api.origin = w.API("page").Origin(), w.API("api").Origin()
	return w
}

// localhost is the page's origin by its other name, which makes it another site than the API's.
func (w world) localhost() string { return strings.Replace(w.page.origin, "127.0.0.1", "localhost", 1) }

// summary is what two browsers must agree on. Ports differ, so origins are named.
type summary struct {
	Outcome  probe.Outcome
	Code     string
	NetError string
	Error    string
	Type     fetch.ResponseType
	Status   int
	Headers  []string
	Body     string
	Roles    []probe.Role
	Sent     [][]string // the request headers' names of each exchange, in order
	Values   []string   // of those that are about CORS
	Statuses []int
	Cookies  []string
	Received int
}

func (w world) summarize(o probe.Observation) summary {
	GinkgoHelper()
	agreeing(o)
	s := summary{Outcome: o.Outcome, NetError: o.NetError, Type: o.Page.Type, Status: o.Page.Status, Body: o.Page.Body.Text, Roles: rolesOf(o), Received: len(o.Receipts)}
	if o.Blocked != nil {
		s.Code = o.Blocked.Code + " " + w.named(o.Blocked.Parameter)
	}
	if o.Page.Error != nil {
		s.Error = o.Page.Error.Name + " " + o.Page.Error.Message
	}
	for _, header := range o.Page.Headers {
		s.Headers = append(s.Headers, header.Name)
	}
	for _, x := range o.Exchanges {
		var names []string
		for _, header := range x.Request.Headers {
			names = append(names, header.Name)
			if name := strings.ToLower(header.Name); comparedValue(name) {
				s.Values = append(s.Values, name+": "+w.named(header.Value))
			}
		}
		s.Sent = append(s.Sent, names)
		if x.Response != nil {
			s.Statuses = append(s.Statuses, x.Response.Status)
		}
		for _, c := range x.Cookies.Sent {
			s.Cookies = append(s.Cookies, "sent "+c.Name)
		}
		for _, c := range append(x.Cookies.Withheld, x.Cookies.Refused...) {
			s.Cookies = append(s.Cookies, c.Name+" "+strings.Join(c.Reasons, " "))
		}
	}
	return s
}

// comparedValue says of which request headers the value is compared. Sec-Fetch-Storage-Access tells of third-party
// cookies, which are a setting: see the last spec.
func comparedValue(name string) bool {
	return name == "origin" || name == "referer" || strings.HasPrefix(name, "access-control-") ||
		strings.HasPrefix(name, "sec-fetch-") && name != "sec-fetch-storage-access"
}

// named puts names for the origins, whose ports differ from world to world.
func (w world) named(text string) string {
	return strings.NewReplacer(w.page.origin, "PAGE", w.api.origin, "API", w.localhost(), "LOCALHOST", host(w.page.origin), "page", host(w.api.origin), "api").Replace(text)
}

func host(origin string) string {
	u, err := url.Parse(origin)
	Expect(err).NotTo(HaveOccurred())
	return u.Host
}

var _ = Describe("A browser without any of our flags", Label("control"), Ordered, func() {
	var plain, flagged world
	BeforeAll(func(ctx SpecContext) { plain, flagged = newWorld(ctx, true), newWorld(ctx, false) })

	It("has none of them: what its report names is a sandbox that is off, where there can be none", func(ctx SpecContext) {
		b, err := plain.Browser(ctx)
		Expect(err).NotTo(HaveOccurred())
		if b.Sandbox {
			Expect(b.Flags).To(BeEmpty())
		} else {
			Expect(b.Flags).To(Equal([]string{"--no-sandbox"}))
		}
		Expect(b.ThirdPartyCookies).To(BeEmpty())
		other, err := flagged.Browser(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(other.Flags).To(ContainElement(HavePrefix("--host-resolver-rules=")))
		Expect([]string{b.Name, b.Version, b.Flavour}).To(Equal([]string{other.Name, other.Version, other.Flavour}))
	})

	DescribeTable("agrees with the flagged one:",
		func(ctx SpecContext, steps func(w world) []probe.Request) {
			var seen [2][]summary
			for i, w := range []world{plain, flagged} {
				for _, from := range []string{w.page.origin, w.localhost()} {
					for _, o := range w.From(from).Session(ctx, stepsOf(steps(w))...) {
						seen[i] = append(seen[i], w.summarize(o))
					}
				}
			}
			Expect(seen[0]).To(Equal(seen[1]))
		},
		Entry("a simple request that is allowed, with its headers in order", asks(func(w world) probe.Request {
			return probe.Request{URL: w.api.answer(200, allowOrigin, "X-Secret: 1")}
		})),
		Entry("one without Allow-Origin", asks(func(w world) probe.Request { return probe.Request{URL: w.api.answer(401)} })),
		Entry("one with another origin allowed", asks(func(w world) probe.Request {
			return probe.Request{URL: w.api.answer(200, "Access-Control-Allow-Origin: "+stranger)}
		})),
		Entry("a preflighted one, with its headers in order", asks(func(w world) probe.Request {
			return probe.Request{Method: "PUT", URL: w.api.keeping(), Headers: one("X-A", "1"), Body: &probe.Body{Text: "x"}}
		})),
		Entry("a preflight that is refused", asks(func(w world) probe.Request { return put(w.api.preflighted(noBody(405), ok(allowOrigin))) })),
		Entry("a header that is not allowed", asks(func(w world) probe.Request {
			return probe.Request{URL: w.api.keeping(), Headers: one("X-C", "1")}
		})),
		Entry("credentials with a wildcard", asks(func(w world) probe.Request {
			return probe.Request{URL: w.api.answer(200, allowAny, allowCredentials), Credentials: fetch.Include}
		})),
		Entry("exposed and hidden headers", asks(func(w world) probe.Request {
			return probe.Request{URL: w.api.answer(200, allowOrigin, "Access-Control-Expose-Headers: X-Total", "X-Total: 1", "X-Secret: 1", "Cache-Control: no-store")}
		})),
		Entry("a redirect that taints the origin", asks(func(w world) probe.Request {
			return probe.Request{URL: w.api.redirecting(302, w.page.answer(200, allowOrigin), allowOrigin)}
		})),
		Entry("mode no-cors", asks(func(w world) probe.Request { return probe.Request{URL: w.api.answer(200), Mode: fetch.NoCORS} })),
		Entry("mode same-origin", asks(func(w world) probe.Request {
			return probe.Request{URL: w.api.answer(200), Mode: fetch.SameOriginMode}
		})),
		Entry("XMLHttpRequest", asks(func(w world) probe.Request {
			return probe.Request{Client: probe.XHR, Method: "POST", URL: w.api.answer(500, allowOrigin), Body: &probe.Body{Text: "x"}}
		})),
		Entry("a preflight that is kept", func(w world) []probe.Request {
			url := w.api.keeping(keepLong)
			return []probe.Request{put(url), put(url)}
		}),
		Entry("an answer that poisons the cache", func(w world) []probe.Request {
			url := w.api.storing()
			return []probe.Request{{URL: url, Mode: fetch.NoCORS}, {URL: url}}
		}),
		Entry("a connection that is refused", asks(func(w world) probe.Request { return probe.Request{URL: "http://" + freeAddr() + "/"} })),
	)

	It("agrees with the flagged one on the cookies of one site", func(ctx SpecContext) {
		var seen [2][]summary
		for i, w := range []world{plain, flagged} {
			url := w.api.serve(
				embedded.Rule{When: embedded.Match{Path: "/login"}, Answer: ok(allowOrigin, allowCredentials, "Set-Cookie: lax=1; SameSite=Lax", "Set-Cookie: strict=1; SameSite=Strict", "Set-Cookie: none=1; SameSite=None")},
				embedded.Rule{Answer: ok(allowOrigin, allowCredentials)})
			for _, o := range asking(ctx, w.From(w.page.origin), probe.Request{URL: url + "/login", Credentials: fetch.Include}, probe.Request{URL: url + "/orders", Credentials: fetch.Include}) {
				seen[i] = append(seen[i], w.summarize(o))
			}
		}
		Expect(seen[0]).To(Equal(seen[1]))
		Expect(seen[0][0].Cookies).To(ContainElement(HavePrefix("none ")), "SameSite=None without Secure is refused")
		Expect(seen[0][1].Cookies).To(ContainElements("sent lax", "sent strict"))
	})

	It("differs in third-party cookies only, which are a setting: full Chromium has none of them by itself, headless-shell has them all", func(ctx SpecContext) {
		access := func(w world) string {
			seen := agreeing(w.From(w.localhost()).Fetch(ctx, probe.Request{URL: w.api.answer(200, allowOrigin, allowCredentials), Credentials: fetch.Include}))
			value, _ := last(seen).Request.Headers.Get("Sec-Fetch-Storage-Access")
			return value
		}
		Expect(access(flagged)).To(Equal("active"))
		if isHeadlessShell(ctx) {
			Expect(access(plain)).To(Equal("active"))
		} else {
			Expect(access(plain)).To(Equal("none"))
		}
	})
})

// asks is a session of one request.
func asks(r func(w world) probe.Request) func(w world) []probe.Request {
	return func(w world) []probe.Request { return []probe.Request{r(w)} }
}

func stepsOf(requests []probe.Request) []probe.Step {
	steps := make([]probe.Step, len(requests))
	for i, r := range requests {
		steps[i].Request = r
	}
	return steps
}
