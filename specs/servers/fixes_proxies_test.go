package servers

import (
	"context"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/fixtures"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/target"
)

// shopPolicy is what the remedies of these specs allow.
var shopPolicy = remedy.Policy{
	Origins: []string{app, admin}, Methods: []string{"GET", "PUT"},
	Headers: []string{"authorization", "content-type", "x-request-id"}, Expose: []string{"X-Total"}, Credentials: true,
}

// patch says how a remedy is put into a broken set-up that is a text.
type patch struct {
	own *regexp.Regexp // what the set-up has of CORS, which the remedy replaces
	at  []place        // where its parts go, one each
}

// place is a line of a set-up that a part goes in behind; none is the beginning.
type place struct {
	line   *regexp.Regexp
	block  bool // the part belongs in the line's block, which is opened where there is none
	indent int  // of the part's lines, where the language counts
}

// mend replaces a set-up's own CORS lines by the remedy's parts, word for word.
func (p patch) mend(setup string, parts []remedy.Part) string {
	GinkgoHelper()
	Expect(parts).To(HaveLen(len(p.at)))
	setup = p.own.ReplaceAllString(strings.ReplaceAll(setup, "{{.Origin}}", app), "")
	for i, part := range parts {
		setup = p.at[i].put(setup, part.Text)
	}
	return setup
}

// put puts a part behind every such line, of which there is one at least.
func (p place) put(setup, part string) string {
	GinkgoHelper()
	margin := strings.Repeat(" ", p.indent)
	part = margin + strings.ReplaceAll(part, "\n", "\n"+margin) + "\n"
	if p.line == nil {
		return part + setup
	}
	Expect(p.line.FindString(setup)).NotTo(BeEmpty(), setup)
	return p.line.ReplaceAllStringFunc(setup, func(line string) string {
		if p.block && !strings.HasSuffix(line, "{") {
			return line + " {\n" + part + "}"
		}
		return line + "\n" + part
	})
}

// proxyFixture is the text of a broken set-up.
func proxyFixture(server, file string) string {
	GinkgoHelper()
	data, err := fs.ReadFile(fixtures.Servers, path.Join("servers", server, file))
	Expect(err).NotTo(HaveOccurred())
	return string(data)
}

// mendedName is the name of a set-up with the remedy in it.
func mendedName(setup string) string { return setup + "-mended" }

// startMended starts each of a proxy's broken set-ups as it is and with the remedy in it: those of withCORS before
// an API that has good CORS of its own, the others before one without.
func startMended(ctx SpecContext, p proxy, setups []string, withCORS ...string) *fleet {
	GinkgoHelper()
	return startMendedBy(ctx, p, remedyFor(p.name, ""), setups, withCORS...)
}

// startMendedBy does with the remedy for a cause of which more is known.
func startMendedBy(ctx SpecContext, p proxy, parts []remedy.Part, setups []string, withCORS ...string) *fleet {
	GinkgoHelper()
	api := withGoodCORS(ctx)
	servers, all := map[string]target.Server{}, []string{}
	for _, setup := range setups {
		upstream, text := "", proxyFixture(p.name, setup+p.extension)
		if slices.Contains(withCORS, setup) {
			upstream = api
		}
		servers[setup] = p.server(text, upstream)
		servers[mendedName(setup)] = p.server(p.patch.mend(text, parts), upstream)
		all = append(all, setup, mendedName(setup))
	}
	return start(ctx, p.name, all, func(setup string) target.Server { return servers[setup] })
}

// brokenOnes are the set-ups that are not as they should be.
func brokenOnes(setups []string, good ...string) []string {
	return slices.DeleteFunc(setups, func(s string) bool { return s == "good" || slices.Contains(good, s) })
}

// expectCured expects a set-up to be broken as its fixture is, and with the remedy in its place to let the page of the policy read the same and
// all that [fleet.expectMended] asks. All of it is asked with the request's own Authorization, if it has one.
func (f *fleet) expectCured(ctx context.Context, setup, page, path string, r probe.Request, broken types.GomegaMatcher) {
	GinkgoHelper()
	Expect(f.ask(ctx, page, setup, path, r)).To(broken)
	Expect(f.ask(ctx, app, mendedName(setup), path, r)).To(SatisfyAll(match.BeReadable(), varyOrigin()))
	var login fetch.HeaderList
	if value, ok := r.Headers.Get("Authorization"); ok {
		login = fetch.HeaderList{{Name: "Authorization", Value: value}}
	}
	f.expectMended(ctx, mendedName(setup), login...)
}

