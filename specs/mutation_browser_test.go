package specs

// Mutations for which another browser, or another time, is needed; see mutation_test.go.

import (
	"context"
	"os"
	"os/exec"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/browser/chromium"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

// asker makes questions to one API in one browser.
type asker func(probe.Request, ...embedded.Rule) question

func sound(r probe.Request, rules ...embedded.Rule) question { return facing(apis.api, r, rules...) }

// crookedMatchers and crookedFields are mutations that take a browser with --disable-web-security, the mutant of all
// browsers: it lets script read what the Standard forbids, and skips preflights.
func crookedMatchers(crooked asker) []mutation {
	uncached := probe.Request{Method: "PUT", Cache: fetch.NoStore} // so that no cache can have spared the preflight
	return []mutation{
		{"AgreeWithStandard", match.AgreeWithStandard(), forbidden, crooked(get, always(ok())),
			[]string{"agree with the Fetch Standard", "the Standard says blocked", "script's outcome is readable"}},
		{"HaveCompleteEvidence", match.HaveCompleteEvidence(), put204, crooked(uncached, preflighting(204)...),
			[]string{"have complete evidence", "got missing: ", "preflight"}},
	}
}

func crookedFields(crooked asker) []mutation {
	uncached := probe.Request{Method: "PUT", Cache: fetch.NoStore}
	return []mutation{
		is("Disagreement", "", forbidden, crooked(get, always(ok())), "script's outcome is readable"),
		is("Missing", BeEmpty(), put204, crooked(uncached, preflighting(204)...), "preflight"),
		is("Browser.ThirdPartyCookies", "allow", allowed, crooked(get, always(ok(allowOrigin))), "block"),
		is("Browser.Flags", Not(ContainElement("--disable-web-security")), allowed, crooked(get, always(ok(allowOrigin))), "--disable-web-security"),
		{"Browser.Sandbox", sandboxed(), allowed, crooked(get, always(ok(allowOrigin))), []string{"false"}},
	}
}

// sandboxed matches where there is a sandbox. Root has none that could be switched off.
func sandboxed() types.GomegaMatcher { return field("Browser.Sandbox", true) }

var _ = Describe("A claim that holds in a sound browser goes red in one that does not follow the Standard:", Label("mutation"), Ordered, func() {
	var world *harness.Harness
	own := stubAt("https://api.example.com")
	crooked := func(r probe.Request, rules ...embedded.Rule) question {
		return func(ctx context.Context) probe.Observation {
			GinkgoHelper()
			r.URL = own.serve(rules...)
			return world.From(app).Fetch(ctx, r)
		}
	}

	BeforeAll(func(ctx SpecContext) {
		var err error
		world, err = harness.Start(ctx, harness.Config{
			Origins: origins(app), APIs: map[string]harness.API{"api": {At: own.origin, Raw: own.handle}},
			BrowserFlags: []string{"--disable-web-security"}, ThirdPartyCookies: "block", DangerouslyDisableSandbox: true,
		})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(world.Close()).To(Succeed()) })
	})

	DescribeTable("by", func(ctx SpecContext, m mutation) {
		if m.proves == "Browser.Sandbox" && os.Geteuid() == 0 {
			Skip("root has no sandbox that could be switched off")
		}
		m.prove(ctx)
	}, entries(crookedMatchers(crooked), crookedFields(crooked)))
})

// fieldsOfOrder tell an observation from one before.
var fieldsOfOrder = []string{"Started", "Receipts[-1].At", "Receipts[-1].Seq", "Exchanges[-1].ID"}

// after matches what is later than, or at least another than, a field of an observation before.
func after(before any) types.GomegaMatcher {
	switch v := before.(type) {
	case time.Time:
		return BeTemporally(">", v)
	case uint64:
		return BeNumerically(">", v)
	}
	return Not(Equal(before))
}

// fieldsOfBrowsers tell browsers apart.
var fieldsOfBrowsers = []string{"Browser.Name", "Browser.Flavour"}

var _ = Describe("An observation", Label("mutation"), func() {
	this := func(o probe.Observation) question {
		return func(context.Context) probe.Observation { return o }
	}

	It("is told from one before by its order", func(ctx SpecContext) {
		first, second := allowed(ctx), allowed(ctx)
		for _, path := range fieldsOfOrder {
			is(path, after(valueAt(first, path)), this(second), this(first)).prove(ctx)
		}
	})

	It("is told from another browser's", func(ctx SpecContext) {
		name := "chromium-headless-shell"
		if isHeadlessShell(ctx) {
			name = "chromium"
		}
		path, err := exec.LookPath(name)
		if err != nil {
			Skip("there is no second browser: " + err.Error())
		}
		engine, err := chromium.New(chromium.Config{Path: path})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(engine.Close()).To(Succeed()) })
		var other probe.Observation
		other.Browser, err = engine.Browser(ctx)
		Expect(err).NotTo(HaveOccurred())
		mine := allowed(ctx)
		for _, path := range fieldsOfBrowsers {
			is(path, valueAt(mine, path), this(mine), this(other), valueAt(other, path).(string)).prove(ctx)
		}
	})
})
