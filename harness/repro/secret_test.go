package repro_test

import (
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/repro"
)

func TestSecretsAreKnownByTheirNames(t *testing.T) {
	for _, name := range []string{
		"Authorization", "Proxy-Authorization", "X-Auth-Key", "apikey", "api_key", "X-Api-Key", "X_Api-Key", "Ocp-Apim-Subscription-Key", "key",
		"client_secret", "X-Session-Id", "PHPSESSION", "X-Password", "passwd", "pass", "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token",
		"access_token", "X-CSRF-Token", "X-XSRF", "sig", "connect.sid", "jwt", "oauth_nonce", "auth", "AWSAccessKeyId",
	} {
		if !repro.IsSecret(name) {
			t.Errorf("%s is taken for public", name)
		}
	}
	for _, name := range []string{
		"", "Accept", "Content-Type", "X-Request-Id", "author", "authors", "Authority", "keyword", "keywords", "page", "design", "passenger",
		"WWW-Authenticate", "Access-Control-Allow-Credentials", "Idempotency-Key", "Sec-Fetch-Site", "Content-Security-Policy", "spin", "insight",
	} {
		if repro.IsSecret(name) {
			t.Errorf("%s is taken for a secret", name)
		}
	}
}

func TestNamesOfSecretsAreFoundInTexts(t *testing.T) {
	for text, want := range map[string][]string{
		`{"client_secret": "x", "page": 1, "nested": {"password" : "y"}}`: {"client_secret", "password"},
		`"{\"token\":\"x\"}"`:      {"token"},
		`a=1;token=x&sig=y`:        {"token", "sig"},
		`<password>x</password>`:   {"password"},
		`the password is a secret`: nil,
		`http://auth:8080/ http://session.example.com:1/?sort=x`:   nil,
		`X-Api-Key: "${env.A}", token=${env.B}&sig=${env.C}&sid=x`: {"sid"},
		`password: [plain, "${env.B}"]`:                            {"password"},
		``:                                                         nil,
		`mutation { login(password: "x") }`:                        {"password"},
	} {
		if got := repro.SecretNames(text); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
