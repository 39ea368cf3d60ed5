// Package rawtest puts requests to a server as curl would, and compares the
// answers with what is expected. It is for tests only.
package rawtest

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/servers/orders"
)

// App and Evil are the origins that the fixtures allow and deny.
const (
	App  = "https://app.example.com"
	Evil = "https://evil.example.net"
)

// Case is a request and what is expected of its answer.
type Case struct {
	Name         string
	Method, Path string
	Send         map[string]string // request headers
	Status       int
	// Headers are the answer's lines of each name, joined by " | "; "" means that there is none.
	Headers map[string]string
}

// Preflight is a case that sends what a browser would before a PUT with the headers content-type and x-request-id.
func Preflight(name, origin, path string, status int, headers map[string]string) Case {
	return Case{name, http.MethodOptions, path, map[string]string{
		"Origin":                         origin,
		"Access-Control-Request-Method":  http.MethodPut,
		"Access-Control-Request-Headers": "content-type,x-request-id",
	}, status, headers}
}

// Actual is a case that sends what a browser would in a GET from that origin.
func Actual(name, origin, path string, status int, headers map[string]string) Case {
	return Case{name, http.MethodGet, path, map[string]string{"Origin": origin}, status, headers}
}

// Run runs the cases against the server at that URL.
func Run(t *testing.T, url string, cases []Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			status, headers, _ := ask(t, c.Method, url+c.Path, c.Send)
			if status != c.Status {
				t.Errorf("status %d, want %d", status, c.Status)
			}
			compare(t, headers, c.Headers)
		})
	}
}

// Orders checks that the server at that URL is the orders API.
func Orders(t *testing.T, url string, examples []orders.Example) {
	t.Helper()
	for _, e := range examples {
		t.Run(e.Name, func(t *testing.T) {
			send := map[string]string{}
			if e.Cookie != "" {
				send["Cookie"] = e.Cookie
			}
			status, headers, body := ask(t, e.Method, url+e.Path, send)
			if status != e.Status || strings.TrimSpace(body) != e.Body {
				t.Errorf("answer %d %s, want %d %s", status, body, e.Status, e.Body)
			}
			compare(t, headers, e.Headers)
			if e.Path == orders.Login {
				checkCookie(t, headers.Get("Set-Cookie"))
			}
		})
	}
}

// Refused checks that nothing listens at that URL any more.
func Refused(t *testing.T, url string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err == nil {
		conn.Close()
		t.Errorf("something still listens at %s", url)
	}
}

// Mentions checks that an error's message has those parts.
func Mentions(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q, without %q", err, part)
		}
	}
}

func ask(t *testing.T, method, url string, send map[string]string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range send {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(body)
}

func compare(t *testing.T, got http.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if lines := strings.Join(got.Values(name), " | "); lines != value {
			t.Errorf("%s: %q, want %q", name, lines, value)
		}
	}
}

func checkCookie(t *testing.T, line string) {
	t.Helper()
	parts := strings.Split(line, "; ")
	slices.Sort(parts[1:])
	if got := strings.Join(parts, "; "); got != orders.Cookie+"; HttpOnly; Path=/; SameSite=None; Secure" {
		t.Errorf("Set-Cookie: %q", line)
	}
}
