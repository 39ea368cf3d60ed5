package rawhttp

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
)

// upstreamConn is a hop's connection to the API.
type upstreamConn struct {
	net.Conn // tcp, or TLS over it
	tcp      *net.TCPConn
}

// dialUpstream connects to the API.
func (s *Server) dialUpstream(ctx context.Context) (*upstreamConn, error) {
	timeout := s.cfg.Upstream.DialTimeout
	if timeout <= 0 {
		timeout = defaultDialTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var dialer net.Dialer
	nc, err := dialer.DialContext(ctx, "tcp", hostPort(s.upstream))
	if err != nil {
		return nil, err
	}
	tcp := nc.(*net.TCPConn)
	if !s.track(tcp) {
		return nil, net.ErrClosed
	}
	up, err := secureUpstream(ctx, tcp, s.upstream, s.cfg.Upstream.TLS)
	if err != nil {
		s.untrack(tcp)
		_ = tcp.Close() // the handshake's error says it all
		return nil, err
	}
	return up, nil
}

// secureUpstream puts TLS over a connection where the API speaks https.
func secureUpstream(ctx context.Context, tcp *net.TCPConn, u *url.URL, conf *tls.Config) (*upstreamConn, error) {
	if u.Scheme != "https" {
		return &upstreamConn{Conn: tcp, tcp: tcp}, nil
	}
	if conf == nil {
		conf = &tls.Config{}
	}
	conf = conf.Clone()
	conf.NextProtos = []string{"http/1.1"}
	if conf.ServerName == "" {
		conf.ServerName = u.Hostname()
	}
	secure := tls.Client(tcp, conf)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return &upstreamConn{Conn: secure, tcp: tcp}, nil
}

func (u *upstreamConn) reset() { resetTCP(u.tcp) }

// endWriting tells the API that the client has nothing more to send.
func (u *upstreamConn) endWriting() {
	closeWrite(u.Conn)
	if u.Conn != u.tcp {
		_ = u.tcp.CloseWrite() // fails only on a connection that is over
	}
}
