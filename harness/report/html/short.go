package html

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/corsproof/corsproof/harness/report"
)

// bodyLimit is how many bytes of a body the page shows: the JSON report has all of it.
const bodyLimit = 2048

// short is a result without what the page shows otherwise, and with the beginnings of bodies.
func short(r report.Result) report.Result {
	r.Story, r.Line = "", ""
	r.Body = string(cut(report.Text(r.Body)))
	r.Receipts = slices.Clone(r.Receipts)
	for i := range r.Receipts {
		r.Receipts[i].Body = cut(r.Receipts[i].Body)
	}
	if r.Replay != nil {
		p := *r.Replay
		p.Body = cut(p.Body)
		r.Replay = &p
	}
	return r
}

func cut(t report.Text) report.Text {
	if len(t) <= bodyLimit {
		return t
	}
	end := bodyLimit
	for end > bodyLimit-utf8.UTFMax && !utf8.RuneStart(t[end]) {
		end--
	}
	return t[:end] + report.Text(fmt.Sprintf("… (%d bytes)", len(t)))
}
