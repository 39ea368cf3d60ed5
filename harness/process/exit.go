package process

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// tailSize is how much of a child's output an error message shows: some twenty lines.
const tailSize = 2 << 10

// ExitError says how a child ended.
type ExitError struct {
	Program string           // its base name
	State   *os.ProcessState // its exit code or signal; nil where another part of the program waited for it
	Output  string           // what it wrote to stdout and stderr: see [Process.Output]
}

// Error says how the child ended and what it wrote last.
func (e *ExitError) Error() string {
	return fmt.Sprintf("%s ended with %v%s", e.Program, e.State, said(e.Output))
}

// NotReadyError says that a child runs, and is not ready.
type NotReadyError struct {
	Err    error  // what it was asked last
	Output string // what it wrote to stdout and stderr so far: see [Process.Output]
}

// Error says why the child is not ready and what it wrote last.
func (e *NotReadyError) Error() string { return e.Err.Error() + said(e.Output) }

// Unwrap returns the last answer.
func (e *NotReadyError) Unwrap() error { return e.Err }

// OutputOf returns what a child wrote that an error is about, or "".
func OutputOf(err error) string {
	var exit *ExitError
	var late *NotReadyError
	switch {
	case errors.As(err, &exit):
		return exit.Output
	case errors.As(err, &late):
		return late.Output
	}
	return ""
}

// said introduces the end of a child's output in an error message, whose first line stands for itself.
func said(output string) string {
	if output = tail(output); output == "" {
		return "; it wrote nothing"
	}
	return "\nits output ended with:\n" + output
}

// tail returns the last lines of an output that fit into tailSize.
func tail(output string) string {
	output = strings.TrimSpace(output)
	if len(output) <= tailSize {
		return output
	}
	output = output[len(output)-tailSize:]
	if _, rest, ok := strings.Cut(output, "\n"); ok {
		output = rest
	}
	return "…\n" + strings.ToValidUTF8(output, "\uFFFD")
}
