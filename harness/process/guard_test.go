//go:build unix

package process_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/process"
)

func TestNothingOutlivesUsHoweverWeDie(t *testing.T) {
	deaths := map[string]os.Signal{
		"SIGKILL":   syscall.SIGKILL,
		"SIGINT":    syscall.SIGINT,
		"SIGTERM":   syscall.SIGTERM,
		"panic":     nil,
		"os.Exit":   nil,
		"log.Fatal": nil,

		"panic in a goroutine": nil,
	}
	for _, start := range []string{"started", "guarded"} {
		for death, signal := range deaths {
			t.Run(start+" by "+death, func(t *testing.T) {
				t.Parallel()
				folder := fullFolder(t)
				child, grandchild := runParent(t, start, death, signal, folder)
				eventually(t, "the child is gone", func() bool { return !alive(child) })
				eventually(t, "the grandchild is gone", func() bool { return !alive(grandchild) })
				eventually(t, "the folder is gone", func() bool { return !exists(folder) })
			})
		}
	}
}

// runParent runs a parent to its death and returns its child's and grandchild's process ids.
func runParent(t *testing.T, start, death string, signal os.Signal, folder string) (child, grandchild int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], start, death, folder)
	cmd.Env = append(os.Environ(), roleVariable+"=parent")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fscan(stdout, &child, &grandchild); err != nil {
		t.Fatalf("the parent did not start its child: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-child, syscall.SIGKILL) })
	if signal != nil {
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the parent ended in good order; it was to die")
	}
	return child, grandchild
}

func TestADismissedGuardTouchesNothing(t *testing.T) {
	folder := fullFolder(t)
	cmd := exec.Command("/bin/sh", "-c", "cat")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	release, err := process.Guard(cmd.Process.Pid, []string{folder})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := release(); err != nil {
			t.Errorf("release: %v", err)
		}
	}
	stdin.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the child was harmed: %v", err)
	}
	if !exists(filepath.Join(folder, "deep", "file")) {
		t.Error("the folder was removed")
	}
}

func TestGuardRefusesWhatIsNoChildsGroup(t *testing.T) {
	for _, pgid := range []int{-1, 0, 1} {
		if _, err := process.Guard(pgid, nil); err == nil {
			t.Errorf("Guard(%d) started; killing that group would end more than a child", pgid)
		}
	}
}

func fullFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "a folder of the child")
	if err := os.MkdirAll(filepath.Join(folder, "deep"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "deep", "file"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// eventually polls until a condition holds; the time is only how long a broken build takes to fail.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("still not so: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// alive reports whether a process runs; a zombie that nobody reaps does not.
func alive(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return !exists("/proc/self") // gone since, or a system without /proc
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
