package rawhttp

import (
	"bytes"
	"strconv"
	"sync"
)

// statusLineStart is how long a status line must be to show its status: "HTTP/1.1 200".
const statusLineStart = len("HTTP/1.1 200")

// responseWatch looks at what an API sends, as it passes, for two things: the
// beginning of the final answer to a request, and whether that switches
// protocols. It never delays or changes a byte.
type responseWatch struct {
	mu      sync.Mutex
	onFinal func()
	start   []byte // the beginning of a head, until its status is known
	interim bool   // within a 1xx head, whose blank line is still to come
	inLine  bool   // within a line of it
	final   int    // the final answer's status; 0: not yet; -1: no HTTP
}

// expect says that a request is on its way; onFinal is called when its final
// answer begins, before that passes.
func (w *responseWatch) expect(onFinal func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onFinal, w.start, w.interim, w.final = onFinal, w.start[:0], false, 0
}

// switched reports whether the latest answer was 101 (RFC 9110, section 15.2.2).
func (w *responseWatch) switched() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.final == 101
}

// feed looks at bytes that are about to pass.
func (w *responseWatch) feed(p []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(p) > 0 && w.final == 0 {
		if w.interim {
			p = w.skipInterim(p)
		} else {
			p = w.readStatus(p)
		}
	}
}

// readStatus takes bytes until the status is known, and returns the rest.
func (w *responseWatch) readStatus(p []byte) []byte {
	n := min(len(p), statusLineStart-len(w.start))
	w.start = append(w.start, p[:n]...)
	if len(w.start) < statusLineStart {
		return p[n:]
	}
	status := parseStatus(w.start)
	w.start = w.start[:0]
	if status >= 100 && status < 200 && status != 101 {
		w.interim, w.inLine = true, true
		return p[n:]
	}
	w.final = status
	if w.onFinal != nil {
		w.onFinal()
	}
	return p[n:]
}

// parseStatus returns the status in "HTTP/1.1 200", or -1.
func parseStatus(start []byte) int {
	digits, ok := bytes.CutPrefix(start, []byte("HTTP/1."))
	if !ok {
		return -1
	}
	status, err := strconv.Atoi(string(digits[len("1 "):]))
	if err != nil {
		return -1
	}
	return status
}

// skipInterim takes bytes up to the blank line that ends a 1xx head, and returns the rest.
func (w *responseWatch) skipInterim(p []byte) []byte {
	for i, c := range p {
		switch {
		case c == '\n' && !w.inLine:
			w.interim = false
			return p[i+1:]
		case c == '\n':
			w.inLine = false
		case c != '\r':
			w.inLine = true
		}
	}
	return nil
}
