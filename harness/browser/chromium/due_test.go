package chromium

import (
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

func TestAPreflightIsWaitedForWhereChromiumSendsOne(t *testing.T) {
	header := func(names ...string) probe.Request {
		r := probe.Request{URL: "https://api.test/"}
		for _, name := range names {
			r.Headers = append(r.Headers, fetch.Header{Name: name, Value: "1"})
		}
		return r
	}
	upload := func(method string, body *probe.Body) probe.Request {
		return probe.Request{Client: probe.XHR, Method: method, URL: "https://api.test/", UploadListener: true, Body: body}
	}
	text := &probe.Body{Text: "a"}
	for name, c := range map[string]struct {
		request probe.Request
		due     bool
	}{
		"a simple request":                          {header(), false},
		"PUT":                                       {probe.Request{Method: "PUT", URL: "https://api.test/"}, true},
		"PUT to the page's own origin":              {probe.Request{Method: "PUT", URL: "https://app.test/"}, false},
		"a custom header":                           {header("X-A"), true},
		"a client hint":                             {header("DPR"), false},
		"User-Agent, which is dropped":              {header("User-Agent"), false},
		"a client hint and a custom header":         {header("DPR", "X-A"), true},
		"an upload listener and a body":             {upload("POST", text), true},
		"an upload listener without a body":         {upload("POST", nil), false},
		"an upload listener and a GET with a body":  {upload("get", text), false},
		"an upload listener and a body, no method":  {upload("", text), false},
		"an upload listener without a body, by PUT": {upload("PUT", nil), true},
	} {
		t.Run(name, func(t *testing.T) {
			if due := preflightDue("https://app.test", c.request); due != c.due {
				t.Errorf("due: %v", due)
			}
		})
	}
}
