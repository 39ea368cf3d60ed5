package suite

import (
	"errors"
	"fmt"
	"strings"
)

// Texts with references are kept in one form: each "$" of the text itself is written "${$}", so that every other "${NAME}"
// is a reference, and a value from the environment cannot become one.

// piece is a part of a text: literal, or the name of a reference.
type piece struct{ literal, name string }

// splitReferences splits a text as users write it. "$${" is a literal "${".
func splitReferences(text string) ([]piece, error) {
	var pieces []piece
	literal := ""
	for {
		i := strings.Index(text, "${")
		if i < 0 {
			break
		}
		if i > 0 && text[i-1] == '$' {
			literal += text[:i-1] + "${"
			text = text[i+2:]
			continue
		}
		end := strings.IndexByte(text[i:], '}')
		if end < 0 {
			return nil, fmt.Errorf("the reference %s is not closed", quoted(text[i:]))
		}
		if end == len("${") {
			return nil, errors.New("the reference ${} has no name")
		}
		if literal += text[:i]; literal != "" {
			pieces = append(pieces, piece{literal: literal})
		}
		pieces = append(pieces, piece{name: text[i+2 : i+end]})
		literal, text = "", text[i+end+1:]
	}
	if literal += text; literal != "" {
		pieces = append(pieces, piece{literal: literal})
	}
	return pieces, nil
}

// kept is the form in which texts with references are kept.
func kept(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.name != "" {
			b.WriteString("${" + p.name + "}")
		} else {
			b.WriteString(keptLiteral(p.literal))
		}
	}
	return b.String()
}

func keptLiteral(text string) string { return strings.ReplaceAll(text, "$", "${$}") }

// expand fills in a kept text. A name for which value has nothing is an error.
func expand(text string, value func(name string) (string, bool)) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, _ := strings.Cut(rest, "}")
		text = after
		if name == "$" {
			b.WriteString("$")
			continue
		}
		v, ok := value(name)
		if !ok {
			return "", &UnknownAPIError{Name: name}
		}
		b.WriteString(v)
	}
}

// UnknownAPIError says that a reference names an API of which no origin is given: it is not in the suite, or it could not be started.
type UnknownAPIError struct{ Name string }

func (e *UnknownAPIError) Error() string {
	return fmt.Sprintf("no origin is given for the API %q", e.Name)
}

// plainText is a kept text without references as it stands in the file's meaning.
func plainText(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.name != "" {
			b.WriteString("${" + p.name + "}")
		} else {
			b.WriteString(p.literal)
		}
	}
	return b.String()
}
