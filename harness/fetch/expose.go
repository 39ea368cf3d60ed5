package fetch

import "slices"

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
		names := exposedNames(include, headers)
		hidden := func(name string) bool { return !IsCORSSafelistedResponseHeaderName(name, names) }
		return sortAndCombine(withoutHeaders(headers, hidden))
	default:
		return nil
	}
}

// exposedNames is the CORS-exposed header-name list of a response.
// https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
func exposedNames(include bool, headers HeaderList) []string {
	names, err := ExtractHeaderListValues(exposeHeaders, headers)
	if err != nil {
		return nil
	}
	if include || !slices.Contains(names, "*") {
		return names
	}
	var all []string
	for _, h := range headers {
		all = append(all, h.Name)
	}
	return all
}

// sortAndCombine is for lists without Set-Cookie, which is never combined.
// https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
func sortAndCombine(list HeaderList) HeaderList {
	var names []string
	for _, h := range list {
		names = append(names, byteLower(h.Name))
	}
	slices.Sort(names)
	var combined HeaderList
	for _, name := range slices.Compact(names) {
		value, _ := list.Get(name)
		combined = append(combined, Header{name, value})
	}
	return combined
}
