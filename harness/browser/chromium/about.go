package chromium

import "strings"

// log keeps a console message of the browser's with the request that it is about.
func (c *capture) log(l *logEntry) {
	if l == nil || l.Level == "verbose" {
		return
	}
	if p := c.about(l.NetworkRequestID, l.URL, l.Text); p != nil {
		p.console = append(p.console, strings.ReplaceAll(l.Text, "#"+p.mark, ""))
		p.notify()
	}
}

// about finds the probe that a message concerns: by request id, by the mark in
// the URL it names or that stands in its text, or by that URL. Two probes with
// the same URL are never in flight in one tab at the same time.
func (c *capture) about(requestID, url, text string) *pending {
	if e := c.entries[requestID]; e != nil && e.owner != nil {
		return e.owner
	}
	if _, mark, ok := strings.Cut(url, "#"); ok && c.pending[mark] != nil {
		return c.pending[mark]
	}
	for _, p := range c.pending {
		if quotes(text, p.url+"#"+p.mark) {
			return p
		}
	}
	var best *pending
	for _, p := range c.pending {
		hit := (url != "" && p.url == url) || (text != "" && quotes(text, p.url))
		if hit && (best == nil || len(p.url) > len(best.url)) {
			best = p
		}
	}
	return best
}

// quotes reports whether a message names exactly that URL: followed by no more of a URL.
func quotes(text, url string) bool {
	_, rest, ok := strings.Cut(text, url)
	return ok && (rest == "" || strings.ContainsAny(rest[:1], "'\"`# ,.)]") && !strings.HasPrefix(rest, ".html"))
}

func (c *capture) issue(i *issue) {
	if i == nil {
		return
	}
	id, url := i.subject()
	if d := i.Details.CSP; d != nil && d.stopsScript() {
		c.refusedScript = d.ViolatedDirective
	}
	if p := c.about(id, url, ""); p != nil {
		p.issues = append(p.issues, i)
		p.notify()
	}
}

// subject is the request that an issue is about, as far as it says.
func (i *issue) subject() (requestID, url string) {
	d := i.Details
	switch {
	case d.CORS != nil && d.CORS.Request != nil:
		return d.CORS.Request.RequestID, d.CORS.Request.URL
	case d.MixedContent != nil:
		if d.MixedContent.Request != nil {
			return d.MixedContent.Request.RequestID, d.MixedContent.Request.URL
		}
		return "", d.MixedContent.InsecureURL
	case d.BlockedByResponse != nil && d.BlockedByResponse.Request != nil:
		return d.BlockedByResponse.Request.RequestID, d.BlockedByResponse.Request.URL
	case d.CSP != nil:
		return "", d.CSP.BlockedURL
	}
	return "", ""
}
