package suite

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// maxValueBytes bounds a header's value. No browser takes more than 256 KiB for all headers of an answer.
const maxValueBytes = 256 << 10

// answers reads what the embedded API answers; the list may be empty.
func (l *loader) answers(n *node, w *way) []Answer {
	list := []Answer{}
	for i, item := range usable(n) {
		if item.ok() && item.kind == mapKind {
			list = append(list, l.answer(item, w.item(i)))
		}
	}
	return list
}

func (l *loader) answer(n *node, w *way) Answer {
	a := Answer{Pos: n.position()}
	l.when(&a, n.field("when"), w.field("when"))
	if status := n.field("status"); status.ok() {
		a.Status, _ = status.integer()
	}
	if reason := n.field("reason"); reason.ok() {
		a.Reason, _ = l.plain(reason, w.field("reason"))
		l.checkOneLine(reason, w.field("reason"), a.Reason, "")
	}
	a.Headers = l.answerHeaders(n.field("headers"), w.field("headers"))
	if body := n.field("body"); body.ok() {
		a.Body = l.answerBody(body, w.field("body"))
	}
	a.Delay = l.span(n.field("delay"), w.field("delay"))
	if fault := n.field("fault"); fault.ok() {
		a.Fault = fault.text
		if a.Fault == "truncate" && (a.Status == 204 || a.Status == 304 || a.Status >= 100 && a.Status < 200) {
			l.problem(fault, w.field("fault"), fmt.Sprintf("an answer with status %d has no body that could be cut short", a.Status), "")
		}
	}
	return a
}

func (l *loader) when(a *Answer, n *node, w *way) {
	if !n.ok() {
		return
	}
	a.Method, _ = l.plain(n.field("method"), w.field("method"))
	if a.Method != "" && !fetch.IsMethod(a.Method) {
		l.problem(n.field("method"), w.field("method"), quoted(a.Method)+" is no method", "")
	}
	if p := n.field("path"); p.ok() {
		a.Path, _ = l.plain(p, w.field("path"))
		switch {
		case a.Path != "" && a.Path[0] != '/' && a.Path[0] != '*':
			l.problem(p, w.field("path"), "the path "+quoted(a.Path)+" begins with no slash", "write /"+a.Path)
		case strings.Contains(a.Path, "?"):
			l.problem(p, w.field("path"), "the path "+quoted(a.Path)+" has a query", "put its parameters under query")
		}
	}
	a.WantHeaders = l.plainMap(n.field("headers"), w.field("headers"))
	a.WantQuery = l.plainMap(n.field("query"), w.field("query"))
}

func (l *loader) plainMap(n *node, w *way) map[string]string {
	if !n.ok() {
		return nil
	}
	m := make(map[string]string, len(n.entries))
	for _, e := range n.entries {
		if text, ok := l.plain(e.value, w.field(e.key.text)); ok {
			m[e.key.text] = text
		}
	}
	return m
}

// answerHeaders are the header lines in order. A list gives several lines.
func (l *loader) answerHeaders(n *node, w *way) fetch.HeaderList {
	if !n.ok() {
		return nil
	}
	var list fetch.HeaderList
	for _, e := range n.entries {
		name, at := e.key.text, w.field(e.key.text)
		if name == "" || strings.ContainsAny(name, "\x00\r\n") {
			l.problem(e.key, at, "a header's name cannot be empty, nor hold NUL or a line break", "")
		}
		values := []*node{e.value}
		if e.value.kind == listKind {
			values = usable(e.value)
		}
		for _, v := range values {
			if value, ok := l.answerValue(v, at); ok {
				list = append(list, fetch.Header{Name: name, Value: value})
			}
		}
	}
	return list
}

func (l *loader) answerValue(n *node, w *way) (string, bool) {
	text, ok := l.answerText(n, w)
	if !ok {
		return "", false
	}
	l.checkOneLine(n, w, text, "give a list for several lines; a text after | ends in a line break, one after |- does not")
	l.checkValueSize(n, w, text)
	return text, true
}

// answerText is a text or bytes, with references to APIs and to what the embedded API knows.
func (l *loader) answerText(n *node, w *way) (text string, ok bool) {
	if !n.ok() {
		return "", false
	}
	var pieces []piece
	if n.kind == mapKind {
		data, ok := l.base64(n.field("base64"), w.field("base64"))
		if !ok {
			return "", false
		}
		pieces = []piece{{literal: string(data)}}
	} else if pieces, ok = l.pieces(n, w, l.inAnswer); !ok {
		return "", false
	}
	l.checkLiterals(n, w, pieces, isAnswerReference)
	return kept(pieces), true
}

func (l *loader) inAnswer(name string) bool { return isAnswerReference(name) || l.apis[name] != nil }

func (l *loader) answerBody(n *node, w *way) []byte {
	if file := n.field("file"); n.kind == mapKind && file != nil {
		data, _ := l.bodyFile(file, w.field("file"))
		l.checkLiterals(file, w, []piece{{literal: string(data)}}, isAnswerReference)
		return []byte(keptLiteral(string(data)))
	}
	text, _ := l.answerText(n, w)
	return []byte(text)
}

func (l *loader) checkOneLine(n *node, w *way, text, hint string) {
	if strings.ContainsAny(text, "\r\n") {
		l.problem(n, w, w.what()+" has a line break, which would begin another line", hint)
	}
}

func (l *loader) checkValueSize(n *node, w *way, text string) {
	if len(text) > maxValueBytes {
		l.problem(n, w, fmt.Sprintf("the value has more than %d KiB", maxValueBytes>>10), "")
	}
}

// base64 decodes bytes; white space in the text is passed over.
func (l *loader) base64(n *node, w *way) (data []byte, ok bool) {
	return remember(l, n, func() ([]byte, bool) {
		text, ok := l.plain(n, w)
		if !ok {
			return nil, false
		}
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			l.problem(n, w, "this is no base64: "+err.Error(), "its alphabet is A-Z a-z 0-9 + /, and = fills the last group of four")
			return nil, false
		}
		return data, true
	})
}

// bodyFile reads a file with a body, relative to the file that names it.
func (l *loader) bodyFile(n *node, w *way) (data []byte, ok bool) {
	name, ok := l.plain(n, w)
	if !ok {
		return nil, false
	}
	file := l.relative(n.src.name, name)
	if data, ok = l.bodies[file]; ok {
		return data, true
	}
	data, err := l.open(file, maxBodyBytes)
	if err != nil {
		l.fileProblem(file, n, w, err)
		return nil, false
	}
	l.bodies[file] = data
	return data, true
}

// span is a duration, or zero where there is none.
func (l *loader) span(n *node, w *way) time.Duration {
	if !n.ok() {
		return 0
	}
	d, ok := n.span()
	if !ok {
		l.problem(n, w, fmt.Sprintf("%s is longer than a day", n.text), "")
	}
	return d
}
