package specs

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
)

// fetching has a page of the origin call fetch(), and expects that all evidence is there and the Standard predicts what happened.
func fetching(ctx context.Context, from string, r probe.Request) probe.Observation {
	GinkgoHelper()
	return agreeing(h.From(from).Fetch(ctx, r))
}

// sending is fetching by XMLHttpRequest.
func sending(ctx context.Context, from string, r probe.Request) probe.Observation {
	GinkgoHelper()
	return agreeing(h.From(from).XHR(ctx, r))
}

// asking is fetching, request after request, in one browsing session of a page.
func asking(ctx context.Context, page harness.Page, requests ...probe.Request) []probe.Observation {
	GinkgoHelper()
	steps := make([]probe.Step, len(requests))
	for i, r := range requests {
		steps[i].Request = r
	}
	return stepping(ctx, page, steps...)
}

// stepping is asking with steps that wait or clear the cache.
func stepping(ctx context.Context, page harness.Page, steps ...probe.Step) []probe.Observation {
	GinkgoHelper()
	list := page.Session(ctx, steps...)
	for _, o := range list {
		agreeing(o)
	}
	return list
}

// agreeing expects of an Observation that the Standard predicts it, without a deviation of the browser's, and that no evidence is missing.
func agreeing(o probe.Observation) probe.Observation {
	GinkgoHelper()
	Expect(o).To(match.HaveCompleteEvidence())
	Expect(o).To(match.AgreeWithStandard())
	Expect(o.Deviations).To(BeEmpty(), "known deviations from the Standard: state their ids by deviating")
	return o
}

// deviating is agreeing for what this browser is known to do otherwise than the Standard says, by the ids of package fetch's table: these, and no others.
func deviating(o probe.Observation, id string, more ...string) probe.Observation {
	GinkgoHelper()
	Expect(o).To(match.HaveCompleteEvidence())
	Expect(o).To(match.AgreeWithStandard())
	Expect(o.Deviations).To(ConsistOf(append(more, id)), "where the deviation is gone, say so in the spec and in the table")
	return o
}
