package emulator

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Set puts a header line in the place of all of that name. An empty value sets nothing, and removes nothing.
func Set(headers *fetch.HeaderList, name, value string) {
	if value == "" {
		return
	}
	Remove(headers, name)
	*headers = append(*headers, fetch.Header{Name: name, Value: value})
}

// Remove removes all header lines of that name.
func Remove(headers *fetch.HeaderList, name string) {
	*headers = slices.DeleteFunc(*headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, name) })
}

// RemoveCORS removes all header lines that begin with "Access-Control-".
func RemoveCORS(headers *fetch.HeaderList) {
	*headers = slices.DeleteFunc(*headers, func(h fetch.Header) bool {
		return len(h.Name) > len(corsPrefix) && strings.EqualFold(h.Name[:len(corsPrefix)], corsPrefix)
	})
}

const corsPrefix = "Access-Control-"

// IsPreflight reports whether a request has all that makes a preflight: OPTIONS, Origin and Access-Control-Request-Method.
func IsPreflight(method string, headers fetch.HeaderList) bool {
	return method == "OPTIONS" && headers.Has("Origin") && headers.Has("Access-Control-Request-Method")
}

// UUID returns a random identifier of requests, version 4.
func UUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand ends the program first
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
