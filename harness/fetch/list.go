package fetch

import (
	"fmt"
	"strings"
)

// ParseHeaderList parses one value of a header that is a list of tokens, as
// Access-Control-Allow-Methods, -Allow-Headers and -Expose-Headers are: tokens
// separated by commas, blanks around them, empty elements ignored. The result
// is never nil. https://fetch.spec.whatwg.org/#extract-header-values,
// https://www.rfc-editor.org/rfc/rfc9110#name-recipient-requirements
func ParseHeaderList(value string) ([]string, error) {
	tokens := []string{}
	for element := range strings.SplitSeq(value, ",") {
		element = strings.Trim(element, httpTabOrSpace)
		if element == "" {
			continue
		}
		if !isToken(element) {
			return nil, fmt.Errorf("%q is not a token: separate the elements by commas, without quotes", element)
		}
		tokens = append(tokens, element)
	}
	return tokens, nil
}

// ExtractHeaderListValues parses all lines of that name, each as
// [ParseHeaderList] does. The result is nil where there is no such line; one
// malformed line makes the whole header a failure.
// https://fetch.spec.whatwg.org/#extract-header-list-values
func ExtractHeaderListValues(name string, list HeaderList) ([]string, error) {
	var all []string
	for _, line := range list.Values(name) {
		tokens, err := ParseHeaderList(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if all == nil {
			all = []string{}
		}
		all = append(all, tokens...)
	}
	return all, nil
}
