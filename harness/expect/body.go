package expect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

func (e Expectation) body(o probe.Observation) []Check {
	if e.Body == nil {
		return nil
	}
	const name = "body"
	p, want := o.Page, e.Body.Want()
	switch {
	case !hasResponse(p):
		return []Check{decided(name, want, "script got no response: "+outcomeOf(o), false)}
	case p.BodyError != nil:
		return []Check{decided(name, want, "reading it threw "+quote(p.BodyError.Name), false)}
	case !p.Settled:
		return []Check{decided(name, want, "it did not end before the timeout", false)}
	case !p.Body.Whole:
		return []Check{partial(e.Body, p.Body)}
	}
	return []Check{compare(name, e.Body, p.Body.Text)}
}

// partial is about a body that is too large or too binary to be here as a text: its size
// and hash tell whether it is a given one, and what its beginning contains the whole contains.
func partial(want Text, b probe.ReadBody) Check {
	got := sizeOf(b)
	switch w := want.(type) {
	case Exactly:
		if b.Cut || b.SHA256 == "" && int64(len(w)) == b.Size {
			break
		}
		return decided("body", want.Want(), got, int64(len(w)) == b.Size && hash(string(w)) == b.SHA256)
	case Contains:
		if strings.Contains(b.Text, string(w)) {
			return decided("body", want.Want(), got+", which contain it", true)
		}
	}
	return undecided("body", want.Want(), "the body is not at hand as a text: "+got)
}

func sizeOf(b probe.ReadBody) string {
	if b.Cut {
		return fmt.Sprintf("reading stopped after %d bytes", b.Size)
	}
	if b.SHA256 == "" {
		return fmt.Sprintf("%d bytes, which script could not read as bytes", b.Size)
	}
	return fmt.Sprintf("%d bytes with SHA-256 %s", b.Size, b.SHA256)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
