package process

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// defaultGrace is what Go, Node, nginx and Chromium need at most to end in good
// order on a busy machine (all take well under a second when idle); a child
// that takes longer has most likely hung.
const defaultGrace = 5 * time.Second

// killTime bounds the wait after SIGKILL. The kernel ends a process at once
// unless it is stuck in a device, and no wait would end that.
const killTime = 10 * time.Second

// Config says what to start. Only Path is needed.
type Config struct {
	// Path is the program: a path, or a name that is looked up in PATH.
	Path string
	// Args are its arguments, without the program's name.
	Args []string
	// Env is added to this process's environment, as "NAME=value".
	Env []string
	// Dir is its working folder; empty means ours.
	Dir string
	// ExtraFiles are inherited as descriptors 3, 4, … They stay the caller's to close. (Not on Windows.)
	ExtraFiles []*os.File
	// Output gets a copy of what the child writes to stdout and stderr. It must not block.
	Output io.Writer
	// Grace is the time between SIGTERM and SIGKILL in [Process.Stop]; zero means 5 s.
	Grace time.Duration
	// Remove lists temporary folders to delete once the child has ended, also when it could not be started.
	Remove []string
}

// Process is a child that was started. Its methods are safe for concurrent use.
type Process struct {
	name   string
	grace  time.Duration
	pid    int
	output *output

	signals sync.Mutex // held while signalling, so that a reaped child's id is never used
	reaped  bool

	done    chan struct{} // closed when exit is set
	exit    *ExitError
	cleaned chan struct{} // closed when cleanup is set
	cleanup error

	stop    sync.Once
	stopErr error
}

// Start starts a child. The context bounds the start alone: the child lives
// until it exits or [Process.Stop] is called, and someone must call that.
func Start(ctx context.Context, config Config) (*Process, error) {
	p, err := start(ctx, config)
	if err != nil {
		removeAll(config.Remove)
		return nil, fmt.Errorf("start %s: %w", config.Path, err)
	}
	return p, nil
}

func start(ctx context.Context, config Config) (*Process, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(cmp.Or(config.Dir, ".")); err != nil {
		return nil, fmt.Errorf("its working folder: %w", err) // exec would name the program instead
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &Process{
		name:    filepath.Base(config.Path),
		grace:   cmp.Or(config.Grace, defaultGrace),
		output:  newOutput(reader, config.Output),
		done:    make(chan struct{}),
		cleaned: make(chan struct{}),
	}
	started := make(chan error)
	go p.run(command(config, writer), config.Remove, started)
	err = <-started
	writer.Close() // the child has its own copy
	go p.output.copy()
	if err != nil {
		p.output.drain()
		return nil, err
	}
	return p, nil
}

func command(config Config, output *os.File) *exec.Cmd {
	cmd := exec.Command(config.Path, config.Args...)
	cmd.Dir = config.Dir // first: Environ sets PWD by it
	cmd.Env = append(cmd.Environ(), config.Env...)
	cmd.ExtraFiles = config.ExtraFiles
	cmd.Stdout, cmd.Stderr = output, output
	setGroup(cmd)
	return cmd
}

// run starts the child and stays with it to its end. One goroutine does both
// because the kernel ties a death signal to the thread that started the child.
func (p *Process) run(cmd *exec.Cmd, remove []string, started chan<- error) {
	defer holdThread(cmd)()
	if err := cmd.Start(); err != nil {
		started <- err
		return
	}
	p.pid = cmd.Process.Pid
	release, err := Guard(p.pid, remove)
	if err != nil {
		killGroup(p.pid)
		_ = cmd.Wait() // killed: its state says nothing new
		started <- err
		return
	}
	started <- nil
	_ = cmd.Wait() // the same is in cmd.ProcessState
	p.finish(cmd.ProcessState, remove, release)
}

// finish ends what the child left behind: its group, its output, its guard and its folders.
func (p *Process) finish(state *os.ProcessState, remove []string, release func() error) {
	p.signals.Lock()
	killRest(p.pid) // the group's number stays taken while a member lives
	p.reaped = true
	p.signals.Unlock()
	p.output.drain()
	p.exit = &ExitError{Program: p.name, State: state, Output: p.output.String()}
	close(p.done)
	p.cleanup = cleanup(release, remove)
	close(p.cleaned)
}

// Pid returns the child's process id, which is also its process group's.
func (p *Process) Pid() int { return p.pid }

// Done is closed when the child has exited and its output is complete.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err returns an [*ExitError] when the child has ended in any way but with
// exit code 0, and nil while it runs.
func (p *Process) Err() error {
	if !p.exited() || p.exit.State != nil && p.exit.State.Success() {
		return nil
	}
	return p.exit
}

// Output returns what the child has written so far to stdout and stderr: the
// first 16 KiB and the last 512 KiB, with a line between them that says how much is left out.
func (p *Process) Output() string { return p.output.String() }

func (p *Process) exited() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}
