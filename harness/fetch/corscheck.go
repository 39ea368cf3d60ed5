package fetch

import (
	"fmt"
	"strings"
)

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
)

// CORSCheck is the CORS check of a response to a request of that origin and
// credentials mode. It returns all violations where the Standard stops at the
// first, in the Standard's order, and nil when the check succeeds. An origin
// that redirects tainted is the opaque one.
// https://fetch.spec.whatwg.org/#concept-cors-check
func CORSCheck(origin Origin, credentials CredentialsMode, headers HeaderList) []Violation {
	var violations []Violation
	if v := checkAllowOrigin(origin, credentials, headers.Values(allowOrigin)); v != nil {
		violations = append(violations, *v)
	}
	if v := checkAllowCredentials(credentials, headers.Values(allowCredentials)); v != nil {
		violations = append(violations, *v)
	}
	return violations
}

// checkAllowOrigin checks Access-Control-Allow-Origin, given the values of its lines.
func checkAllowOrigin(origin Origin, credentials CredentialsMode, lines []string) *Violation {
	want := origin.String()
	v := &Violation{Header: allowOrigin, Got: lines, Want: want}
	switch {
	case len(lines) == 0:
		v.Step, v.Why = AllowOriginMissing, "the response does not have the header"
	case len(lines) == 1 && lines[0] == want:
		return nil
	case len(lines) == 1 && lines[0] == "*" && credentials != Include:
		return nil
	case len(lines) == 1 && lines[0] == "*":
		v.Step, v.Why = AllowOriginWildcard, `"*" does not allow a request whose credentials mode is include`
	case len(lines) > 1:
		v.Step, v.Why = AllowOriginMultiple, fmt.Sprintf("the header stands there %d times, and only one value is allowed", len(lines))
	case strings.Contains(lines[0], ","):
		v.Step, v.Why = AllowOriginMultiple, "the header has several values, and only one is allowed"
	case lines[0] == "null":
		v.Step, v.Why = AllowOriginNull, `"null" allows opaque origins only`
	default:
		v.Step, v.Why = AllowOriginMismatch, originDifference(lines[0], origin)
	}
	return v
}

// originDifference says in what a value differs from the origin that it should be.
func originDifference(got string, origin Origin) string {
	want := origin.String()
	switch {
	case got == "":
		return "the value is empty"
	case strings.TrimRight(got, "/") == want:
		return "an origin has no trailing slash"
	case byteEqualFold(got, want):
		return "the case differs, and origins are compared byte for byte"
	case origin.IsOpaque():
		return `the request's origin is opaque, which serialises to "null"`
	}
	other, err := ParseOrigin(got)
	if err != nil {
		return "it is not an origin: " + err.Error()
	}
	if other == origin {
		return fmt.Sprintf("it is not written as browsers write it: %q", origin)
	}
	return "the " + strings.Join(differingParts(other, origin), ", the ") + " differs"
}

func differingParts(a, b Origin) []string {
	var parts []string
	if a.Scheme != b.Scheme {
		parts = append(parts, "scheme")
	}
	if a.Host != b.Host {
		parts = append(parts, "host")
	}
	if a.Port != b.Port {
		parts = append(parts, "port")
	}
	return parts
}

// checkAllowCredentials checks Access-Control-Allow-Credentials, given the values of its lines.
func checkAllowCredentials(credentials CredentialsMode, lines []string) *Violation {
	if credentials != Include || len(lines) == 1 && lines[0] == "true" {
		return nil
	}
	v := &Violation{Step: AllowCredentials, Header: allowCredentials, Got: lines, Want: "true"}
	switch {
	case len(lines) == 0:
		v.Why = "the response does not have the header, and the request's credentials mode is include"
	case len(lines) > 1:
		v.Why = fmt.Sprintf("the header stands there %d times, which is as good as another value", len(lines))
	case byteEqualFold(lines[0], "true"):
		v.Why = `only "true" in lower case counts`
	default:
		v.Why = `only "true" counts`
	}
	return v
}
