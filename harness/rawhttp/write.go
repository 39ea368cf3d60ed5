package rawhttp

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// appendHead appends status line and header lines, the given ones first and verbatim.
func appendHead(dst []byte, resp *Response, added fetch.HeaderList) []byte {
	reason := resp.Reason
	if reason == "" {
		reason = http.StatusText(resp.Status)
	}
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(resp.Status), 10)
	dst = append(append(dst, ' '), reason...)
	dst = append(dst, "\r\n"...)
	dst = appendLines(dst, resp.Headers)
	dst = appendLines(dst, added)
	return append(dst, "\r\n"...)
}

func appendLines(dst []byte, headers fetch.HeaderList) []byte {
	for _, h := range headers {
		dst = append(append(dst, h.Name...), ": "...)
		dst = append(append(dst, h.Value...), "\r\n"...)
	}
	return dst
}

// added returns the only lines that we add, where the answer does not give
// them: Date (RFC 9110, section 6.6.1) and Content-Length (section 8.6).
func added(method string, resp *Response, length int) fetch.HeaderList {
	var lines fetch.HeaderList
	if resp.Status >= 200 && !resp.Headers.Has("Date") {
		lines = append(lines, fetch.Header{Name: "Date", Value: time.Now().UTC().Format(http.TimeFormat)})
	}
	framed := resp.Headers.Has("Content-Length") || resp.Headers.Has("Transfer-Encoding")
	if HasBody(resp.Status) && !framed {
		lines = append(lines, fetch.Header{Name: "Content-Length", Value: strconv.Itoa(length)})
	}
	return lines
}

// sendsBody reports whether bytes of a body follow the head (RFC 9112, section 6.3).
func sendsBody(method string, status int) bool {
	return method != "HEAD" && HasBody(status)
}

// endIsKnown reports whether a client can tell where the answer ends, so that
// the connection can carry another one.
func endIsKnown(method string, resp *Response) bool {
	if resp.Status < 200 || hasToken(resp.Headers, "Connection", "close") {
		return false
	}
	if !sendsBody(method, resp.Status) {
		return true
	}
	if resp.Headers.Has("Transfer-Encoding") {
		return false // the caller's own framing, for better or worse
	}
	for _, length := range resp.Headers.Values("Content-Length") {
		if strings.Trim(length, " \t") != strconv.Itoa(len(resp.Body)) {
			return false
		}
	}
	return true
}
