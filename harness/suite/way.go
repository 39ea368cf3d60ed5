package suite

import (
	"strconv"
	"strings"
)

// way leads from the top of a file to a place in it.
type way struct {
	up    *way
	name  string // of a field, or "" for an item of a list
	index int
}

func (w *way) field(name string) *way { return &way{up: w, name: name} }

func (w *way) item(i int) *way { return &way{up: w, index: i} }

// String is "cases[2].request.mode", or "" for the top.
func (w *way) String() string {
	if w == nil {
		return ""
	}
	before := w.up.String()
	switch {
	case w.name == "":
		return before + "[" + strconv.Itoa(w.index) + "]"
	case strings.ContainsAny(w.name, ".[]\" \n"):
		return before + "[" + strconv.Quote(w.name) + "]"
	case before == "":
		return w.name
	}
	return before + "." + w.name
}

// what names the place in a message: "mode", "an item of hidden".
func (w *way) what() string {
	switch {
	case w == nil:
		return "a suite"
	case w.name == "":
		return "an item of " + w.up.what()
	}
	return shortened(w.name)
}

func shortened(name string) string {
	const limit = 40
	if len(name) <= limit && !strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return name
	}
	return quoted(name)
}
