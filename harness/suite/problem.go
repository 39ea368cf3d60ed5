package suite

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Position is a place in a suite file. Lines and columns count from 1, columns in characters.
type Position struct {
	File      string
	Line, Col int
}

// String is "file:line:col", or only the file where there is no line.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Problem is one mistake in a suite.
type Problem struct {
	// File is as it was given to [Load], or as an include names it. Line and Col are as in [Position];
	// they are 0 where the file as a whole is the mistake.
	File      string
	Line, Col int
	// Path is the way to the place from the top of the file: "cases[2].request.mode", counted from 0.
	Path string
	// What is wrong, and Hint what to do about it (`did you mean "cors"?`), or "".
	What, Hint string
	// Source is the line of the file at Line, or "".
	Source string

	// structural is set where the JSON Schema, too, knows the mistake.
	structural bool
}

// Error is the problem in one line: `orders.yaml:3:5: what; hint`.
func (p *Problem) Error() string {
	text := p.position().String() + ": " + p.What
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	return text
}

func (p *Problem) position() Position { return Position{p.File, p.Line, p.Col} }

// maxShown is how much of a source line is shown, in characters.
const maxShown = 100

// Render shows the problem with its line and a caret under the column, in plain text of several lines:
//
//	orders.yaml:3:5: there is no field "moed" in a request
//	    3 |     moed: cors
//	      |     ^ did you mean "mode"?
func (p *Problem) Render() string {
	head, hint := harmless(p.position().String()+": "+p.What)+"\n", harmless(p.Hint)
	if p.Line == 0 || p.Source == "" {
		if hint == "" {
			return head
		}
		return head + "      " + hint + "\n"
	}
	shown, indent := excerpt(p.Source, p.Col)
	caret := indent + "^"
	if hint != "" {
		caret += " " + hint
	}
	return head + fmt.Sprintf("%5d | %s\n      | %s\n", p.Line, shown, caret)
}

// excerpt is what of a line is shown around a column, and the blanks that put a caret under that column.
func excerpt(line string, col int) (shown, indent string) {
	chars := []rune(line)
	at := min(max(col-1, 0), len(chars))
	if at > maxShown/2 && len(chars) > maxShown {
		start := min(at-maxShown/2, len(chars)-maxShown)
		chars, at = append([]rune("…"), chars[start:]...), at-start+1
	}
	if len(chars) > maxShown {
		chars = append(slices.Clone(chars[:maxShown]), '…')
	}
	blanks := strings.Map(func(c rune) rune {
		if c == '\t' {
			return c
		}
		return ' '
	}, string(chars[:at]))
	return harmless(string(chars)), blanks
}

// harmless has nothing in it that can garble a terminal: a file's name may.
func harmless(text string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) && c != '\t' {
			return '�'
		}
		return c
	}, text)
}

// Problems returns every problem in an error that [Load] returned, in order.
func Problems(err error) []*Problem {
	var list problems
	if errors.As(err, &list) {
		return list
	}
	var one *Problem
	if errors.As(err, &one) {
		return []*Problem{one}
	}
	return nil
}

// problems is the joined error.
type problems []*Problem

// Error is one line for each problem.
func (l problems) Error() string {
	lines := make([]string, len(l))
	for i, p := range l {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap makes errors.As and errors.Is look at each problem.
func (l problems) Unwrap() []error {
	list := make([]error, len(l))
	for i, p := range l {
		list[i] = p
	}
	return list
}

// maxProblems bounds how many are kept: a file that is no suite at all could have one a line.
const maxProblems = 1000

// collector gathers the problems of a load, each once.
type collector struct {
	list problems
	seen map[Problem]bool
	more int
}

func (c *collector) add(p Problem) {
	key := Problem{File: p.File, Line: p.Line, Col: p.Col, What: p.What}
	if c.seen[key] {
		return
	}
	if len(c.list) == maxProblems {
		c.more++
		return
	}
	if c.seen == nil {
		c.seen = map[Problem]bool{}
	}
	c.seen[key] = true
	c.list = append(c.list, &p)
}

// err is nil, or all problems: by file in the order in which the files were read, and by place.
func (c *collector) err(files []string) error {
	if len(c.list) == 0 {
		return nil
	}
	slices.SortStableFunc(c.list, func(a, b *Problem) int {
		if a.File != b.File {
			return slices.Index(files, a.File) - slices.Index(files, b.File)
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	if c.more > 0 {
		last := c.list[len(c.list)-1]
		c.list = append(c.list, &Problem{File: last.File, What: fmt.Sprintf("and %d more problems, which are not kept", c.more)})
	}
	return c.list
}
