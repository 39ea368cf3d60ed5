package nearest_test

import (
	"testing"

	"github.com/corsproof/corsproof/harness/nearest"
)

func TestHint(t *testing.T) {
	known := []string{"allowedHeaders", "allowedMethods", "allowedOrigins", "maxAge"}
	cases := []struct{ name, word, want string }{
		{"a letter is missing", "alowedOrigins", `; did you mean "allowedOrigins"?`},
		{"two letters are swapped", "mxaAge", `; did you mean "maxAge"?`},
		{"the case differs", "MAXAGE", `; did you mean "maxAge"?`},
		{"the ending differs", "allowedOrigin", `; did you mean "allowedOrigins"?`},
		{"nothing is near", "cookies", ""},
		{"the word is empty", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := nearest.Hint(c.word, known); got != c.want {
				t.Errorf("Hint(%q) = %q, want %q", c.word, got, c.want)
			}
		})
	}
}
