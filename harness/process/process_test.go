//go:build unix

package process_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/process"
)

func TestStopEndsTheGroupAndRemovesTheFolder(t *testing.T) {
	folder := fullFolder(t)
	p := startShell(t, `sleep 600 & echo $!; wait`, process.Config{Remove: []string{folder}})
	grandchild := firstNumber(t, p)
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			if err := p.Stop(); err != nil {
				t.Errorf("stop: %v", err)
			}
			if alive(p.Pid()) || exists(folder) {
				t.Error("Stop returned before the child and its folder were gone")
			}
		})
	}
	callers.Wait()
	eventually(t, "the grandchild is gone", func() bool { return !alive(grandchild) })
}

func TestStopIsPolite(t *testing.T) {
	p := startShell(t, `trap 'echo goodbye; exit 0' TERM; echo 1; while :; do sleep 0.02; done`, process.Config{})
	firstNumber(t, p)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Output(), "goodbye") {
		t.Errorf("the child was not asked to end; it wrote %q", p.Output())
	}
	if err := p.Err(); err != nil {
		t.Errorf("Err after exit code 0: %v", err)
	}
}

func TestStopKillsAChildThatIgnoresIt(t *testing.T) {
	p := startShell(t, stubborn, process.Config{Grace: 20 * time.Millisecond})
	grandchild := firstNumber(t, p)
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	var exit *process.ExitError
	if !errors.As(p.Err(), &exit) || !strings.Contains(exit.Error(), "killed") {
		t.Errorf("Err = %v; want an ExitError that says it was killed", p.Err())
	}
	eventually(t, "the grandchild is gone", func() bool { return !alive(grandchild) })
}

func TestAChildThatExitsTakesItsGroupAndFolderAlong(t *testing.T) {
	folder := fullFolder(t)
	p := startShell(t, `sleep 600 & echo $!; echo "no such setting" >&2; exit 7`, process.Config{Remove: []string{folder}})
	<-p.Done()
	grandchild := firstNumber(t, p)
	eventually(t, "the grandchild is gone", func() bool { return !alive(grandchild) })
	eventually(t, "the folder is gone without a call of Stop", func() bool { return !exists(folder) })
	for _, part := range []string{"sh", "7", "no such setting"} {
		if !strings.Contains(p.Err().Error(), part) {
			t.Errorf("Err = %q, without %q", p.Err(), part)
		}
	}
	if err := p.Stop(); err != nil {
		t.Errorf("stop after the end: %v", err)
	}
}

func TestADescendantThatLeftTheGroupHangsNothing(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("no setsid here: nothing can leave the group")
	}
	p := startShell(t, `setsid sh -c 'echo $$; exec sleep 600' & wait`, process.Config{})
	escaped := firstNumber(t, p)
	t.Cleanup(func() { _ = syscall.Kill(escaped, syscall.SIGKILL) })
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	if !alive(escaped) {
		t.Fatal("the descendant is gone: this test shows nothing any more")
	}
}

func TestOutputKeepsTheBeginningAndTheEnd(t *testing.T) {
	var all bytes.Buffer
	p := startShell(t, `echo FIRST; i=0; while [ $i -lt 60000 ]; do echo "line $i of many more"; i=$((i+1)); done; echo LAST`,
		process.Config{Output: &all})
	<-p.Done()
	kept := p.Output()
	if !strings.HasPrefix(kept, "FIRST\n") || !strings.HasSuffix(kept, "LAST\n") {
		t.Errorf("output begins %.20q and ends %q", kept, kept[len(kept)-20:])
	}
	if len(kept) > 529<<10 || !strings.Contains(kept, "bytes left out") {
		t.Errorf("%d bytes kept of %d", len(kept), all.Len())
	}
	if !strings.HasSuffix(all.String(), "LAST\n") || all.Len() < 1_300_000 {
		t.Errorf("the copy has %d bytes", all.Len())
	}
}

func TestStartSaysWhyItFailed(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	cases := []struct {
		name   string
		ctx    context.Context
		config process.Config
		want   string
	}{
		{"a program that is not there", t.Context(), process.Config{Path: "no-such-program"}, "no-such-program"},
		{"a folder that is not there", t.Context(), process.Config{Path: "/bin/sh", Dir: "/no/such/dir"}, "/no/such/dir"},
		{"a context that has ended", ended, process.Config{Path: "/bin/sh"}, "canceled"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.config.Remove = []string{fullFolder(t)}
			_, err := process.Start(c.ctx, c.config)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, without %q", err, c.want)
			}
			if exists(c.config.Remove[0]) {
				t.Error("the folder is left")
			}
		})
	}
}

func TestEnvironmentFolderAndFilesReachTheChild(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "extra"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	p := startShell(t, `echo "$GREETING from $PWD" >&3`, process.Config{
		Env: []string{"GREETING=hello"}, Dir: "/", ExtraFiles: []*os.File{file},
	})
	<-p.Done()
	written, err := os.ReadFile(file.Name())
	if err != nil || string(written) != "hello from /\n" {
		t.Errorf("the child wrote %q (%v); %v", written, err, p.Err())
	}
}

// startShell starts a shell with that script and stops it at the test's end.
func startShell(t *testing.T, script string, config process.Config) *process.Process {
	t.Helper()
	config.Path, config.Args = "/bin/sh", []string{"-c", script}
	p, err := process.Start(t.Context(), config)
	if err != nil {
		t.Error(err)
		runtime.Goexit()
	}
	t.Cleanup(func() { _ = p.Stop() })
	return p
}

// firstNumber waits for a line of output and returns its last number.
func firstNumber(t *testing.T, p *process.Process) int {
	t.Helper()
	eventually(t, "the child has written a line", func() bool { return strings.Contains(p.Output(), "\n") })
	line, _, _ := strings.Cut(p.Output(), "\n")
	var number int
	if _, err := fmt.Sscan(line[strings.LastIndex(line, " ")+1:], &number); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return number
}
