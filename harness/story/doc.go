// Package story tells an Observation in words, for terminals and for the
// messages of failed assertions: what script saw, what was on the wire, the
// browser's own reason, what the server received, and what the same request
// gets without a browser.
//
// The text is plain and deterministic, its lines have at most 96 columns where
// what they quote allows, and nothing that a server or page sent can garble a
// terminal: see [Plain].
package story
