package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

const networkError = "https://fetch.spec.whatwg.org/#concept-network-error"

// failures are the net errors that are known, by their beginning, what happened and what to do.
var failures = []struct{ prefix, what, fix string }{
	{"ERR_NAME_", "the name of the host does not resolve", "see whether the host in the URL is right and has an address in DNS"},
	{"ERR_CONNECTION_REFUSED", "nobody listens at that address and port", "start the server, or correct the port in the URL"},
	{"ERR_CONNECTION_RESET", "the connection was reset before there was an answer", "see the server's log: it, or something in front of it, dropped the connection"},
	{"ERR_CONNECTION_CLOSED", "the connection was closed before there was an answer", "see the server's log: it, or something in front of it, dropped the connection"},
	{"ERR_CONNECTION_TIMED_OUT", "nobody answered at that address", "see whether a firewall drops the connection, and whether the address is right"},
	{"ERR_ADDRESS_", "the address cannot be reached", "see whether the address is right and the network leads there"},
	{"ERR_INTERNET_DISCONNECTED", "there is no network", "connect to a network"},
	{"ERR_NETWORK_CHANGED", "the network changed under way", "try again"},
	{"ERR_EMPTY_RESPONSE", "the connection ended without an answer", "see the log of the server, and of what stands in front of it"},
	{"ERR_CERT_", "the server's certificate is not trusted", "give the server a certificate for this name by an authority that the browser trusts; in a test, by corsproof's own"},
	{"ERR_SSL_CLIENT_AUTH", "the server wants a certificate of the client's", "let the request pass without one, or install one in the browser"},
	{"ERR_SSL_", "TLS failed; a server that speaks plain http does that when asked over https", "see whether the server speaks https at that port"},
	{"ERR_INVALID_HTTP_RESPONSE", "what came is no HTTP", "see what listens at that port"},
	{"ERR_HTTP2_", "the HTTP/2 connection broke", "see the log of the server or of the proxy in front of it"},
	{"ERR_QUIC_", "the HTTP/3 connection broke", "see the log of the server or of the proxy in front of it"},
	{"ERR_UNSAFE_PORT", "browsers do not ask that port", "serve the API at another port"},
	{"ERR_CONTENT_LENGTH_MISMATCH", "the body ended before the length that Content-Length states", "see what cuts the answer: the application or a proxy"},
	{"ERR_INCOMPLETE_CHUNKED_ENCODING", "the body ended before its last chunk", "see what cuts the answer: the application or a proxy"},
	{"ERR_CONTENT_DECODING_FAILED", "the body is not encoded as Content-Encoding says", "see whether two layers compress the answer, or none does"},
	{"ERR_RESPONSE_HEADERS_TRUNCATED", "the answer broke off within its headers", "see the log of the server, or of the proxy in front of it, for what ended there"},
	{"ERR_RESPONSE_HEADERS_TOO_BIG", "the answer's headers are longer than browsers take", "see which header grows (cookies, a policy), and make it shorter"},
	{"ERR_RESPONSE_HEADERS_", "the answer's headers contradict each other", "see which layers add the header twice"},
	{"ERR_PROXY_", "the proxy between browser and server failed", "see the browser's proxy settings"},
	{"ERR_TUNNEL_", "the proxy between browser and server failed", "see the browser's proxy settings"},
	{"ERR_UNEXPECTED_PROXY_AUTH", "the server answered 407, which only a proxy may", "have the server answer 401"},
	{"ERR_BLOCKED_BY_CLIENT", "an extension or a setting of the browser blocked it", "switch the blocker off for this page"},
	{"ERR_BLOCKED_BY_ADMINISTRATOR", "a policy of the browser blocked it", "ask who administers the browser"},
	{"ERR_UNKNOWN_URL_SCHEME", "the browser does not know the URL's scheme", "ask over http or https"},
}

// notReplayed begins the error of a replay that was not sent, since it would have left this machine.
const notReplayed = "not replayed: "

