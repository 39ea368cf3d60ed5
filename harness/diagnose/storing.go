package diagnose

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// heuristically are the statuses that caches keep even if nothing says for how long. https://www.rfc-editor.org/rfc/rfc9110#name-overview-of-status-codes
var heuristically = []int{200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501}

// unstored reports whether no cache keeps an answer. https://www.rfc-editor.org/rfc/rfc9111#name-storing-responses-in-caches
func unstored(status int, headers fetch.HeaderList) bool {
	return slices.Contains(directives(headers), "no-store") || !slices.Contains(heuristically, status) && !invitesCaches(headers)
}

// invitesCaches reports whether an answer says that, or for how long, caches may keep it.
func invitesCaches(headers fetch.HeaderList) bool {
	list := directives(headers)
	return headers.Has("Expires") || slices.ContainsFunc([]string{"public", "max-age", "s-maxage"}, func(d string) bool { return slices.Contains(list, d) })
}

// directives are the names of an answer's cache directives, in lower case. https://www.rfc-editor.org/rfc/rfc9111#name-cache-control
func directives(headers fetch.HeaderList) []string {
	var names []string
	for _, line := range headers.Values("Cache-Control") {
		for item := range strings.SplitSeq(line, ",") {
			name, _, _ := strings.Cut(item, "=")
			names = append(names, strings.ToLower(strings.TrimSpace(name)))
		}
	}
	return names
}
