package suite_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestDefaultsLieBelowEachCase(t *testing.T) {
	s := parse(t, head+`
defaults:
  from: https://default.example
  cookies: [{api: api, name: d}]
  request:
    url: ${api}/default
    method: PUT
    headers: {X-A: default, X-B: default}
    body: {form: {a: "1"}}
  expect: {status: 200, preflight: {sent: true, status: 204}, body: {contains: x}, headers: {a: "1", b: "1"}}
cases:
  - name: all from the defaults
  - name: some of its own
    from: null
    cookies: []
    request: {url: "${api}/own", headers: {x-b: own, X-C: own}, body: {base64: AA==}}
    expect: {preflight: none, body: {json: 1}, headers: {B: {any: true}}}
  - name: steps
    steps:
      - {request: {method: GET}, expect: {preflight: {status: 200}}}
      - {}
`)
	var got []string
	for c := range s.Cases() {
		for i, step := range c.Steps {
			r, e := step.Request, step.Expect
			line := fmt.Sprintf("%s %s %d %s %s %v", c.StepID(i+1), c.From, len(c.Cookies), r.Method, r.URL, r.Headers)
			line += fmt.Sprintf(" form=%d bytes=%d", len(r.Body.Form), len(r.Body.Bytes))
			line += fmt.Sprintf(" %d %v %s %v", *e.Status, *e.Preflight.Sent, e.Body.Want(), e.Preflight.Status != nil)
			for _, h := range e.Headers {
				line += fmt.Sprintf(" %s:%v", h.Name, h.Value != nil)
			}
			got = append(got, line)
		}
	}
	same(t, "cases", strings.Join(got, "\n"), strings.Join([]string{
		`all-from-the-defaults https://default.example 1 PUT ${api}/default [{X-A default} {X-B default}] form=1 bytes=0 200 true containing "x" true a:true b:true`,
		`some-of-its-own null 0 PUT ${api}/own [{X-A default} {x-b own} {X-C own}] form=0 bytes=1 200 false the JSON value "1" false a:true B:false`,
		`steps#1 https://default.example 1 GET ${api}/default [{X-A default} {X-B default}] form=1 bytes=0 200 true containing "x" true a:true b:true`,
		`steps#2 https://default.example 1 PUT ${api}/default [{X-A default} {X-B default}] form=1 bytes=0 200 true containing "x" true a:true b:true`,
	}, "\n"))
}

func TestAnchorsAndMergeKeysAreExpanded(t *testing.T) {
	s := parse(t, head+`
defaults: &d {from: null, request: {url: "${api}/", method: PUT, mode: cors}}
cases:
  - &one {name: one, request: &r {method: DELETE, cache: reload}}
  - <<: *one
    name: two
  - name: three
    request: {<<: [*r, {integrity: x, cache: no-store}], method: GET}
`)
	var got []string
	for c := range s.Cases() {
		r := c.Steps[0].Request
		got = append(got, fmt.Sprintln(c.ID, r.Method, r.Cache, r.Mode, r.Integrity))
	}
	same(t, "cases", strings.Join(got, ""), "one DELETE reload cors \ntwo DELETE reload cors \nthree GET reload cors x\n")
}
