package specs

// What is not CORS and looks like it: script sees one and the same TypeError when the network fails, and the evidence
// tells the cases apart. Proves that a network error says nothing to script, https://fetch.spec.whatwg.org/#concept-network-error, and
// field survey, sections 2.0 (the second table) and 2.1 (cause 14).

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/testca"
	"github.com/corsproof/corsproof/servers/embedded"
)

// faulty answers everything by a fault; where that sends anything of an answer, it is a good one.
func (s *stub) faulty(fault rawhttp.Fault) string {
	GinkgoHelper()
	answer := ok(allowOrigin)
	answer.Fault = fault
	return s.serve(embedded.Rule{Answer: answer})
}

// freeAddr is an address where nobody listens.
func freeAddr() string {
	GinkgoHelper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	Expect(l.Close()).To(Succeed())
	return l.Addr().String()
}

// untrusted serves TLS with a key that the browser was not told to trust, and returns its address.
func untrusted() string {
	GinkgoHelper()
	ca, err := testca.New()
	Expect(err).NotTo(HaveOccurred())
	server, err := rawhttp.Start(rawhttp.Config{TLS: ca.TLSConfig(false)})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(server.Close()).To(Succeed()) })
	return server.Addr()
}

// expectNoCORS expects a failure that only looks like one of CORS: script saw what it sees when CORS blocks.
func expectNoCORS(seen probe.Observation, netError string) {
	GinkgoHelper()
	Expect(seen).To(match.HaveFailedWith(netError))
	Expect(seen.Blocked).To(BeNil())
	Expect(seen.Page.Error).To(Equal(&probe.ScriptError{Name: "TypeError", Message: "Failed to fetch"}))
	Expect(seen.Console).NotTo(ContainElement(ContainSubstring("CORS policy")))
}

