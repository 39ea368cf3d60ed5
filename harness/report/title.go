package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/corsproof/corsproof/harness/printable"
)

// Title names a result for people: its case, what its id says beside the case's name (suite, values of the matrix), and its
// step. It is printable, and unique in a suite as ids are.
func (r Result) Title() string {
	title, id := r.Case, r.ID
	if r.Step > 0 {
		id = strings.TrimSuffix(id, fmt.Sprintf("#%d", r.Step))
	}
	if rest := besideName(id, r.Case); rest != "" {
		title += " (" + rest + ")"
	}
	if r.Step > 0 {
		title += fmt.Sprintf(", step %d", r.Step)
	}
	return printable.Text(title)
}

// besideName is an id without the part that is the case's name in another spelling.
func besideName(id, name string) string {
	parts := strings.Split(id, "/")
	for i, part := range parts {
		if w := lettersOf(part); w != "" && (w == lettersOf(name) || len(part) > longSlug && strings.HasPrefix(lettersOf(name), w)) {
			return strings.Join(slices.Delete(parts, i, i+1), "/")
		}
	}
	return id
}

// longSlug is how long the part of an id may be that is a name in full; longer names are cut.
const longSlug = 70

// lettersOf is a text without all that an id may have in another way.
func lettersOf(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '~' {
			return unicode.ToLower(c)
		}
		return -1
	}, text)
}

// Failed are the checks that did not pass.
func (r Result) Failed() []Check {
	var list []Check
	for _, k := range r.Checks {
		if !k.Pass {
			list = append(list, k)
		}
	}
	return list
}

// String is a check in one line: "status: want 200, got 401". It is printable.
func (k Check) String() string {
	return printable.Text(k.Name + ": want " + k.Want + ", got " + k.Got)
}

// Place is a position in a file. Line and Column count from 1; 0 is not known.
type Place struct {
	File         string
	Line, Column int
}

// ParsePlace reads "file:line:col", "file:line" or "file"; the file may have colons of its own.
func ParsePlace(at string) Place {
	var numbers []int
	file := at
	for len(numbers) < 2 {
		i := strings.LastIndexByte(file, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(file[i+1:])
		if err != nil || n < 1 {
			break
		}
		file, numbers = file[:i], append([]int{n}, numbers...)
	}
	numbers = append(numbers, 0, 0)
	return Place{file, numbers[0], numbers[1]}
}

// Place is where a reader should look: at the first check that did not pass, else at the case.
func (r Result) Place() Place {
	for _, k := range r.Failed() {
		if k.At != "" {
			return ParsePlace(k.At)
		}
	}
	return ParsePlace(r.At)
}
