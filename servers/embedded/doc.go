// Package embedded is the scriptable API: rules say which request gets which
// answer, the first that matches wins, and answers are written byte for byte by
// package rawhttp. It is the `answers` of a suite, and the API under test in
// many of corsproof's own specs.
//
//	api, err := embedded.New(embedded.Config{Rules: []embedded.Rule{{
//		When: embedded.Match{Method: "OPTIONS", Path: "/orders"},
//		Answer: embedded.Answer{Status: 204, Headers: fetch.HeaderList{
//			{Name: "Access-Control-Allow-Origin", Value: "${origin}"},
//			{Name: "Access-Control-Allow-Methods", Value: "PUT"},
//		}},
//	}}})
//	server, err := rawhttp.Start(rawhttp.Config{Handler: api.Handle, HTTP2: api.HTTP2()})
//
// Header values and bodies may hold templates: ${origin} is the request's
// Origin header, ${request.header.NAME} any other, ${request.body} its body. A
// header line whose template refers to something that the request does not have
// is left out; in a body it stands for nothing. Any other ${…} stays as it is.
package embedded
