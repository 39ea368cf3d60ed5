package specs

// The mutations of package match's matchers; see mutation_test.go.

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/embedded"
)

// Requests, and the questions that many mutations share.
var (
	get             = probe.Request{}
	putting         = probe.Request{Method: "PUT"}
	custom          = probe.Request{Headers: fetch.HeaderList{{Name: "X-A", Value: "1"}}}
	byXHR           = probe.Request{Client: probe.XHR}
	withoutListener = probe.Request{Client: probe.XHR, Method: "POST", Body: &probe.Body{Text: "a"}}
	uploading       = probe.Request{Client: probe.XHR, Method: "POST", Body: &probe.Body{Text: "a"}, UploadListener: true}
)

func allowed(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, get, always(ok(allowOrigin)))(ctx)
}

func forbidden(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, get, always(ok()))(ctx)
}

func notFound(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, get, always(embedded.Answer{Status: 404, Headers: lines(allowOrigin), Body: []byte("gone")}))(ctx)
}

func reset(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, get, always(embedded.Answer{Fault: rawhttp.Reset}))(ctx)
}

func hanging(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, probe.Request{Timeout: 400 * time.Millisecond}, always(embedded.Answer{Fault: rawhttp.Hang}))(ctx)
}

func redirectedOnce(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, probe.Request{URL: "/from"}, upon(embedded.Match{Path: "/from"}, moved("moved")), always(ok(allowOrigin)))(ctx)
}

// preflighting answers preflights with that status and allows PUT and X-A, for long, and everything else.
func preflighting(status int) []embedded.Rule {
	preflight := embedded.Answer{Status: status, Headers: lines(allowOrigin, allowPUT, "Access-Control-Allow-Headers: x-a", keepLong)}
	return []embedded.Rule{upon(embedded.Match{Method: "OPTIONS"}, preflight), always(ok(allowOrigin))}
}

func put204(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, putting, preflighting(204)...)(ctx)
}

// putAgain is a PUT of which the preflight is skipped.
func putAgain(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return again(apis.api, putting, preflighting(204)...)(ctx)
}

// withCustom is a GET with a header of script's, which is preflighted.
func withCustom(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, custom, preflighting(204)...)(ctx)
}

// exposing and hiding send X-Total: 10, and let script read it or not.
func exposing(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, get, always(ok(allowOrigin, "X-Total: 10", "Access-Control-Expose-Headers: X-Total")))(ctx)
}

func hiding(ctx context.Context) probe.Observation {
	GinkgoHelper()
	return facing(apis.api, get, always(ok(allowOrigin, "X-Total: 10")))(ctx)
}

func outcomeMutations() []mutation {
	return []mutation{
		{"BeReadable", match.BeReadable(), allowed, forbidden, []string{"be readable", "got blocked", "MissingAllowOriginHeader"}},
		{"BeOpaque", match.BeOpaque(), facing(apis.api, probe.Request{Mode: fetch.NoCORS}, always(ok())), allowed, []string{"be opaque", "got readable"}},
		{"BeBlocked", match.BeBlocked(), forbidden, allowed, []string{"be blocked", "got readable"}},
		{"BeBlockedBy", match.BeBlockedBy("MissingAllowOriginHeader"), forbidden, facing(apis.api, get, always(ok("Access-Control-Allow-Origin: "+stranger))),
			[]string{`be blocked by "MissingAllowOriginHeader"`, `got "AllowOriginMismatch"`}},
		{"HaveFailed", match.HaveFailed(), reset, forbidden, []string{"have failed", "got blocked"}},
		{"HaveFailedWith", match.HaveFailedWith("net::ERR_CONNECTION_RESET"), reset, facing(apis.api, get, always(embedded.Answer{Fault: rawhttp.Garbage})),
			[]string{`have failed with "net::ERR_CONNECTION_RESET"`, `got "net::ERR_INVALID_HTTP_RESPONSE"`}},
		{"HaveTimedOut", match.HaveTimedOut(), hanging, allowed, []string{"have timed out", "got readable"}},
	}
}

