package harness

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/replay"
)

// witness asks the browser, and joins receipts, prediction and replay to what
// it says. clean is false where receipts and wire do not fit together, as when
// another probe was redirected to the same URL at the same time.
func (h *Harness) witness(ctx context.Context, p probe.Probe) (list []probe.Observation, clean bool, err error) {
	started := time.Now()
	list, err = h.engine.Probe(ctx, p)
	clean = true
	for i := range list {
		from, to := started, time.Now()
		if i > 0 {
			from = list[i].Started
		}
		if i+1 < len(list) {
			to = list[i+1].Started
		}
		clean = h.addReceipts(&list[i], from, to) && clean
		predict(&list[i])
	}
	if err == nil {
		for i := range list {
			h.addReplay(ctx, &list[i], p.Cookies)
		}
	}
	return list, clean, err
}

// witnessAlone asks again while nobody else asks anything, so that every receipt is this probe's.
func (h *Harness) witnessAlone(ctx context.Context, p probe.Probe) ([]probe.Observation, error) {
	h.lanes.alone.Lock()
	defer h.lanes.alone.Unlock()
	list, _, err := h.witness(ctx, p)
	for i := range list {
		if list[i].Retried == "" {
			list[i].Retried = "receipts could not be told from another probe's"
		}
	}
	return list, err
}

// addReceipts takes what our servers received from this step between two times.
func (h *Harness) addReceipts(o *probe.Observation, from, to time.Time) (clean bool) {
	sent := sentRequests(o)
	o.ReceiptsKnown = true
	for url := range sent {
		st := h.sites.forURL(url)
		if st == nil || !st.api {
			o.ReceiptsKnown = false
			continue
		}
		o.Receipts = append(o.Receipts, st.log.Take(func(r probe.Receipt) bool {
			return r.URL == url && !r.At.Before(from) && !r.At.After(to) && !isReplay(r)
		})...)
	}
	if !o.ReceiptsKnown {
		o.Receipts = nil
		return true
	}
	slices.SortFunc(o.Receipts, func(a, b probe.Receipt) int { return int(a.Seq) - int(b.Seq) })
	if o.Receipts == nil {
		o.Receipts = []probe.Receipt{}
	}
	matchLines(o)
	return fits(o, sent)
}

// sentRequests counts, for each URL that a step concerns, the requests that were answered over the network.
func sentRequests(o *probe.Observation) map[string]int {
	sent := map[string]int{fetch.RequestURL(o.Request.URL): 0}
	for _, x := range o.Exchanges {
		url := fetch.RequestURL(x.Request.URL)
		n := sent[url]
		if x.Response != nil && x.Response.Raw && x.FromCache == "" {
			n++
		}
		sent[url] = n
	}
	return sent
}

// fits compares the answered requests with the receipts. A request that had no
// answer may have been received or not, or more than once; otherwise each was received once.
func fits(o *probe.Observation, sent map[string]int) bool {
	received := map[string]int{}
	for _, r := range o.Receipts {
		received[r.URL]++
	}
	for url, n := range sent {
		unanswered := slices.ContainsFunc(o.Exchanges, func(x probe.Exchange) bool {
			return fetch.RequestURL(x.Request.URL) == url && (x.Response == nil || x.Error != "")
		})
		if received[url] < n || (received[url] > n && !unanswered) {
			return false
		}
	}
	return true
}

// matchLines gives the requests on the wire their lines as the server got
// them: the browser reports them sorted by name, the server saw their order.
func matchLines(o *probe.Observation) {
	used := make([]bool, len(o.Receipts))
	for i := range o.Exchanges {
		x := &o.Exchanges[i]
		if !x.Request.Raw {
			continue
		}
		for n, r := range o.Receipts {
			if !used[n] && r.Method == x.Request.Method && r.URL == fetch.RequestURL(x.Request.URL) && sameLines(r.Headers, x.Request.Headers) {
				x.Request.Headers, used[n] = r.Headers, true
				break
			}
		}
	}
}

func sameLines(a, b fetch.HeaderList) bool {
	if len(a) != len(b) {
		return false
	}
	key := func(l fetch.HeaderList) []string {
		list := make([]string, len(l))
		for i, h := range l {
			list[i] = strings.ToLower(h.Name) + ":" + h.Value
		}
		slices.Sort(list)
		return list
	}
	return slices.Equal(key(a), key(b))
}

func isReplay(r probe.Receipt) bool {
	agent, _ := r.Headers.Get("User-Agent")
	return agent == replay.UserAgent
}

func (h *Harness) addReplay(ctx context.Context, o *probe.Observation, jar []probe.Cookie) {
	wanted := h.cfg.Replay == ReplayAlways || (h.cfg.Replay == ReplayUnread && o.Outcome != probe.Readable)
	if !wanted || o.Page.Rejected {
		return
	}
	r := h.replays.Do(ctx, o.Request, jar)
	o.Replay = &r
	if st := h.sites.forURL(o.Request.URL); st != nil && st.api {
		st.log.Take(isReplay)
	}
}
