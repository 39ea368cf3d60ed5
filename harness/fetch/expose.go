package fetch

import (
	"slices"
	"strings"
)

const exposeHeaders = "Access-Control-Expose-Headers"

// Exposed returns the headers of a response that script reads, as it iterates
// them: names in lower case, sorted, values of one name combined. include says
// whether the request's credentials mode is include. A basic response shows
// all but Set-Cookie; a CORS response the safelisted ones and those that
// Access-Control-Expose-Headers names, of which "*" is a wildcard only without
// include; every other type shows none. A malformed Access-Control-Expose-Headers exposes nothing.
// https://fetch.spec.whatwg.org/#concept-filtered-response
func Exposed(include bool, headers HeaderList, responseType ResponseType) HeaderList {
	switch responseType {
	case Basic:
		return sortAndCombine(withoutHeaders(headers, IsForbiddenResponseHeaderName))
	case CORSResponse:
		names, all := exposedNames(include, headers)
		if all {
			return sortAndCombine(withoutHeaders(headers, IsForbiddenResponseHeaderName))
		}
		hidden := func(name string) bool { return !IsCORSSafelistedResponseHeaderName(name, names) }
		return sortAndCombine(withoutHeaders(headers, hidden))
	default:
		return nil
	}
}

// exposedNames is the CORS-exposed header-name list of a response, or all of its names.
// https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
func exposedNames(include bool, headers HeaderList) (names []string, all bool) {
	names, err := ExtractHeaderListValues(exposeHeaders, headers)
	if err != nil {
		return nil, false
	}
	return names, !include && slices.Contains(names, "*")
}

// sortAndCombine is for lists without Set-Cookie, which is never combined.
// https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
func sortAndCombine(list HeaderList) HeaderList {
	sorted := make(HeaderList, 0, len(list))
	for _, h := range list {
		sorted = append(sorted, Header{byteLower(h.Name), h.Value})
	}
	slices.SortStableFunc(sorted, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	var combined HeaderList
	for _, h := range sorted {
		if last := len(combined) - 1; last >= 0 && combined[last].Name == h.Name {
			combined[last].Value += ", " + h.Value
		} else {
			combined = append(combined, h)
		}
	}
	return combined
}
