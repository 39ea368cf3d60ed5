package expect

import (
	"strconv"

	"github.com/corsproof/corsproof/harness/probe"
)

func (e Expectation) outcome(o probe.Observation) []Check {
	if e.Outcome == "" {
		return nil
	}
	if why := doubtful(o); why != "" && (e.Outcome == probe.Blocked || e.Outcome == probe.Failed) {
		return []Check{undecided("outcome", string(e.Outcome), why)}
	}
	return []Check{decided("outcome", string(e.Outcome), outcomeOf(o), e.Outcome == o.Outcome)}
}

// reason checks what the browser and script give as the reason.
func (e Expectation) reason(o probe.Observation) []Check {
	var list []Check
	if e.BlockedBy != "" {
		list = append(list, blockedBy(e.BlockedBy, o))
	}
	if e.NetError != "" {
		list = append(list, netError(e.NetError, o))
	}
	if e.Error != "" {
		list = append(list, caught(e.Error, o.Page))
	}
	return list
}

func blockedBy(want string, o probe.Observation) Check {
	why := doubtful(o)
	switch {
	case o.Blocked != nil:
		return compare("blockedBy", Exactly(want), o.Blocked.Code)
	case why != "":
		return undecided("blockedBy", quote(want), why)
	}
	return decided("blockedBy", quote(want), "no block: "+outcomeOf(o), false)
}

func netError(want string, o probe.Observation) Check {
	why := doubtful(o)
	switch {
	case why != "":
		return undecided("netError", quote(want), why)
	case o.NetError == "":
		return decided("netError", quote(want), "no network error: "+outcomeOf(o), false)
	}
	return compare("netError", Exactly(want), o.NetError)
}

func caught(want string, p probe.Page) Check {
	switch {
	case p.Error != nil:
		return compare("error", Exactly(want), p.Error.Name)
	case p.BodyError != nil:
		return compare("error", Exactly(want), p.BodyError.Name)
	}
	return decided("error", quote(want), "script caught none", false)
}

// doubtful says why a failure may be a block, or the other way: to script both are the
// same, and the evidence that tells them apart did not arrive. It is "" elsewhere.
func doubtful(o probe.Observation) string {
	if o.Outcome == probe.Failed && o.Page.Error != nil && !o.Page.Rejected {
		return unknownWire(o)
	}
	return ""
}

// outcomeOf is the outcome with the reason that was given for it.
func outcomeOf(o probe.Observation) string {
	text := string(o.Outcome)
	switch {
	case o.Outcome == probe.Blocked && o.Blocked != nil:
		text += " by " + strconv.Quote(o.Blocked.Code)
	case o.Outcome == probe.Failed && o.NetError != "":
		text += " with " + strconv.Quote(o.NetError)
	case o.Outcome == probe.Failed && o.Page.Error != nil:
		text += " with " + strconv.Quote(o.Page.Error.Name)
	}
	return text
}
