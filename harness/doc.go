// Package harness is corsproof's front door: [Start] a harness with the
// origins and the APIs of a test, ask [Harness.From] a page of any origin, and
// look at what its script could really read.
//
//	h, err := harness.Start(ctx, harness.Config{APIs: map[string]harness.API{"api": {At: "https://api.example.com", Handler: app}}})
//	seen := h.From("https://app.example.com").Fetch(ctx, probe.Request{URL: h.API("api").URL("/orders/1"), Credentials: fetch.Include})
//	Expect(seen).To(match.BeReadable())
package harness