func notCORS(s *scene) []claim {
	if s.o.Outcome != probe.Failed || s.o.Page.Rejected || s.preflightDropped() || len(s.answers) > 0 || len(s.refused) > 0 || s.unfollowed() != nil {
		return nil
	}
	broken := s.o.Page.BodyError != nil
	what, fix, known := failure(s.o.NetError)
	switch {
	case !known && s.o.Request.Integrity != "" && s.o.Blocked == nil && !broken && len(s.o.Missing) == 0:
		what, fix = "no check of CORS failed, and script asked for an integrity check: most likely the body is not the one that the integrity metadata is of", "compare the integrity metadata with the body's hash"
	case !known && !broken:
		return nil // the browser gave no reason that tells anything
	case broken:
		what = "script got status and headers, and then the body broke off: " + what
	}
	if s.droppedForOrigin() {
		what, fix = s.droppedHow()
	} else if strings.HasPrefix(s.lastURL(), "http:") && s.o.NetError == "net::ERR_EMPTY_RESPONSE" {
		fix += "; a server that wants https does that when it is asked over http"
	}
	c := claim{at: -1, summary: fmt.Sprintf("not CORS: %s (%s)", what, originOf(s.lastURL())), fix: []string{fix}}
	if s.o.NetError != "" {
		c.evidence = append(c.evidence, "the browser's network error: "+s.o.NetError)
	}
	if n := len(s.o.Exchanges); n > 0 && slices.ContainsFunc(s.o.Exchanges, func(x probe.Exchange) bool { return x.Role == probe.RedirectHop }) {
		c.evidence = append(c.evidence, "script asked "+place(s.o.Request.URL)+", and a redirect led there: "+s.way(answer{index: n - 1, x: s.o.Exchanges[n-1]}))
	}
	if r := s.o.Replay; r != nil && r.Error != "" && !strings.HasPrefix(r.Error, notReplayed) {
		c.evidence = append(c.evidence, "without a browser it fails too: "+quote(r.Error))
	}
	if s.droppedForOrigin() {
		c.evidence = append(c.evidence, fmt.Sprintf("without a browser, and so without Origin, the same request gets %d", s.o.Replay.Status))
		if f := s.reply(withOrigin); f != nil {
			c.evidence = append(c.evidence, retold(f))
		}
		c.evidence = append(c.evidence, s.arrivals(false)...)
	}
	if len(c.evidence) == 0 {
		c.evidence = s.thrown()
	}
	return []claim{c}
}

// droppedForOrigin reports a connection that ended before there was an answer, where the same server answers the same request without a browser.
func (s *scene) droppedForOrigin() bool {
	x := s.final()
	if x == nil || x.Response != nil || !x.Request.Headers.Has("Origin") || s.o.Page.BodyError != nil {
		return false
	}
	name := strings.TrimPrefix(s.o.NetError, "net::")
	return slices.Contains(dropped, name) && s.o.Replay != nil && s.o.Replay.Error == ""
}

// askAboutDropped is whether a connection is dropped each time that a request has the page's Origin.
func (s *scene) askAboutDropped() []probe.FollowUp {
	x := s.final()
	if s.o.Outcome != probe.Failed || !s.droppedForOrigin() || !reads(x.Request.Method) {
		return nil
	}
	from, _ := x.Request.Headers.Get("Origin")
	return []probe.FollowUp{s.askGET(withOrigin, x.Request.URL, origin(from))}
}

// droppedHow says when a connection is dropped that is not dropped for the same request without Origin.
func (s *scene) droppedHow() (what, fix string) {
	const dropped = "the server, or something in front of it, dropped the connection, and answers the same request "
	switch {
	case s.reply(withOrigin) != nil:
		return dropped + "at another time, with this Origin too", "see its log for what ends connections now and then (a limit, a crash, a connection that was closed while it was kept open)"
	case s.droppedAgain():
		return dropped + "without Origin", "see its log for a failure (a panic, an exception) that only requests with Origin meet"
	}
	return dropped + "without Origin, at another time: whether it is the Origin is not known, the same request with it would tell", "see its log for a failure (a panic, an exception), which may be one that only requests with Origin meet"
}

// droppedAgain reports that the same request with the page's Origin had its connection dropped once more.
func (s *scene) droppedAgain() bool {
	return slices.ContainsFunc(s.o.FollowUps, func(f probe.FollowUp) bool {
		return f.ID == withOrigin && slices.ContainsFunc([]string{"EOF", "connection reset", "closed"}, func(text string) bool { return strings.Contains(f.Answer.Error, text) })
	})
}

// failure says what a net error means. known is false for those that say nothing.
func failure(netError string) (what, fix string, known bool) {
	name := strings.TrimPrefix(netError, "net::")
	for _, f := range failures {
		if strings.HasPrefix(name, f.prefix) {
			return f.what, f.fix, true
		}
	}
	if name == "" || name == "ERR_FAILED" || name == "ERR_ABORTED" {
		return "the network failed", "see the log of the server", false
	}
	return "the network failed with " + name, "see what the browser's documentation says about " + name, true
}
