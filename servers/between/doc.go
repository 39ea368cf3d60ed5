// Package between has the parts that stand between a browser and an API in
// real set-ups, and break CORS there: a proxy that strips Origin, a cache that
// ignores Vary, a redirect to a login page. Each is a small reverse proxy on
// loopback; servers.Chain puts any of them, and real proxies, before any API.
//
// Like most proxies they write header names in their canonical case.
package between
