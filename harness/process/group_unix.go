//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

// setGroup gives the child a process group of its own, whose number is the child's process id.
func setGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// The error of either is always that nobody is left to signal.
func terminateGroup(pgid int) { _ = syscall.Kill(-pgid, syscall.SIGTERM) }
func killGroup(pgid int)      { _ = syscall.Kill(-pgid, syscall.SIGKILL) }

// killRest kills what is left of a group whose leader has ended.
func killRest(pgid int) { killGroup(pgid) }
