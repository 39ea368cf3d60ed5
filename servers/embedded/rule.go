package embedded

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// Rule is one answer and the requests that get it.
type Rule struct {
	When   Match
	Answer Answer
	// Func answers instead of Answer, which must then be empty. It is called
	// from many goroutines, and neither expands templates nor keeps the request.
	Func func(*rawhttp.Request) *rawhttp.Response
}

// Match says which requests a rule is for: those that meet all that is given.
// The zero value matches any.
type Match struct {
	// Method is compared with case, as methods are. Empty means any.
	Method string
	// Path is compared with the path as it was sent, percent-encoding included.
	// With a trailing "*" it is a prefix. Empty means any.
	Path string
	// Headers are compared by name without case, and by their combined value (the
	// lines of a name joined by ", ", of Cookie by "; "). An empty value means
	// that the header is there, whatever its value.
	Headers map[string]string
	// Query holds decoded parameters. A name that occurs several times matches by
	// any of its values. An empty value means that the parameter is there.
	Query map[string]string
}

// String shows which requests a rule is for: `PUT /orders, header if-match="1"`.
func (m Match) String() string {
	method, path := m.Method, m.Path
	if method == "" {
		method = "any method"
	}
	if path == "" {
		path = "any path"
	}
	return method + " " + path + conditions("header", m.Headers) + conditions("query", m.Query)
}

// conditions shows what else a rule asks for: `, header a, header b="1"`.
func conditions(what string, wanted map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		b.WriteString(", " + what + " " + name)
		if wanted[name] != "" {
			fmt.Fprintf(&b, "=%q", wanted[name])
		}
	}
	return b.String()
}

// Answer is what a rule answers.
type Answer struct {
	// Status is 100 to 999; 0 means 200.
	Status int
	// Reason is the reason phrase. Empty means the standard one.
	Reason string
	// Headers are the header lines in order; their values are templates, and may
	// hold any bytes but CR and LF. Names are written as they are.
	Headers fetch.HeaderList
	// Body is a template.
	Body []byte
	// Delay is how long the answer, or the fault, is held back.
	Delay time.Duration
	// Fault befalls the connection instead of a proper answer.
	Fault rawhttp.Fault
}

func (a *Answer) isZero() bool {
	return a.Status == 0 && a.Reason == "" && len(a.Headers) == 0 && len(a.Body) == 0 && a.Delay == 0 && a.Fault == ""
}

// matchesPath compares a path as Match.Path documents it.
func matchesPath(pattern, path string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(path, prefix)
	}
	return pattern == "" || pattern == path
}

// combined returns a header's combined value (Fetch, "get a header"); the
// crumbs of Cookie are joined as RFC 9113, section 8.2.3, has it.
func combined(headers fetch.HeaderList, name string) (string, bool) {
	if strings.EqualFold(name, "Cookie") {
		values := headers.Values(name)
		return strings.Join(values, "; "), len(values) > 0
	}
	return headers.Get(name)
}
