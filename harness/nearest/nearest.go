// Package nearest finds what somebody meant to write.
package nearest

import (
	"fmt"
	"strings"
)

// Hint returns `; did you mean "good"?` for the known word that is nearest to
// a mistyped one, and "" where none is near.
func Hint(word string, known []string) string {
	best, limit := "", 1+len(word)/3
	for _, candidate := range known {
		if d := Distance(strings.ToLower(word), strings.ToLower(candidate)); d <= limit {
			best, limit = candidate, d-1
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// Distance is Levenshtein's: how many bytes must be changed, put in or taken out to make b of a.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
