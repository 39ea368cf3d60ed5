package rawhttp_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

// curl runs curl, an independent client, and returns what it prints.
func curl(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, append([]string{"-sS", "--noproxy", "*"}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s(%v)", out, err)
	}
	return string(out)
}

func curlConfig(log *rawhttp.Log) rawhttp.Config {
	return rawhttp.Config{Receive: log.Add, Handler: func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Status: 201, Headers: headers("X-Blank", "", "x-Twice", "a", "x-Twice", "b"), Body: fmt.Appendf(nil, "%s %d", r.Proto, r.BodySize)}
	}}
}

func TestCurlUnderstandsEveryProtocol(t *testing.T) {
	ca := newCA(t)
	upload := filepath.Join(t.TempDir(), "upload")
	if err := os.WriteFile(upload, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		secure bool
		args   []string
		want   string
	}{
		{"http/1.1", false, nil, "HTTP/1.1 0"},
		{"http/1.1 with an upload that waits for 100", false, []string{"-T", upload}, "HTTP/1.1 3145728"},
		{"http/1.1 with chunks", false, []string{"-T", upload, "-H", "Transfer-Encoding: chunked"}, "HTTP/1.1 3145728"},
		{"http/1.1 asked to upgrade", false, []string{"--http2"}, "HTTP/1.1 0"},
		{"https", true, []string{"--http1.1"}, "HTTP/1.1 0"},
		{"h2", true, []string{"--http2"}, "HTTP/2.0 0"},
		{"h2 with an upload", true, []string{"--http2", "-T", upload}, "HTTP/2.0 3145728"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log rawhttp.Log
			cfg, scheme := curlConfig(&log), "http://"
			if tt.secure {
				cfg.TLS, cfg.HTTP2, scheme = ca.TLSConfig(true), true, "https://"
			}
			s := start(t, cfg)
			got := curl(t, append(tt.args, "-k", "-w", " %{http_code}", scheme+s.Addr()+"/")...)
			if got != tt.want+" 201" || log.Len() != 1 {
				t.Errorf("got %q and %d receipts", got, log.Len())
			}
		})
	}
}

func TestCurlThroughAHopSeesWhatItSeesDirectly(t *testing.T) {
	var log rawhttp.Log
	a := start(t, curlConfig(&log))
	hop := startHop(t, rawhttp.Config{Receive: log.Add}, "http://"+a.Addr())
	upload := filepath.Join(t.TempDir(), "upload")
	if err := os.WriteFile(upload, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"-I"}, {"-T", upload}, {"--http2", "-d", "x"}} {
		direct := curl(t, append(args, "-i", "http://"+a.Addr()+"/")...)
		hopped := curl(t, append(args, "-i", "http://"+hop.Addr()+"/")...)
		if !strings.HasPrefix(direct, "HTTP/1.1 ") || withoutDate(t, direct) != withoutDate(t, hopped) {
			t.Errorf("%q: got %q\ndirect %q", args, hopped, direct)
		}
	}
	if log.Len() != 12 {
		t.Errorf("%d receipts", log.Len())
	}
}
