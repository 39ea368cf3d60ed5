package chromium

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// roleVariable makes the test binary a program that starts a browser and then meets its end.
const roleVariable = "CORSPROOF_TEST_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	e, err := New(Config{})
	if err == nil {
		_, err = e.Browser(context.Background())
	}
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(3)
	}
	fmt.Println("started")
	if role == "panic" {
		panic("on purpose")
	}
	select {} // until somebody kills us
}

func TestNothingIsLeftHoweverTheProgramDies(t *testing.T) {
	if _, err := Find(""); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct {
		name string
		end  syscall.Signal
	}{{"kill", syscall.SIGKILL}, {"interrupt", syscall.SIGINT}, {"terminate", syscall.SIGTERM}, {"panic", 0}} {
		t.Run(c.name, func(t *testing.T) {
			tmp, err := os.MkdirTemp("", "cp")
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(tmp)
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), roleVariable+"="+c.name, "TMPDIR="+tmp)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line, _ := bufio.NewReader(out).ReadString('\n')
			if line != "started\n" {
				t.Fatalf("the program said %q", line)
			}
			if c.end != 0 {
				if err := cmd.Process.Signal(c.end); err != nil {
					t.Fatal(err)
				}
			}
			if err := cmd.Wait(); err == nil {
				t.Error("the program ended well")
			}
			awaitNothing(t, tmp)
		})
	}
}

// awaitNothing waits until no process names the folder and nothing is in it.
func awaitNothing(t *testing.T, dir string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		processes := browsersUsing(dir)
		files, err := os.ReadDir(dir)
		if len(processes) == 0 && err == nil && len(files) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("left after 20 s: processes %q, files %v %v", processes, files, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
