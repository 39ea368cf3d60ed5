package specs

// The engine's own traps: what was once lost, mixed up or made up on the way from the browser to an Observation. Proves
// field survey, sections 0.4 and 6, and that attribution holds when many ask at once.

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

// echoing answers with the target in a header and in the body, and allows whoever asks.
func (s *stub) echoing() string {
	GinkgoHelper()
	return s.serve(embedded.Rule{Func: func(r *rawhttp.Request) *rawhttp.Response {
		origin, _ := r.Headers.Get("Origin")
		return &rawhttp.Response{Status: 200, Body: []byte(r.Target), Headers: fetch.HeaderList{
			{Name: "Access-Control-Allow-Origin", Value: origin}, {Name: "Access-Control-Allow-Methods", Value: "PUT"},
			{Name: "Access-Control-Expose-Headers", Value: "X-Target"}, {Name: "X-Target", Value: r.Target},
		}}
	}})
}

// atOnce runs n probes side by side and returns their observations in order.
func atOnce(n int, ask func(i int) probe.Observation) []probe.Observation {
	list := make([]probe.Observation, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { list[i] = ask(i) })
	}
	wg.Wait()
	return list
}

var _ = Describe("A block of which the browser announces no request", Label("traps"), func() {
	DescribeTable("is known with its code and its message all the same:",
		func(ctx SpecContext, from string, r probe.Request, code, parameter string) {
			if r.URL == "" {
				r.URL = apis.api.answer(200, allowOrigin)
			}
			seen := fetching(ctx, from, r)
			Expect(seen).To(match.BeBlockedBy(code))
			Expect(seen.Blocked.Parameter).To(Equal(parameter))
			Expect(seen.Blocked.Message).To(ContainSubstring(r.URL))
			Expect(seen.Exchanges).To(BeEmpty())
			Expect(seen.Receipts).To(BeEmpty())
		},
		Entry("mode same-origin", app, probe.Request{Mode: fetch.SameOriginMode}, "DisallowedByMode", ""),
		Entry("a scheme that is not fetched", app, probe.Request{URL: "ftp://files.example.com/a"}, "CorsDisabledScheme", "ftp"),
		Entry("a scheme that nobody knows", app, probe.Request{URL: "urn:isbn:1"}, "CorsDisabledScheme", "urn"),
		Entry("mode no-cors with redirect mode manual", app, probe.Request{Mode: fetch.NoCORS, Redirect: fetch.ManualRedirect}, "NoCorsRedirectModeNotFollow", ""),
		Entry("mode no-cors with redirect mode error", app, probe.Request{Mode: fetch.NoCORS, Redirect: fetch.ErrorRedirect}, "NoCorsRedirectModeNotFollow", ""),
		Entry("the page's content security policy", cspPage, probe.Request{}, "csp", "connect-src"),
	)

	It("is that of a file in headless-shell; full Chromium announces the request, with a code that says nothing", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: "file:///etc/hosts"})
		if isHeadlessShell(ctx) {
			Expect(seen).To(match.BeBlockedBy("CorsDisabledScheme"))
			Expect(seen.Exchanges).To(BeEmpty())
			return
		}
		Expect(seen).To(match.BeBlockedBy("other"))
		Expect(seen.Blocked.Message).To(Equal("Not allowed to load local resource: file:///etc/hosts"))
		Expect(seen.Exchanges).To(HaveLen(1))
	})

	It("is told from its neighbours' when many are blocked at once", func(ctx SpecContext) {
		url := apis.api.answer(200, allowOrigin)
		for i, seen := range atOnce(40, func(i int) probe.Observation {
			return h.From(app).Fetch(ctx, probe.Request{URL: fmt.Sprintf("%s/%d", url, i), Mode: fetch.SameOriginMode})
		}) {
			Expect(agreeing(seen)).To(match.BeBlockedBy("DisallowedByMode"))
			Expect(seen.Blocked.Message).To(ContainSubstring(fmt.Sprintf("%s/%d. ", url, i)))
		}
	})
})

