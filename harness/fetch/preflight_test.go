package fetch

import (
	"slices"
	"strings"
	"testing"
)

const api = "https://api.test/orders"

func text(s string) *string { return &s }

// crossOrigin is a request of the page to the API with these headers.
func crossOrigin(t *testing.T, method string, headers ...string) Request {
	t.Helper()
	return Request{Origin: origin(t, page), URL: api, Method: method, Headers: lines(headers...)}
}

// https://fetch.spec.whatwg.org/#main-fetch; the headers of
// web-platform-tests fetch/api/cors/resources/not-cors-safelisted.json are in TestCORSSafelistedRequestHeader
func TestNeedsPreflight(t *testing.T) {
	plain, json, upload := text("text/plain;charset=UTF-8"), text("application/json"), text("")
	for name, c := range map[string]struct {
		request Request
		want    []Trigger
	}{
		"GET":                         {crossOrigin(t, ""), nil},
		"head":                        {crossOrigin(t, "head"), nil},
		"POST of a string":            {Request{URL: api, Method: "POST", BodyType: plain}, nil},
		"POST of bytes":               {Request{URL: api, Method: "POST", BodyType: upload}, nil},
		"POST of a JSON blob":         {Request{URL: api, Method: "POST", BodyType: json}, []Trigger{HeaderTrigger}},
		"script's type wins":          {Request{URL: api, Method: "POST", BodyType: json, Headers: lines("content-type: text/plain")}, nil},
		"JSON":                        {crossOrigin(t, "POST", "Content-Type: application/json"), []Trigger{HeaderTrigger}},
		"PUT":                         {crossOrigin(t, "PUT"), []Trigger{MethodTrigger}},
		"delete in lower case":        {crossOrigin(t, "delete"), []Trigger{MethodTrigger}},
		"patch in lower case":         {crossOrigin(t, "patch"), []Trigger{MethodTrigger}},
		"OPTIONS":                     {crossOrigin(t, "OPTIONS"), []Trigger{MethodTrigger}},
		"Authorization":               {crossOrigin(t, "GET", "Authorization: Bearer x"), []Trigger{HeaderTrigger}},
		"two headers":                 {crossOrigin(t, "GET", "X-A: 1", "X-B: 2"), []Trigger{HeaderTrigger, HeaderTrigger}},
		"everything":                  {Request{URL: api, Method: "PUT", Headers: lines("X-A: 1"), UploadListener: true, XHR: true}, []Trigger{UploadListenerTrigger, MethodTrigger, HeaderTrigger}},
		"upload listener":             {Request{URL: api, Method: "POST", UploadListener: true, XHR: true}, []Trigger{UploadListenerTrigger}},
		"forbidden headers drop out":  {crossOrigin(t, "GET", "Cookie: a", "Sec-X: 1", "Origin: https://x.test"), nil},
		"blanks around a value":       {crossOrigin(t, "GET", "Accept:  "+strings.Repeat("a", 128)+"\t"), nil},
		"long accept":                 {crossOrigin(t, "GET", "Accept: "+strings.Repeat("a", 129)), []Trigger{HeaderTrigger}},
		"fetch keeps accepts apart":   {crossOrigin(t, "GET", "Accept: "+strings.Repeat("a", 100), "Accept: "+strings.Repeat("a", 100)), nil},
		"XHR combines accepts":        {Request{URL: api, XHR: true, Headers: lines("Accept: "+strings.Repeat("a", 100), "accept: "+strings.Repeat("a", 100))}, []Trigger{HeaderTrigger}},
		"as much as goes together":    {Request{URL: api, Headers: slices.Repeat(lines("Accept: "+strings.Repeat("a", 128)), 8)}, nil},
		"too much together":           {Request{URL: api, Headers: slices.Repeat(lines("Accept: "+strings.Repeat("a", 128)), 9)}, []Trigger{HeaderSizeTrigger}},
		"XHR GET ignores its body":    {Request{URL: api, XHR: true, BodyType: json}, nil},
		"to the own origin":           {Request{Origin: origin(t, page), URL: page + ":443/x", Method: "PUT"}, nil},
		"from an opaque origin":       {Request{URL: api, Method: "PUT"}, []Trigger{MethodTrigger}},
		"no-cors":                     {Request{URL: api, Mode: NoCORS, Headers: lines("X-A: 1")}, nil},
		"same-origin":                 {Request{URL: api, Mode: SameOriginMode, Method: "PUT"}, nil},
		"cors by name":                {Request{URL: api, Mode: CORS, Method: "PUT"}, []Trigger{MethodTrigger}},
		"data URL":                    {Request{URL: "data:,x", Method: "PUT"}, nil},
		"a host that we cannot parse": {Request{URL: "https://exämple.test/", Method: "PUT"}, []Trigger{MethodTrigger}},
	} {
		needed, reasons := NeedsPreflight(c.request)
		var got []Trigger
		for _, r := range reasons {
			got = append(got, r.Trigger)
		}
		if !slices.Equal(got, c.want) || needed != (c.want != nil) {
			t.Errorf("%s: %v, %v; want %v", name, needed, reasons, c.want)
		}
	}
}

