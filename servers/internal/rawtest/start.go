package rawtest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
)

// Start starts a server until the test's end and returns its URL; it skips the
// test by name where something is missing.
func Start(t *testing.T, server target.Server) string {
	t.Helper()
	err := server.Start(t.Context())
	var missing *target.MissingError
	if errors.As(err, &missing) {
		t.Skip(missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	if !strings.HasPrefix(server.URL(), "http://127.0.0.1:") {
		t.Errorf("URL %q is not on loopback", server.URL())
	}
	return server.URL()
}

// LeavesNothing checks that a server that was started and closed has left no
// process, no socket and no temporary folder.
func LeavesNothing(t *testing.T, server interface {
	target.Server
	Process() *process.Process
}) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	url := Start(t, server)
	pid := server.Process().Pid()
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	Refused(t, url)
	if child, err := os.FindProcess(pid); err == nil && child.Signal(syscall.Signal(0)) == nil {
		t.Errorf("process %d is still there", pid)
	}
	NoFolders(t)
}

// NoFolders checks that no server's temporary folder is left.
func NoFolders(t *testing.T) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(os.TempDir(), "corsproof-*"))
	if err != nil || len(found) != 0 {
		t.Errorf("temporary folders %v, error %v", found, err)
	}
}
