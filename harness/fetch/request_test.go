package fetch

import (
	"slices"
	"strings"
	"testing"
)

// https://fetch.spec.whatwg.org/#concept-headers-append, https://fetch.spec.whatwg.org/#dom-request,
// https://xhr.spec.whatwg.org/#the-setrequestheader()-method
func TestRequestHeaderList(t *testing.T) {
	json := text("application/json")
	for name, c := range map[string]struct {
		request Request
		want    HeaderList
	}{
		"an accept is added":            {Request{}, lines("Accept: */*")},
		"script's accept is kept":       {Request{Headers: lines("accept: a")}, lines("accept: a")},
		"values are normalised":         {Request{Headers: HeaderList{{"X-A", "\r\n 1\t"}}}, lines("X-A: 1", "Accept: */*")},
		"forbidden headers drop out":    {Request{Headers: lines("Host: x", "X-A: 1", "X-HTTP-Method: TRACE")}, lines("X-A: 1", "Accept: */*")},
		"fetch keeps lines apart":       {Request{Headers: lines("X-A: 1", "x-a: 2")}, lines("X-A: 1", "x-a: 2", "Accept: */*")},
		"XHR combines":                  {Request{XHR: true, Headers: lines("X-A: 1", "X-B: 1", "x-a: 2")}, lines("X-A: 1, 2", "X-B: 1", "Accept: */*")},
		"XHR combines empty values":     {Request{XHR: true, Headers: lines("X-A: ", "x-a: ")}, lines("X-A: , ", "Accept: */*")},
		"the body implies a type":       {Request{Method: "PUT", BodyType: json}, lines("Content-Type: application/json", "Accept: */*")},
		"script's type wins":            {Request{Method: "PUT", BodyType: json, Headers: lines("content-type: ")}, lines("content-type: ", "Accept: */*")},
		"no body, no type":              {Request{Method: "PUT"}, lines("Accept: */*")},
		"a body without type":           {Request{Method: "PUT", BodyType: text("")}, lines("Accept: */*")},
		"a GET sends no body":           {Request{Method: "get", BodyType: json}, lines("Accept: */*")},
		"no-cors keeps the safelisted":  {Request{Mode: NoCORS, Headers: lines("Accept: a", "X-A: 1", "Content-Type: text/plain")}, lines("Accept: a", "Content-Type: text/plain")},
		"no-cors drops unsafe values":   {Request{Mode: NoCORS, Headers: lines("Content-Type: application/json")}, lines("Accept: */*")},
		"no-cors drops an implied type": {Request{Mode: NoCORS, Method: "POST", BodyType: json}, lines("Accept: */*")},
		"no-cors drops Range":           {Request{Mode: NoCORS, Headers: lines("Range: bytes=0-")}, lines("Accept: */*")},
		"no-cors measures the combined": {Request{Mode: NoCORS, Headers: lines("Accept: "+strings.Repeat("a", 100), "Accept: "+strings.Repeat("b", 27), "Accept: c")},
			lines("Accept: "+strings.Repeat("a", 100), "Accept: c")},
		"same-origin keeps all": {Request{Mode: SameOriginMode, Headers: lines("X-A: 1")}, lines("X-A: 1", "Accept: */*")},
	} {
		got := c.request.HeaderList()
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q; want %q", name, got, c.want)
		}
	}
}

// https://fetch.spec.whatwg.org/#dom-request, https://xhr.spec.whatwg.org/#the-open()-method
func TestCallsThatThrow(t *testing.T) {
	body := text("text/plain;charset=UTF-8")
	for name, c := range map[string]struct {
		request Request
		want    []Step
	}{
		"forbidden method":           {Request{Method: "TRACE"}, []Step{MethodForbidden}},
		"forbidden method, any case": {Request{Method: "connect"}, []Step{MethodForbidden}},
		"forbidden method in XHR":    {Request{Method: "TRACK", XHR: true}, []Step{MethodForbidden}},
		"not a method":               {Request{Method: "GE T"}, []Step{MethodInvalid}},
		"no-cors PUT":                {Request{Method: "PUT", Mode: NoCORS}, []Step{NoCORSMethod}},
		"no-cors OPTIONS":            {Request{Method: "options", Mode: NoCORS}, []Step{NoCORSMethod}},
		"header name":                {Request{Headers: lines("X A: 1")}, []Step{HeaderInvalid}},
		"header value":               {Request{Headers: HeaderList{{"X-A", "a\nb"}}}, []Step{HeaderInvalid}},
		"GET with a body":            {Request{BodyType: body}, []Step{BodyNotAllowed}},
		"HEAD with an empty body":    {Request{Method: "head", BodyType: text("")}, []Step{BodyNotAllowed}},
		"user in the URL":            {Request{URL: "https://u@api.test/"}, []Step{URLWithCredentials}},
		"password in the URL":        {Request{URL: "https://:p@api.test/"}, []Step{URLWithCredentials}},
		"all at once": {Request{URL: "https://u:p@api.test/", Headers: lines("X A: 1"), Mode: NoCORS, Method: "HEAD", BodyType: body},
			[]Step{HeaderInvalid, URLWithCredentials, BodyNotAllowed}},
	} {
		if c.request.URL == "" {
			c.request.URL = api
		}
		c.request.Origin = origin(t, page)
		p := Predict(c.request, nil)
		if !slices.Equal(steps(p.Violations), c.want) || p.Outcome != OutcomeBlocked || p.ResponseType != ErrorResponse {
			t.Errorf("%s: %s, %v; want %v", name, p.Outcome, p.Violations, c.want)
		}
		for _, v := range p.Violations {
			if v.On != "" || v.URL != "" {
				t.Errorf("%s: a violation is on an exchange that never was: %+v", name, v)
			}
			if strings.Contains(v.String(), "u:p") {
				t.Errorf("%s: the violation tells the password: %s", name, v)
			}
		}
	}
}

func TestCallsThatDoNotThrow(t *testing.T) {
	body := text("text/plain;charset=UTF-8")
	for name, r := range map[string]Request{
		"XHR GET with a body":     {XHR: true, BodyType: body},
		"XHR with user":           {XHR: true, URL: "https://u:p@api.test/"},
		"empty userinfo":          {URL: "https://@api.test/"},
		"empty user and password": {URL: "https://:@api.test/"},
		"@ in the path":           {URL: "https://api.test/u:p@x"},
		"blanks around a value":   {Headers: HeaderList{{"X-A", " \n1"}}},
		"forbidden header":        {Headers: lines("Host: x")},
		"no-cors POST":            {Mode: NoCORS, Method: "post", BodyType: body},
	} {
		if got := r.refusals(); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
