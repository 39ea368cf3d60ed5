package curl

import "strings"

// option is one of curl's options.
type option struct {
	name  string
	takes bool // a value follows
	// set carries it out; nil for one that does not change the request.
	set func(*transfer, word)
	// refuse says why a command with this option cannot be imported; "" for all others.
	refuse string
	// unset carries out its --no- form, or is nil.
	unset func(*transfer)
}

// shorts are the one-letter names. https://curl.se/docs/manpage.html
var shorts = map[byte]string{
	'0': "http1.0", '1': "tlsv1", '2': "sslv2", '3': "sslv3", '4': "ipv4", '6': "ipv6", ':': "next", '#': "progress-bar",
	'A': "user-agent", 'B': "use-ascii", 'C': "continue-at", 'D': "dump-header", 'E': "cert", 'F': "form", 'G': "get",
	'H': "header", 'I': "head", 'J': "remote-header-name", 'K': "config", 'L': "location", 'M': "manual", 'N': "no-buffer",
	'O': "remote-name", 'P': "ftp-port", 'Q': "quote", 'R': "remote-time", 'S': "show-error", 'T': "upload-file",
	'U': "proxy-user", 'V': "version", 'X': "request", 'Y': "speed-limit", 'Z': "parallel",
	'a': "append", 'b': "cookie", 'c': "cookie-jar", 'd': "data", 'e': "referer", 'f': "fail", 'g': "globoff", 'h': "help",
	'i': "include", 'j': "junk-session-cookies", 'k': "insecure", 'l': "list-only", 'm': "max-time", 'n': "netrc", 'o': "output",
	'p': "proxytunnel", 'q': "disable", 'r': "range", 's': "silent", 't': "telnet-option", 'u': "user", 'v': "verbose",
	'w': "write-out", 'x': "proxy", 'y': "speed-time", 'z': "time-cond",
}

// harmless are the options that do not change what the request says, without and with a value.
const (
	harmlessFlags = `abstract append basic ca-native cert-status compressed-ssh create-dirs crlf disable disable-eprt disable-epsv
		disallow-username-in-url doh-cert-status doh-insecure fail fail-early fail-with-body false-start form-escape
		ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control ftp-ssl-reqd haproxy-protocol http0.9 http1.0 http1.1 http2
		http2-prior-knowledge http3 http3-only ignore-content-length include ipv4 ipv6 junk-session-cookies list-only
		mail-rcpt-allowfails metalink mptcp no-alpn no-buffer no-clobber no-keepalive no-npn no-progress-meter no-sessionid
		out-null parallel parallel-immediate path-as-is post301 post302 post303 progress-bar progress-meter proxy-anyauth proxy-basic proxy-ca-native
		proxy-digest proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert
		proxy-tlsv1 proxytunnel raw remote-header-name remote-name remote-name-all remote-time remove-on-error
		retry-all-errors retry-connrefused sasl-ir show-error show-headers silent skip-existing socks5-basic socks5-gssapi socks5-gssapi-nec ssl
		ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3 styled-output
		suppress-connect-headers tcp-fastopen tcp-nodelay tftp-no-options tls-earlydata tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3
		tr-encoding trace-ids trace-time use-ascii verbose xattr buffer clobber keepalive sessionid alpn npn`
	harmlessValues = `alt-svc capath cert-type ciphers connect-timeout continue-at cookie-jar create-file-mode crlfile curves
		delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-ca-embed dump-header ech egd-file engine etag-save
		expect100-timeout ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms
		haproxy-clientip hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key-type krb libcurl
		limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time noproxy output output-dir
		parallel-max parallel-max-host pass pinnedpubkey proto proto-redir proxy-cacert proxy-capath proxy-cert proxy-cert-type
		proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name
		proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user pubkey quote random-file rate
		retry retry-delay retry-max-time sasl-authzid service-name sigalgs socks5-gssapi-service speed-limit speed-time
		stderr telnet-option tftp-blksize tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config
		upload-flags vlan-priority write-out`
)

// left are the options that are left out with a warning, without and with a value.
var (
	leftFlags = map[string]string{
		"anyauth":        "without a challenge to answer, the request goes without Authorization",
		"digest":         "a browser answers a Digest challenge only by asking its user: the request goes without Authorization",
		"negotiate":      "a browser answers it only by its own settings: the request goes without Authorization",
		"ntlm":           "a browser answers it only by its own settings: the request goes without Authorization",
		"ntlm-wb":        "a browser answers it only by its own settings: the request goes without Authorization",
		"netrc":          "the password file is not read: give user and password with -u",
		"netrc-optional": "the password file is not read: give user and password with -u",
	}
	leftValues = map[string]string{
		"aws-sigv4":       "the request goes without that signature",
		"cacert":          "corsproof and the browser trust what the system trusts",
		"cert":            "a page cannot choose a client certificate",
		"connect-to":      "names are resolved as usual",
		"etag-compare":    "If-None-Match is not sent",
		"key":             "a page cannot choose a client certificate",
		"netrc-file":      "the password file is not read: give user and password with -u",
		"preproxy":        "the request goes without a proxy",
		"proto-default":   "a URL without scheme is http",
		"proxy":           "the request goes without a proxy",
		"proxy1.0":        "the request goes without a proxy",
		"resolve":         "names are resolved as usual",
		"socks4":          "the request goes without a proxy",
		"socks4a":         "the request goes without a proxy",
		"socks5":          "the request goes without a proxy",
		"socks5-hostname": "the request goes without a proxy",
		"time-cond":       "If-Modified-Since is not sent",
	}
	// authentication are those of leftFlags that replace Basic.
	authentication = "anyauth digest negotiate ntlm ntlm-wb"
)

// refused are the options that make another request, which cannot be known here.
var refused = map[string]struct {
	takes bool
	why   string
}{
	"abstract-unix-socket": {true, "a browser connects to no socket of the file system"},
	"config":               {true, "options in a file are not read: write them into the command"},
	"help":                 {false, "there is no request"},
	"manual":               {false, "there is no request"},
	"request-target":       {true, "a browser asks for nothing but the URL"},
	"unix-socket":          {true, "a browser connects to no socket of the file system"},
	"variable":             {true, "curl's own variables are not read: write the values into the command"},
	"version":              {false, "there is no request"},
}

// options are all of curl's options by their long names.
var options = allOptions()

func allOptions() map[string]option {
	all := map[string]option{}
	add := func(o option) { all[o.name] = o }
	for _, name := range strings.Fields(harmlessFlags) {
		add(option{name: name})
	}
	for _, name := range strings.Fields(harmlessValues) {
		add(option{name: name, takes: true})
	}
	for name, why := range leftFlags {
		add(option{name: name, set: func(t *transfer, _ word) { t.leave(name, why) }})
	}
	for name, why := range leftValues {
		add(option{name: name, takes: true, set: func(t *transfer, _ word) { t.leave(name, why) }})
	}
	for name, r := range refused {
		add(option{name: name, takes: r.takes, refuse: r.why})
	}
	for _, o := range effective {
		add(o)
	}
	return all
}
