package apim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// validateJWT is a validate-jwt policy. Tokens must be signed with HS256 by one of the keys.
type validateJWT struct {
	header, query, scheme string
	status                int
	message               string // empty: what the check says
	keys                  [][]byte
	audiences, issuers    []string
	wantsExpiry           expression
}

func (c *compiler) validateJWT(e *element) step {
	v := &validateJWT{
		status:      c.number(e, "failed-validation-httpcode", 401, 400),
		audiences:   e.child("audiences").texts("audience"),
		issuers:     e.child("issuers").texts("issuer"),
		wantsExpiry: c.truth(e, "require-expiration-time", true),
	}
	v.header, _ = e.attr("header-name")
	v.query, _ = e.attr("query-parameter-name")
	v.scheme, _ = e.attr("require-scheme")
	v.message, _ = e.attr("failed-validation-error-message")
	if (v.header == "") == (v.query == "") {
		c.report(e, "header-name or query-parameter-name must be given, and not both")
	}
	for _, child := range e.children {
		if !slices.Contains([]string{"issuer-signing-keys", "audiences", "issuers"}, child.name) {
			c.report(child, "this element of validate-jwt is not emulated: keys stand in issuer-signing-keys")
		}
	}
	for _, text := range e.child("issuer-signing-keys").texts("key") {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			c.report(e, "issuer-signing-keys: a key is not base64: %w", err)
		}
		v.keys = append(v.keys, key)
	}
	if len(v.keys) == 0 {
		c.report(e, "issuer-signing-keys: there is no key")
	}
	return v
}

// run refuses a request without a valid token.
func (v *validateJWT) run(x *exchange) verdict {
	message := v.check(x)
	if message == "" {
		return verdict{}
	}
	if v.message != "" {
		message = v.message
	}
	return verdict{err: &gatewayError{status: v.status, message: message}}
}

// claims are those of a token that are looked at.
type claims struct {
	Issuer   string          `json:"iss"`
	Audience json.RawMessage `json:"aud"`
	Expires  *float64        `json:"exp"`
}

// What a refused request is told. The second is a stand-in for the words of the gateway's library.
const (
	noToken  = "JWT not present."
	badToken = "Invalid JWT."
)

// check returns what is wrong with the request's token, or "".
func (v *validateJWT) check(x *exchange) string {
	token := v.token(x)
	if token == "" {
		return noToken
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 || !v.isSigned(parts) {
		return badToken
	}
	var c claims
	if err := decodePart(parts[1], &c); err != nil {
		return badToken
	}
	wantsExpiry, _ := isTrue(v.wantsExpiry(x))
	switch {
	case c.Expires == nil && wantsExpiry,
		c.Expires != nil && !x.now().Before(time.Unix(int64(*c.Expires), 0)),
		len(v.issuers) > 0 && !slices.Contains(v.issuers, c.Issuer),
		len(v.audiences) > 0 && !c.isFor(v.audiences):
		return badToken
	}
	return ""
}

// token is what the request has, without its scheme.
func (v *validateJWT) token(x *exchange) string {
	if v.query != "" {
		query, _ := url.ParseQuery(x.request.Query()) // what is malformed is no token
		return query.Get(v.query)
	}
	value, _ := x.request.Headers.Get(v.header)
	scheme, token, found := strings.Cut(value, " ")
	if !found && v.scheme == "" {
		return value
	}
	if v.scheme != "" && !strings.EqualFold(scheme, v.scheme) {
		return ""
	}
	return strings.TrimSpace(token)
}

func (v *validateJWT) isSigned(parts []string) bool {
	var header struct {
		Algorithm string `json:"alg"`
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || decodePart(parts[0], &header) != nil || header.Algorithm != "HS256" {
		return false
	}
	return slices.ContainsFunc(v.keys, func(key []byte) bool {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(parts[0] + "." + parts[1]))
		return hmac.Equal(mac.Sum(nil), signature)
	})
}

func decodePart(part string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// isFor reports whether the audience, a text or a list of them, is one of those.
func (c claims) isFor(audiences []string) bool {
	var list []string
	if json.Unmarshal(c.Audience, &list) != nil {
		var one string
		if json.Unmarshal(c.Audience, &one) != nil {
			return false
		}
		list = []string{one}
	}
	return slices.ContainsFunc(list, func(a string) bool { return slices.Contains(audiences, a) })
}
