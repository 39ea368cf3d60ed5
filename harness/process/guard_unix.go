//go:build unix

package process

import (
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// guardScript waits for a line or for the end of its input. The end without a
// line means that we died. Folders are removed more than once because a killed
// process can still be writing its last file.
const guardScript = `
trap '' HUP INT TERM
read -r line && exit 0
kill -KILL "-$1" 2>/dev/null
shift
[ $# -eq 0 ] && exit 0
for pause in 0.1 0.4 1 2; do
	rm -rf -- "$@"
	sleep "$pause"
done
`

// guardTime bounds the wait for a guard that was told to go; it only has to read a line.
const guardTime = 5 * time.Second

// Guard starts a watcher that outlives us: when this process ends in any way
// (SIGKILL, a panic, os.Exit, a signal without a handler) before release is called, it
// kills process group pgid and removes those folders. release tells it to go
// without doing anything and waits for its end; call it when the group has ended. It may be called more than once.
// [Start] guards its children itself; this is for processes that others start.
func Guard(pgid int, remove []string) (release func() error, err error) {
	if pgid <= 1 {
		return nil, fmt.Errorf("guard: %d is no process group of a child", pgid)
	}
	args := []string{"-c", guardScript, "sh", strconv.Itoa(pgid)}
	for _, folder := range remove {
		path, err := filepath.Abs(folder)
		if err != nil {
			return nil, fmt.Errorf("guard: %w", err)
		}
		args = append(args, path)
	}
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir = "/" // so that no folder is kept from being removed or unmounted
	setGroup(cmd) // out of reach of the terminal's signals and of a kill of our group
	line, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("guard: a POSIX shell is needed at /bin/sh: %w", err)
	}
	return sync.OnceValue(func() error { return dismiss(cmd, line) }), nil
}

// dismiss tells a guard to go and waits for its end. A guard that is gone already is no error.
func dismiss(cmd *exec.Cmd, line io.WriteCloser) error {
	_, _ = io.WriteString(line, "done\n")
	line.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	if closes(ended, guardTime) {
		return nil
	}
	_ = syscall.Kill(cmd.Process.Pid, syscall.SIGKILL)
	if !closes(ended, guardTime) {
		return fmt.Errorf("guard: process %d does not end", cmd.Process.Pid)
	}
	return nil
}
