// Package testca makes the certificates under which corsproof serves named
// https origins: one key in memory, one certificate authority over it, and a
// leaf certificate with that same key for any host that is asked for.
//
// Nothing needs to be installed to be trusted: a browser is told the key's
// hash ([CA.SPKI]), a Go client the authority ([CA.Pool]).
package testca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	// clockSkew lets a certificate be valid for a client whose clock is behind ours.
	clockSkew = 24 * time.Hour
	// lifetime outlives any run, and keeps below the 398 days that browsers allow a leaf.
	lifetime = 90 * 24 * time.Hour
)

// CA issues certificates. It is safe for concurrent use.
type CA struct {
	key  *ecdsa.PrivateKey
	root *x509.Certificate

	mu     sync.Mutex
	leaves map[string]*tls.Certificate // by host in lower case
}

// New makes a key, which lives in memory only, and an authority over it.
func New() (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("testca: make a key: %w", err)
	}
	template := certificate("corsproof test authority")
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("testca: make an authority: %w", err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("testca: make an authority: %w", err)
	}
	return &CA{key: key, root: root, leaves: map[string]*tls.Certificate{}}, nil
}

// certificate is what all our certificates share. x509 gives it a serial number.
func certificate(name string) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: now.Add(-clockSkew),
		NotAfter:  now.Add(lifetime),
	}
}

// SPKI returns the base64 of the SHA-256 of the key's SubjectPublicKeyInfo, as
// Chromium's --ignore-certificate-errors-spki-list takes it.
func (ca *CA) SPKI() string {
	sum := sha256.Sum256(ca.root.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Pool returns a pool with the authority, for Go clients.
func (ca *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(ca.root)
	return pool
}

// TLSConfig returns a server's configuration that has a certificate for
// whatever name a client asks for; one that names none gets a certificate for
// the address to which it connected. With http2 it offers h2 before http/1.1.
func (ca *CA) TLSConfig(http2 bool) *tls.Config {
	protocols := []string{"http/1.1"}
	if http2 {
		protocols = []string{"h2", "http/1.1"}
	}
	return &tls.Config{NextProtos: protocols, GetCertificate: ca.forHello}
}

func (ca *CA) forHello(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	host := hello.ServerName
	if host == "" {
		host = localHost(hello.Conn)
	}
	return ca.Certificate(host)
}

// localHost is the address to which a client connected.
func localHost(conn net.Conn) string {
	if conn != nil && conn.LocalAddr() != nil {
		if addr, err := netip.ParseAddrPort(conn.LocalAddr().String()); err == nil {
			return addr.Addr().String()
		}
	}
	return "localhost"
}

// Certificate returns the leaf certificate for a host: a name in ASCII (an
// international one as punycode, "xn--…") or an IP address, without a port. The
// certificate of a loopback host covers localhost, 127.0.0.1 and ::1 too.
func (ca *CA) Certificate(host string) (*tls.Certificate, error) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ca.mu.Lock()
	defer ca.mu.Unlock()
	if leaf := ca.leaves[host]; leaf != nil {
		return leaf, nil
	}
	leaf, err := ca.issue(host)
	if err != nil {
		return nil, fmt.Errorf("testca: certificate for %q: %w", host, err)
	}
	ca.leaves[host] = leaf
	return leaf, nil
}

func (ca *CA) issue(host string) (*tls.Certificate, error) {
	template := certificate("corsproof test certificate")
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if err := setHost(template, host); err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.root, ca.key.Public(), ca.key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: ca.key, Leaf: parsed}, nil
}

// setHost sets the names that a certificate is for (RFC 6125, section 6.4).
func setHost(template *x509.Certificate, host string) error {
	addr, err := netip.ParseAddr(host)
	isAddr := err == nil
	if !isAddr {
		if err := checkName(host); err != nil {
			return err
		}
		template.DNSNames = []string{host}
	} else {
		template.IPAddresses = []net.IP{addr.AsSlice()}
	}
	if host == "localhost" || isAddr && addr.IsLoopback() {
		template.DNSNames = append(template.DNSNames, "localhost")
		template.IPAddresses = append(template.IPAddresses, net.IPv4(127, 0, 0, 1), net.IPv6loopback)
	}
	return nil
}

// checkName refuses what a certificate cannot hold as a DNS name.
func checkName(host string) error {
	if host == "" || len(host) > 253 {
		return errors.New("a host name has 1 to 253 bytes")
	}
	for _, c := range []byte(host) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("/:@?#[]", c) >= 0 {
			return fmt.Errorf("byte %q is not part of a host name: give it in ASCII (punycode), without scheme and port", c)
		}
	}
	return nil
}
