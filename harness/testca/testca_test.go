package testca_test

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/corsproof/corsproof/harness/testca"
)

func newCA(t *testing.T) *testca.CA {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func TestCertificateIsTrustedForItsHost(t *testing.T) {
	ca := newCA(t)
	for host, verified := range map[string][]string{
		"api.example.com":       {"api.example.com"},
		"API.Example.com.":      {"api.example.com", "API.EXAMPLE.COM"},
		"under_score.test":      {"under_score.test"},
		"xn--bcher-kva.test":    {"xn--bcher-kva.test"},
		"localhost":             {"localhost", "127.0.0.1", "::1"},
		"127.0.0.1":             {"127.0.0.1", "localhost"},
		"127.0.0.9":             {"127.0.0.9", "127.0.0.1"},
		"::1":                   {"::1", "localhost"},
		"192.0.2.7":             {"192.0.2.7"},
		"2001:db8::1":           {"2001:db8::1"},
		strings.Repeat("a", 60): {strings.Repeat("a", 60)},
	} {
		cert, err := ca.Certificate(host)
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		for _, name := range verified {
			if _, err := cert.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: ca.Pool()}); err != nil {
				t.Errorf("certificate for %s, verified as %s: %v", host, name, err)
			}
		}
	}
}

func TestCertificateIsNotTrustedForOthers(t *testing.T) {
	ca := newCA(t)
	cert, err := ca.Certificate("api.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"example.com", "www.api.example.com", "localhost", "127.0.0.1"} {
		if _, err := cert.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: ca.Pool()}); err == nil {
			t.Errorf("certificate for api.example.com is trusted for %s", name)
		}
	}
	if _, err := cert.Leaf.Verify(x509.VerifyOptions{DNSName: "api.example.com", Roots: newCA(t).Pool()}); err == nil {
		t.Error("certificate of one authority is trusted by another's pool")
	}
}

func TestSPKIIsTheHashOfEveryLeafsKey(t *testing.T) {
	ca := newCA(t)
	for _, host := range []string{"a.test", "127.0.0.1"} {
		cert, err := ca.Certificate(host)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(cert.Leaf.RawSubjectPublicKeyInfo)
		if got := base64.StdEncoding.EncodeToString(sum[:]); got != ca.SPKI() {
			t.Errorf("%s: key hash %s, SPKI() says %s", host, got, ca.SPKI())
		}
	}
	if newCA(t).SPKI() == ca.SPKI() {
		t.Error("two authorities have the same key")
	}
}

func TestCertificateIsMadeOncePerHost(t *testing.T) {
	ca := newCA(t)
	first, err := ca.Certificate("a.test")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if again, err := ca.Certificate("A.test."); err != nil || again != first {
				t.Errorf("second certificate differs (%v)", err)
			}
		})
	}
	wg.Wait()
	other, err := ca.Certificate("b.test")
	if err != nil {
		t.Fatal(err)
	}
	if other.Leaf.SerialNumber.Cmp(first.Leaf.SerialNumber) == 0 {
		t.Error("two certificates share a serial number")
	}
}

func TestCertificateRefusesWhatIsNoHost(t *testing.T) {
	ca := newCA(t)
	for _, host := range []string{"", ".", "bücher.test", "a b.test", "https://a.test", "a.test:443", "[::1]", "a\x00b", strings.Repeat("a", 254)} {
		if _, err := ca.Certificate(host); err == nil {
			t.Errorf("%q: no error", host)
		}
	}
}

func TestTLSConfigServesWhateverNameIsAsked(t *testing.T) {
	ca := newCA(t)
	for _, tt := range []struct {
		name     string
		http2    bool
		server   string // the name that the client verifies
		protocol string
	}{
		{name: "a named host", server: "api.example.com", protocol: "http/1.1"},
		{name: "a named host over h2", server: "api.example.com", http2: true, protocol: "h2"},
		{name: "an address, for which there is no SNI", server: "127.0.0.1", protocol: "http/1.1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listener, err := tls.Listen("tcp", "127.0.0.1:0", ca.TLSConfig(tt.http2))
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			done := make(chan error, 1)
			go func() { done <- handshakeOnce(listener) }()
			client, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{
				ServerName: tt.server, RootCAs: ca.Pool(), NextProtos: []string{"h2", "http/1.1"},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			if got := client.ConnectionState().NegotiatedProtocol; got != tt.protocol {
				t.Errorf("protocol %q, want %q", got, tt.protocol)
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

func handshakeOnce(listener net.Listener) error {
	conn, err := listener.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.(*tls.Conn).Handshake()
}
