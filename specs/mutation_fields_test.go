package specs

// The mutations of an Observation's fields; see mutation_test.go.

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

// is is a mutation of the field at that path.
func is(path string, want any, good, mutant question, says ...string) mutation {
	return mutation{proves: path, matcher: field(path, want), good: good, mutant: mutant, says: says}
}

func pageFields() []mutation {
	return []mutation{
		is("Page.Settled", true, allowed, hanging, "false"),
		is("Page.Type", fetch.CORSResponse, allowed, forbidden, "cors"),
		is("Page.Status", 200, allowed, notFound, "404"),
		is("Page.StatusText", "OK", allowed, notFound, "Not Found"),
		is("Page.URL", HaveSuffix("/moved"), redirectedOnce, allowed, "/moved"),
		is("Page.Redirected", true, redirectedOnce, allowed, "false"),
		is("Page.Headers", ContainElement(fetch.Header{Name: "x-total", Value: "10"}), exposing, hiding, "x-total"),
		is("Page.Body.Text", "body", allowed, notFound, "gone"),
		is("Page.Body.Size", int64(4), allowed, bodyOf(""), "0"),
		is("Page.Body.SHA256", HaveLen(64), bodyOf("\xff"), allowed, "to have length 64"),
		is("Page.Body.Whole", true, allowed, bodyOf("\xff"), "false"),
		is("Page.Body.Cut", false, allowed, bodyOf(strings.Repeat("a", 65<<20)), "true"),
		is("Page.Error.Name", "TypeError", forbidden, allowed, "TypeError"),
		is("Page.Error.Message", "Failed to fetch", forbidden, allowed, "Failed to fetch"),
		is("Page.Rejected", true, facing(apis.api, probe.Request{Method: "TRACE"}), forbidden, "false"),
		is("Page.BodyError.Name", "TypeError", truncated, allowed, "TypeError"),
		is("Page.BodyError.Message", Not(BeNil()), truncated, allowed, "not to be nil"),
		is("Page.Events", ContainElement("load"), facing(apis.api, byXHR, always(ok(allowOrigin))), facing(apis.api, byXHR, always(ok())), "error"),
	}
}

func bodyOf(text string) question {
	return func(ctx context.Context) probe.Observation {
		GinkgoHelper()
		return fetching(ctx, app, probe.Request{URL: apis.api.sized([]byte(text)), Timeout: time.Minute})
	}
}

func truncated(ctx context.Context) probe.Observation {
	GinkgoHelper()
	answer := ok(allowOrigin)
	answer.Fault = rawhttp.Truncate
	return facing(apis.api, get, always(answer))(ctx)
}

func wireFields() []mutation {
	onH2 := facing(apis.h2, get, always(ok(allowOrigin)))
	cached := again(apis.api, get, always(ok(allowOrigin, storable)))
	strict, letThrough := withJar(apis.other, "Strict", fetch.Include), withJar(apis.api, "Strict", fetch.Include)
	insecure, secure := setting("id=1; SameSite=None"), setting("id=1; SameSite=None; Secure")
	return []mutation{
		is("Exchanges[0].Role", probe.Preflight, put204, putAgain, "actual"),
		is("Exchanges[0].For", Not(BeEmpty()), put204, putAgain, "not to be empty"),
		is("Exchanges[-1].Request.Method", "GET", allowed, put204, "PUT"),
		is("Exchanges[-1].Request.URL", HaveSuffix("/moved"), redirectedOnce, allowed, "/moved"),
		is("Exchanges[-1].Request.Headers", ContainElement(fetch.Header{Name: "X-A", Value: "1"}), withCustom, allowed, "X-A"),
		is("Exchanges[-1].Request.Raw", true, put204, facing(apis.api, putting, always(ok())), "false"),
		is("Exchanges[-1].Response.Status", 200, allowed, notFound, "404"),
		is("Exchanges[-1].Response.StatusText", "OK", allowed, notFound, "Not Found"),
		is("Exchanges[-1].Response.Protocol", "h2", onH2, allowed, "http/1.1"),
		is("Exchanges[-1].Response.Headers", ContainElement(fetch.Header{Name: "X-Total", Value: "10"}), hiding, allowed, "X-Total"),
		is("Exchanges[-1].Response.Raw", true, allowed, cached, "false"),
		is("Exchanges[-1].Response.RemoteAddr", HavePrefix("127.0.0.1:"), allowed, onIPv6, "[::1]"),
		is("Exchanges[-1].FromCache", "", allowed, cached, "disk"),
		is("Exchanges[-1].Cookies.Sent[0].Name", "id", letThrough, strict, "id"),
		is("Exchanges[-1].Cookies.Withheld[0].Name", "id", strict, letThrough, "id"),
		is("Exchanges[-1].Cookies.Withheld[0].Reasons", ContainElement("SchemefulSameSiteStrict"), strict, withJar(apis.other, "Lax", fetch.Include), "SchemefulSameSiteLax"),
		is("Exchanges[-1].Cookies.Refused[0].Name", "id", insecure, secure, "id"),
		is("Exchanges[-1].Cookies.Refused[0].Reasons", ContainElement("SameSiteNoneInsecure"), insecure, setting("id=1; Domain=other.test"), "InvalidDomain"),
		is("Exchanges[-1].Error", "net::ERR_CONNECTION_RESET", reset, allowed, "net::ERR_CONNECTION_RESET"),
	}
}

