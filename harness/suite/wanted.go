package suite

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/corsproof/corsproof/harness/expect"
)

// wanted reads what a text should be; nil is any.
func (r *expectReader) wanted(n *node, w *way) expect.Text {
	if n.kind != mapKind {
		var lines []string
		for _, v := range valuesOf(n) {
			if line, ok := r.requestText(v, w); ok {
				lines = append(lines, line)
			}
		}
		return expect.Exactly(strings.Join(lines, ", "))
	}
	for _, e := range n.entries {
		if !e.value.ok() {
			continue
		}
		at := w.field(e.key.text)
		switch e.key.text {
		case "contains":
			text, _ := r.requestText(e.value, at)
			return expect.Contains(text)
		case "matches":
			return r.pattern(e.value, at)
		case "json":
			return r.json(e.value, at)
		case "base64":
			data, _ := r.base64(e.value, at)
			return expect.Exactly(keptLiteral(string(data)))
		}
	}
	return nil
}

func (r *expectReader) pattern(n *node, w *way) expect.Text {
	pattern, ok := remember(r.loader, n, func() (expect.Matches, bool) {
		text, ok := r.plain(n, w)
		if !ok {
			return expect.Matches{}, false
		}
		compiled, err := regexp.Compile(text)
		if err != nil {
			message := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
			r.problem(n, w, "this is no regular expression: "+message, "its syntax is RE2's; in double quotes a backslash is written twice")
		}
		return expect.Matches{Pattern: compiled}, err == nil
	})
	if !ok {
		return nil
	}
	return pattern
}

// json writes YAML as JSON; its texts may hold references, and are kept in that form.
func (r *expectReader) json(n *node, w *way) expect.Text {
	document, _ := remember(r.loader, n, func() (expect.JSON, bool) {
		text := func(n *node) string {
			text, _ := r.requestText(n, w)
			return text
		}
		document, err := json.Marshal(n.value(text, keptLiteral))
		if err != nil {
			r.problem(n, w, fmt.Sprintf("this cannot be JSON: %v", err), "")
		}
		return expect.JSON(document), err == nil
	})
	return document
}
