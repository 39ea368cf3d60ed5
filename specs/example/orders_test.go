package example

import (
	"net/http"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

func TestOrders(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Orders")
}

var h *harness.Harness

var _ = BeforeSuite(func(ctx SpecContext) {
	var err error
	h, err = harness.Start(ctx, harness.Config{
		Origins: []harness.Origin{{URL: "https://app.example.com"}, {URL: "https://evil.test"}},
		APIs:    map[string]harness.API{"orders": {At: "https://api.example.com", Handler: ordersAPI()}},
	})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(h.Close)
})

var _ = Describe("the orders API", func() {
	put := func() probe.Request {
		return probe.Request{
			Method: "PUT", URL: h.API("orders").URL("/orders/1"), Credentials: fetch.Include,
			Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}},
			Body:    &probe.Body{Text: `{"paid":true}`},
		}
	}

	It("lets the app change an order and read the total", func(ctx SpecContext) {
		seen := h.From("https://app.example.com").Fetch(ctx, put())
		Expect(seen).To(match.BeReadable())
		Expect(seen).To(SatisfyAll(match.HaveStatus(200), match.ExposeHeader("X-Total", "10"), match.HaveSentPreflight()))
	})

	It("lets nobody else", func(ctx SpecContext) {
		seen := h.From("https://evil.test").Fetch(ctx, put())
		Expect(seen).To(match.BeBlockedBy("PreflightMissingAllowOriginHeader"))
		Expect(seen).To(match.HaveReceived(1, 0)) // one preflight, and no request that changes anything
	})
})

// ordersAPI stands for your own handler.
func ordersAPI() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		if r.Header.Get("Origin") == "https://app.example.com" {
			w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Expose-Headers", "X-Total")
		}
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
			w.Header().Set("Access-Control-Allow-Headers", "content-type")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("X-Total", "10")
	})
}
