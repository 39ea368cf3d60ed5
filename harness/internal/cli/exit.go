package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/run"
	"github.com/corsproof/corsproof/harness/target"
)

// The exit codes, which users' CI depends on.
const (
	exitOK          = 0   // all as expected
	exitFailed      = 1   // an expectation failed
	exitUsage       = 2   // wrong usage or suite
	exitEnvironment = 3   // the browser or a server is not there
	exitInternal    = 4   // a mistake of corsproof's own
	exitInterrupted = 130 // Ctrl-C, as shells have it
)

// exitError is an error with the code by which the program exits.
type exitError struct {
	code int
	err  error // nil: nothing is left to be said
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// codeOf finds the exit code of an error. What nobody has classified is our own mistake.
func codeOf(err error) int {
	var exit *exitError
	var crash *run.CrashError
	var noBrowser *browser.UnavailableError
	var noServer *target.MissingError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &crash):
		return exitInternal
	case errors.As(err, &exit):
		return exit.code
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &noBrowser), errors.As(err, &noServer):
		return exitEnvironment
	}
	return exitInternal
}
