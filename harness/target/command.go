package target

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/process"
)

// Command is a [Server] that is a program of the user's. It is told its port:
// "${PORT}" in Args and in the values of Env is replaced, and PORT is set in its environment.
// It must listen on 127.0.0.1, or on every address.
type Command struct {
	// Args are the program and its arguments. There is at least the program.
	Args []string
	// Env is added to this process's environment.
	Env map[string]string
	// Dir is the working folder; empty means ours.
	Dir string
	// ReadyPath is asked until it answers 200 or 204. Empty means that any answer to "/" will do.
	ReadyPath string
	// Within bounds the wait for readiness; zero means 10 s.
	Within time.Duration

	program Program
}

// Start starts the program and waits until it is ready. A program that exits
// because another took its port is started again on another one.
func (c *Command) Start(ctx context.Context) error {
	if err := c.validate(); err != nil {
		return err
	}
	return c.program.start(ctx, c.launch)
}

// URL is where the program listens. See [Server].
func (c *Command) URL() string { return c.program.URL() }

// Process returns the program as it was started last, or nil.
func (c *Command) Process() *process.Process { return c.program.Process() }

// Close stops the program. See [Server].
func (c *Command) Close() error { return c.program.Close() }

func (c *Command) validate() error {
	var errs []error
	if len(c.Args) == 0 || c.Args[0] == "" {
		errs = append(errs, errors.New("command: the program is missing: name it first in its arguments"))
	}
	if c.ReadyPath != "" && !strings.HasPrefix(c.ReadyPath, "/") {
		errs = append(errs, fmt.Errorf("command: the ready path %q must begin with a slash", c.ReadyPath))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Env)) {
		if name == "" || strings.ContainsAny(name, "=\x00") {
			errs = append(errs, fmt.Errorf("command: %q is no name of an environment variable", name))
		}
	}
	return errors.Join(errs...)
}

func (c *Command) launch(ctx context.Context) (*process.Process, string, error) {
	child, port, err := process.StartOnFreePort(ctx, c.config, c.ready, c.Within)
	if errors.Is(err, exec.ErrNotFound) {
		err = &MissingError{
			What: fmt.Sprintf("the program %s is not installed", c.Args[0]),
			How:  "install it, or give its full path",
		}
	}
	if err != nil {
		return nil, "", err
	}
	return child, base(port), nil
}

func (c *Command) config(port int) process.Config {
	number := strconv.Itoa(port)
	fill := func(s string) string { return strings.ReplaceAll(s, "${PORT}", number) }
	env := []string{"PORT=" + number}
	for name, value := range c.Env {
		env = append(env, name+"="+fill(value))
	}
	args := make([]string, 0, len(c.Args)-1)
	for _, arg := range c.Args[1:] {
		args = append(args, fill(arg))
	}
	return process.Config{Path: fill(c.Args[0]), Args: args, Env: env, Dir: c.Dir}
}

func (c *Command) ready(port int) process.Ready {
	if c.ReadyPath == "" {
		return process.HTTP(base(port) + "/")
	}
	return process.HTTP(base(port)+c.ReadyPath, 200, 204)
}

func base(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
