package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/corsproof/corsproof/harness/process"
)

// Program says how a proxy is started.
type Program struct {
	// Name is its folder under fixtures/servers, and what errors begin with.
	Name string
	// Extension is that of its fixtures, with the dot.
	Extension string
	// Site is the name that a fixture or template has in the temporary folder.
	Site string
	// Files are templates of the program's own, by their names there; may be nil.
	Files map[string]string
	// Find returns the program's path, or a [*target.MissingError].
	Find func() (string, error)
	// Args are its arguments. It runs in the temporary folder.
	Args func(place Place) []string
	// Env is added to its environment; may be nil.
	Env func(place Place) []string
	// Ready tells by what it wrote so far, or otherwise, whether its sockets are open. A
	// request would do as well, but the server behind would see it.
	Ready func(place Place, output string) error
}

// launch starts the program in front of that server, in a temporary folder of its own.
func (p Program) launch(ctx context.Context, c Config, upstream string) (*process.Process, string, error) {
	path, err := p.Find()
	if err != nil {
		return nil, "", err
	}
	var place Place
	var written error
	output := &record{}
	child, port, err := process.StartOnFreePort(ctx, func(port int) process.Config {
		output = &record{}
		if place, written = p.newFolder(c, port, upstream); written != nil {
			return process.Config{} // there is nothing to start, and Start says so
		}
		var env []string
		if p.Env != nil {
			env = p.Env(place)
		}
		return process.Config{
			Path: path, Args: p.Args(place), Env: env, Output: output,
			Dir: place.Folder, Remove: []string{place.Folder},
		}
	}, func(int) process.Ready {
		return func(context.Context) error { return p.Ready(place, output.String()) }
	}, within)
	if written != nil {
		err = written
	}
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", p.Name, err)
	}
	return child, "http://" + address(port), nil
}

// newFolder makes a temporary folder with everything that the program needs to listen at that port.
func (p Program) newFolder(c Config, port int, upstream string) (Place, error) {
	folder, err := os.MkdirTemp("", "corsproof-"+p.Name+"-")
	if err != nil {
		return Place{}, err
	}
	place, err := newPlace(port, upstream, c.Origin, folder)
	if err == nil {
		err = p.write(c, place)
	}
	if err != nil {
		return Place{}, errors.Join(err, os.RemoveAll(folder))
	}
	return place, nil
}

func (p Program) write(c Config, place Place) error {
	files, err := p.render(c, place)
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(place.Folder, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// within bounds a start. Varnish compiles at each, and many may start side by side on a busy machine.
const within = time.Minute

// Said is ready when the program has written that text.
func Said(text string) func(place Place, output string) error {
	return func(_ Place, output string) error {
		if !strings.Contains(output, text) {
			return fmt.Errorf("it has not said %q", text)
		}
		return nil
	}
}

// recorded is more than any program here writes before it is ready.
const recorded = 256 << 10

// record keeps what a program writes, up to a limit.
type record struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps p, and never fails.
func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = append(r.text, p[:min(len(p), recorded-len(r.text))]...)
	return len(p), nil
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.text)
}
