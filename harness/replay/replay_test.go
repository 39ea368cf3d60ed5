package replay_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/replay"
)

func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, _ = io.WriteString(w, r.Method+" "+string(body)+" "+r.Header.Get("Content-Type"))
}

func TestXMLHttpRequestDropsTheBodyOfGetAndHead(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	client := replay.New(replay.Config{})
	defer client.Close()
	for _, c := range []struct {
		client       probe.Client
		method, want string
	}{{probe.XHR, "", "GET  "}, {probe.XHR, "get", "GET  "}, {probe.XHR, "POST", "POST x text/plain;charset=UTF-8"}, {probe.Fetch, "GET", "GET x text/plain;charset=UTF-8"}} {
		r := client.Do(t.Context(), probe.Request{Client: c.client, Method: c.method, URL: server.URL, Body: &probe.Body{Text: "x"}}, nil)
		if string(r.Body) != c.want || strings.Contains(r.Command, "--data-raw") != strings.Contains(c.want, "x") {
			t.Errorf("%s %s: got %q (%s), want %q; %s", c.client, c.method, r.Body, r.Error, c.want, r.Command)
		}
	}
}

func TestAReplayConnectsOnlyWhereItMay(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(echo))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	var asked []string
	client := replay.New(replay.Config{
		Resolve: func(hostPort string) string {
			if hostPort == "mapped.example.com:80" {
				return server.Listener.Addr().String()
			}
			return ""
		},
		Allow: func(hostPort string) bool { asked = append(asked, hostPort); return false },
	})
	defer client.Close()
	for url, sent := range map[string]bool{
		server.URL: true, "http://localhost:" + port: true, "http://a.localhost:" + port: true, "http://mapped.example.com/": true,
		"http://other.example.com/": false, "https://other.example.com/": false, "http://192.0.2.1/": false,
	} {
		r := client.Do(t.Context(), probe.Request{URL: url}, nil)
		if sent != (r.Status == 200) || !sent && !strings.HasPrefix(r.Error, "not replayed: ") {
			t.Errorf("%s: %d %q", url, r.Status, r.Error)
		}
	}
	if len(asked) != 3 {
		t.Errorf("asked about %q", asked)
	}
}

func TestAServerThatSwitchesProtocolsHoldsUpNobody(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { _ = conn.Close() }) // until then the connection stays open
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n")
	}))
	defer server.Close()
	c := replay.New(replay.Config{})
	defer c.Close()
	if got := c.Do(t.Context(), probe.Request{URL: server.URL}, nil); got.Status != http.StatusSwitchingProtocols || got.Error != "" {
		t.Errorf("%+v", got)
	}
}
