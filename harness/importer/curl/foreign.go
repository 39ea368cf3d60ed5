package curl

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/corsproof/corsproof/harness/importer"
)

const asBash = `in DevTools choose "Copy as cURL (bash)"`

// languages are what DevTools and people copy instead of a shell command, by how it begins.
var languages = []struct{ begins, is string }{
	{"fetch(", "JavaScript (Copy as fetch)"},
	{"await fetch(", "JavaScript (Copy as Node.js fetch)"},
	{"$session = ", "PowerShell"},
	{"invoke-webrequest", "PowerShell"},
	{"invoke-restmethod", "PowerShell"},
	{"iwr ", "PowerShell"},
	{"irm ", "PowerShell"},
	{"{", "JSON: a Postman collection or a HAR is a file to name, --postman or --har"},
}

// foreign is a Problem for a text in another language than the shell's, or nil.
func foreign(src *importer.Text) *importer.Problem {
	from := len(src.String()) - len(strings.TrimLeft(src.String(), " \t\r\n"))
	line, _, _ := strings.Cut(src.String()[from:], "\n")
	for _, l := range languages {
		if strings.HasPrefix(strings.ToLower(line), l.begins) {
			return src.Problem(from, from+len(l.begins), "this is no curl command but "+l.is, asBash)
		}
	}
	return nil
}

// windowsQuoting is a Problem for a command quoted for Windows' cmd, which has carets, or nil.
func windowsQuoting(src *importer.Text, words []*syntax.Word) *importer.Problem {
	if len(words) > 0 && strings.HasSuffix(strings.ToLower(words[0].Lit()), "curl.exe") {
		return src.Problem(offset(words[0].Pos()), offset(words[0].End()), "curl.exe is Windows' curl, quoted for cmd or PowerShell", asBash+", or write curl and quote for sh")
	}
	for _, w := range words {
		first, ok := w.Parts[0].(*syntax.Lit)
		if ok && (first.Value == "^" || first.Value == `^\^`) {
			return src.Problem(offset(w.Pos()), offset(w.Pos())+1, `this is quoted for Windows' cmd ("Copy as cURL (cmd)")`, asBash)
		}
	}
	return nil
}

// looksLikeCmd reports whether a text that no shell understands is quoted for Windows' cmd.
func looksLikeCmd(text string) bool {
	return strings.Contains(text, `^"`) || strings.Contains(text, "^\n") || strings.Contains(text, `^\^"`)
}
