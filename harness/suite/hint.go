package suite

import (
	"strings"

	"github.com/corsproof/corsproof/harness/nearest"
)

// The most words that a hint lists, and the longest word that can be a misspelling of one, in bytes.
const (
	maxListed  = 24
	maxMistype = 64
)

// didYouMean returns `did you mean "mode"?` for the known word that is nearest to a mistyped one, or else
// `there are a, b, c` as long as that is a short list, or "".
func didYouMean(word string, known []string) string {
	if len(word) <= maxMistype {
		if hint := nearest.Hint(word, known); hint != "" {
			return strings.TrimPrefix(hint, "; ")
		}
	}
	switch {
	case len(known) == 0 || len(known) > maxListed:
		return ""
	case len(known) == 1:
		return "there is only " + known[0]
	}
	return "there are " + strings.Join(known, ", ")
}
