package embedded

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

// template is a text with references to a request.
type template []part

// part is a literal text, or a reference where refers is set.
type part struct {
	literal string
	refers  func(*rawhttp.Request) (string, bool)
}

// parseTemplate splits a text at its references. What is none stays literal.
func parseTemplate(text string) template {
	var t template
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '}')
		if end < 0 {
			break
		}
		end += start + 1
		if refers := reference(text[start+len("${") : end-1]); refers != nil {
			t = append(t, part{literal: text[:start]}, part{refers: refers})
		} else {
			t = append(t, part{literal: text[:end]})
		}
		text = text[end:]
	}
	return append(t, part{literal: text})
}

// reference returns what a name refers to, or nil for a name that is not ours.
func reference(name string) func(*rawhttp.Request) (string, bool) {
	if name == "origin" {
		return header("Origin")
	}
	if name == "request.body" {
		return func(r *rawhttp.Request) (string, bool) { return string(r.Body), r.BodySize > 0 }
	}
	if field, ok := strings.CutPrefix(name, "request.header."); ok && field != "" {
		return header(field)
	}
	return nil
}

func header(name string) func(*rawhttp.Request) (string, bool) {
	return func(r *rawhttp.Request) (string, bool) { return combined(r.Headers, name) }
}

// refers reports whether a template refers to anything.
func (t template) refers() bool {
	return slices.ContainsFunc(t, func(p part) bool { return p.refers != nil })
}

// expand fills a template in, and reports whether the request has all that it refers to.
func (t template) expand(r *rawhttp.Request) (string, bool) {
	var b strings.Builder
	whole := true
	for _, p := range t {
		if p.refers == nil {
			b.WriteString(p.literal)
			continue
		}
		value, ok := p.refers(r)
		b.WriteString(value)
		whole = whole && ok
	}
	return b.String(), whole
}