var _ = Describe("Evidence", Label("traps"), func() {
	It("is complete where it comes after script's rejection: of 100 preflights refused at once, each is on record with its request", func(ctx SpecContext) {
		url := apis.api.preflighted(noBody(403, "X-Why: no"), ok(allowOrigin))
		for i, seen := range atOnce(100, func(i int) probe.Observation {
			return h.From(app).Fetch(ctx, put(fmt.Sprintf("%s/%d", url, i)))
		}) {
			Expect(agreeing(seen)).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
			Expect(rolesOf(seen)).To(Equal([]probe.Role{probe.Preflight, probe.Actual}))
			preflight := preflightOf(seen)
			Expect(preflight.For).To(Equal(last(seen).ID))
			Expect(preflight.Request.URL).To(Equal(fmt.Sprintf("%s/%d", url, i)))
			Expect(preflight.Response.Status).To(Equal(403))
			Expect(preflight.Response.Headers.Values("x-why")).To(Equal([]string{"no"}))
			Expect(seen).To(match.HaveReceived(1, 0))
		}
	})

	It("is each probe's own when 200 ask for 200 paths at once", func(ctx SpecContext) {
		url := apis.api.echoing()
		for i, seen := range atOnce(200, func(i int) probe.Observation {
			return h.From(app).Fetch(ctx, put(fmt.Sprintf("%s/%d", url, i)))
		}) {
			want := fmt.Sprintf("%s/%d", url, i)
			Expect(agreeing(seen)).To(match.BeReadable())
			Expect(seen).To(match.HaveBody(path(want)))
			Expect(seen).To(match.ExposeHeader("X-Target", path(want)))
			Expect(asked(seen)).To(Equal([]string{want, want}))
			Expect(seen.Page.URL).To(Equal(want))
			Expect(seen.Exchanges).To(HaveLen(2))
			Expect(last(seen).Response.Headers.Values("X-Target")).To(Equal([]string{path(want)}))
		}
	})

	It("is each probe's own when 50 from 5 origins ask for one URL at once", func(ctx SpecContext) {
		url := apis.api.echoing()
		from := []string{app, admin, stranger, plainApp, "https://example.com"}
		for i, seen := range atOnce(50, func(i int) probe.Observation { return h.From(from[i%5]).Fetch(ctx, put(url)) }) {
			Expect(agreeing(seen)).To(match.BeReadable())
			Expect(asked(seen)).To(Equal([]string{url, url}))
			for _, receipt := range seen.Receipts {
				Expect(receipt.Headers.Values("Origin")).To(Equal([]string{from[i%5]}))
			}
			Expect(originsSent(seen)).To(Equal([]string{from[i%5], from[i%5]}))
		}
	})

	It("is each probe's own when some have state and some have none, and all ask for one URL at once", func(ctx SpecContext) {
		url := apis.api.echoing()
		modes := []fetch.CredentialsMode{fetch.Omit, fetch.SameOrigin, fetch.Include}
		for i, seen := range atOnce(15, func(i int) probe.Observation {
			return h.From(app).Fetch(ctx, probe.Request{URL: url, Credentials: modes[i%3]})
		}) {
			Expect(agreeing(seen)).To(match.HaveReceived(0, 1))
			if modes[i%3] == fetch.Include {
				Expect(seen).To(match.BeBlockedBy("InvalidAllowCredentials"))
			} else {
				Expect(seen).To(match.BeReadable())
			}
		}
	})

	It("holds none of the marks by which it is told apart: neither script nor API nor the browser's message shows one", func(ctx SpecContext) {
		for _, url := range []string{apis.api.answer(200, allowOrigin), apis.api.answer(200), apis.plain.answer(200)} {
			seen := fetching(ctx, app, probe.Request{URL: url})
			Expect(fmt.Sprintf("%+v %+v %+v %+v %q", seen.Page, seen.Exchanges, seen.Receipts, seen.Blocked, seen.Console)).NotTo(MatchRegexp(`#p-\d`))
		}
	})

	It("has no request that the page's own document caused: no favicon is asked for", func(ctx SpecContext) {
		var asked atomic.Int32
		api, err := embedded.New(embedded.Config{Rules: []embedded.Rule{{Func: func(*rawhttp.Request) *rawhttp.Response {
			asked.Add(1)
			return &rawhttp.Response{Status: 404}
		}}}})
		Expect(err).NotTo(HaveOccurred())
		apis.own.put("/favicon.ico", api)
		url := apis.own.answer(200)
		for range 5 { // each with a page of its own
			Expect(asking(ctx, h.From(app), probe.Request{URL: url})[0]).To(match.HaveReceived(0, 1))
		}
		Expect(asked.Load()).To(BeZero())
		Expect(fetching(ctx, app, probe.Request{URL: apis.own.origin + "/favicon.ico"})).To(match.HaveStatus(404))
		Expect(asked.Load()).To(Equal(int32(1)), "it would have been seen")
	})
})

