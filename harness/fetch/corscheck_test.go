package fetch

import (
	"slices"
	"strings"
	"testing"
)

const page = "https://app.test"

// lines builds a header list from "Name: value" lines.
func lines(text ...string) HeaderList {
	var list HeaderList
	for _, line := range text {
		name, value, _ := strings.Cut(line, ":")
		list = append(list, Header{name, strings.TrimPrefix(value, " ")})
	}
	return list
}

func steps(violations []Violation) []Step {
	var list []Step
	for _, v := range violations {
		list = append(list, v.Step)
	}
	return list
}

// https://fetch.spec.whatwg.org/#concept-cors-check and the table of
// https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
func TestCORSCheck(t *testing.T) {
	const acao, acac = "Access-Control-Allow-Origin: ", "Access-Control-Allow-Credentials: "
	for name, c := range map[string]struct {
		origin      string
		credentials CredentialsMode
		headers     HeaderList
		want        []Step
	}{
		"star":                                {page, Omit, lines(acao + "*"), nil},
		"star, default credentials":           {page, "", lines(acao + "*"), nil},
		"star for an opaque origin":           {"null", SameOrigin, lines(acao + "*"), nil},
		"the origin":                          {page, Omit, lines(acao + page), nil},
		"name in another case":                {page, Omit, lines("access-control-allow-ORIGIN: " + page), nil},
		"null for an opaque origin":           {"null", Omit, lines(acao + "null"), nil},
		"credentials ignored without include": {page, SameOrigin, lines(acao+"*", acac+"True"), nil},
		"include":                             {page, Include, lines(acao+page, acac+"true"), nil},
		"include for an opaque origin":        {"null", Include, lines(acao+"null", acac+"true"), nil},
		"an origin with a comma in its host":  {"https://a,.b.test", Omit, lines(acao + "https://a,.b.test"), nil},

		"none":                          {page, Omit, nil, []Step{AllowOriginMissing}},
		"only the credentials":          {page, Omit, lines(acac + "true"), []Step{AllowOriginMissing}},
		"star with include":             {page, Include, lines(acao+"*", acac+"true"), []Step{AllowOriginWildcard}},
		"star with include, and alone":  {page, Include, lines(acao + "*"), []Step{AllowOriginWildcard, AllowCredentials}},
		"nothing at all with include":   {page, Include, nil, []Step{AllowOriginMissing, AllowCredentials}},
		"two equal lines":               {page, Omit, lines(acao+page, acao+page), []Step{AllowOriginMultiple}},
		"two stars":                     {page, Omit, lines(acao+"*", acao+"*"), []Step{AllowOriginMultiple}},
		"origin and star":               {page, Omit, lines(acao+page, acao+"*"), []Step{AllowOriginMultiple}},
		"a list":                        {page, Omit, lines(acao + page + ", https://b.test"), []Step{AllowOriginMultiple}},
		"a list of two stars":           {page, Omit, lines(acao + "*,*"), []Step{AllowOriginMultiple}},
		"null for a tuple origin":       {page, Omit, lines(acao + "null"), []Step{AllowOriginNull}},
		"another origin":                {page, Omit, lines(acao + "https://b.test"), []Step{AllowOriginMismatch}},
		"an origin for an opaque one":   {"null", Omit, lines(acao + page), []Step{AllowOriginMismatch}},
		"Null":                          {"null", Omit, lines(acao + "Null"), []Step{AllowOriginMismatch}},
		"empty":                         {page, Omit, lines(acao), []Step{AllowOriginMismatch}},
		"trailing slash":                {page, Omit, lines(acao + page + "/"), []Step{AllowOriginMismatch}},
		"upper case":                    {page, Omit, lines(acao + "HTTPS://APP.TEST"), []Step{AllowOriginMismatch}},
		"default port":                  {page, Omit, lines(acao + page + ":443"), []Step{AllowOriginMismatch}},
		"no scheme":                     {page, Omit, lines(acao + "app.test"), []Step{AllowOriginMismatch}},
		"pattern":                       {page, Omit, lines(acao + "https://*.test"), []Step{AllowOriginMismatch}},
		"blank before it":               {page, Omit, HeaderList{{"Access-Control-Allow-Origin", " " + page}}, []Step{AllowOriginMismatch}},
		"credentials missing":           {page, Include, lines(acao + page), []Step{AllowCredentials}},
		"credentials True":              {page, Include, lines(acao+page, acac+"True"), []Step{AllowCredentials}},
		"credentials 1":                 {page, Include, lines(acao+page, acac+"1"), []Step{AllowCredentials}},
		"credentials twice":             {page, Include, lines(acao+page, acac+"true", acac+"true"), []Step{AllowCredentials}},
		"credentials in a list":         {page, Include, lines(acao+page, acac+"true, true"), []Step{AllowCredentials}},
		"credentials empty":             {page, Include, lines(acao+page, acac), []Step{AllowCredentials}},
		"wrong origin and credentials":  {page, Include, lines(acao+"https://b.test", acac+"false"), []Step{AllowOriginMismatch, AllowCredentials}},
		"two lines and bad credentials": {page, Include, lines(acao+page, acao+page, acac+"no"), []Step{AllowOriginMultiple, AllowCredentials}},
	} {
		got := CORSCheck(origin(t, c.origin), c.credentials, c.headers)
		if !slices.Equal(steps(got), c.want) {
			t.Errorf("%s: %v; want %v", name, got, c.want)
		}
	}
}

func TestOriginMismatchSaysWhatDiffers(t *testing.T) {
	for _, c := range []struct{ origin, got, why string }{
		{page, "", "empty"},
		{page, page + "/", "no trailing slash"},
		{page, "https://App.test", "byte for byte"},
		{page, "http://app.test", "the scheme differs"},
		{page, "https://app.test:8443", "the port differs"},
		{page, "http://www.app.test:8080", "the scheme, the host, the port differs"},
		{page, page + ":443", `not written as browsers write it: "https://app.test"`},
		{page, "app.test", "it is not an origin"},
		{page, "https://*.test", "not a pattern"},
		{page, page + "/x", "without a path"},
		{"null", page, "is opaque"},
	} {
		got := CORSCheck(origin(t, c.origin), Omit, lines("Access-Control-Allow-Origin: "+c.got))
		if len(got) != 1 || !strings.Contains(got[0].Why, c.why) {
			t.Errorf("%q for %s: %v; want it to say %q", c.got, c.origin, got, c.why)
		}
	}
}

func TestViolationsHoldHeaderGotAndWant(t *testing.T) {
	got := CORSCheck(origin(t, page), Include, lines("Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: https://b.test"))
	want := []string{
		`Access-Control-Allow-Origin: want "https://app.test", got "*" and "https://b.test": the header stands there 2 times, and only one value is allowed`,
		`Access-Control-Allow-Credentials: want "true", got none: the response does not have the header, and the request's credentials mode is include`,
	}
	for i, v := range got {
		if i >= len(want) || v.String() != want[i] {
			t.Errorf("violation %d: %s", i, v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d violations; want %d", len(got), len(want))
	}
	for value, why := range map[string]string{"TRUE": `only "true" in lower case counts`, "1": `only "true" counts`} {
		if v := checkAllowCredentials(Include, []string{value}); v == nil || v.Why != why {
			t.Errorf("%s: %v; want it to say %s", value, v, why)
		}
	}
	status := checkPreflightStatus(401)
	if s := status.String(); s != `preflight-status: want "200 to 299", got "401": a preflight succeeds with an ok status only` {
		t.Errorf("a violation without header reads %s", s)
	}
}
