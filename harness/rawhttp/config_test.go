package rawhttp_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

func TestStartReportsEveryMistakeAtOnce(t *testing.T) {
	_, err := rawhttp.Start(rawhttp.Config{
		Addr: "192.0.2.1:0", HTTP2: true, Upstream: &rawhttp.Upstream{URL: "ftp://x"},
		Handler: func(context.Context, *rawhttp.Request) *rawhttp.Response { return nil },
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"not a loopback address", "HTTP/1.1 only", `"ftp://x" is no origin`, "both set"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}

func TestStartListensOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:80", "nonsense", "127.0.0.1", "127.0.0.1:99999"} {
		if s, err := rawhttp.Start(rawhttp.Config{Addr: addr}); err == nil {
			s.Close()
			t.Errorf("%q: no error", addr)
		}
	}
	for _, addr := range []string{"", "127.0.0.1:0", "127.0.0.7:0", "localhost:0"} {
		s := start(t, rawhttp.Config{Addr: addr})
		host, port, err := net.SplitHostPort(s.Addr())
		if err != nil || !net.ParseIP(host).IsLoopback() || port != strconv.Itoa(s.Port()) || s.Port() == 0 {
			t.Errorf("%q: listens on %s, port %d", addr, s.Addr(), s.Port())
		}
	}
}

func TestStartSaysWhatToDoAboutAPortInUse(t *testing.T) {
	s := start(t, rawhttp.Config{})
	_, err := rawhttp.Start(rawhttp.Config{Addr: s.Addr()})
	if err == nil || !strings.Contains(err.Error(), s.Addr()) || !strings.Contains(err.Error(), "choose another port") {
		t.Errorf("got %v", err)
	}
}

func TestStartRefusesUpstreamsThatAreNoOrigin(t *testing.T) {
	for _, url := range []string{"", "127.0.0.1:80", "http://", "http://a/path", "http://a?q", "http://u:p@a", "http://a#f", "ws://a", "http://a:b", "http://[::1"} {
		if s, err := rawhttp.Start(rawhttp.Config{Upstream: &rawhttp.Upstream{URL: url}}); err == nil {
			s.Close()
			t.Errorf("%q: no error", url)
		} else if !strings.Contains(err.Error(), "http://127.0.0.1:8080") {
			t.Errorf("%q: no example in %v", url, err)
		}
	}
	for _, url := range []string{"http://127.0.0.1:8080", "https://localhost/", "http://[::1]:1"} {
		start(t, rawhttp.Config{Upstream: &rawhttp.Upstream{URL: url}})
	}
}
