//go:build unix

package harness

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
)

// printing is a server that prints more than an error shows, and then does something.
func printing(then string) *target.Program {
	return target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		script := "echo FIRST; i=0; while [ $i -lt 999 ]; do echo line $i; i=$((i+1)); done; " + then
		child, err := process.Start(ctx, process.Config{Path: "/bin/sh", Args: []string{"-c", script}})
		if err != nil {
			return nil, "", err
		}
		err = child.WaitReady(ctx, func(context.Context) error {
			if !strings.Contains(child.Output(), "READY\n") {
				return errors.New("it has not said that it is")
			}
			return nil
		}, 0)
		return child, "http://127.0.0.1:1", err
	})
}

func TestAllThatAFailedServerPrintedIsLeftInAFile(t *testing.T) {
	for _, c := range []struct {
		name, then string
		killed     bool
		want       string
	}{
		{"it does not start", "exit 3", false, "not ready, it ended first: sh ended with exit status 3; all that it printed is in "},
		{"it ends by itself", "echo READY; exec sleep 600", true, "it ended by itself: sh ended with signal: killed; all that it printed is in "},
		{"it ends when it is asked to", "echo READY; exec sleep 600", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "logs")
			err := lived(t, c.then, c.killed, folder)
			found, _ := filepath.Glob(filepath.Join(folder, "*"))
			if c.want == "" {
				if err != nil || len(found) != 0 {
					t.Errorf("%v, files %q", err, found)
				}
				return
			}
			var lost *APIError
			if !errors.As(err, &lost) || !lost.Down || len(found) != 1 {
				t.Fatalf("%v, files %q", err, found)
			}
			first, _, _ := strings.Cut(err.Error(), "\n")
			if !strings.Contains(first, c.want+found[0]) {
				t.Errorf("its first line is %q", first)
			}
			text, err := os.ReadFile(found[0])
			if err != nil || !strings.HasPrefix(string(text), "FIRST\nline 0\n") || !strings.Contains(string(text), "line 998\n") {
				t.Errorf("%d bytes, %v", len(text), err)
			}
		})
	}
}

// lived is a harness's life with a server that prints and, where it is to, gets killed; the error is of its start or of its end.
func lived(t *testing.T, then string, killed bool, folder string) error {
	t.Helper()
	server := printing(then)
	h, err := Start(t.Context(), Config{APIs: map[string]API{"a/b": {Server: server}}, LogDir: folder})
	if err != nil {
		return err
	}
	if killed {
		if err := syscall.Kill(server.Process().Pid(), syscall.SIGKILL); err != nil {
			t.Error(err)
		}
		<-server.Process().Done()
	}
	return h.Close()
}
