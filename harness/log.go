package harness

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/corsproof/corsproof/harness/process"
)

// loggedError is an error about a server whose output stands in a file.
type loggedError struct {
	err  error
	file string
}

// Error names the file in its first line: what the server printed last follows.
func (e *loggedError) Error() string {
	first, rest, more := strings.Cut(e.err.Error(), "\n")
	first += "; all that it printed is in " + e.file
	if more {
		first += "\n" + rest
	}
	return first
}

func (e *loggedError) Unwrap() error { return e.err }

// keepLog leaves in that folder what a server printed that an error is about, and says where.
func keepLog(folder, api string, err error) error {
	output := process.OutputOf(err)
	if folder == "" || output == "" {
		return err
	}
	file, failed := writeLog(folder, api, output)
	if failed != nil {
		return fmt.Errorf("%w\nthe rest of what it printed could not be kept: %w", err, failed)
	}
	return &loggedError{err, file}
}

// unfit is what a file's name is better without.
var unfit = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

func writeLog(folder, api, output string) (name string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	file, err := os.CreateTemp(folder, "corsproof-"+unfit.ReplaceAllString(api, "_")+"-*.log")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(output)
	if failed := file.Close(); err == nil {
		err = failed
	}
	return file.Name(), err
}
