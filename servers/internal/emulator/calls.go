package emulator

import "sync/atomic"

// Calls counts the calls of a gateway that stops after so many, for good. Its zero value has counted none.
type Calls struct{ n atomic.Int64 }

// Exceed counts a call, and reports whether it is beyond the most; zero is no limit.
func (c *Calls) Exceed(most int) bool { return most > 0 && c.n.Add(1) > int64(most) }
