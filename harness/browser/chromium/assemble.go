package chromium

import (
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// observe joins what the page and the browser said of one request. The
// capture's lock is held, so that late events do not race.
func (p *pending) observe() probe.Observation {
	var o probe.Observation
	if p.result != nil {
		o.Page = p.result.Page()
		o.Duration = p.result.Duration()
	}
	o.Exchanges = withoutPhantom(p.exchanges(), o.Page.Type)
	o.Console = p.console
	o.Blocked = p.blocked()
	o.NetError = p.netError()
	browser.Decide(&o)
	return o
}

// exchanges puts each preflight before the hop it serves, whatever came first on the pipe.
func (p *pending) exchanges() []probe.Exchange {
	var list []probe.Exchange
	served := map[*entry]bool{}
	for _, e := range p.entries {
		if e.isPreflight {
			continue
		}
		preflights := p.preflightsFor(e)
		for _, hop := range e.exchanges() {
			for len(preflights) > 0 && preflights[0].isTo(hop.Request.URL) {
				list = append(list, serving(preflights[0], hop.ID)...)
				served[preflights[0]], preflights = true, preflights[1:]
			}
			list = append(list, hop)
		}
	}
	for _, e := range p.entries { // their hop was never announced
		if e.isPreflight && !served[e] {
			list = append(list, serving(e, "")...)
		}
	}
	return list
}

// withoutPhantom leaves out the hop after an opaque redirect, which the browser
// announces within one origin and never sends.
func withoutPhantom(list []probe.Exchange, kind fetch.ResponseType) []probe.Exchange {
	last := len(list) - 1
	if kind != fetch.OpaqueRedirect || last < 1 || list[last].Request.Raw || list[last].Response != nil {
		return list
	}
	list[last-1].Role = probe.Actual
	return list[:last]
}

func (p *pending) preflightsFor(e *entry) []*entry {
	var list []*entry
	for _, f := range p.entries {
		if f.isPreflight && f.preflightFor == e.id {
			list = append(list, f)
		}
	}
	return list
}

func (e *entry) isTo(url string) bool {
	return len(e.sent) == 0 || e.sent[0].Request.URL == url
}

func serving(preflight *entry, hop string) []probe.Exchange {
	list := preflight.exchanges()
	for i := range list {
		list[i].For = hop
	}
	return list
}

// exchanges are the hops of one request id. Raw headers are paired in order:
// a hop that announced none (an internal redirect, a cached answer) has none to take.
func (e *entry) exchanges() []probe.Exchange {
	var list []probe.Exchange
	extra := 0
	for i, sent := range e.sent {
		x := probe.Exchange{
			ID: fmt.Sprintf("%s.%d", e.id, i), Role: probe.Actual,
			Request: probe.SentRequest{Method: sent.Request.Method, URL: sent.Request.URL},
		}
		if e.isPreflight {
			x.Role = probe.Preflight
		}
		answer, raw := e.received, e.announced()
		var res *response
		if answer != nil {
			res = answer.Response
		}
		if i+1 < len(e.sent) {
			next := e.sent[i+1]
			res, raw = next.RedirectResponse, next.RedirectHasExtraInfo
			x.Role = probe.RedirectHop
		}
		if x.FromCache = res.cache(); i+1 == len(e.sent) {
			e.end(&x)
		}
		if res == nil || raw {
			e.addRaw(&x, res, &extra, i+1 == len(e.sent))
		} else {
			x.Response = shown(res)
		}
		if !x.Request.Raw {
			x.Request.Headers = headerList(sent.Request.Headers)
		}
		list = append(list, x)
	}
	return list
}

// end notes how the last hop ended.
func (e *entry) end(x *probe.Exchange) {
	if e.failed != nil {
		x.Error = e.failed.ErrorText
	}
	switch {
	case e.stored:
		x.FromCache = "disk"
	case e.fromCache && x.FromCache == "" && e.received != nil:
		x.FromCache = "memory"
	}
}

// cache is where a response came from, as probe.Exchange has it.
func (r *response) cache() string {
	switch {
	case r == nil:
		return ""
	case r.FromServiceWorker:
		return "service-worker"
	case r.FromPrefetchCache:
		return "prefetch"
	case r.FromDiskCache:
		return "disk"
	}
	return ""
}

// addRaw takes the next pair of raw headers. When there are more pairs than
// hops (the network stack sent a request again by itself: authentication, a
// 421), a redirect takes the next one with its status, and the last hop the last.
func (e *entry) addRaw(x *probe.Exchange, res *response, extra *int, last bool) {
	at := *extra
	if !last {
		at = e.repeated(at, res)
	}
	*extra = at + 1
	if i := pick(at, len(e.requestExtra), last); i >= 0 {
		ev := e.requestExtra[i]
		x.Request.Headers, x.Request.Raw = headerList(ev.Headers), true
		x.Cookies.Sent, x.Cookies.Withheld = associated(ev.AssociatedCookies)
	}
	i := pick(at, len(e.responseExtra), last)
	if i < 0 {
		x.Response = shown(res)
		return
	}
	x.Response = rawResponse(e.responseExtra[i], res)
	x.Cookies.Refused = refused(e.responseExtra[i].BlockedCookies)
}

// repeated is the index of a redirect's raw headers, from at: behind those of
// the answers upon which the network stack sent the request again.
func (e *entry) repeated(at int, res *response) int {
	if res == nil {
		return at
	}
	for i := at; i < len(e.responseExtra); i++ {
		if e.responseExtra[i].StatusCode == res.Status {
			return i
		}
	}
	return at
}

// rawResponse is a response as it was on the wire. Only HTTP/1 has a text, which keeps the order of lines.
func rawResponse(ev *event, res *response) *probe.ReceivedResponse {
	out := outline(res)
	out.Status, out.Raw = ev.StatusCode, true
	if ev.HeadersText == "" {
		out.Headers = headerList(ev.Headers)
		return out
	}
	out.Headers, out.StatusText = headersText(ev.HeadersText), statusText(ev.HeadersText)
	return out
}

func pick(at, n int, last bool) int {
	if at >= n {
		return -1
	}
	if last {
		return n - 1
	}
	return at
}

// shown is a response as the browser shows it, which is not always what was on the wire.
func shown(r *response) *probe.ReceivedResponse {
	if r == nil {
		return nil
	}
	out := outline(r)
	out.Headers = headerList(r.Headers)
	return out
}

// outline is a response without its headers; r may be nil where script was shown none.
func outline(r *response) *probe.ReceivedResponse {
	if r == nil {
		return &probe.ReceivedResponse{}
	}
	out := &probe.ReceivedResponse{Status: r.Status, StatusText: r.StatusText, Protocol: r.Protocol}
	if r.RemoteIP != "" {
		out.RemoteAddr = fmt.Sprintf("%s:%d", r.RemoteIP, r.RemotePort)
	}
	return out
}

func statusText(head string) string {
	line, _, _ := strings.Cut(head, "\n")
	parts := strings.SplitN(strings.TrimSpace(line), " ", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}

func associated(list []associatedCookie) (sent, withheld []probe.CookieUse) {
	for _, c := range list {
		use := probe.CookieUse{Name: c.Cookie.Name, Reasons: c.BlockedReasons}
		if len(c.BlockedReasons) == 0 {
			sent = append(sent, use)
		} else {
			withheld = append(withheld, use)
		}
	}
	return sent, withheld
}

func refused(list []blockedCookie) []probe.CookieUse {
	var out []probe.CookieUse
	for _, c := range list {
		name := nameOf(c.CookieLine)
		if c.Cookie != nil {
			name = c.Cookie.Name
		}
		out = append(out, probe.CookieUse{Name: name, Reasons: c.BlockedReasons})
	}
	return out
}

// nameOf is the cookie's name in a Set-Cookie line that the browser did not parse; a pair without "=" is a value without a name.
func nameOf(line string) string {
	pair, _, _ := strings.Cut(line, ";")
	name, _, ok := strings.Cut(pair, "=")
	if !ok {
		return ""
	}
	return strings.TrimSpace(name)
}

// blocked is the browser's own reason: the network's word first, since it is
// bound to the request id, then what the issues say where there was no network event.
func (p *pending) blocked() *probe.Block {
	b, issue := p.blockedByNetwork(), p.blockedByIssue()
	if p.result != nil && p.result.Error == nil {
		return nil // an issue may be about an attempt that was granted after all
	}
	switch {
	case b == nil && issue == nil:
		return nil
	case b == nil:
		b = issue
	case issue != nil && issue.Code == b.Code && b.Parameter == "":
		b.Parameter = issue.Parameter
	}
	b.Parameter = strings.ReplaceAll(b.Parameter, "#"+p.mark, "")
	b.Message = p.message()
	return b
}

func (p *pending) blockedByNetwork() *probe.Block {
	for _, e := range p.entries {
		if e.isPreflight || e.failed == nil {
			continue
		}
		if c := e.failed.CORS; c != nil {
			return &probe.Block{Code: c.Error, Parameter: c.Parameter}
		}
		if e.failed.BlockedReason != "" {
			return &probe.Block{Code: e.failed.BlockedReason}
		}
	}
	return nil
}

func (p *pending) blockedByIssue() *probe.Block {
	for _, i := range p.issues {
		d := i.Details
		switch {
		case d.CORS != nil && !d.CORS.IsWarning:
			return &probe.Block{Code: d.CORS.Status.Error, Parameter: d.CORS.Status.Parameter}
		case d.MixedContent != nil && d.MixedContent.Resolution == "MixedContentBlocked":
			return &probe.Block{Code: "mixed-content", Parameter: d.MixedContent.InsecureURL}
		case d.CSP != nil && !d.CSP.IsReportOnly:
			return &probe.Block{Code: "csp", Parameter: d.CSP.ViolatedDirective}
		case d.BlockedByResponse != nil:
			return &probe.Block{Code: d.BlockedByResponse.Reason}
		}
	}
	return nil
}

// message is the console line that gives the reason; the line that only says that loading failed does not.
func (p *pending) message() string {
	for _, text := range p.console {
		if !strings.HasPrefix(text, "Failed to load resource") {
			return text
		}
	}
	return ""
}

// netError is the network's error where policy did not decide. A request that was aborted by
// its own timeout has none of interest, and neither has an opaque redirect.
func (p *pending) netError() string {
	if p.result != nil && p.result.TimedOut {
		return ""
	}
	for _, e := range p.entries {
		if e.failed == nil || e.failed.CORS != nil || e.failed.BlockedReason != "" {
			continue
		}
		if e.failed.ErrorText != "" && (p.result == nil || p.result.Error != nil || p.result.BodyError != nil) {
			return e.failed.ErrorText
		}
	}
	return ""
}
