package repro

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// secretWords tell a secret wherever they stand in a name. An author is none.
	secretWords = regexp.MustCompile(`auth($|[^o]|o($|[^r])|ori[sz])|token|secret|passw|passphrase|pwd|session|credential|signature|apikey|bearer|key$|keyid$`)
	// secretParts do so where they are a word of their own.
	secretParts = regexp.MustCompile(`(^|[^a-z0-9])(pass|sid|sig|jwt|otp|pin|[cx]srf)([^a-z0-9]|$)`)
	joint       = regexp.MustCompile(`[^a-z0-9]+`)
	// nameBefore is a name, in JSON or YAML, in XML, or as in a query, and the variable that stands for its value.
	nameBefore = regexp.MustCompile(`(//)?([A-Za-z0-9][A-Za-z0-9_\-]*)(?:\\?["'])?\s*[:=>][\s"'\\\[]*(\$\{env\.)?`)
)

// public are names that sound like a secret's, of values that everybody may know, in lower case.
var public = []string{"www-authenticate", "proxy-authenticate", "idempotency-key"}

// IsSecret reports whether the values of headers, query parameters and fields of a name are likely to be secret, by
// words in the name: key, auth, token, secret, password, session, credential, signature and the like.
func IsSecret(name string) bool {
	name = strings.ToLower(name)
	if slices.Contains(public, name) || strings.HasPrefix(name, "access-control-") {
		return false
	}
	return secretWords.MatchString(joint.ReplaceAllString(name, "")) || secretParts.MatchString(name)
}

// SecretNames are the names in a text that [IsSecret] and have a value after them, each once, as they stand there. A
// value that a suite takes from the environment does not count, and neither does the host in a URL.
func SecretNames(text string) []string {
	var names []string
	for _, m := range nameBefore.FindAllStringSubmatch(text, -1) {
		host, name, variable := m[1] != "", m[2], m[3] != ""
		if !host && !variable && IsSecret(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
