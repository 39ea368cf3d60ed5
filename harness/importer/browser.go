package importer

import (
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// madeByBrowser reports whether headers were copied out of a browser: nothing
// else calls itself Mozilla or sends fetch metadata and client hints.
func madeByBrowser(list fetch.HeaderList) bool {
	for _, h := range list {
		switch strings.ToLower(h.Name) {
		case "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-ch-ua":
			return true
		case "user-agent":
			if strings.HasPrefix(h.Value, "Mozilla/") {
				return true
			}
		}
	}
	return false
}

// addedByBrowser reports whether a browser, and not script, put that header
// into a request copied out of it. Taking it for script's would change the
// request: setting User-Agent or Priority needs a preflight, and the browser's own never does.
func addedByBrowser(h fetch.Header, url string) bool {
	switch name := strings.ToLower(h.Name); name {
	case "cookie", "origin", "referer":
		return false // they say something about the page
	case "user-agent", "accept-language", "priority", "upgrade-insecure-requests", "x-client-data",
		"if-none-match", "if-modified-since": // the last two from the HTTP cache
		return true
	case "accept":
		return h.Value == "*/*"
	case "cache-control", "pragma": // DevTools' "Disable cache", and reloading
		return h.Value == "no-cache"
	case "host", "authority": // DevTools once copied HTTP/2's :authority so
		return strings.EqualFold(h.Value, hostOf(url))
	default:
		return fetch.IsForbiddenRequestHeader(h.Name, h.Value)
	}
}

// hostOf is a URL's host and port as they stand there.
func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}
