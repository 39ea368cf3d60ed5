package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// State is the world as a command sees it, so that a whole run is an ordinary test.
type State struct {
	Args   []string // without the program's name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Env looks an environment variable up.
	Env func(name string) (string, bool)
	// Terminal reports whether standard output is a terminal, and Width how many columns it has.
	Terminal bool
	Width    int
}

// System is the world of this process.
func System() State {
	s := State{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Env: os.LookupEnv, Width: 80}
	fd := int(os.Stdout.Fd())
	if term.IsTerminal(fd) {
		s.Terminal = true
		if w, _, err := term.GetSize(fd); err == nil && w > 0 {
			s.Width = w
		}
	}
	return s
}

// color reports whether colours are wanted. https://no-color.org
func (s State) color() bool {
	none, _ := s.Env("NO_COLOR")
	kind, _ := s.Env("TERM")
	return s.Terminal && none == "" && kind != "dumb"
}
