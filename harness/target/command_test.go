package target_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/target"
)

var _ = []target.Server{(*target.Command)(nil), (*target.Handler)(nil), (*target.Program)(nil), (*target.Raw)(nil), target.Running("")}

func TestCommandStartsOnAPortThatItIsTold(t *testing.T) {
	server := command("/healthz", "/healthz")
	server.Env["GREETING"] = "port ${PORT} is"
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	port := server.URL()[strings.LastIndex(server.URL(), ":")+1:]
	if got, want := get(t, server.URL()+"/greeting"), "port "+port+" is "+port; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	mentions(t, server.Start(t.Context()), "runs already")
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	if !refused(server.URL()) {
		t.Error("something still listens after Close")
	}
	select {
	case <-server.Process().Done():
	default:
		t.Error("the process is still there after Close")
	}
}

func TestCommandIsReadyByAnyAnswerWhereNoPathIsNamed(t *testing.T) {
	server := command("/elsewhere", "")
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}

func TestCommandThatDoesNotGetReady(t *testing.T) {
	cases := []struct {
		name, role, path string
		within           time.Duration
		want             []string
	}{
		{"because it crashes", "crash", "", time.Minute, []string{"ended first", "4", "cannot find module orders"}},
		{"because it never listens", "deaf", "", 3 * time.Second, []string{"3s", "refused", "still migrating"}},
		{"because its path answers 404", "/healthz", "/health", 3 * time.Second, []string{"/health", "404"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server := command(c.role, c.path)
			server.Within = c.within
			mentions(t, server.Start(t.Context()), c.want...)
			if err := server.Close(); err != nil {
				t.Errorf("close after a failed start: %v", err)
			}
		})
	}
}

func TestCommandWhosePortIsInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	server := command("/healthz", "/healthz")
	server.Args[1] = taken.Addr().String() // its own idea, not ${PORT}
	mentions(t, server.Start(t.Context()), "ended first", "address already in use", taken.Addr().String())
}

func TestCommandReportsEveryMistakeAtOnce(t *testing.T) {
	server := &target.Command{ReadyPath: "healthz", Env: map[string]string{"A=B": "c", "": "d"}}
	mentions(t, server.Start(t.Context()), "program", `"healthz"`, `"A=B"`, `""`)
}

func TestCommandWhoseProgramIsMissing(t *testing.T) {
	server := &target.Command{Args: []string{"no-such-program"}}
	var missing *target.MissingError
	if err := server.Start(t.Context()); !errors.As(err, &missing) {
		t.Errorf("error %v is no MissingError", err)
	} else {
		mentions(t, err, "no-such-program", "install")
	}
}

func command(role, path string) *target.Command {
	return &target.Command{
		Args:      []string{os.Args[0], "127.0.0.1:${PORT}"},
		Env:       map[string]string{roleVariable: role},
		ReadyPath: path,
		Within:    time.Minute,
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
