package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/corsproof/corsproof/harness/internal/cli"
	"github.com/corsproof/corsproof/harness/replay"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"corsproof": func() { os.Exit(cli.Main(cli.System())) },
	})
}

// TestScripts runs the command as users do. Each script is one story.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"CORSPROOF_BROWSER", "CORSPROOF_NO_SANDBOX"} {
				if v, ok := os.LookupEnv(name); ok {
					e.Setenv(name, v)
				}
			}
			e.Setenv("GITHUB_ACTIONS", "")
			fixtures, err := filepath.Abs("../../../fixtures")
			if err != nil {
				return err
			}
			e.Setenv("FIXTURES", fixtures)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "api": startAPI, "until": until, "signal": signalAll, "killbrowser": killBrowser, "received": received, "json": validJSON,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// exits runs a program that must end with a code: exits 1 corsproof run suite.yaml
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s exited with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// startAPI starts a server until the script ends, and sets a variable to its origin: api NAME KIND
func startAPI(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || kinds[args[1]] == nil {
		ts.Fatalf("usage: api NAME (open | closed | flaky | hangs | counting | moving | gone)")
	}
	server := httptest.NewServer(kinds[args[1]]())
	ts.Setenv(args[0], server.URL)
	if args[1] == "gone" {
		server.Close()
		return
	}
	ts.Defer(func() { server.CloseClientConnections(); server.Close() })
}

// kinds are APIs with different habits. None of them knows of corsproof.
var kinds = map[string]func() http.Handler{
	"open": func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
			w.Header().Set("Access-Control-Allow-Headers", "content-type, authorization")
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"ok":true}`)
		})
	},
	"closed": func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodOptions {
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"ok":true}`)
		})
	},
	"flaky": func() http.Handler {
		var asked atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Origin") != "" && asked.Add(1) > 1 {
				w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
			}
			fmt.Fprint(w, "ok")
		})
	},
	"counting": func() http.Handler {
		var asked atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/received" {
				fmt.Fprint(w, asked.Load())
				return
			}
			if r.UserAgent() != replay.FollowUpAgent { // those change nothing, and may be more tomorrow
				asked.Add(1)
			}
		})
	},
	"moving": func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/open") {
				w.Header().Set("Access-Control-Allow-Origin", "*")
			}
			if base, ok := strings.CutSuffix(r.URL.Path, "/old"); ok {
				http.Redirect(w, r, base+"/new", http.StatusMovedPermanently)
			}
		})
	},
	"gone": http.NotFoundHandler, // nobody listens there any more
	"hangs": func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/hang") {
				<-r.Context().Done()
			}
			w.Header().Set("Access-Control-Allow-Origin", "*")
		})
	},
}

// received checks how many requests a counting API got: received ORIGIN COUNT
func received(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: received ORIGIN COUNT")
	}
	answer, err := http.Get(args[0] + "/received")
	ts.Check(err)
	defer answer.Body.Close()
	count, err := io.ReadAll(answer.Body)
	ts.Check(err)
	if string(count) != args[1] {
		ts.Fatalf("%s got %s requests, want %s", args[0], count, args[1])
	}
}

// validJSON checks that a file, or stdout, is JSON and nothing else: json FILE
func validJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: json FILE")
	}
	if text := ts.ReadFile(args[0]); !json.Valid([]byte(text)) {
		ts.Fatalf("%s is not JSON:\n%s", args[0], text)
	}
}

// until waits for a file to have a text in it, or for so many times: until FILE TEXT [TIMES]
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until FILE TEXT [TIMES]")
	}
	times := 1
	if len(args) > 2 {
		var err error
		times, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-tick.C {
		data, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && strings.Count(string(data), args[1]) >= times {
			return
		}
	}
	ts.Fatalf("%s never had %q", args[0], args[1])
}
