// Package terminal reports to people who watch: progress while results come,
// each case that did not go as expected, and a summary.
package terminal
