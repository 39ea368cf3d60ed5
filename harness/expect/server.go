package expect

import (
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

func (r *Received) checks(o probe.Observation) []Check {
	if r == nil {
		return nil
	}
	preflights, requests := split(o.Receipts)
	var list []Check
	if r.Preflights != nil {
		list = append(list, received("preflights", *r.Preflights, len(preflights), o))
	}
	if r.Requests != nil {
		list = append(list, received("requests", *r.Requests, len(requests), o))
	}
	for _, h := range r.Headers {
		list = append(list, receivedHeader(h, requests, o))
	}
	return list
}

const nobodySaw = "nobody of ours could see what the API received; give the API an At, or let corsproof start it, and it sees that"

func received(what string, want, got int, o probe.Observation) Check {
	name := "received." + what
	if !o.ReceiptsKnown {
		return undecided(name, strconv.Itoa(want), nobodySaw)
	}
	return same(name, strconv.Itoa(want), strconv.Itoa(got))
}

func receivedHeader(h Header, requests []probe.Receipt, o probe.Observation) Check {
	name := "received header " + strings.ToLower(h.Name)
	switch {
	case !o.ReceiptsKnown:
		return undecided(name, h.want(), nobodySaw)
	case len(requests) == 0:
		return decided(name, h.want(), "the API received no request", false)
	}
	return h.in(requests[len(requests)-1].Headers, name)
}

func split(receipts []probe.Receipt) (preflights, requests []probe.Receipt) {
	for _, r := range receipts {
		if r.IsPreflight() {
			preflights = append(preflights, r)
		} else {
			requests = append(requests, r)
		}
	}
	return preflights, requests
}

func (r *Replay) checks(o probe.Observation) []Check {
	if r == nil || r.Status == nil {
		return nil
	}
	const name = "replay.status"
	want := strconv.Itoa(*r.Status)
	switch {
	case o.Replay == nil:
		return []Check{undecided(name, want, "the request was not sent without a browser")}
	case o.Replay.Error != "":
		return []Check{decided(name, want, "no answer: "+quote(o.Replay.Error), false)}
	}
	return []Check{same(name, want, strconv.Itoa(o.Replay.Status))}
}
