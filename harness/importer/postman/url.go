package postman

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/importer/internal/located"
)

// address is a URL in parts.
type address struct {
	Raw      text
	Protocol text
	Host     words
	Port     text
	Path     words
	Query    []pair
	Variable []pair
}

// url reads a URL, a text or in parts, without its fragment.
func (d *draft) url(v located.Value) string {
	var a address
	if v.IsObject() {
		d.decode(v, &a)
	} else {
		d.decode(v, &a.Raw)
	}
	base, query := a.split(!v.Object()["query"].IsNull())
	base = d.resolve(d.pathVariables(base, a.Variable))
	query = d.resolve(query)
	if base != "" && !strings.Contains(base, "://") {
		base = "http://" + base
	}
	base, more, _ := strings.Cut(base, "?") // a variable may have brought it
	if more != "" {
		query = strings.TrimSuffix(more+"&"+query, "&")
	}
	base, _, _ = strings.Cut(base, "#")
	if query == "" {
		return percentEncode(base, pathBytes)
	}
	return percentEncode(base, pathBytes) + "?" + percentEncode(query, queryBytes)
}

// split is the URL up to its query, and the query. Parameters that are turned
// off stand only in the list.
func (a address) split(listed bool) (base, query string) {
	base, _, _ = strings.Cut(string(a.Raw), "#")
	base, query, _ = strings.Cut(base, "?")
	if a.Raw == "" {
		base = a.compose()
	}
	if !listed {
		return base, query
	}
	var parts []string
	for _, p := range a.Query {
		switch {
		case p.off():
		case p.Value == nil:
			parts = append(parts, string(p.Key))
		default:
			parts = append(parts, string(p.Key)+"="+p.value())
		}
	}
	return base, strings.Join(parts, "&")
}

// compose is the URL up to its query, from its parts.
func (a address) compose() string {
	base := a.Host.join(".")
	if a.Protocol != "" {
		base = string(a.Protocol) + "://" + base
	}
	if a.Port != "" {
		base += ":" + string(a.Port)
	}
	if len(a.Path) > 0 {
		base += "/" + strings.TrimPrefix(a.Path.join("/"), "/")
	}
	return base
}

// pathVariables replaces the segments :name of the path.
func (d *draft) pathVariables(base string, list []pair) string {
	values := map[string]string{}
	for _, p := range list {
		values[p.name()] = p.value()
	}
	scheme, rest, ok := strings.Cut(base, "://")
	if !ok {
		scheme, rest = "", base
	}
	segments := strings.Split(rest, "/")
	for i, segment := range segments {
		name, isVariable := strings.CutPrefix(segment, ":")
		if i == 0 || !isVariable || name == "" {
			continue
		}
		if values[name] == "" {
			d.warn("the path variable :%s has no value: sent as it is", name)
			continue
		}
		segments[i] = values[name]
	}
	if ok {
		scheme += "://"
	}
	return scheme + strings.Join(segments, "/")
}

// Bytes that the URL Standard percent-encodes, besides controls and what is not ASCII.
// https://url.spec.whatwg.org/#path-percent-encode-set, https://url.spec.whatwg.org/#query-percent-encode-set
const (
	queryBytes = " \"#<>"
	pathBytes  = queryBytes + "^`{}"
)

func percentEncode(s, set string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7E || strings.IndexByte(set, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
