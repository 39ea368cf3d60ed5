//go:build !unix

package process

import (
	"os"
	"os/exec"
)

func setGroup(*exec.Cmd) {}

// killRest does nothing: the number of an ended child can be another's already.
func killRest(int) {}

// Without groups and signals, asking and killing are the same and reach the child alone.
func terminateGroup(pid int) { killGroup(pid) }

func killGroup(pid int) {
	if process, err := os.FindProcess(pid); err == nil {
		_ = process.Kill() // it fails when the child is gone
	}
}