var _ = Describe("A body", Label("traps"), func() {
	DescribeTable("of 5 MB is known by size and hash:",
		func(ctx SpecContext, client probe.Client) {
			body := make([]byte, 5<<20)
			for i := range body {
				body[i] = byte(i * 7)
			}
			seen := agreeing(h.Probe(ctx, probe.Probe{From: app, Steps: []probe.Step{{Request: probe.Request{Client: client, URL: apis.api.sized(body)}}}})[0])
			Expect(seen).To(match.BeReadable())
			expectHashed(seen, body)
			Expect(seen.Page.Body.Text).To(BeEmpty(), "its bytes are no UTF-8")
		},
		Entry("fetch()", probe.Fetch), Entry("XMLHttpRequest", probe.XHR),
	)

	DescribeTable("of more than 64 MiB is read up to that, and said to be cut:",
		func(ctx SpecContext, client probe.Client) {
			r := probe.Request{Client: client, URL: apis.api.sized(make([]byte, 70<<20)), Timeout: time.Minute} // a busy machine hashes slowly
			seen := agreeing(h.Probe(ctx, probe.Probe{From: app, Steps: []probe.Step{{Request: r}}})[0])
			Expect(seen).To(match.BeReadable())
			Expect(seen.Page.Body.Cut).To(BeTrue())
			Expect(seen.Page.Body.Whole).To(BeFalse())
			Expect(seen.Page.Body.Size).To(BeNumerically(">", 64<<20))
			Expect(seen.Page.Body.SHA256).To(BeEmpty())
		},
		Entry("fetch()", probe.Fetch), Entry("XMLHttpRequest", probe.XHR),
	)

	DescribeTable("is there as text where it is short and is UTF-8, and by its hash where not:",
		func(ctx SpecContext, body []byte, whole bool, text string) {
			seen := fetching(ctx, app, probe.Request{URL: apis.api.sized(body)})
			Expect(seen.Page.Body.Size).To(Equal(int64(len(body))))
			Expect(seen.Page.Body.Whole).To(Equal(whole))
			Expect(seen.Page.Body.Text).To(Equal(text))
			if !whole {
				expectHashed(seen, body)
			}
		},
		Entry("an empty one", []byte{}, true, ""),
		Entry("text with a byte order mark, which stays", []byte("\uFEFFé"), true, "\uFEFFé"),
		Entry("a NUL", []byte("a\x00b"), true, "a\x00b"),
		Entry("bytes that are no UTF-8", []byte{0, 255, 1, 254}, false, ""),
		Entry("64 KiB", []byte(strings.Repeat("a", 64<<10)), true, strings.Repeat("a", 64<<10)),
		Entry("one byte more", []byte(strings.Repeat("a", 64<<10+1)), false, strings.Repeat("a", 64<<10)),
		Entry("more with a character across the limit", []byte(strings.Repeat("a", 64<<10-1)+"é"), false, strings.Repeat("a", 64<<10-1)),
	)
})

var _ = Describe("A response head", Label("traps"), func() {
	many := func(n int) []string {
		headers := []string{allowOrigin, "Access-Control-Expose-Headers: *"}
		for i := range n {
			headers = append(headers, fmt.Sprintf("X-%d: v", i))
		}
		return headers
	}

	It("of 10,000 lines is read by script and is on record, line by line", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, many(10_000)...)})
		Expect(seen).To(match.BeReadable())
		Expect(len(last(seen).Response.Headers)).To(BeNumerically(">", 10_000))
		Expect(seen).To(match.ExposeHeader("X-9999", "v"))
	})

	It("of 10,000 lines is too much for HTTP/2, which fails as such", func(ctx SpecContext) {
		Expect(fetching(ctx, app, probe.Request{URL: apis.h2.answer(200, many(10_000)...)})).To(match.HaveFailedWith("net::ERR_HTTP2_PROTOCOL_ERROR"))
	})

	DescribeTable("of more than 256 KiB is a network error, and of less it is not:",
		func(ctx SpecContext, api func() *stub, size int, netError string) {
			seen := fetching(ctx, app, probe.Request{URL: api().answer(200, allowOrigin, "X-Big: "+strings.Repeat("a", size))})
			if netError == "" {
				Expect(seen).To(match.BeReadable())
				return
			}
			Expect(seen).To(match.HaveFailedWith(netError))
			Expect(seen).To(match.HaveReceived(0, 1))
		},
		Entry("255 KiB", stubAPI, 255<<10, ""), Entry("300 KiB", stubAPI, 300<<10, "net::ERR_RESPONSE_HEADERS_TOO_BIG"),
		Entry("255 KiB over HTTP/2", stubH2, 255<<10, ""), Entry("300 KiB over HTTP/2", stubH2, 300<<10, "net::ERR_HTTP2_PROTOCOL_ERROR"),
	)
})

func stubH2() *stub { return apis.h2 }

// sized answers with a body, byte for byte.
func (s *stub) sized(body []byte) string {
	GinkgoHelper()
	return s.serve(embedded.Rule{Func: func(*rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Status: 200, Headers: fetch.HeaderList{{Name: "Access-Control-Allow-Origin", Value: "*"}}, Body: body}
	}})
}

// put answers at a path that is not the spec's own, for the time of the spec.
func (s *stub) put(path string, api *embedded.API) {
	GinkgoHelper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths[path] = api
	DeferCleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.paths, path)
	})
}

func expectHashed(seen probe.Observation, body []byte) {
	GinkgoHelper()
	sum := sha256.Sum256(body)
	Expect(seen.Page.Body.Size).To(Equal(int64(len(body))))
	Expect(seen.Page.Body.SHA256).To(Equal(hex.EncodeToString(sum[:])))
}
