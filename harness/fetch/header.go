package fetch

import "strings"

// Header is one header line as it stood on the wire: name in the case it was
// sent, value without the line's leading and trailing blanks.
type Header struct {
	Name, Value string
}

// HeaderList is a list of header lines, with order and repeats kept.
// https://fetch.spec.whatwg.org/#concept-header-list
type HeaderList []Header

// Values returns the values of all lines of that name (compared without case), in order.
func (l HeaderList) Values(name string) []string {
	var values []string
	for _, h := range l {
		if byteEqualFold(h.Name, name) {
			values = append(values, h.Value)
		}
	}
	return values
}

// Get returns the combined value of all lines of that name, joined by ", ",
// and whether there was any. https://fetch.spec.whatwg.org/#concept-header-list-get
func (l HeaderList) Get(name string) (string, bool) {
	values := l.Values(name)
	return strings.Join(values, ", "), len(values) > 0
}

// Has reports whether the list has a line of that name.
func (l HeaderList) Has(name string) bool {
	_, ok := l.Get(name)
	return ok
}
