package process

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// removeTime is how long a folder's removal is tried again: a killed process
// can be writing its last file while the folder is being emptied.
const (
	removeTime  = 2 * time.Second
	removePause = 50 * time.Millisecond
)

// Stop asks the child's process group to end (SIGTERM), kills it after
// [Config.Grace], waits for the end and removes [Config.Remove]. It may be called
// more than once and concurrently; every call waits and returns the same. The error
// says what could not be ended or removed, never how the child exited.
func (p *Process) Stop() error {
	p.stop.Do(func() { p.stopErr = p.end() })
	return p.stopErr
}

func (p *Process) end() error {
	p.signal(terminateGroup)
	if !closes(p.done, p.grace) {
		p.signal(killGroup)
	}
	if !closes(p.done, killTime) {
		return fmt.Errorf("stop %s: process %d is still there %v after it was killed", p.name, p.pid, killTime)
	}
	<-p.cleaned
	if p.cleanup != nil {
		return fmt.Errorf("stop %s: %w", p.name, p.cleanup)
	}
	return nil
}

// signal sends a signal to the group unless the child has been reaped.
func (p *Process) signal(send func(pgid int)) {
	p.signals.Lock()
	defer p.signals.Unlock()
	if !p.reaped {
		send(p.pid)
	}
}

// closes reports whether the channel is closed within that time.
func closes(c <-chan struct{}, within time.Duration) bool {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-c:
		return true
	case <-timer.C:
		return false
	}
}

func cleanup(release func() error, remove []string) error {
	return errors.Join(release(), removeAll(remove))
}

// removeAll removes folders and what is in them, trying again for a while.
func removeAll(folders []string) error {
	var errs []error
	deadline := time.Now().Add(removeTime)
	for _, folder := range folders {
		errs = append(errs, removeBy(deadline, folder))
	}
	return errors.Join(errs...)
}

func removeBy(deadline time.Time, folder string) error {
	for {
		err := os.RemoveAll(folder)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		<-time.After(removePause)
	}
}
