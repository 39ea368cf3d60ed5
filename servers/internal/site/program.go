package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
	// Announced finds, in what a program wrote that is ready, the address that it listens at: it is told the port 0, and the kernel
	// chooses. Nil is for a program that cannot say: it is told a port that was free, and must fail where another has taken that since.
	Announced *regexp.Regexp
}

// launch starts the program in front of that server, in a temporary folder of its own.
func (p Program) launch(ctx context.Context, c Config, upstream string) (*process.Process, string, error) {
	path, err := p.Find()
	if err != nil {
		return nil, "", err
	}
	var this attempt
	config := func(port int) process.Config {
		this = p.prepare(c, path, port, upstream)
		return this.config
	}
	ready := func(int) process.Ready {
		return func(context.Context) error { return p.Ready(this.place, this.output.String()) }
	}
	child, listen, err := p.start(ctx, config, ready)
	if this.err != nil {
		err = this.err
	}
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", p.Name, err)
	}
	return child, "http://" + listen, nil
}

// start starts the program on a port that nobody else has, and returns its address.
func (p Program) start(ctx context.Context, config func(port int) process.Config, ready func(port int) process.Ready,
) (*process.Process, string, error) {
	if p.Announced == nil {
		child, port, err := process.StartOnFreePort(ctx, config, ready, within)
		return child, address(port), err
	}
	child, err := process.Start(ctx, config(0))
	if err != nil {
		return nil, "", err
	}
	err = child.WaitReady(ctx, ready(0), within)
	found := p.Announced.FindStringSubmatch(child.Output())
	if err == nil && found == nil {
		err = errors.New("it does not say where it listens: is it too old?")
	}
	if err != nil {
		return nil, "", errors.Join(err, child.Stop())
	}
	return child, found[1], nil
}

// attempt is one start.
type attempt struct {
	place  Place
	config process.Config // nothing to start, where err is not nil
	output *record
	err    error
}

// prepare writes what the program needs to listen at that port.
func (p Program) prepare(c Config, path string, port int, upstream string) attempt {
	this := attempt{output: &record{}}
	if this.place, this.err = p.newFolder(c, port, upstream); this.err != nil {
		return this
	}
	var env []string
	if p.Env != nil {
		env = p.Env(this.place)
	}
	this.config = process.Config{
		Path: path, Args: p.Args(this.place), Env: env, Output: this.output,
		Dir: this.place.Folder, Remove: []string{this.place.Folder},
	}
	return this
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
