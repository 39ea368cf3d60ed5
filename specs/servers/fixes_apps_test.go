package servers

import (
	"maps"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
)

// appPolicy is what the app needs of the orders API, and no more.
var appPolicy = remedy.Policy{
	Origins: []string{app, "http://localhost:3000"}, Methods: []string{"GET", "PUT"},
	Headers: []string{"authorization", "content-type", "x-request-id"}, Expose: []string{"X-Total"}, Credentials: true,
}

// fixTexts is what the fix of a server says about a cause, verbatim, one text for each place.
func fixTexts(server, rule string) []string {
	GinkgoHelper()
	return textsFor(server, rule, appPolicy)
}

// textsFor is what a server says that is to do that.
func textsFor(server, rule string, need remedy.Need) []string {
	GinkgoHelper()
	fix, err := remedy.For(server, rule, need)
	Expect(err).NotTo(HaveOccurred())
	var texts []string
	for _, part := range fix.Parts {
		texts = append(texts, part.Text)
	}
	return texts
}

// fixText is the text of a fix that has one place.
func fixText(server, rule string) string {
	GinkgoHelper()
	texts := fixTexts(server, rule)
	Expect(texts).To(HaveLen(1))
	return texts[0]
}

// fixed names the set-up that a fix makes of a broken one.
func fixed(setup string) string { return "fixed-" + setup }

// startFixed starts every broken set-up of a program twice: as it is, and with a fix.
func startFixed(ctx SpecContext, name string, setups []string, server func(setup string, isFixed bool) target.Server) *fleet {
	GinkgoHelper()
	all := map[string]target.Server{}
	for _, setup := range setups {
		all[setup], all[fixed(setup)] = server(setup, false), server(setup, true)
	}
	return start(ctx, name, slices.Sorted(maps.Keys(all)), func(setup string) target.Server { return all[setup] })
}

// bearer is what the set-ups with authentication want; Basic credentials suit all of them.
var bearer = fetch.Header{Name: "Authorization", Value: "Basic YWRhOng="}

// What the app asks, with its credentials.
var (
	appGet = probe.Request{Credentials: fetch.Include, Headers: fetch.HeaderList{bearer}}
	appPut = probe.Request{
		Method: "PUT", Credentials: fetch.Include, Body: &probe.Body{Text: "{}"},
		Headers: fetch.HeaderList{bearer, {Name: "Content-Type", Value: "application/json"}, {Name: "X-Request-ID", Value: "1"}},
	}
	appPost   = probe.Request{Method: "POST", Credentials: fetch.Include, Headers: appPut.Headers, Body: appPut.Body}
	appDelete = probe.Request{Method: "DELETE", Credentials: fetch.Include, Headers: fetch.HeaderList{bearer}}
	appOther  = probe.Request{Credentials: fetch.Include, Headers: fetch.HeaderList{bearer, {Name: "X-Other", Value: "1"}}}
)

// expectFixed expects a set-up to let the app read all that the policy names, errors too, and nobody anything else.
func (f *fleet) expectFixed(ctx SpecContext, setup string) {
	GinkgoHelper()
	varies := WithTransform(answersVary, HaveEach(ContainSubstring("Origin")))
	for _, c := range []struct {
		says, from, path string
		request          probe.Request
		want             types.GomegaMatcher
	}{
		{"the app reads", app, "/orders/1", appGet, SatisfyAll(match.BeReadable(), match.HaveStatus(200), match.ExposeHeader("X-Total", "10"), varies)},
		{"the app changes", app, "/orders/1", appPut, SatisfyAll(match.BeReadable(), match.HaveStatus(200), match.ExposeHeader("X-Total", "10"), match.HaveReceived(1, 1))},
		{"the app posts JSON", app, "/orders/1", appPost, SatisfyAll(match.BeReadable(), match.HaveStatus(200))},
		{"the app reads without a token", app, "/orders/1", get, match.BeReadable()},
		{"the app reads a 401", app, "/me", appGet, SatisfyAll(match.BeReadable(), match.HaveStatus(401), varies)},
		{"the app reads a 404", app, "/nothing", appGet, SatisfyAll(match.BeReadable(), match.HaveStatus(404))},
		{"the app reads a 429", app, "/status/429", appGet, SatisfyAll(match.BeReadable(), match.HaveStatus(429), varies)},
		{"the app reads a 500", app, "/status/500", appGet, SatisfyAll(match.BeReadable(), match.HaveStatus(500))},
		{"another method of the app", app, "/orders/1", appDelete, SatisfyAll(match.BeBlocked(), match.HaveReceived(1, 0))},
		{"another header of the app", app, "/orders/1", appOther, SatisfyAll(match.BeBlocked(), match.HaveReceived(1, 0))},
		{"a stranger reads", stranger, "/orders/1", getCookies, SatisfyAll(match.BeBlockedBy("MissingAllowOriginHeader"), varies)},
		{"a stranger changes", stranger, "/orders/1", appPut, SatisfyAll(match.BeBlockedBy("PreflightMissingAllowOriginHeader"), match.HaveReceived(1, 0))},
		{"an opaque origin reads", "null", "/orders/1", getCookies, match.BeBlockedBy("MissingAllowOriginHeader")},
	} {
		Expect(f.ask(ctx, c.from, setup, c.path, c.request)).To(c.want, "%s: %s", setup, c.says)
	}
}

// answersVary are the Vary headers of all that the API answered to what was not a preflight, to the page and without an origin.
func answersVary(seen probe.Observation) []string {
	var values []string
	for _, exchange := range seen.Exchanges {
		if exchange.Response != nil && exchange.Request.Method != "OPTIONS" {
			values = append(values, strings.Join(exchange.Response.Headers.Values("Vary"), ", "))
		}
	}
	if seen.Replay != nil {
		values = append(values, strings.Join(seen.Replay.Headers.Values("Vary"), ", "))
	}
	return values
}

// fault is what is wrong with a set-up: who asks it for what, and what is seen then.
type fault struct {
	setup, path, from string
	request           probe.Request
	seen              types.GomegaMatcher
}

// expectFixCures expects a broken set-up to show its fault, and what a fix has made of it to show none.
func (f *fleet) expectFixCures(ctx SpecContext, broken fault, by string) {
	GinkgoHelper()
	Expect(f.ask(ctx, broken.from, broken.setup, broken.path, broken.request)).To(broken.seen, "before the fix")
	f.expectFixed(ctx, by)
	if broken.from != app {
		Expect(f.ask(ctx, broken.from, by, broken.path, broken.request)).To(match.BeBlocked(), "after the fix")
	}
}
