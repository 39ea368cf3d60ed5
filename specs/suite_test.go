package specs

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
)

func TestSpecs(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "What script can read")
}

// The harness of this process. ginkgo -p runs several processes, each with a browser of its own.
var (
	h    *harness.Harness
	apis = newStubs()
)

// Origins. App and API are same-site; Other is another site. Port makes no site, scheme does.
const (
	app      = "https://app.example.com"
	admin    = "https://admin.example.com"
	plainApp = "http://app.example.com"
	stranger = "https://stranger.test"
)

var _ = BeforeSuite(func(ctx SpecContext) {
	var err error
	h, err = harness.Start(ctx, harness.Config{
		Origins: append(origins(app, admin, plainApp, stranger,
			"https://app.example.com:8443", "http://localhost:3000", "http://localhost:5173", "http://127.0.0.1:3000",
			"https://example.com", "https://www.example.com", "https://xn--bcher-kva.example", "http://[::1]:3000"), withPolicies...),
		APIs: map[string]harness.API{
			"api":   {At: apis.api.origin, Raw: apis.api.handle},
			"h2":    {At: apis.h2.origin, Raw: apis.h2.handle, HTTP2: true},
			"other": {At: apis.other.origin, Raw: apis.other.handle},
			"plain": {At: apis.plain.origin, Raw: apis.plain.handle},
			"own":   {At: app, Raw: apis.own.handle},
			"local": {At: apis.local.origin, Raw: apis.local.handle},
			"idn":   {At: apis.idn.origin, Raw: apis.idn.handle},
		},
	})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(h.Close()).To(Succeed()) })
})

func origins(urls ...string) []harness.Origin {
	list := make([]harness.Origin, len(urls))
	for i, u := range urls {
		list[i] = harness.Origin{URL: u}
	}
	return list
}