func responseMutations() []mutation {
	return []mutation{
		{"HaveStatus", match.HaveStatus(200), allowed, notFound, []string{"status: want 200, got 404", "→ 404 Not Found"}},
		{"HaveType", match.HaveType(fetch.CORSResponse), allowed, facing(apis.own, get, always(ok())), []string{"type: want cors, got basic"}},
		{"HaveBody", match.HaveBody("body"), allowed, notFound, []string{`have as body "body"`, "gone"}},
		{"HaveBody", match.HaveBody(HavePrefix("b")), allowed, notFound, []string{"have as body what HavePrefixMatcher matches", "gone"}},
		{"HaveRejectedWith", match.HaveRejectedWith("TypeError"), forbidden, hanging, []string{`have rejected with "TypeError"`, `got "AbortError"`}},
		{"HaveEvents", match.HaveEvents("readystatechange 4", "load", "loadend"), facing(apis.api, byXHR, always(ok(allowOrigin))), facing(apis.api, byXHR, always(ok())),
			[]string{"have the events readystatechange 4, load, loadend", "error"}},
		{"HaveEvents", match.HaveEvents("upload.load"), facing(apis.api, uploading, preflighting(204)...), facing(apis.api, withoutListener, always(ok(allowOrigin))),
			[]string{"have the events upload.load", "got readystatechange 1, loadstart"}},
		{"ExposeHeader", match.ExposeHeader("X-Total"), exposing, hiding, []string{`expose header "X-Total"`, "got absent"}},
		{"ExposeHeader", match.ExposeHeader("X-Total", "10"), exposing, facing(apis.api, get, always(ok(allowOrigin, "X-Total: 11", "Access-Control-Expose-Headers: X-Total"))),
			[]string{`expose header "X-Total" as "10"`, `got "11"`}},
		{"HideHeader", match.HideHeader("X-Total"), hiding, exposing, []string{`hide header "X-Total"`, "script read"}},
		{"HideHeader", match.HideHeader("X-Total"), hiding, allowed, []string{`hide header "X-Total"`, "not on the wire"}},
		{"BeRedirected", match.BeRedirected(1), redirectedOnce, facing(apis.api, probe.Request{URL: "/from"}, upon(embedded.Match{Path: "/from"}, moved("again")),
			upon(embedded.Match{Path: "/again"}, moved("moved")), always(ok(allowOrigin))), []string{"be redirected 1 times", "got 2"}},
	}
}

// moved redirects to another path of the same API.
func moved(to string) embedded.Answer {
	return embedded.Answer{Status: 302, Headers: lines(allowOrigin, "Location: "+to)}
}

func requestMutations() []mutation {
	return []mutation{
		{"HaveSentPreflight", match.HaveSentPreflight(), put204, putAgain, []string{"have sent a preflight", "preflight: want sent, got none"}},
		{"HaveSentNoPreflight", match.HaveSentNoPreflight(), allowed, withCustom,
			[]string{"have sent no preflight", "preflight: want none, got sent"}},
		{"HavePreflightStatus", match.HavePreflightStatus(204), put204, facing(apis.api, putting, preflighting(200)...), []string{"preflight.status: want 204, got 200"}},
		{"HavePreflightStatus", match.HavePreflightStatus(204), put204, putAgain, []string{"the browser sent no preflight request"}},
		{"HavePreflightRequestHeader", match.HavePreflightRequestHeader("Access-Control-Request-Headers", "x-a"),
			withCustom, put204,
			[]string{`have preflight request header "Access-Control-Request-Headers" as "x-a"`, "got absent"}},
		{"HaveSentHeader", match.HaveSentHeader("X-A", "1"), withCustom, allowed,
			[]string{`have sent header "X-A" as "1"`, "got absent"}},
		{"HaveSentHeader", match.HaveSentHeader("Origin", app), allowed, from(admin), []string{`have sent header "Origin" as "https://app.example.com"`, `got "https://admin.example.com"`}},
		{"HaveSentHeader", match.HaveSentHeader("X-A"), withCustom,
			facing(apis.api, probe.Request{Headers: one("X-B", "1")}, preflighting(204)...), []string{"the actual request never left the browser"}},
	}
}

