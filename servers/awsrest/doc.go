// Package awsrest emulates a REST API of Amazon API Gateway, as far as browsers
// see it: OPTIONS from a mock integration, headers from the function behind or
// from none, and gateway responses. README.md says from which sources.
package awsrest
