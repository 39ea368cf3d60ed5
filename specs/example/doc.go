// Package example is a user's own Ginkgo suite, as the README shows it.
package example
