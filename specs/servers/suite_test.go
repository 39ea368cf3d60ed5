package servers

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
)

func TestServers(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Real servers")
}

const (
	app      = "https://app.example.com"
	stranger = "https://stranger.test"
)

// fleet is one server program in all its set-ups, each at an origin of its own: https://SETUP.example.com.
type fleet struct{ harness *harness.Harness }

// start starts a server for each set-up, side by side, and skips where the program is not installed.
func start(ctx SpecContext, name string, setups []string, server func(setup string) target.Server) *fleet {
	GinkgoHelper()
	cfg := harness.Config{Origins: []harness.Origin{{URL: app}, {URL: stranger}}, APIs: map[string]harness.API{}}
	for _, setup := range setups {
		cfg.APIs[setup] = harness.API{At: "https://" + setup + ".example.com", Server: server(setup)}
	}
	return &fleet{harness: startHarness(ctx, name, cfg)}
}

// startHarness starts a harness, and skips where a program that it needs is not installed.
func startHarness(ctx SpecContext, name string, cfg harness.Config) *harness.Harness {
	GinkgoHelper()
	h, err := harness.Start(ctx, cfg)
	var missing *target.MissingError
	if errors.As(err, &missing) {
		Skip(name + ": " + missing.Error())
	}
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(h.Close()).To(Succeed()) })
	return h
}

// ask has a page ask a set-up, and expects the evidence to be whole and the Standard to agree.
func (f *fleet) ask(ctx context.Context, from, setup, path string, r probe.Request) probe.Observation {
	GinkgoHelper()
	r.URL = f.harness.API(setup).URL(path)
	seen := f.harness.From(from).Fetch(ctx, r)
	Expect(seen).To(SatisfyAll(match.HaveCompleteEvidence(), match.AgreeWithStandard()))
	return seen
}

// Requests that tell set-ups apart.
var (
	get        = probe.Request{}
	getCookies = probe.Request{Credentials: fetch.Include}
	putJSON    = probe.Request{Method: "PUT", Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}}, Body: &probe.Body{Text: "{}"}}
	withToken  = probe.Request{Headers: fetch.HeaderList{{Name: "Authorization", Value: "Bearer t"}}}
	traced     = probe.Request{Headers: fetch.HeaderList{{Name: "X-Request-ID", Value: "1"}}}
)
