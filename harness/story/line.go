package story

import (
	"strconv"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Line is an Observation in one line, without a line break: the outcome, the
// shortest reason for it, and the request. "blocked MissingAllowOriginHeader:
// PUT https://api.example.com/ from https://app.example.com".
func Line(o probe.Observation) string {
	if o.Err != nil {
		return "no verdict: " + request(o) + ": " + Plain(o.Err.Error())
	}
	line := "no outcome"
	if o.Outcome != "" {
		line = Plain(string(o.Outcome))
	}
	if r := reason(o); r != "" {
		line += " " + Plain(r)
	}
	return line + ": " + request(o)
}

func reason(o probe.Observation) string {
	switch {
	case o.Outcome == probe.Readable:
		return strconv.Itoa(o.Page.Status)
	case o.Outcome == probe.Opaque && o.Page.Type != fetch.Opaque:
		return string(o.Page.Type)
	case o.Outcome == probe.Blocked && o.Blocked != nil:
		return o.Blocked.Code
	case o.Outcome == probe.Failed && o.NetError != "":
		return o.NetError
	case o.Outcome == probe.Failed && o.Page.Error != nil:
		return o.Page.Error.Name
	case o.Outcome == probe.Failed && o.Page.BodyError != nil:
		return o.Page.BodyError.Name
	}
	return ""
}

// request is "PUT https://api.example.com/ from https://app.example.com".
func request(o probe.Observation) string {
	method := o.Request.Method
	if method == "" {
		method = "GET"
	}
	return Plain(method) + " " + Plain(o.Request.URL) + " from " + Plain(o.From)
}
