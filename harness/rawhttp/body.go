package rawhttp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// framing says how a request's body is delimited. The zero value means no body.
type framing struct {
	chunked bool
	length  int64
}

// requestFraming follows RFC 9112, section 6.3. A request that leaves its end
// open to interpretation is refused.
func requestFraming(headers fetch.HeaderList) (framing, error) {
	if headers.Has("Transfer-Encoding") {
		if !endsChunked(headers) {
			return framing{}, badRequest("the last Transfer-Encoding of a request must be chunked")
		}
		return framing{chunked: true}, nil
	}
	lengths := headers.Values("Content-Length")
	if len(lengths) == 0 {
		return framing{}, nil
	}
	for _, other := range lengths[1:] {
		if other != lengths[0] {
			return framing{}, badRequest("the request has two different Content-Lengths")
		}
	}
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	if err != nil {
		return framing{}, badRequest("malformed Content-Length %.40q", lengths[0])
	}
	return framing{length: int64(n)}, nil
}

// endsChunked reports whether chunked is the encoding that was applied last.
func endsChunked(headers fetch.HeaderList) bool {
	codings, _ := headers.Get("Transfer-Encoding")
	last := codings[strings.LastIndex(codings, ",")+1:]
	return strings.EqualFold(trimBlanks(last), "chunked")
}

// bodySink takes a body as it arrives. content gets it without framing, raw
// every byte as it was sent; raw may be nil. Neither may keep the slice.
type bodySink struct {
	content func([]byte)
	raw     func([]byte)
}

func (s bodySink) putRaw(p []byte) {
	if s.raw != nil {
		s.raw(p)
	}
}

// errChunk is chunked framing that cannot be followed.
var errChunk = badRequest("malformed chunked body")

// copyBody reads a body to its end, in pieces as they arrive.
func copyBody(br *bufio.Reader, f framing, sink bodySink) error {
	if !f.chunked {
		return copyLength(br, f.length, sink)
	}
	for {
		size, err := copyChunkSize(br, sink)
		if err != nil {
			return err
		}
		if size == 0 {
			return copyTrailers(br, sink)
		}
		if err := copyLength(br, size, sink); err != nil {
			return err
		}
		line, err := copyLine(br, sink)
		if err != nil {
			return err
		}
		if len(line) != 0 {
			return errChunk
		}
	}
}

// copyLength copies n bytes, which are content.
func copyLength(br *bufio.Reader, n int64, sink bodySink) error {
	for n > 0 {
		if _, err := br.Peek(1); err != nil {
			return cutShort(err, 1)
		}
		part, err := br.Peek(int(min(n, int64(br.Buffered()))))
		if err != nil {
			return err
		}
		sink.content(part)
		sink.putRaw(part)
		n -= int64(len(part))
		if _, err := br.Discard(len(part)); err != nil {
			return err
		}
	}
	return nil
}

// copyChunkSize copies the line before a chunk and returns its size (RFC 9112, section 7.1).
func copyChunkSize(br *bufio.Reader, sink bodySink) (int64, error) {
	line, err := copyLine(br, sink)
	if err != nil {
		return 0, err
	}
	digits, _, _ := bytes.Cut(line, []byte(";"))
	size, err := strconv.ParseUint(string(bytes.TrimRight(digits, " \t")), 16, 63)
	if err != nil {
		return 0, errChunk
	}
	return int64(size), nil
}

// copyTrailers copies the trailer section with the blank line that ends it.
func copyTrailers(br *bufio.Reader, sink bodySink) error {
	for total := 0; total <= maxHead; {
		line, err := copyLine(br, sink)
		if err != nil || len(line) == 0 {
			return err
		}
		total += len(line) + len("\r\n")
	}
	return &headError{431, "the request's trailers are larger than 1 MiB"}
}

// copyLine copies a line of a chunked body, and returns it without its CRLF. A
// line must fit the reader's buffer. The slice is valid until the next read.
func copyLine(br *bufio.Reader, sink bodySink) ([]byte, error) {
	line, err := br.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, errChunk
	}
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	sink.putRaw(line)
	text, ok := bytes.CutSuffix(line, []byte("\r\n"))
	if !ok {
		return nil, errChunk
	}
	return text, nil
}
