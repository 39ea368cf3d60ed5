package rawhttp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// maxHead bounds a request's head, in bytes. Browsers send up to 256 KiB; 10,000
// header lines take some 400 KiB.
const maxHead = 1 << 20

// requestHead is a request's first line and header lines.
type requestHead struct {
	raw                   []byte // as it was sent, up to and with the blank line
	method, target, proto string
	headers               fetch.HeaderList
	framing               framing
}

// headError is a head that cannot be served; the client is told so with status.
type headError struct {
	status int
	text   string
}

func (e *headError) Error() string { return e.text }

func badRequest(format string, args ...any) error {
	return &headError{400, fmt.Sprintf(format, args...)}
}

// readHead returns a head's bytes, up to and with the blank line. Blank lines
// before it are skipped (RFC 9112, section 2.2). The error is io.EOF where the
// peer closed before the first byte, and a *headError where the head is too large.
func readHead(br *bufio.Reader) ([]byte, error) {
	var head []byte
	for start := 0; ; {
		part, err := br.ReadSlice('\n')
		head = append(head, part...)
		if len(head) > maxHead {
			return nil, &headError{431, "the request's head is larger than 1 MiB"}
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, cutShort(err, len(head))
		}
		blank := len(bytes.TrimRight(head[start:], "\r\n")) == 0
		if blank && start > 0 {
			return head, nil
		}
		if blank {
			head = head[:0]
		}
		start = len(head)
	}
}

// cutShort tells an end between two messages from one within a message.
func cutShort(err error, read int) error {
	if errors.Is(err, io.EOF) && read > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}

// parseHead parses what readHead returned. Lines may end with a bare LF, and a
// folded line is joined to the one before by a blank (RFC 9112, sections 2.2, 5.2).
func parseHead(raw []byte) (*requestHead, error) {
	lines := strings.Split(unfold(string(raw)), "\n")
	head := &requestHead{raw: raw}
	if err := head.parseRequestLine(strings.TrimSuffix(lines[0], "\r")); err != nil {
		return nil, err
	}
	for _, line := range lines[1:] {
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			break
		}
		if err := head.parseHeaderLine(line); err != nil {
			return nil, err
		}
	}
	var err error
	head.framing, err = requestFraming(head.headers)
	return head, err
}

// unfold joins folded lines to the ones before them.
func unfold(head string) string {
	if !strings.Contains(head, "\n ") && !strings.Contains(head, "\n\t") {
		return head
	}
	var b strings.Builder
	for i, line := range strings.Split(head, "\n") {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case i > 1 && line != "" && trimBlanks(line[:1]) == "":
			b.WriteString(" " + trimBlanks(line))
			continue
		case i > 0:
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

func (h *requestHead) parseRequestLine(line string) error {
	method, rest, _ := strings.Cut(line, " ")
	target, proto, ok := strings.Cut(rest, " ")
	if !ok || !isToken(method) || !isTarget(target) {
		return badRequest("malformed request line %.80q", line)
	}
	if proto != "HTTP/1.1" && proto != "HTTP/1.0" {
		return &headError{505, fmt.Sprintf("protocol %.20q is not spoken here, only HTTP/1.0 and HTTP/1.1", proto)}
	}
	h.method, h.target, h.proto = method, target, proto
	return nil
}

func (h *requestHead) parseHeaderLine(line string) error {
	name, value, ok := strings.Cut(line, ":")
	if !ok || !isToken(name) {
		return badRequest("malformed header line %.80q", line)
	}
	h.headers = append(h.headers, fetch.Header{Name: name, Value: trimBlanks(value)})
	return nil
}

// trimBlanks removes optional whitespace (RFC 9110, section 5.6.3) at both ends.
func trimBlanks(s string) string { return strings.Trim(s, " \t") }

// isToken reports whether s is a token (RFC 9110, section 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' ||
		strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// isTarget accepts any bytes but blanks and controls, percent-encoded or not.
func isTarget(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return s != ""
}

// hasToken reports whether a comma-separated header lists token, compared without case.
func hasToken(headers fetch.HeaderList, name, token string) bool {
	for _, value := range headers.Values(name) {
		for part := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(trimBlanks(part), token) {
				return true
			}
		}
	}
	return false
}

// closes reports whether the client expects the connection to end after this request.
func (h *requestHead) closes() bool {
	return h.proto == "HTTP/1.0" || hasToken(h.headers, "Connection", "close")
}

// expectsContinue reports whether the client waits for 100 before it sends the body.
func (h *requestHead) expectsContinue() bool {
	return h.proto == "HTTP/1.1" && hasToken(h.headers, "Expect", "100-continue")
}
