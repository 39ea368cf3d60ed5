// Package fetch holds the vocabulary and the pure algorithms of the Fetch
// Standard (https://fetch.spec.whatwg.org/) that decide what script may read
// across origins: origins, request modes, safelists, the CORS-preflight
// decision, the CORS check and header exposure.
//
// Everything here maps values to values and uses the standard library only. It
// sends nothing: what a browser really did is in package probe, and comparing
// the two is the point of having both.
package fetch
