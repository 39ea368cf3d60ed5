// Package servers proves, in the browser, what the real servers of servers/ do
// in each of their set-ups under fixtures/: the good one and every broken one.
// A server that is not installed is skipped by name.
package servers
