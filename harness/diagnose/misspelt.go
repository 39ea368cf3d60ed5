package diagnose

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/nearest"
)

// responseHeaders are those of CORS that an answer can have.
var responseHeaders = []string{allowOrigin, allowCredentials, allowMethods, allowHeaders, exposeHeaders, "Access-Control-Max-Age"}

// misspelt cites headers that are none of CORS and look much like one.
func misspelt(headers fetch.HeaderList) []string {
	var list []string
	for _, h := range headers {
		for _, name := range responseHeaders {
			d := nearest.Distance(strings.ToLower(h.Name), strings.ToLower(name))
			if d > 0 && d <= 2 || strings.EqualFold("access-control-"+h.Name, name) {
				list = append(list, fmt.Sprintf("it has the header %s: %s, which means nothing: the name is %s", h.Name, quote(h.Value), name))
			}
		}
	}
	return list
}
