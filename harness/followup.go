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
		started := time.Now()
		h.followUp(ctx, &list[i])
		if time.Since(started) < followUpTimeout && ctx.Err() == nil {
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

func (h *Harness) followUp(ctx context.Context, f *probe.FollowUp) {
	request := f.Request
	request.Headers = slices.DeleteFunc(slices.Clone(request.Headers), func(h fetch.Header) bool { return strings.EqualFold(h.Name, "User-Agent") })
	request.Headers = append(fetch.HeaderList{{Name: "User-Agent", Value: replay.FollowUpAgent}}, request.Headers...)
	st := h.sites.forURL(request.URL)
	if st == nil || !st.api {
		if f.Inner {
			f.Answer.Error = nothingBetween
			return
		}
		f.Answer = h.replays.Do(ctx, request, nil)
		return
	}
	st.asking.Lock()
	defer st.asking.Unlock()
	f.Answer = h.askSite(ctx, st, f, request)
	st.log.Take(isReplay)
}

const nothingBetween = "nothing that corsproof knows stands before the API"

// askSite sends a follow-up to an API that stands behind a hop of ours, and notes what reached the API itself.
func (h *Harness) askSite(ctx context.Context, st *site, f *probe.FollowUp, request probe.Request) probe.Replay {
	if st.inner == nil {
		if f.Inner {
			return probe.Replay{Error: nothingBetween}
		}
		return h.replays.Do(ctx, request, nil)
	}
	at, received := st.inner.Inner()
	if at == "" && f.Inner {
		return probe.Replay{Error: nothingBetween}
	}
	if f.Inner {
		request = past(request, at)
	}
	if received != nil {
		received.Take(isReplay)
	}
	answer := h.replays.Do(ctx, request, nil)
	if at == "" || f.Inner {
		return answer
	}
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
