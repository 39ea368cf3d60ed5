// Package target holds the parties of a probe that are not the browser: the
// APIs under test, as something that is started, found and closed.
package target
