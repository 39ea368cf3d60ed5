// Package awshttp emulates an HTTP API of Amazon API Gateway, as far as browsers
// see it: CORS by configuration, routes and authorizers. README.md says from which sources.
package awshttp