// onIPv6 asks an API that listens elsewhere.
func onIPv6(ctx context.Context) probe.Observation {
	GinkgoHelper()
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		Skip("there is no IPv6: " + err.Error())
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}))
	Expect(server.Listener.Close()).To(Succeed())
	server.Listener = listener
	server.Start()
	DeferCleanup(server.Close)
	return fetching(ctx, plainApp, probe.Request{URL: server.URL})
}

func serverFields() []mutation {
	pays := probe.Request{Method: "POST", Body: &probe.Body{Text: "pay"}}
	posted := facing(apis.api, pays, always(ok(allowOrigin)))
	onH2 := facing(apis.h2, get, always(ok(allowOrigin)))
	replayed := func(a embedded.Answer) question { return facing(apis.api, get, upon(byBrowser, ok()), always(a)) }
	return []mutation{
		is("Receipts[-1].Method", "POST", posted, allowed, "GET"),
		is("Receipts[-1].URL", HaveSuffix("/moved"), redirectedOnce, allowed, "/moved"),
		is("Receipts[-1].Proto", "HTTP/1.1", allowed, onH2, "HTTP/2.0"),
		is("Receipts[-1].Headers", ContainElement(fetch.Header{Name: "X-A", Value: "1"}), withCustom, allowed, "X-A"),
		is("Receipts[-1].Body", []byte("pay"), posted, facing(apis.api, probe.Request{Method: "POST", Body: &probe.Body{Text: "owe"}}, always(ok(allowOrigin))), "to equal"),
		is("Receipts[-1].BodySize", int64(3), posted, allowed, "0"),
		is("ReceiptsKnown", true, allowed, onIPv6, "false"),
		is("Replay.Status", 200, forbidden, replayed(embedded.Answer{Status: 500}), "500"),
		is("Replay.Proto", "HTTP/1.1", forbidden, facing(apis.h2, get, always(ok())), "HTTP/2.0"),
		is("Replay.Headers", ContainElement(fetch.Header{Name: "X-Total", Value: "10"}), replayed(ok("X-Total: 10")), forbidden, "X-Total"),
		is("Replay.Body", []byte("body"), forbidden, replayed(embedded.Answer{Body: []byte("gone")}), "to equal"),
		is("Replay.Error", "", forbidden, replayed(embedded.Answer{Fault: rawhttp.Reset}), "reset"),
		is("Replay.Command", ContainSubstring("-X POST"), facing(apis.api, pays, always(ok())), forbidden, "curl -i -L"),
	}
}

func verdictFields() []mutation {
	asks := func(p probe.Probe) question {
		return func(ctx context.Context) probe.Observation {
			GinkgoHelper()
			p.Steps = []probe.Step{{Request: probe.Request{URL: apis.api.answer(200, allowOrigin)}}}
			return h.Probe(ctx, p)[0]
		}
	}
	naming := func(origin string) question {
		return facing(apis.api, get, always(ok("Access-Control-Allow-Origin: "+origin)))
	}
	return []mutation{
		is("ProbeID", "one", asks(probe.Probe{ID: "one", From: app}), asks(probe.Probe{ID: "two", From: app}), "two"),
		is("Step", 1, allowed, putAgain, "2"),
		is("From", app, allowed, from(admin), admin),
		is("Request", HaveField("Method", "PUT"), put204, allowed, "PUT"),
		is("Err", BeNil(), asks(probe.Probe{From: app}), asks(probe.Probe{From: "app.example.com"}), "is no origin that a page can have"),
		is("Outcome", probe.Readable, allowed, forbidden, "blocked"),
		is("Why", ContainSubstring("status 200"), allowed, forbidden, "MissingAllowOriginHeader"),
		is("Blocked.Code", "MissingAllowOriginHeader", forbidden, naming(stranger), "AllowOriginMismatch"),
		is("Blocked.Parameter", stranger, naming(stranger), naming(admin), admin),
		is("Blocked.Message", ContainSubstring("No 'Access-Control-Allow-Origin' header is present"), forbidden, naming(stranger), "that is not equal to the supplied origin"),
		is("NetError", "net::ERR_CONNECTION_RESET", reset, hanging, "net::ERR_CONNECTION_RESET"),
		is("Console", ContainElement(ContainSubstring("blocked by CORS policy")), forbidden, reset, "net::ERR_CONNECTION_RESET"),
		is("Deviations", BeEmpty(), allowed, hinting, "chromium-client-hints-safelisted"),
		is("Duration", BeNumerically(">=", 400*time.Millisecond), hanging, asks(probe.Probe{From: "app.example.com"}), "0"),
		is("Retried", "", allowed, conditional, "cache"),
	}
}

// hinting is a GET with a header for which Chromium sends no preflight, where the Standard does.
func hinting(ctx context.Context) probe.Observation {
	GinkgoHelper()
	r := probe.Request{URL: apis.api.answer(200, allowAny), Headers: one("Save-Data", "on")}
	seen := h.From(app).Fetch(ctx, r)
	Expect(seen).To(match.AgreeWithStandard())
	return seen
}

// conditional is a GET that looks as if the browser had an answer in its cache, so that it is put again, alone.
func conditional(ctx context.Context) probe.Observation {
	GinkgoHelper()
	r := probe.Request{URL: apis.api.permissive(), Headers: one("If-None-Match", `"v1"`), Credentials: fetch.Omit}
	return fetching(ctx, app, r)
}
