// Package probe holds the plain values that pass through corsproof: a [Probe]
// says what a page is to ask, an [Observation] says what happened, joined from
// four witnesses: the page ([Page]), the wire ([Exchange]), the server
// ([Receipt]) and a replay without a browser ([Replay]).
//
// There is no behaviour here beyond reading those values.
package probe