func TestPreflightReasonsAreReadable(t *testing.T) {
	r := crossOrigin(t, "delete", "X-Key: 1", "Content-Type: application/json", "Range: bytes=2-1", "Content-Type: text")
	r.UploadListener = true
	want := []string{
		"a listener is registered on XMLHttpRequest.upload",
		"the method DELETE is none of GET, HEAD and POST",
		"the header X-Key is not CORS-safelisted: its name is not safelisted",
		`the header Content-Type is not CORS-safelisted: "application/json" is none of application/x-www-form-urlencoded, multipart/form-data and text/plain`,
		"the header Range is not CORS-safelisted: the range ends before it starts",
		`the header Content-Type is not CORS-safelisted: "text" is not a MIME type`,
	}
	_, reasons := NeedsPreflight(r)
	for i, reason := range reasons {
		if i >= len(want) || reason.Why != want[i] {
			t.Errorf("reason %d: %s", i, reason.Why)
		}
	}
	if len(reasons) != len(want) {
		t.Errorf("%d reasons; want %d", len(reasons), len(want))
	}
	if got := reasons[2].Header; got != (Header{"X-Key", "1"}) {
		t.Errorf("the header at fault is %v", got)
	}
}

// https://fetch.spec.whatwg.org/#cors-preflight-fetch; wildcards as in
// web-platform-tests fetch/api/cors/cors-preflight-star.any.js
func TestCheckPreflight(t *testing.T) {
	const methods, headers = "Access-Control-Allow-Methods: ", "Access-Control-Allow-Headers: "
	put, xa := crossOrigin(t, "PUT"), crossOrigin(t, "GET", "X-Test: 1")
	auth := crossOrigin(t, "GET", "Authorization: t")
	for name, c := range map[string]struct {
		request Request
		include bool
		status  int
		answer  HeaderList
		want    []Step
	}{
		"method listed":                     {put, false, 204, lines(methods + "POST, PUT"), nil},
		"method listed, with credentials":   {put, true, 204, lines(methods + "PUT"), nil},
		"method on the second line":         {put, false, 200, lines(methods+"POST", methods+"PUT"), nil},
		"any ok status":                     {put, false, 299, lines(methods + "PUT"), nil},
		"method by wildcard":                {put, false, 204, lines(methods + "*"), nil},
		"method by wildcard among others":   {put, false, 204, lines(methods + "POST,*"), nil},
		"wildcard with credentials":         {put, true, 204, lines(methods + "*"), []Step{MethodNotAllowed}},
		"a method named *":                  {crossOrigin(t, "*", "*: 1"), true, 204, lines(methods+"*", headers+"*"), nil},
		"safelisted method is not listed":   {xa, false, 204, lines(methods+"put", headers+"x-test"), nil},
		"method missing":                    {put, false, 204, nil, []Step{MethodNotAllowed}},
		"method list empty":                 {put, false, 204, lines(methods), []Step{MethodNotAllowed}},
		"method in another case":            {put, true, 204, lines(methods + "put"), []Step{MethodNotAllowed}},
		"patch for PATCH":                   {crossOrigin(t, "PATCH"), false, 204, lines(methods + "patch"), []Step{MethodNotAllowed}},
		"PATCH for patch":                   {crossOrigin(t, "patch"), false, 204, lines(methods + "PATCH"), []Step{MethodNotAllowed}},
		"PUT for put, which is normalised":  {crossOrigin(t, "put"), false, 204, lines(methods + "PUT"), nil},
		"Allow does not count":              {put, false, 204, lines("Allow: PUT"), []Step{MethodNotAllowed}},
		"methods malformed":                 {put, false, 204, lines(methods + "PUT; x y"), []Step{AllowMethodsMalformed}},
		"methods malformed, not needed":     {xa, false, 204, lines(methods+"Bad method name", headers+"x-test"), []Step{AllowMethodsMalformed}},
		"one line of methods malformed":     {put, false, 204, lines(methods+"PUT", methods+"a b"), []Step{AllowMethodsMalformed}},
		"header listed":                     {xa, false, 204, lines(headers + "x-other, X-TEST"), nil},
		"header by wildcard":                {xa, false, 204, lines(headers + "*"), nil},
		"header wildcard with credentials":  {xa, true, 204, lines(headers + "*"), []Step{HeaderNotAllowed}},
		"header missing":                    {xa, false, 204, nil, []Step{HeaderNotAllowed}},
		"header not listed":                 {xa, false, 204, lines(headers + "x-tes"), []Step{HeaderNotAllowed}},
		"every header is named":             {crossOrigin(t, "GET", "X-B: 1", "X-A: 1", "X-C: 1"), false, 204, lines(headers + "x-b"), []Step{HeaderNotAllowed, HeaderNotAllowed}},
		"headers malformed":                 {xa, false, 204, lines(headers + "x-test, header name with space"), []Step{AllowHeadersMalformed}},
		"both malformed":                    {xa, false, 204, lines(headers+"a;b", methods+"a b"), []Step{AllowMethodsMalformed, AllowHeadersMalformed}},
		"Authorization listed":              {auth, false, 204, lines(headers + "authorization"), nil},
		"Authorization listed beside *":     {auth, false, 204, lines(headers + "*, Authorization"), nil},
		"Authorization by wildcard":         {auth, false, 204, lines(headers + "*"), []Step{AuthorizationByWildcard}},
		"Authorization by credentialed *":   {auth, true, 204, lines(headers + "*"), []Step{HeaderNotAllowed}},
		"Authorization not listed":          {auth, false, 204, lines(headers + "x"), []Step{HeaderNotAllowed}},
		"Authorization comes first":         {crossOrigin(t, "GET", "A-Header: 1", "Authorization: t"), false, 204, nil, []Step{HeaderNotAllowed, HeaderNotAllowed}},
		"upload listener needs no methods":  {Request{URL: api, Method: "PUT", UploadListener: true}, false, 204, nil, nil},
		"upload listener and a list":        {Request{URL: api, Method: "PUT", UploadListener: true}, false, 204, lines(methods + "POST"), []Step{MethodNotAllowed}},
		"status 401":                        {put, false, 401, lines(methods + "PUT"), []Step{PreflightStatus}},
		"status 304":                        {put, false, 304, lines(methods + "PUT"), []Step{PreflightStatus}},
		"status 199":                        {put, false, 199, lines(methods + "PUT"), []Step{PreflightStatus}},
		"status 300":                        {put, false, 300, lines(methods + "PUT"), []Step{PreflightStatus}},
		"redirect":                          {put, false, 308, lines(methods + "PUT"), []Step{PreflightRedirect}},
		"status and method":                 {put, false, 405, lines("Allow: GET"), []Step{PreflightStatus, MethodNotAllowed}},
		"headers that the type implies":     {Request{URL: api, Method: "POST", BodyType: text("application/json")}, false, 204, nil, []Step{HeaderNotAllowed}},
		"a safelisted type needs no allow":  {Request{URL: api, Method: "PUT", BodyType: text("text/plain")}, false, 204, lines(methods + "PUT"), nil},
		"safelisted headers need no allow":  {crossOrigin(t, "PUT", "Accept: x", "Range: bytes=0-"), false, 204, lines(methods + "PUT"), nil},
		"forbidden headers need no allow":   {crossOrigin(t, "PUT", "Cookie: x"), false, 204, lines(methods + "PUT"), nil},
		"status, methods and headers wrong": {crossOrigin(t, "PUT", "X-A: 1"), true, 500, lines(methods+"*", headers+"*"), []Step{PreflightStatus, MethodNotAllowed, HeaderNotAllowed}},
	} {
		c.request.Credentials = SameOrigin
		if c.include {
			c.request.Credentials = Include
		}
		answer := append(lines("Access-Control-Allow-Origin: "+page, "Access-Control-Allow-Credentials: true"), c.answer...)
		got := CheckPreflight(c.request, origin(t, page), Response{c.status, answer})
		if !slices.Equal(steps(got), c.want) {
			t.Errorf("%s: %v; want %v", name, got, c.want)
		}
	}
}

