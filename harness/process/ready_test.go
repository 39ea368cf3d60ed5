//go:build unix

package process_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/process"
)

// long is a time that a passing test never waits for.
const long = time.Minute

func TestWaitReadyAsksUntilTheAnswerIsYes(t *testing.T) {
	p := startShell(t, "sleep 600", process.Config{})
	asked := 0
	err := p.WaitReady(t.Context(), func(context.Context) error {
		if asked++; asked < 4 {
			return errors.New("not yet")
		}
		return nil
	}, long)
	if err != nil || asked != 4 {
		t.Errorf("error %v after %d questions", err, asked)
	}
}

func TestWaitReadyFailsAtOnceWhenTheChildExits(t *testing.T) {
	p := startShell(t, `echo "config.json: unexpected token"; exit 3`, process.Config{})
	hangs := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	err := p.WaitReady(t.Context(), hangs, long)
	mentions(t, err, "ended", "3", "config.json: unexpected token")
	var exit *process.ExitError
	if !errors.As(err, &exit) {
		t.Errorf("%T is no ExitError", err)
	}
	if got, want := process.OutputOf(fmt.Errorf("vite: %w", err)), "config.json: unexpected token\n"; got != want {
		t.Errorf("its output is %q, want %q", got, want)
	}
}

func TestWaitReadyDoesNotBelieveAnAnswerAfterTheChildsEnd(t *testing.T) {
	p := startShell(t, "exit 0", process.Config{})
	<-p.Done()
	err := p.WaitReady(t.Context(), func(context.Context) error { return nil }, long)
	mentions(t, err, "exit status 0", "wrote nothing")
}

func TestWaitReadyGivesUp(t *testing.T) {
	p := startShell(t, `echo "waiting for the database"; sleep 600`, process.Config{})
	firstLine(t, p)
	refuses := func(context.Context) error { return errors.New("connection refused") }
	hangs := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	t.Run("at the end of the time", func(t *testing.T) {
		err := p.WaitReady(t.Context(), refuses, 50*time.Millisecond)
		mentions(t, err, "50ms", "connection refused", "waiting for the database")
		if got, want := process.OutputOf(fmt.Errorf("vite: %w", err)), "waiting for the database\n"; got != want {
			t.Errorf("its output is %q, want %q", got, want)
		}
	})
	t.Run("though the server never answers", func(t *testing.T) {
		err := p.WaitReady(t.Context(), hangs, 50*time.Millisecond)
		mentions(t, err, "50ms", "waiting for the database")
	})
	t.Run("at the end of the context", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("interrupted by the user"))
		mentions(t, p.WaitReady(ctx, refuses, long), "interrupted by the user")
	})
}

func TestHTTPReadiness(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	if err := process.HTTP(server.URL)(t.Context()); err != nil {
		t.Errorf("any answer is to count: %v", err)
	}
	if err := process.HTTP(server.URL, 200, 404)(t.Context()); err != nil {
		t.Errorf("404 was wanted: %v", err)
	}
	mentions(t, process.HTTP(server.URL+"/healthz", 200)(t.Context()), "/healthz", "404", "200")
	mentions(t, process.HTTP("http://127.0.0.1:"+strconv.Itoa(freePort(t)))(t.Context()), "refused")
	mentions(t, process.HTTP("::")(t.Context()), "::")
}

func TestTCPReadiness(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := process.TCP(listener.Addr().String())(t.Context()); err != nil {
		t.Error(err)
	}
	listener.Close()
	mentions(t, process.TCP(listener.Addr().String())(t.Context()), "refused")
}

func TestStartOnFreePortStartsAServer(t *testing.T) {
	p, port, err := process.StartOnFreePort(t.Context(), serverOn, anyAnswer, long)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	if err := anyAnswer(port)(t.Context()); err != nil {
		t.Error(err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	mentions(t, anyAnswer(port)(t.Context()), "refused")
}

func TestStartOnFreePortStartsAgain(t *testing.T) {
	cases := []struct {
		name, script string
		starts       int
		ready        bool
	}{
		{"after a lost port", `if [ $n -lt 3 ]; then echo "bind: Address already in use"; exit 1; fi; exec "$SERVER" "$1"`, 3, true},
		{"but not for ever", `echo "bind: Address already in use"; exit 1`, 4, false},
		{"not after a crash", `echo "missing module"; exit 1`, 1, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			count := filepath.Join(t.TempDir(), "count")
			script := `echo x >>"$COUNT"; n=$(grep -c x "$COUNT"); ` + c.script
			config := func(port int) process.Config {
				config := serverOn(port)
				config.Path, config.Args = "/bin/sh", []string{"-c", script, "sh", strconv.Itoa(port)}
				config.Env = append(config.Env, "COUNT="+count, "SERVER="+os.Args[0])
				return config
			}
			p, _, err := process.StartOnFreePort(t.Context(), config, anyAnswer, long)
			if err == nil {
				defer p.Stop()
			}
			if started, _ := os.ReadFile(count); len(started) != 2*c.starts {
				t.Errorf("started %d times, want %d", len(started)/2, c.starts)
			}
			if c.ready != (err == nil) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestStartOnFreePortStopsAChildThatIsNeverReady(t *testing.T) {
	folder := fullFolder(t)
	config := func(int) process.Config {
		return process.Config{Path: "/bin/sh", Args: []string{"-c", "sleep 600"}, Remove: []string{folder}}
	}
	_, _, err := process.StartOnFreePort(t.Context(), config, anyAnswer, 50*time.Millisecond)
	mentions(t, err, "50ms", "refused")
	if exists(folder) {
		t.Error("the folder is left")
	}
}

// A guard is a child as well: Stop must have waited for it.
func TestNoChildIsLeft(t *testing.T) {
	p := startShell(t, "sleep 600", process.Config{})
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); !errors.Is(err, syscall.ECHILD) {
		t.Errorf("a child or guard is left (%d, %v)", pid, err)
	}
}

func serverOn(port int) process.Config {
	return process.Config{
		Path: os.Args[0], Args: []string{strconv.Itoa(port)}, Env: []string{roleVariable + "=server"},
	}
}

func anyAnswer(port int) process.Ready {
	return process.HTTP(fmt.Sprintf("http://127.0.0.1:%d/", port))
}

func freePort(t *testing.T) int {
	t.Helper()
	port, err := process.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func firstLine(t *testing.T, p *process.Process) {
	t.Helper()
	eventually(t, "the child has written a line", func() bool { return strings.Contains(p.Output(), "\n") })
}

func mentions(t *testing.T, err error, parts ...string) {
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
