package fetch

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// parseAuthority reads "host" or "host:port" of an HTTP(S) URL.
func parseAuthority(scheme, authority string) (Origin, error) {
	host, port, err := splitPort(authority)
	if err != nil {
		return Origin{}, err
	}
	if host, err = parseHost(host); err != nil {
		return Origin{}, err
	}
	if port, err = parsePort(scheme, port); err != nil {
		return Origin{}, err
	}
	return Origin{Scheme: scheme, Host: host, Port: port}, nil
}

// splitPort separates the port, which may be empty, from the host.
func splitPort(authority string) (host, port string, err error) {
	if strings.HasPrefix(authority, "[") {
		return splitPortIPv6(authority)
	}
	host, port, _ = strings.Cut(authority, ":")
	if strings.Contains(port, ":") {
		return "", "", fmt.Errorf("there is more than one colon in %q: an IPv6 address stands in brackets", authority)
	}
	return host, port, nil
}

func splitPortIPv6(authority string) (host, port string, err error) {
	end := strings.IndexByte(authority, ']')
	if end < 0 {
		return "", "", fmt.Errorf("the bracket of the IPv6 address in %q is not closed", authority)
	}
	host, port = authority[:end+1], authority[end+1:]
	if port != "" && port[0] != ':' {
		return "", "", fmt.Errorf("after the IPv6 address in %q there may be only a port", authority)
	}
	return host, strings.TrimPrefix(port, ":"), nil
}

// parsePort returns a port without leading zeros, or "" for the scheme's default.
func parsePort(scheme, port string) (string, error) {
	if port == "" {
		return "", nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || !isDigits(port) {
		return "", fmt.Errorf("the port %q is not a number from 0 to 65535", port)
	}
	if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
		return "", nil
	}
	return strconv.FormatUint(n, 10), nil
}

// parseHost returns a host as browsers serialise it. It is wider than the
// ABNF of the Origin header, since browsers are: they send "_", ",", "{" and
// more, and so do attackers' pages.
// https://url.spec.whatwg.org/#host-parsing
func parseHost(host string) (string, error) {
	if host == "" {
		return "", fmt.Errorf("there is no host")
	}
	if host[0] == '[' {
		return parseIPv6(host)
	}
	domain, err := decodeDomain(host)
	if err != nil {
		return "", err
	}
	if endsInNumber(domain) {
		return parseIPv4(domain)
	}
	return domain, nil
}

// decodeDomain lower-cases and percent-decodes. Chromium serialises a blank
// and an asterisk in a host as %20 and %2A, so those two stay as they are.
func decodeDomain(host string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(host); i++ {
		c := host[i]
		if c == '%' {
			decoded, err := decodeEscape(host[i:])
			if err != nil {
				return "", err
			}
			i += 2
			if c = decoded; c == ' ' || c == '*' {
				fmt.Fprintf(&b, "%%%X", c)
				continue
			}
		}
		if err := checkDomainByte(host, c); err != nil {
			return "", err
		}
		b.WriteString(byteLower(string(c)))
	}
	return b.String(), nil
}

func decodeEscape(s string) (byte, error) {
	if len(s) >= 3 {
		if n, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
			return byte(n), nil
		}
	}
	return 0, fmt.Errorf("the host has a %% without two hexadecimal digits after it")
}

// checkDomainByte refuses the forbidden domain code points, and an asterisk,
// which the URL Standard allows and no browser is known to send.
// https://url.spec.whatwg.org/#forbidden-domain-code-point
func checkDomainByte(host string, c byte) error {
	switch {
	case c >= 0x80:
		return fmt.Errorf("the host %q is not ASCII: write punycode (xn--…), which is what a browser sends", host)
	case c == '*':
		return fmt.Errorf("the host %q has a \"*\": an origin is one host, not a pattern; list the origins one by one", host)
	case c <= ' ' || c == 0x7F || strings.ContainsRune(`#/:<>?@[\]^|%`, rune(c)):
		return fmt.Errorf("the host %q has a character that no host can have: %q", host, c)
	default:
		return nil
	}
}

// endsInNumber reports whether a browser would read the domain as an IPv4 address.
// https://url.spec.whatwg.org/#ends-in-a-number-checker
func endsInNumber(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	last := domain[strings.LastIndexByte(domain, '.')+1:]
	if isDigits(last) {
		return true
	}
	digits, hex := strings.CutPrefix(last, "0x")
	return hex && strings.Trim(digits, "0123456789abcdef") == ""
}

func parseIPv4(domain string) (string, error) {
	ip, err := netip.ParseAddr(domain)
	if err != nil {
		return "", fmt.Errorf("the host %q ends in a number, so it is an IPv4 address: write it as four decimal numbers, which is what a browser sends", domain)
	}
	return ip.String(), nil
}

// parseIPv6 reads "[…]" and serialises as browsers do, who never write the
// last 32 bits as an IPv4 address. https://url.spec.whatwg.org/#concept-ipv6-serializer
func parseIPv6(host string) (string, error) {
	ip, err := netip.ParseAddr(strings.TrimSuffix(host[1:], "]"))
	if err != nil || !ip.Is6() || ip.Zone() != "" {
		return "", fmt.Errorf("the host %q is not an IPv6 address in brackets", host)
	}
	if ip.Is4In6() {
		b := ip.As16()
		return fmt.Sprintf("[::ffff:%x:%x]", uint16(b[12])<<8|uint16(b[13]), uint16(b[14])<<8|uint16(b[15])), nil
	}
	return "[" + ip.String() + "]", nil
}
