package expect

import (
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// witnesses checks the evidence itself: whether it is whole, and whether the Standard explains it.
func (e Expectation) witnesses(o probe.Observation) []Check {
	var list []Check
	if e.Predicted {
		list = append(list, predicted(o))
	}
	if e.Complete {
		got := "complete"
		if len(o.Missing) > 0 {
			got = "missing: " + strings.Join(o.Missing, ", ")
		}
		list = append(list, same("evidence", "complete", got))
	}
	return list
}

func predicted(o probe.Observation) Check {
	const name, want = "prediction", "as the Fetch Standard predicts"
	switch why := unknownWire(o); {
	case o.Disagreement != "":
		return decided(name, want, quote(o.Disagreement), false)
	case why != "":
		return undecided(name, want, why)
	}
	return decided(name, want, "no disagreement", true)
}
