package cli

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/repro"
	"github.com/corsproof/corsproof/harness/suite"
)

// variables are the environment variables that stand in a saved suite for what must not be in a file.
type variables struct{ list []secret }

// secret is a value, the variable that stands for it, and what it is in words.
type secret struct{ variable, value, what string }

// secret is [suite.Draft.Secret].
func (v *variables) secret(place suite.DraftPlace, name, value string) string {
	base, what := name, "the value of the "+string(place)+" "+name
	switch {
	case place == suite.DraftCookie:
		base = "COOKIE_" + name
	case !repro.IsSecret(name):
		return ""
	case place == suite.DraftHeader:
		what = "the whole header " + name + scheme(value)
	}
	return v.of(variable(base), value, what)
}

// scheme shows how the value of an Authorization header begins, where that is no secret.
func scheme(value string) string {
	word, _, ok := strings.Cut(value, " ")
	if ok && slices.Contains([]string{"basic", "bearer", "digest", "token"}, strings.ToLower(word)) {
		return ", such as " + word + " …"
	}
	return ""
}

// of is the variable of a value: the one that has it, or a new one.
func (v *variables) of(base, value, what string) string {
	for n := 0; ; n++ {
		name := base
		if n > 0 {
			name += "_" + number(n)
		}
		i := slices.IndexFunc(v.list, func(s secret) bool { return s.variable == name })
		if i < 0 {
			if n > 0 {
				what += " (another than " + base + " has; the file shows of which request)"
			}
			v.list = append(v.list, secret{name, value, what})
			return name
		}
		if v.list[i].value == value {
			return name
		}
	}
}

// variable is a name as environment variables have them.
func variable(name string) string {
	return "CORSPROOF_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}
