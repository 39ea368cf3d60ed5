package rawhttp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// readBuffer bounds a line of a chunked body, and is what a connection costs.
const readBuffer = 16 << 10

// lingerTime is how long a connection that we end is still read, so that what
// the client is sending does not make the kernel reset it and discard our answer.
const lingerTime = time.Second

// conn is a connection from a client.
type conn struct {
	srv    *Server
	tcp    *net.TCPConn
	nc     net.Conn // tcp, or TLS over it
	br     *bufio.Reader
	scheme string
	// writing is held by whoever answers: under a hop, our own pages answer on
	// the same connection as the API.
	writing sync.Mutex
}

func newConn(s *Server, tcp *net.TCPConn) *conn {
	return &conn{srv: s, tcp: tcp, nc: tcp, br: bufio.NewReaderSize(tcp, readBuffer), scheme: "http"}
}

// secure puts TLS over the connection, before anything was read from it.
func (c *conn) secure(t *tls.Conn) {
	c.nc, c.scheme = t, "https"
	c.br.Reset(t)
}

func (c *conn) close() { _ = c.nc.Close() } // it ends either way

// reset ends the connection with a TCP RST.
func (c *conn) reset() { resetTCP(c.tcp) }

func resetTCP(tcp *net.TCPConn) {
	_ = tcp.SetLinger(0) // fails only on a connection that is closed
	_ = tcp.Close()
}

// linger ends our side of the connection, and reads on until the client has ended its own.
func (c *conn) linger() {
	c.endWriting()
	_, _ = io.Copy(io.Discard, c.br)
}

// endWriting ends our side, and bounds the time for which the client's is read.
func (c *conn) endWriting() {
	closeWrite(c.nc)
	if c.nc != c.tcp {
		_ = c.tcp.CloseWrite()
	}
	_ = c.nc.SetReadDeadline(time.Now().Add(lingerTime))
}

// closeWrite ends one direction of a TCP or TLS connection; if that fails, both are over.
func closeWrite(nc net.Conn) {
	if half, ok := nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// write sends bytes that no other answer may interrupt.
func (c *conn) write(p []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err := c.nc.Write(p)
	return err
}

// serveHTTP1 serves requests, one after the other, until one ends the connection.
func (c *conn) serveHTTP1(ctx context.Context) {
	if c.srv.upstream != nil {
		h := &hop{conn: c}
		defer h.close()
		h.serve(ctx)
		return
	}
	for {
		head, ok := c.nextHead()
		if !ok || !c.answer(ctx, head) {
			return
		}
	}
}

// nextHead reads the next request's head. Where there is none to be had it
// tells the client why, and reports false.
func (c *conn) nextHead() (*requestHead, bool) {
	raw, err := readHead(c.br)
	if err == nil {
		var head *requestHead
		if head, err = parseHead(raw); err == nil {
			return head, true
		}
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.refuse(err)
	return nil, false
}

// refuse answers a request that cannot be served, and ends the connection. An
// error of the connection itself has nobody to tell. The caller holds c.writing.
func (c *conn) refuse(err error) {
	var bad *headError
	if !errors.As(err, &bad) {
		return
	}
	answer := PlainText(bad.status, bad.text)
	if c.send("", answer, len(answer.Body), answer.Body) == nil {
		c.linger()
	}
}

// answer serves one request by our own handlers, and reports whether the
// connection can carry another.
func (c *conn) answer(ctx context.Context, head *requestHead) bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	r := c.request(head)
	body, err := c.readBody(head)
	r.Body, r.BodySize = body.kept, body.size
	reserved := c.srv.reserved(r)
	if !reserved {
		c.srv.receive(r)
	}
	if err != nil {
		c.refuse(err)
		return false
	}
	return c.deliver(ctx, head, c.srv.respond(ctx, r, reserved))
}

func (c *conn) request(head *requestHead) *Request {
	host, _ := head.headers.Get("Host")
	return &Request{
		Method: head.method, Target: head.target, Proto: head.proto,
		Scheme: c.scheme, Host: host, Headers: head.headers,
		RemoteAddr: c.tcp.RemoteAddr().String(),
	}
}

// readBody reads a request's body to its end, inviting it where the client waits for that.
func (c *conn) readBody(head *requestHead) (capture, error) {
	body := capture{limit: maxBody}
	if head.expectsContinue() && head.framing != (framing{}) {
		if _, err := io.WriteString(c.nc, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return body, err
		}
	}
	err := copyBody(c.br, head.framing, bodySink{content: body.add})
	return body, err
}

// isReserved reports whether a target is one of our own pages'.
func isReserved(target string) bool {
	return strings.HasPrefix(originForm(target), Reserved)
}
