package report

import (
	"fmt"
	"strconv"
	"strings"
)

// Title names a result for people: its case, its id where that says more, and its step. It is printable, and unique in a suite as ids are.
func (r Result) Title() string {
	title := r.ID
	if !strings.Contains(r.ID, r.Case) {
		title = r.Case + " (" + r.ID + ")"
	}
	if r.Step > 0 {
		title += fmt.Sprintf(", step %d", r.Step)
	}
	return Printable(title)
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
	return Printable(k.Name + ": want " + k.Want + ", got " + k.Got)
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
