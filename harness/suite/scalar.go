package suite

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// words takes one of some words.
type words []string

func (words) kind() kind { return scalarKind }

func (w words) takes() string {
	if len(w) == 1 {
		return w[0]
	}
	return strings.Join(w[:len(w)-1], ", ") + " or " + w[len(w)-1]
}

func (w words) check(c *checker, n *node, at *way) {
	if n.kind != scalarKind || n.missing {
		c.misfit(w, n, at, "")
		return
	}
	if !slices.Contains(w, n.text) {
		c.misfit(w, n, at, w.nearest(n.text))
	}
}

// nearest is a hint; the message lists the words already.
func (w words) nearest(text string) string {
	if hint := didYouMean(text, w); strings.HasPrefix(hint, "did") {
		return hint
	}
	return ""
}

// free takes a text of the user's: any scalar, as it is written.
type free struct {
	// null is set where the word null makes sense: as the value of a header, say. It is what to write where nothing stands.
	null string
	// filled is set where the text must not be empty.
	filled bool
}

func (free) kind() kind { return scalarKind }

func (free) takes() string { return "a text" }

func (f free) check(c *checker, n *node, w *way) {
	switch {
	case n.kind != scalarKind:
		c.misfit(f, n, w, "")
	case n.missing:
		c.wrong(n, w, w.what()+" has no value", f.null)
	case n.isNull() && f.null == "":
		c.misfit(f, n, w, "in quotes it is a text")
	case n.text == "" && f.filled:
		c.wrong(n, w, w.what()+" is empty", "")
	}
}

// integer takes a whole number within bounds.
type integer struct{ min, max int }

func (integer) kind() kind { return scalarKind }

func (i integer) takes() string { return fmt.Sprintf("a whole number from %d to %d", i.min, i.max) }

func (i integer) check(c *checker, n *node, w *way) {
	if v, ok := n.integer(); ok && v >= i.min && v <= i.max {
		return
	}
	hint := ""
	if n.kind == scalarKind && n.quoted {
		hint = "numbers stand without quotes"
	}
	c.misfit(i, n, w, hint)
}

// integer is a scalar's whole number.
func (n *node) integer() (int, bool) {
	if n.kind != scalarKind || n.quoted {
		return 0, false
	}
	number, ok := n.number()
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(number), 64)
	return int(v), err == nil && v == float64(int(v))
}

// flag takes true or false.
type flag struct{}

func (flag) kind() kind { return scalarKind }

func (flag) takes() string { return "true or false" }

func (f flag) check(c *checker, n *node, w *way) {
	if n.kind == scalarKind {
		if _, ok := n.resolved().(bool); ok {
			return
		}
	}
	hint := ""
	switch {
	case n.kind != scalarKind:
	case n.quoted:
		hint = "it stands without quotes"
	case slices.Contains([]string{"yes", "on", "y"}, strings.ToLower(n.text)):
		hint = `did you mean "true"?`
	case slices.Contains([]string{"no", "off", "n"}, strings.ToLower(n.text)):
		hint = `did you mean "false"?`
	}
	c.misfit(f, n, w, hint)
}

func (n *node) flag() bool {
	v, _ := n.resolved().(bool)
	return v
}

// yes takes true only: where the member is left out, nothing is expected.
type yes struct{}

func (yes) kind() kind { return scalarKind }

func (yes) takes() string { return "true" }

func (y yes) check(c *checker, n *node, w *way) {
	if n.kind != scalarKind || n.resolved() != true {
		c.misfit(y, n, w, "leave it out to expect nothing")
	}
}

// span takes a duration.
type span struct{}

const spanPattern = `^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$`

// maxSpan is the longest duration that a suite may ask for: nobody waits longer for one request.
const maxSpan = 24 * time.Hour

func (span) kind() kind { return scalarKind }

func (span) takes() string { return "a duration" }

func (s span) check(c *checker, n *node, w *way) {
	if n.kind == scalarKind && matches(spanPattern, n.text) {
		return
	}
	hint := "write 50ms, 2s or 1m30s"
	if _, isNumber := n.number(); n.kind == scalarKind && isNumber {
		hint = fmt.Sprintf("it needs a unit: %ss or %sms", n.text, n.text)
	}
	c.misfit(s, n, w, hint)
}

// span is a scalar's duration; ok is false where it is too long.
func (n *node) span() (d time.Duration, ok bool) {
	d, err := time.ParseDuration(n.text)
	return d, err == nil && d <= maxSpan
}

var patterns sync.Map

// matches compiles each pattern of the format once.
func matches(pattern, text string) bool {
	compiled, ok := patterns.Load(pattern)
	if !ok {
		compiled, _ = patterns.LoadOrStore(pattern, regexp.MustCompile(pattern))
	}
	return compiled.(*regexp.Regexp).MatchString(text)
}
