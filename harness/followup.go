package harness

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/replay"
)

// FollowUp sends what diagnosis asks, one after the other and without a browser, and returns it with the answers.
// What goes wrong is in the answers. No Observation counts what an API of ours receives of it.
func (h *Harness) FollowUp(ctx context.Context, list []probe.FollowUp) []probe.FollowUp {
	for i := range list {
		list[i].Request.Timeout = followUpTimeout
		if h.followUp(ctx, &list[i]) {
			continue
		}
		for k := i + 1; k < len(list); k++ {
			list[k].Answer.Error = "not asked: the question before got no answer in time"
		}
		break
	}
	return list
}

// followUpTimeout bounds a follow-up. A server that needs longer is not asked more.
const followUpTimeout = 5 * time.Second

// Diagnose names the cause of what a page got, and asks the API what tells causes apart that look alike: GET, HEAD and OPTIONS
// requests, without a browser. [diagnose.Find] does without these.
func (h *Harness) Diagnose(ctx context.Context, o probe.Observation) []diagnose.Finding {
	return diagnose.Find(diagnose.Inquire(o, func(list []probe.FollowUp) []probe.FollowUp { return h.FollowUp(ctx, list) }))
}

// followUp sends one, and reports whether it ended in time.
func (h *Harness) followUp(ctx context.Context, f *probe.FollowUp) bool {
	request := signed(f)
	st := h.sites.forURL(request.URL)
	if f.Inner && (st == nil || st.inner == nil) {
		f.Answer.Error = nothingBetween
		return true
	}
	if st != nil && st.inner != nil {
		if st.asking.Acquire(ctx, 1) != nil {
			f.Answer.Error = "not asked: " + context.Cause(ctx).Error()
			return true
		}
		defer st.asking.Release(1)
	}
	started := time.Now()
	if st == nil || st.inner == nil {
		f.Answer = h.replays.Do(ctx, request, nil)
	} else {
		f.Answer = h.askBehind(ctx, st, f, request)
	}
	if st != nil && st.api {
		st.log.Take(isReplay)
	}
	return time.Since(started) < followUpTimeout
}

// signed is a follow-up's request with what shows corsproof as its sender.
func signed(f *probe.FollowUp) probe.Request {
	r := f.Request
	r.Headers = slices.Clone(r.Headers)
	if f.AsBrowser {
		r.Headers = append(r.Headers, fetch.Header{Name: replay.FollowUpHeader, Value: "1"})
		return r
	}
	r.Headers = slices.DeleteFunc(r.Headers, func(h fetch.Header) bool { return strings.EqualFold(h.Name, "User-Agent") })
	r.Headers = append(fetch.HeaderList{{Name: "User-Agent", Value: replay.FollowUpAgent}}, r.Headers...)
	return r
}

const nothingBetween = "nothing that corsproof knows stands before the API"

// askBehind sends a follow-up to an API that other servers stand before, and notes what reached the API itself.
func (h *Harness) askBehind(ctx context.Context, st *site, f *probe.FollowUp, request probe.Request) probe.Replay {
	at, received := st.inner.Inner()
	switch {
	case at == "" && f.Inner:
		return probe.Replay{Error: nothingBetween}
	case at == "":
		return h.replays.Do(ctx, request, nil)
	case f.Inner:
		return h.replays.Do(ctx, past(request, at), nil)
	}
	received.Take(isReplay)
	answer := h.replays.Do(ctx, request, nil)
	f.Watched = true
	if arrived := received.Take(isReplay); len(arrived) > 0 {
		f.Arrived = &arrived[0]
	}
	return answer
}

// past is a request to the API itself at another address, with the Host that it would have had.
func past(r probe.Request, at string) probe.Request {
	u, err := url.Parse(r.URL)
	to, errTo := url.Parse(at)
	if err != nil || errTo != nil {
		return r
	}
	r.Headers = append(fetch.HeaderList{{Name: "Host", Value: u.Host}}, r.Headers...)
	u.Scheme, u.Host = to.Scheme, to.Host
	r.URL = u.String()
	return r
}
