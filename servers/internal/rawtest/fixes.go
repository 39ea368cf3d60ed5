package rawtest

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/servers/orders"
)

const (
	v6      = "http://[::1]:3000"
	awkward = "A!#$%&'*+-.^_`|~Z" // a token, as methods and header names are
)

// awkwardHeader is what a server can take of it in a request header's name.
func awkwardHeader(server string) string {
	if server == "chi" { // drops the others: harness/remedy refuses them
		return "A-._Z"
	}
	return awkward
}

// Fixes checks that a server takes what harness/remedy writes for it as it is meant, also with
// awkward names and with as little as a policy can have. start starts it with
// the texts of each place, and returns its URL.
func Fixes(t *testing.T, server string, start func(t *testing.T, texts []string) string) {
	t.Helper()
	t.Run("awkward names", func(t *testing.T) {
		methods := []string{"PUT", awkward}
		if _, err := remedy.For(server, "", remedy.Policy{Origins: []string{App}, Methods: []string{"patch"}}); err == nil {
			methods = append(methods, "patch") // which is not PATCH; where that cannot be said, it is refused
		}
		url := start(t, fix(t, server, remedy.Policy{
			Origins: []string{v6, App}, Methods: methods, Headers: []string{awkwardHeader(server)}, Expose: []string{awkward, "X-Total"},
		}))
		for _, origin := range []string{App, v6} {
			allowed(t, url, origin, "PUT", strings.ToLower(awkwardHeader(server)))
			for _, method := range methods {
				allowed(t, url, origin, method, "")
			}
			_, headers, _ := ask(t, http.MethodGet, url+orders.Order, map[string]string{"Origin": origin})
			compare(t, headers, map[string]string{"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": ""})
			if !has(headers, "Access-Control-Expose-Headers", awkward) || !has(headers, "Access-Control-Expose-Headers", "X-Total") {
				t.Errorf("exposed are %q", headers["Access-Control-Expose-Headers"])
			}
		}
		denied(t, url, v6+"1")
	})
	t.Run("one origin and nothing else", func(t *testing.T) {
		url := start(t, fix(t, server, remedy.Policy{Origins: []string{App}}))
		allowed(t, url, App, "POST", "")
		unnamed(t, url)
		denied(t, url, App+".evil.example")
		denied(t, url, "null")
	})
}

// fix is what a fix says, one text for each place.
func fix(t *testing.T, server string, p remedy.Policy) []string {
	t.Helper()
	r, err := remedy.For(server, "", p)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, part := range r.Parts {
		texts = append(texts, part.Text)
	}
	return texts
}

// allowed checks that a preflight is answered so that a browser goes on.
func allowed(t *testing.T, url, origin, method, header string) {
	t.Helper()
	send := map[string]string{"Origin": origin, "Access-Control-Request-Method": method}
	if header != "" {
		send["Access-Control-Request-Headers"] = header
	}
	status, headers, _ := ask(t, http.MethodOptions, url+orders.Order, send)
	if status < 200 || status > 299 || headers.Get("Access-Control-Allow-Origin") != origin {
		t.Errorf("preflight of %s for %s: %d, allowed is %q", origin, method, status, headers["Access-Control-Allow-Origin"])
	}
	if method != "POST" && !slices.Contains(members(headers, "Access-Control-Allow-Methods"), method) {
		t.Errorf("preflight of %s for %s: allowed are %q", origin, method, headers["Access-Control-Allow-Methods"])
	}
	if header != "" && !has(headers, "Access-Control-Allow-Headers", header) {
		t.Errorf("preflight of %s for %s: allowed are %q", origin, header, headers["Access-Control-Allow-Headers"])
	}
}

// unnamed checks that a method and a header that no policy names are not allowed, or the whole preflight is not.
func unnamed(t *testing.T, url string) {
	t.Helper()
	status, headers, _ := ask(t, http.MethodOptions, url+orders.Order, map[string]string{
		"Origin": App, "Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "x-other",
	})
	if status > 299 || headers.Get("Access-Control-Allow-Origin") == "" {
		return
	}
	for name, member := range map[string]string{"Access-Control-Allow-Methods": "DELETE", "Access-Control-Allow-Headers": "x-other"} {
		if has(headers, name, member) || has(headers, name, "*") {
			t.Errorf("%s is %q", name, headers[name])
		}
	}
}

// denied checks that an origin is allowed in no answer, that curl, which sends none, is shown none, and that caches know it.
func denied(t *testing.T, url, origin string) {
	t.Helper()
	for _, send := range []map[string]string{{"Origin": origin}, {}} {
		_, headers, _ := ask(t, http.MethodGet, url+orders.Order, send)
		compare(t, headers, map[string]string{"Access-Control-Allow-Origin": ""})
		if !has(headers, "Vary", "Origin") {
			t.Errorf("%v: Vary is %q", send, headers["Vary"])
		}
	}
	_, headers, _ := ask(t, http.MethodOptions, url+orders.Order, map[string]string{"Origin": origin, "Access-Control-Request-Method": "PUT"})
	compare(t, headers, map[string]string{"Access-Control-Allow-Origin": ""})
}

// has reports whether a header's list has a member, in any case.
func has(headers http.Header, name, member string) bool {
	return slices.ContainsFunc(members(headers, name), func(s string) bool { return strings.EqualFold(s, member) })
}

func members(headers http.Header, name string) []string {
	list := strings.Split(strings.Join(headers.Values(name), ","), ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
