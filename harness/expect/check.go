package expect

import (
	"fmt"
	"strconv"
)

// Check is the result of one member of an [Expectation].
type Check struct {
	// Name is the member's: "status", "header content-type", "received.requests". Header names in it are in lower case.
	Name string
	Pass bool
	// Want and Got are for people. Values from outside are quoted in them, so that they can be printed anywhere.
	Want, Got string
	// At is where the expectation stands, as "file:line:col". It is empty here: whoever read the file knows it.
	At string
	// Undecided is true where the evidence is missing, or the expectation itself cannot be used: neither it nor its
	// opposite holds. Pass is false then.
	Undecided bool
}

func decided(name, want, got string, pass bool) Check {
	return Check{Name: name, Pass: pass, Want: want, Got: got}
}

func undecided(name, want, why string) Check {
	return Check{Name: name, Want: want, Got: "NOT KNOWN: " + why, Undecided: true}
}

// same is a check of two values that show as they are: numbers, and words of ours.
func same(name, want, got string) Check {
	return decided(name, want, got, want == got)
}

// excerptLimit is the most that a quoted value has in bytes; more than that helps nobody who reads a failure.
const excerptLimit = 300

func quote(s string) string {
	if len(s) <= excerptLimit {
		return strconv.Quote(s)
	}
	return fmt.Sprintf("%s… (%d bytes)", strconv.Quote(s[:excerptLimit]), len(s))
}