var _ = Describe("A network that fails", Label("network"), func() {
	DescribeTable("has an error of its own, and no code of CORS:",
		func(ctx SpecContext, from string, url func() string, netError string) {
			expectNoCORS(fetching(ctx, from, probe.Request{URL: url()}), netError)
		},
		Entry("nobody listens", app, func() string { return "https://" + freeAddr() + "/" }, "net::ERR_CONNECTION_REFUSED"),
		Entry("the name does not resolve", app, func() string { return "https://nowhere.invalid/" }, "net::ERR_NAME_NOT_RESOLVED"),
		Entry("the port is one that browsers do not ask", app, func() string { return "https://api.example.com:22/" }, "net::ERR_UNSAFE_PORT"),
		Entry("the certificate is of nobody who is trusted", app, func() string { return "https://" + untrusted() + "/" }, "net::ERR_CERT_AUTHORITY_INVALID"),
		Entry("the server speaks no TLS", app, func() string {
			server := httptest.NewServer(http.NotFoundHandler())
			DeferCleanup(server.Close)
			return "https://" + server.Listener.Addr().String() + "/"
		}, "net::ERR_SSL_PROTOCOL_ERROR"),
		Entry("the server speaks TLS only", plainApp, func() string { return "http://" + untrusted() + "/" }, "net::ERR_EMPTY_RESPONSE"),
		Entry("the server resets the connection", app, func() string { return apis.api.faulty(rawhttp.Reset) }, "net::ERR_CONNECTION_RESET"),
		Entry("the server answers with what is no HTTP", app, func() string { return apis.api.faulty(rawhttp.Garbage) }, "net::ERR_INVALID_HTTP_RESPONSE"),
		Entry("two Content-Length lines differ", app, func() string {
			return apis.api.answer(200, allowOrigin, "Content-Length: 4", "Content-Length: 5")
		}, "net::ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH"),
		Entry("a header has a NUL", app, func() string { return apis.api.answer(200, allowOrigin, "X-A: a\x00b") }, "net::ERR_INVALID_HTTP_RESPONSE"),
		Entry("a server that is no proxy answers 407", app, func() string { return apis.api.answer(407, allowOrigin) }, "net::ERR_UNEXPECTED_PROXY_AUTH"),
		Entry("an HTTP/2 stream is reset", app, func() string { return apis.h2.faulty(rawhttp.Reset) }, "net::ERR_HTTP2_PROTOCOL_ERROR"),
		Entry("an HTTP/2 connection turns to garbage", app, func() string { return apis.h2.faulty(rawhttp.Garbage) }, "net::ERR_HTTP2_PROTOCOL_ERROR"),
	)

	DescribeTable("fails the preflight with the same error, and the request itself is not sent:",
		func(ctx SpecContext, url func() string, netError string, known bool) {
			seen := fetching(ctx, app, put(url()))
			expectNoCORS(seen, netError)
			Expect(preflightOf(seen).Error).To(Equal(netError))
			Expect(last(seen).Request.Raw).To(BeFalse())
			Expect(seen.ReceiptsKnown).To(Equal(known))
			for _, r := range seen.Receipts {
				Expect(r.IsPreflight()).To(BeTrue())
			}
		},
		Entry("nobody listens", func() string { return "https://" + freeAddr() + "/" }, "net::ERR_CONNECTION_REFUSED", false),
		Entry("the name does not resolve", func() string { return "https://nowhere.invalid/" }, "net::ERR_NAME_NOT_RESOLVED", false),
		Entry("the server resets the connection", func() string { return apis.api.faulty(rawhttp.Reset) }, "net::ERR_CONNECTION_RESET", true),
		Entry("the server answers with what is no HTTP", func() string { return apis.api.faulty(rawhttp.Garbage) }, "net::ERR_INVALID_HTTP_RESPONSE", true),
	)

	It("is a timeout where the server never answers: script aborts, and the API was asked", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.faulty(rawhttp.Hang), Timeout: 400 * time.Millisecond})
		Expect(seen).To(match.HaveTimedOut())
		Expect(seen).To(match.HaveRejectedWith("AbortError"))
		Expect(seen.Blocked).To(BeNil())
		Expect(seen).To(match.HaveReceived(0, 1))
	})

	It("looks to XMLHttpRequest as CORS does: an error event, status 0", func(ctx SpecContext) {
		seen := sending(ctx, app, probe.Request{URL: apis.api.faulty(rawhttp.Reset)})
		Expect(seen).To(match.HaveFailedWith("net::ERR_CONNECTION_RESET"))
		Expect(seen).To(match.HaveEvents("readystatechange 4", "error", "loadend"))
		Expect(seen.Page.Status).To(BeZero())
	})

	It("is no different with credentials", func(ctx SpecContext) {
		expectNoCORS(fetching(ctx, app, probe.Request{URL: apis.api.faulty(rawhttp.Garbage), Credentials: fetch.Include}), "net::ERR_INVALID_HTTP_RESPONSE")
	})

	It("in the middle of a body leaves script the status and the headers, and takes the body", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.faulty(rawhttp.Truncate)})
		Expect(seen).To(match.HaveFailedWith("net::ERR_CONTENT_LENGTH_MISMATCH"))
		Expect(seen).To(match.HaveStatus(200))
		Expect(seen).To(match.ExposeHeader("Content-Length", "4"))
		Expect(seen.Page.Error).To(BeNil())
		Expect(seen.Page.BodyError).NotTo(BeNil())
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
	})

	It("in the middle of a body over HTTP/2 fails the stream, and it is a matter of luck whether script got the headers before", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.h2.faulty(rawhttp.Truncate)})
		Expect(seen).To(match.HaveFailedWith("net::ERR_HTTP2_PROTOCOL_ERROR"))
		Expect(seen).To(match.HaveRejectedWith("TypeError"))
	})

	It("in the middle of a body leaves XMLHttpRequest nothing", func(ctx SpecContext) {
		seen := sending(ctx, app, probe.Request{URL: apis.api.faulty(rawhttp.Truncate)})
		Expect(seen).To(match.HaveFailedWith("net::ERR_CONTENT_LENGTH_MISMATCH"))
		Expect(seen.Page.Status).To(BeZero())
		Expect(last(seen).Response.Status).To(Equal(200))
	})

	It("in the middle of a body does not matter where CORS blocks: that comes first", func(ctx SpecContext) {
		answer := ok()
		answer.Fault = rawhttp.Truncate
		Expect(fetching(ctx, app, probe.Request{URL: apis.api.serve(embedded.Rule{Answer: answer})})).To(match.BeBlockedBy("MissingAllowOriginHeader"))
	})

	It("does not show in two Content-Length lines that are equal", func(ctx SpecContext) {
		seen := fetching(ctx, app, probe.Request{URL: apis.api.answer(200, allowOrigin, "Content-Length: 4", "Content-Length: 4")})
		Expect(seen).To(match.ExposeHeader("Content-Length", "4, 4"))
	})

	It("cannot be mistaken for one that has no trust: the key that corsproof trusts is one, and no other", func(ctx SpecContext) {
		addr := untrusted()
		conn, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(ctx, "tcp", addr) //nolint:gosec // to show that it works
		Expect(err).NotTo(HaveOccurred(), "the server works; only its certificate is not trusted")
		Expect(conn.Close()).To(Succeed())
		seen := fetching(ctx, app, probe.Request{URL: "https://" + addr + "/"})
		Expect(seen).To(match.HaveFailedWith("net::ERR_CERT_AUTHORITY_INVALID"))
		Expect(seen.Replay.Error).To(ContainSubstring("certificate"), "a replay trusts it no more")
	})
})

