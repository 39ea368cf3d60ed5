package servers

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/gomw"
)

// withGoodCORS starts an API whose own CORS is good, for proxies to stand in front of, and returns its URL.
func withGoodCORS(ctx SpecContext) string {
	GinkgoHelper()
	server := gomw.New(gomw.Config{Fixture: "good"})
	Expect(server.Start(ctx)).To(Succeed())
	DeferCleanup(func() { Expect(server.Close()).To(Succeed()) })
	return server.URL()
}

// withPassword is a GET with HTTP's Basic credentials.
var withPassword = probe.Request{Headers: fetch.HeaderList{{Name: "Authorization", Value: "Basic YWRhOng="}}}

// putWithPassword is a PUT with them.
var putWithPassword = probe.Request{Method: "PUT", Headers: withPassword.Headers}

// putCookies is a PUT with the user's cookies, which needs a preflight.
var putCookies = probe.Request{Method: "PUT", Credentials: fetch.Include}

// lookalike is an origin that begins with the app's.
const lookalike = "https://app.example.com.evil.test"

// admin is an origin that the API of withGoodCORS allows beside the app's.
const admin = "https://admin.example.com"
