package harness

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
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
		to := time.Now()
		if i+1 < len(list) {
			to = list[i+1].Started
		}
		clean = h.addReceipts(&list[i], started, to) && clean
		predict(&list[i], h.sites.pageHeaders(p.From))
		h.refuseUnreachable(&list[i], started, to)
		started = to
	}
	if err == nil {
		for i := range list {
			h.addReplay(ctx, &list[i], p.Cookies)
		}
	}
	return list, clean, err
}

// refuseUnreachable takes the verdict away where the API behind a hop of ours was
// not there from one time to another: what the browser got was the hop's answer, and none of the API's.
func (h *Harness) refuseUnreachable(o *probe.Observation, from, to time.Time) {
	for url := range sentRequests(o) {
		st := h.sites.forURL(url)
		if st == nil {
			continue
		}
		if err := st.takeUnreachable(url, from, to); err != nil {
			err = fmt.Errorf("the API at %s could not be reached behind corsproof's hop: %w; %s?", st.origin, err, whatIsWrong(err))
			*o = probe.Observation{ProbeID: o.ProbeID, Step: o.Step, From: o.From, Request: o.Request, Err: err}
			return
		}
	}
}

// witnessAlone asks again while nobody else asks anything, so that every receipt is this probe's.
func (h *Harness) witnessAlone(ctx context.Context, p probe.Probe) ([]probe.Observation, error) {
	release, err := h.lanes.clear(ctx)
	if err != nil {
		return nil, fmt.Errorf("the context ended before the probe could be asked again by itself: %w", err)
	}
	defer release()
	list, clean, err := h.witness(ctx, p)
	for i := range list {
		if list[i].Retried == "" && list[i].Err == nil {
			list[i].Retried = "receipts could not be told from another probe's"
		}
		if !clean && len(list[i].Receipts) < answered(&list[i]) {
			list[i].Receipts, list[i].ReceiptsKnown = nil, false // the wire has answers to what nobody received
		}
	}
	return list, err
}

// answered counts the requests that were answered over the network.
func answered(o *probe.Observation) int {
	n := 0
	for _, sent := range sentRequests(o) {
		n += sent
	}
	return n
}

// addReceipts takes what our servers received from this step between two times.
// What came before the step started is of an attempt that was put again.
func (h *Harness) addReceipts(o *probe.Observation, from, to time.Time) (clean bool) {
	sent, origins := sentRequests(o), sentOrigins(o)
	o.ReceiptsKnown = true
	for url := range sent {
		st := h.sites.forURL(url)
		if st == nil || !st.api {
			o.ReceiptsKnown = false
			continue
		}
		o.Receipts = append(o.Receipts, st.log.Take(func(r probe.Receipt) bool {
			return r.URL == url && !r.At.Before(from) && !r.At.After(to) && !isReplay(r) && origins.may(url, r)
		})...)
	}
	o.Receipts = slices.DeleteFunc(o.Receipts, func(r probe.Receipt) bool { return r.At.Before(o.Started) })
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
	sent := map[string]int{}
	if len(o.Exchanges) == 0 {
		sent[receiptURL(o.Request.URL)] = 0 // script's own writing: the browser's, which the first exchange has, may differ (punycode)
	}
	for _, x := range o.Exchanges {
		url := receiptURL(x.Request.URL)
		if !x.Request.Raw && !strings.HasPrefix(url, "http") {
			continue // a redirect to a scheme that no server speaks was not followed
		}
		n := sent[url]
		if x.Response != nil && x.Response.Raw && x.FromCache == "" {
			n++
		}
		sent[url] = n
	}
	return sent
}

// originsSent are the values of the Origin header that went to each URL.
type originsSent map[string][]string

func sentOrigins(o *probe.Observation) originsSent {
	sent := originsSent{}
	for _, x := range o.Exchanges {
		if x.Request.Raw {
			url, origin := receiptURL(x.Request.URL), origin(x.Request.Headers)
			sent[url] = append(sent[url], origin)
		}
	}
	return sent
}

// may reports whether a receipt can be of this probe. Where the wire says
// nothing of a URL, as after a time-out, every receipt can.
func (s originsSent) may(url string, r probe.Receipt) bool {
	return len(s[url]) == 0 || slices.Contains(s[url], origin(r.Headers))
}

func origin(headers fetch.HeaderList) string {
	value, _ := headers.Get("Origin")
	return value
}

// fits compares the answered requests with the receipts. A request that had no
// answer may have been received or not, or more than once, and some answers make
// the browser send it again by itself; otherwise each was received once.
func fits(o *probe.Observation, sent map[string]int) bool {
	received := map[string]int{}
	for _, r := range o.Receipts {
		received[r.URL]++
	}
	for url, n := range sent {
		repeated := answersChallenge(o.Request) || slices.ContainsFunc(o.Exchanges, func(x probe.Exchange) bool {
			return receiptURL(x.Request.URL) == url && (x.Response == nil || x.Error != "" || askedAgain(x.Response.Status))
		})
		if received[url] < n || (received[url] > n && !repeated) {
			return false
		}
	}
	return true
}

// askedAgain reports the statuses upon which a browser sends the same request
// again, on another connection (RFC 9110, sections 15.5.9 and 15.5.20), and
// shows the second answer only.
func askedAgain(status int) bool { return status == 408 || status == 421 }

// answersChallenge reports a request that brings a user or a password along:
// upon a 401 the browser sends it again with them, and shows the second answer only.
func answersChallenge(r probe.Request) bool {
	return r.User != "" || r.Password != "" || r.URL != withoutUser(r.URL)
}

// receiptURL is a request's URL as a receipt has it.
func receiptURL(raw string) string { return withoutUser(fetch.RequestURL(raw)) }

// withoutUser removes user and password, which no request line has.
func withoutUser(raw string) string {
	if !strings.Contains(raw, "@") {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return raw
	}
	u.User = nil
	return u.String()
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
			if !used[n] && r.Method == x.Request.Method && r.URL == receiptURL(x.Request.URL) && sameLines(r.Headers, x.Request.Headers) {
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

// whatIsWrong asks what most likely is where an API cannot be reached.
func whatIsWrong(err error) string {
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		return "does SSL_CERT_FILE name the file with its certificate, or that of its authority"
	}
	return "is it running"
}

func isReplay(r probe.Receipt) bool {
	agent, _ := r.Headers.Get("User-Agent")
	return agent == replay.UserAgent || replay.IsFollowUp(r.Headers)
}

func (h *Harness) addReplay(ctx context.Context, o *probe.Observation, jar []probe.Cookie) {
	wanted := h.cfg.Replay == ReplayAlways || (h.cfg.Replay == ReplayUnread && o.Outcome != probe.Readable)
	if !wanted || o.Page.Rejected || o.Err != nil {
		return
	}
	r := h.replays.Do(ctx, o.Request, jar)
	o.Replay = &r
	if st := h.sites.forURL(o.Request.URL); st != nil && st.api {
		st.log.Take(isReplay)
	}
}