func TestCheckPreflightMakesAllChecksInOrder(t *testing.T) {
	r := crossOrigin(t, "PUT", "X-B: 1", "X-A: 1", "Authorization: t")
	r.Credentials = Include
	got := CheckPreflight(r, origin(t, page), Response{404, lines("Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: *")})
	want := []string{
		`Access-Control-Allow-Origin: want "https://app.test", got "*": "*" does not allow a request whose credentials mode is include`,
		`Access-Control-Allow-Credentials: want "true", got none: the response does not have the header, and the request's credentials mode is include`,
		`preflight-status: want "200 to 299", got "404": a preflight succeeds with an ok status only`,
		`Access-Control-Allow-Methods: want "PUT", got none: the response does not have the header`,
		`Access-Control-Allow-Headers: want "authorization", got "*": "*" is no wildcard for a request whose credentials mode is include`,
		`Access-Control-Allow-Headers: want "x-a", got "*": "*" is no wildcard for a request whose credentials mode is include`,
		`Access-Control-Allow-Headers: want "x-b", got "*": "*" is no wildcard for a request whose credentials mode is include`,
	}
	for i, v := range got {
		if i >= len(want) || v.String() != want[i] {
			t.Errorf("violation %d: %s", i, v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d violations; want %d", len(got), len(want))
	}
}

func TestListViolationsSayWhatIsMissing(t *testing.T) {
	for _, c := range []struct{ line, why string }{
		{"Access-Control-Allow-Methods: POST, get", "PUT is not among POST, get"},
		{"Access-Control-Allow-Methods: ", "PUT is not among nothing at all"},
		{"Access-Control-Allow-Methods: Put", "the case differs"},
		{"Access-Control-Allow-Methods: PUT POST", `Access-Control-Allow-Methods: "PUT POST" is not a token`},
	} {
		got := CheckPreflight(crossOrigin(t, "PUT"), origin(t, page), Response{200, append(lines("Access-Control-Allow-Origin: *"), lines(c.line)...)})
		if len(got) != 1 || !strings.Contains(got[0].Why, c.why) {
			t.Errorf("%s: %v; want it to say %q", c.line, got, c.why)
		}
	}
}

func TestCheckPreflightOfATaintedOriginWantsNull(t *testing.T) {
	put := crossOrigin(t, "PUT")
	answer := lines("Access-Control-Allow-Origin: null", "Access-Control-Allow-Methods: PUT")
	if got := CheckPreflight(put, Origin{}, Response{200, answer}); got != nil {
		t.Errorf("null for null: %v", got)
	}
	if got := steps(CheckPreflight(put, put.Origin, Response{200, answer})); !slices.Equal(got, []Step{AllowOriginNull}) {
		t.Errorf("null for an origin: %v", got)
	}
}
