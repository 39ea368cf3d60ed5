// Package site runs proxies that take their set-up from a file: a template
// under fixtures/servers, or the caller's own, filled with addresses and the allowed origin.
package site