// expectMended expects a set-up with the remedy in it to let the pages of the policy read whatever is
// answered, and nobody else. Requests have these headers, which its authentication asks for.
func (f *fleet) expectMended(ctx context.Context, setup string, headers ...fetch.Header) {
	GinkgoHelper()
	f.expectMendedWith(ctx, setup, match.ExposeHeader("X-Total", "10"), headers...)
}

// expectMendedWith does for servers whose successes are such: not all can expose a header.
func (f *fleet) expectMendedWith(ctx context.Context, setup string, success types.GomegaMatcher, headers ...fetch.Header) {
	GinkgoHelper()
	with := func(r probe.Request) probe.Request {
		r.Headers = append(slices.Clone(r.Headers), headers...)
		return r
	}
	put, cookies := with(putJSON), with(getCookies)
	put.Credentials = fetch.Include
	put.Headers = append(put.Headers, traced.Headers...)
	var all []question
	for _, page := range []string{app, admin} {
		all = append(all, question{page, "/orders/", cookies, SatisfyAll(match.BeReadable(), match.HaveStatus(200), success)},
			question{page, "/orders/", put, SatisfyAll(match.BeReadable(), match.HaveStatus(200), match.HaveSentPreflight(), success)})
	}
	for _, status := range []string{"401", "403", "404", "429", "500"} {
		all = append(all, question{app, "/status/" + status, cookies, match.BeReadable()})
	}
	for _, page := range []string{stranger, lookalike, "null"} {
		all = append(all, question{page, "/orders/", cookies, match.BeBlocked()}, question{page, "/orders/", put, match.BeBlocked()})
	}
	unlisted := []probe.Request{{Method: "DELETE"}, {Headers: fetch.HeaderList{{Name: "X-Unheard-Of", Value: "1"}}}}
	for _, r := range unlisted {
		all = append(all, question{app, "/orders/", with(r), match.BeBlocked()})
	}
	f.askAll(ctx, setup, all)
}

// question is what a page asks, and what is to come of it. A path that ends with a slash is of an order of its own.
type question struct {
	page, path string
	request    probe.Request
	want       types.GomegaMatcher
}

// askAll has pages ask a set-up side by side.
func (f *fleet) askAll(ctx context.Context, setup string, all []question) {
	GinkgoHelper()
	seen := make([]probe.Observation, len(all))
	var asking sync.WaitGroup
	for i, q := range all {
		asking.Go(func() {
			if strings.HasSuffix(q.path, "/") {
				q.path += "mended-" + strconv.Itoa(i)
			}
			q.request.URL = f.harness.API(setup).URL(q.path)
			seen[i] = f.harness.From(q.page).Fetch(ctx, q.request)
		})
	}
	asking.Wait()
	for i, q := range all {
		Expect(seen[i]).To(SatisfyAll(match.HaveCompleteEvidence(), match.AgreeWithStandard(), q.want))
	}
}

// varyOrigin is a matcher of answers that say to caches that they differ by origin, those of preflights too.
func varyOrigin() types.GomegaMatcher {
	return WithTransform(func(o probe.Observation) []string { return withoutVary(o.Exchanges) }, BeEmpty())
}

// varyOriginAfterPreflight asks it of the last answer alone: no cache keeps an answer to OPTIONS.
func varyOriginAfterPreflight() types.GomegaMatcher {
	return WithTransform(func(o probe.Observation) []string { return withoutVary(o.Exchanges[max(0, len(o.Exchanges)-1):]) }, BeEmpty())
}

// withoutVary are the methods of requests whose answers have no Vary: Origin.
func withoutVary(exchanges []probe.Exchange) (methods []string) {
	for _, e := range exchanges {
		if e.Response == nil || !strings.Contains(strings.ToLower(strings.Join(e.Response.Headers.Values("Vary"), ",")), "origin") {
			methods = append(methods, e.Request.Method)
		}
	}
	return methods
}

// keepsPreflights is a matcher of answers to preflights that may be kept.
func keepsPreflights() types.GomegaMatcher {
	return WithTransform(func(o probe.Observation) []string {
		if len(o.Exchanges) == 0 || o.Exchanges[0].Response == nil {
			return nil
		}
		return o.Exchanges[0].Response.Headers.Values("Access-Control-Max-Age")
	}, HaveLen(1))
}
