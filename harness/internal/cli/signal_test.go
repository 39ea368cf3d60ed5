package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// running are the processes in the script's background that the script has not waited for. (Whether one has ended is not asked: that
// would race with testscript's own wait.)
func running(ts *testscript.TestScript) []*os.Process {
	var list []*os.Process
	for _, cmd := range ts.BackgroundCmds() {
		list = append(list, cmd.Process)
	}
	if len(list) == 0 {
		ts.Fatalf("nothing runs in the background")
	}
	return list
}

// signalAll sends a signal that testscript's kill does not know to what runs in the background: signal HUP
func signalAll(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || args[0] != "HUP" {
		ts.Fatalf("usage: signal HUP")
	}
	for _, p := range running(ts) {
		ts.Check(p.Signal(syscall.SIGHUP))
	}
}

// killBrowser kills the browsers that what runs in the background has started itself. Linux only.
func killBrowser(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: killbrowser")
	}
	killed := 0
	for _, p := range running(ts) {
		for _, pid := range browsersOf(p.Pid) {
			child, err := os.FindProcess(pid)
			ts.Check(err)
			ts.Check(child.Kill())
			killed++
		}
	}
	if killed == 0 {
		ts.Fatalf("there is no browser to kill")
	}
}

// browsersOf finds a process's children that have a browser's profile.
func browsersOf(parent int) []int {
	var list []int
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		status, _ := os.ReadFile(filepath.Join(folder, "status")) // gone meanwhile: empty
		words, _ := os.ReadFile(filepath.Join(folder, "cmdline"))
		if bytes.Contains(status, fmt.Appendf(nil, "\nPPid:\t%d\n", parent)) && bytes.Contains(words, []byte("\x00--user-data-dir=")) {
			list = append(list, pid)
		}
	}
	return list
}