// from is a GET from another page.
func from(origin string) question {
	return func(ctx context.Context) probe.Observation {
		GinkgoHelper()
		return fetching(ctx, origin, probe.Request{URL: apis.api.answer(200, allowOrigin)})
	}
}

func cookieMutations() []mutation {
	return []mutation{
		{"HaveSentCookie", match.HaveSentCookie("id"), withJar(apis.api, "Lax", fetch.Include), withJar(apis.api, "Lax", fetch.Omit), []string{`have sent cookie "id"`, "got sent: none"}},
		{"HaveWithheldCookie", match.HaveWithheldCookie("id"), withJar(apis.other, "Strict", fetch.Include), withJar(apis.api, "Strict", fetch.Include),
			[]string{`have withheld cookie "id"`, "got withheld: none"}},
		{"HaveWithheldCookie", match.HaveWithheldCookie("id", "SchemefulSameSiteStrict"), withJar(apis.other, "Strict", fetch.Include), withJar(apis.other, "Lax", fetch.Include),
			[]string{"because of SchemefulSameSiteStrict", "id (SchemefulSameSiteLax)"}},
		{"HaveRefusedCookie", match.HaveRefusedCookie("id", "SameSiteNoneInsecure"), setting("id=1; SameSite=None"), setting("id=1; SameSite=None; Secure"),
			[]string{`have refused cookie "id" because of SameSiteNoneInsecure`, "got refused: none"}},
	}
}

// withJar is a GET with a cookie in the jar, whether or not it lets it through.
func withJar(to *stub, sameSite string, credentials fetch.CredentialsMode) question {
	return func(ctx context.Context) probe.Observation {
		GinkgoHelper()
		r := probe.Request{URL: to.answer(200, allowOrigin, allowCredentials), Credentials: credentials}
		return asking(ctx, h.From(app).WithCookies(cookie(to, sameSite)), r)[0]
	}
}

// setting is a GET that is answered with a Set-Cookie line.
func setting(line string) question {
	return facing(apis.api, probe.Request{Credentials: fetch.Include}, always(ok(allowOrigin, allowCredentials, "Set-Cookie: "+line)))
}

func serverMutations() []mutation {
	return []mutation{
		{"HaveReceived", match.HaveReceived(1, 1), put204, putAgain, []string{"have been received as 1 preflights and 1 requests", "received.preflights: want 1, got 0"}},
		{"HaveReceived", match.HaveReceived(0, 1), allowed, facing(apis.api, get, always(embedded.Answer{Status: 421, Headers: lines(allowOrigin)})),
			[]string{"received.requests: want 1, got 2"}},
		{"HaveReceivedHeader", match.HaveReceivedHeader("Cookie", "id=1"), withJar(apis.other, "None", fetch.Include), withJar(apis.other, "Lax", fetch.Include),
			[]string{`have been received with header "Cookie" as "id=1"`, "got absent"}},
		{"HaveReplayed", match.HaveReplayed(200), forbidden, facing(apis.api, get, upon(byBrowser, ok()), always(embedded.Answer{Status: 500})),
			[]string{"have replayed with status 200", "got 500"}},
		{"HaveReplayed", match.HaveReplayed(200), forbidden, facing(apis.api, get, upon(byBrowser, ok()), always(embedded.Answer{Fault: rawhttp.Reset})),
			[]string{"have replayed with status 200", "got no answer"}},
	}
}

// byBrowser is what a browser's cross-origin request matches, and its replay does not.
var byBrowser = embedded.Match{Headers: map[string]string{"Origin": ""}}
