package curl

import "github.com/corsproof/corsproof/harness/fetch"

// effective are the options that make the request what it is.
var effective = []option{
	{name: "compressed", set: func(t *transfer, _ word) { t.compressed = true }, unset: func(t *transfer) { t.compressed = false }},
	{name: "cookie", takes: true, set: (*transfer).cookie},
	{name: "data", takes: true, set: (*transfer).data},
	{name: "data-ascii", takes: true, set: (*transfer).data},
	{name: "data-binary", takes: true, set: (*transfer).dataBinary},
	{name: "data-raw", takes: true, set: func(t *transfer, w word) { t.addData([]byte(w.text)) }},
	{name: "data-urlencode", takes: true, set: (*transfer).dataURLEncode},
	{name: "follow", set: func(t *transfer, _ word) { t.location = true }, unset: func(t *transfer) { t.location = false }},
	{name: "form", takes: true, set: (*transfer).form},
	{name: "form-string", takes: true, set: (*transfer).formString},
	{name: "get", set: func(t *transfer, _ word) { t.get = true }},
	{name: "globoff", set: func(t *transfer, _ word) { t.globoff = true }, unset: func(t *transfer) { t.globoff = false }},
	{name: "head", set: func(t *transfer, _ word) { t.head = true }},
	{name: "header", takes: true, set: (*transfer).header},
	{name: "insecure", set: func(t *transfer, _ word) { t.insecure = true }, unset: func(t *transfer) { t.insecure = false }},
	{name: "json", takes: true, set: (*transfer).json},
	{name: "location", set: func(t *transfer, _ word) { t.location = true }, unset: func(t *transfer) { t.location = false }},
	{name: "location-trusted", set: func(t *transfer, _ word) { t.location = true }, unset: func(t *transfer) { t.location = false }},
	{name: "oauth2-bearer", takes: true, set: func(t *transfer, w word) { t.bearer = &w.text }},
	{name: "range", takes: true, set: func(t *transfer, w word) { t.byteRange = w.text }},
	{name: "referer", takes: true, set: (*transfer).setReferer},
	{name: "request", takes: true, set: (*transfer).setMethod},
	{name: "upload-file", takes: true, set: (*transfer).uploadFile},
	{name: "url", takes: true, set: (*transfer).url},
	{name: "url-query", takes: true, set: (*transfer).urlQuery},
	{name: "user", takes: true, set: (*transfer).setUser},
	{name: "user-agent", takes: true, set: func(t *transfer, w word) { t.userAgent = &w.text }},
}

// setMethod is -X.
func (t *transfer) setMethod(w word) {
	if !fetch.IsMethod(w.text) {
		t.problem(w, "that is no HTTP method", "write -X PUT, for example")
		return
	}
	t.method = w.text
}
