package process

import (
	"os/exec"
	"runtime"
	"syscall"
)

// holdThread makes the kernel kill the child when we die, and keeps the calling
// goroutine's thread until the returned function is called: the signal is sent
// when the *thread* that started the child ends. https://go.dev/issue/27505
func holdThread(cmd *exec.Cmd) (release func()) {
	runtime.LockOSThread()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return runtime.UnlockOSThread
}
