package curl

import (
	"fmt"
	"path"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
)

// MaxText is the most that Parse reads, in bytes. Linux takes no argument
// longer than half of it, so longer commands name a file.
const MaxText = 256 << 10

// maxBrackets bounds the depth of what the shell's parser recurses into.
const maxBrackets = 10_000

// maxProblems is how many mistakes are enough to stop at.
const maxProblems = 100

// Config says where commands come from. The zero value is for pasted text that names no files.
type Config struct {
	// Name stands before line and column in messages; "" for pasted text.
	Name string
	// ReadFile reads the files that a command names, as os.ReadFile does; "-"
	// is the standard input. Nil refuses them.
	ReadFile func(name string) ([]byte, error)
}

// Parse reads the curl commands of a shell text, in order. Several URLs, and
// --next, are several requests. The error joins [*importer.Problem]; what had none is returned beside it.
func Parse(text string, cfg Config) ([]importer.Imported, error) {
	if everyLineEndsInCRLF(text) {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	src := importer.NewText(cfg.Name, text)
	if p := unreadable(src); p != nil {
		return nil, p
	}
	commands, problems := split(src)
	return read(src, cfg, commands, problems)
}

// Args reads one curl command whose words a shell has already told apart, with or
// without the word curl. Positions are those in the command written as one line.
func Args(args []string, cfg Config) ([]importer.Imported, error) {
	if len(args) == 0 || !isCurl(args[0]) {
		args = append([]string{"curl"}, args...)
	}
	var line strings.Builder
	words := make([]word, len(args))
	for i, arg := range args {
		if i > 0 {
			line.WriteByte(' ')
		}
		from := line.Len()
		line.WriteString(quote(arg))
		words[i] = word{text: arg, from: from, to: line.Len()}
	}
	return read(importer.NewText(cfg.Name, line.String()), cfg, []command{{words: words}}, nil)
}

// quote makes a word of a message that can be told apart from its neighbours.
func quote(arg string) string {
	if arg == "" || strings.ContainsAny(arg, " \t\n'\"") {
		return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	return arg
}

func read(src *importer.Text, cfg Config, commands []command, problems []*importer.Problem) ([]importer.Imported, error) {
	var list []importer.Imported
	for _, c := range commands {
		if len(problems) >= maxProblems {
			break
		}
		requests, errs := c.requests(src, cfg)
		list, problems = append(list, requests...), append(problems, errs...)
	}
	if len(commands) == 0 && len(problems) == 0 {
		problems = append(problems, src.Problem(0, len(src.String()), "there is no curl command here", "a command begins with the word curl"))
	}
	return list, importer.Join(problems)
}

// everyLineEndsInCRLF reports whether a text has Windows' line ends, rather than a CR that belongs to a body.
func everyLineEndsInCRLF(text string) bool {
	return strings.Contains(text, "\n") && strings.Count(text, "\n") == strings.Count(text, "\r\n")
}

// unreadable is what keeps a text from being read at all, or nil.
func unreadable(src *importer.Text) *importer.Problem {
	const file = "put the body into a file and name it with --data-binary @FILE"
	if len(src.String()) > MaxText {
		return src.Problem(0, 1, fmt.Sprintf("the text has %d bytes, and %d are the limit", len(src.String()), MaxText), file)
	}
	brackets := 0
	for i := range len(src.String()) {
		switch src.String()[i] {
		case 0:
			return src.Problem(i, i+1, "a shell reads no NUL", file)
		case '(', '[', '{', '`':
			if brackets++; brackets > maxBrackets {
				return src.Problem(i, i+1, fmt.Sprintf("more than %d brackets are too many", maxBrackets), file)
			}
		}
	}
	return foreign(src)
}

// isCurl reports whether a word runs curl.
func isCurl(word string) bool { return path.Base(word) == "curl" }