var _ = Describe("A request that the browser sends again by itself", Label("network"), func() {
	DescribeTable("is received twice for one call:",
		func(ctx SpecContext, api func() *stub, status int) {
			seen := asking(ctx, h.From(app), probe.Request{URL: api().answer(200, allowOrigin)}, probe.Request{URL: api().answer(status, allowOrigin)})[1]
			Expect(seen).To(match.HaveStatus(status))
			Expect(seen).To(match.HaveReceived(0, 2))
			Expect(seen.Exchanges).To(HaveLen(1))
			Expect(seen.Retried).To(BeEmpty(), "by the browser, not by us")
		},
		Entry("a 421, which says that the connection is the wrong one", stubAPI, 421),
		Entry("a 421 over HTTP/2", stubH2, 421),
	)

	It("is received once more for each used connection that answers 408: a connection that was not used before ends it", func(ctx SpecContext) {
		seen := asking(ctx, h.From(app), probe.Request{URL: stubAPI().answer(200, allowOrigin)}, probe.Request{URL: stubAPI().answer(408, allowOrigin)})[1]
		Expect(seen).To(match.HaveStatus(408))
		Expect(len(seen.Receipts)).To(BeNumerically(">=", 2), "how many used ones the browser keeps is its own affair")
		Expect(seen.Exchanges).To(HaveLen(1))
		Expect(seen.Retried).To(BeEmpty(), "by the browser, not by us")
	})

	It("is received twice where a connection that was used before is dropped", func(ctx SpecContext) {
		seen := asking(ctx, h.From(app), probe.Request{URL: apis.api.answer(200, allowOrigin)}, probe.Request{URL: apis.api.faulty(rawhttp.Reset)})[1]
		Expect(seen).To(match.HaveFailedWith("net::ERR_CONNECTION_RESET"))
		Expect(seen).To(match.HaveReceived(0, 2))
	})

	It("is a POST too, which runs twice", func(ctx SpecContext) {
		r := probe.Request{Method: "POST", URL: apis.api.answer(421, allowOrigin), Body: &probe.Body{Text: "pay"}}
		seen := fetching(ctx, app, r)
		Expect(seen).To(match.HaveReceived(0, 2))
		for _, receipt := range seen.Receipts {
			Expect(receipt.Method + " " + string(receipt.Body)).To(Equal("POST pay"))
		}
	})
})
