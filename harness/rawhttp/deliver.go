package rawhttp

import (
	"context"
	"io"
)

// garbage is no HTTP in any version. It holds "http" in its first eight bytes,
// since Chromium takes what does not for the whole of an HTTP/0.9 answer on a
// scheme's default port, and a NUL, since Chromium then refuses what does.
const garbage = "\x00\xff\x01HTTP\x00\xfe corsproof: these bytes are no HTTP\r\n\r\n"

// deliver sends an answer or plays a fault, and reports whether the connection
// can carry another request. The caller holds c.writing.
func (c *conn) deliver(ctx context.Context, head *requestHead, resp *Response) bool {
	if !pause(ctx, resp.Delay) {
		return false
	}
	switch resp.Fault {
	case Reset:
		c.reset()
	case Hang:
		_, _ = io.Copy(io.Discard, c.br) // until the peer or the server closes
	case Garbage:
		_, _ = io.WriteString(c.nc, garbage) // the connection ends in any case
	case Truncate:
		_ = c.send(head.method, resp, max(len(resp.Body), 1), resp.Body[:len(resp.Body)/2])
	default:
		err := c.send(head.method, resp, len(resp.Body), resp.Body)
		return err == nil && endIsKnown(head.method, resp) && !head.closes()
	}
	return false
}

// smallBody is up to what size a body is copied, so that it leaves in one write with its head.
const smallBody = 16 << 10

// send writes a head that announces length bytes, and body where there may be one.
func (c *conn) send(method string, resp *Response, length int, body []byte) error {
	out := appendHead(nil, resp, added(method, resp, length))
	if !sendsBody(method, resp.Status) {
		body = nil
	}
	if len(body) <= smallBody {
		out, body = append(out, body...), nil
	}
	if _, err := c.nc.Write(out); err != nil || len(body) == 0 {
		return err
	}
	_, err := c.nc.Write(body)
	return err
}
