package apim

import (
	"net/url"
	"strings"

	"github.com/corsproof/corsproof/harness/rawhttp"
)

// api returns the API of a request, that of the longest path first, and the path below its suffix.
func (g *gateway) api(r *rawhttp.Request, query url.Values) (*compiledAPI, string) {
	var best *compiledAPI
	var rest string
	for _, a := range g.apis {
		below, ok := a.below(r.Path())
		if ok && a.isVersion(r, query) && (best == nil || len(a.config.Path) > len(best.config.Path)) {
			best, rest = a, below
		}
	}
	return best, rest
}

// below cuts the API's suffix off a path.
func (a *compiledAPI) below(path string) (string, bool) {
	if a.config.Path == "" {
		return path, true
	}
	rest, ok := strings.CutPrefix(path, "/"+a.config.Path)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	if rest == "" {
		rest = "/"
	}
	return rest, true
}

// isVersion reports whether the request asks for the API's version, if it has one.
func (a *compiledAPI) isVersion(r *rawhttp.Request, query url.Values) bool {
	switch {
	case a.config.VersionHeader != "":
		got, _ := r.Headers.Get(a.config.VersionHeader)
		return got == a.config.Version
	case a.config.VersionQuery != "":
		return query.Get(a.config.VersionQuery) == a.config.Version
	}
	return true
}

// match returns the operation for a method and a path: of several, the one with
// the most literal segments. known says that there is one for another method at least.
func (a *compiledAPI) match(method, path string) (best *compiledOperation, known bool) {
	most := -1
	for i, o := range a.operations {
		literal, ok := matchTemplate(o.config.Template, path)
		if !ok {
			continue
		}
		known = true
		if o.config.Method == method && literal > most {
			best, most = &a.operations[i], literal
		}
	}
	return best, known
}

// matchTemplate compares a path with a template, segment by segment, and counts the literal ones.
func matchTemplate(template, path string) (literal int, ok bool) {
	wanted, got := strings.Split(template, "/"), strings.Split(path, "/")
	for i, w := range wanted {
		switch {
		case w == "*" && i == len(wanted)-1:
			return literal, len(got) >= i
		case i >= len(got):
			return 0, false
		case strings.HasPrefix(w, "{") && strings.HasSuffix(w, "}"):
			if got[i] == "" {
				return 0, false
			}
		case !strings.EqualFold(w, got[i]):
			return 0, false
		default:
			literal++
		}
	}
	return literal, len(got) == len(wanted)
}
