package report

// Exchange is one request that the browser sent, or decided to send, and its answer.
type Exchange struct {
	Role      string    `json:"role"` // "preflight", "actual" or "redirect"
	Request   Sent      `json:"request"`
	Response  *Received `json:"response"` // null: no answer
	Cookies   Cookies   `json:"cookies"`
	FromCache string    `json:"from_cache,omitempty"`
	Error     string    `json:"error,omitempty"` // the browser's net error
}

// Sent is a request as it left the browser.
type Sent struct {
	Method  Text  `json:"method"`
	URL     Text  `json:"url"`
	Headers Lines `json:"headers"`
	// Provisional is true where the headers are what the browser meant to send, since nothing left it or the evidence is missing.
	Provisional bool `json:"provisional,omitempty"`
}

// Received is an answer as it reached the browser, before it was filtered.
type Received struct {
	Status      int    `json:"status"`
	StatusText  Text   `json:"status_text,omitempty"`
	Protocol    string `json:"protocol,omitempty"`
	Headers     Lines  `json:"headers"`
	Provisional bool   `json:"provisional,omitempty"`
}

// Cookies is what the browser did with cookies on one exchange.
type Cookies struct {
	Sent     []Text      `json:"sent"`
	Withheld []CookieUse `json:"withheld"`
	Refused  []CookieUse `json:"refused,omitempty"`
}

// CookieUse is a cookie that was not used, and the browser's reasons.
type CookieUse struct {
	Name    Text     `json:"name"`
	Reasons []string `json:"reasons"`
}

// Receipt is a request as the API received it. Body is at most its first 64 KiB.
type Receipt struct {
	Method   Text   `json:"method"`
	URL      Text   `json:"url"`
	Proto    string `json:"proto,omitempty"`
	Headers  Lines  `json:"headers"`
	Body     Text   `json:"body"`
	BodySize int64  `json:"body_size,omitempty"`
}

// Replay is the answer to the same request without a browser. Body is at most its first 64 KiB.
type Replay struct {
	Status  int    `json:"status"`
	Proto   string `json:"proto,omitempty"`
	Headers Lines  `json:"headers"`
	Body    Text   `json:"body"`
	Error   string `json:"error,omitempty"` // when there was no answer
}

// Deciding points at the part of an answer that decided the outcome.
type Deciding struct {
	Exchange int `json:"exchange"` // the index in Result.Exchanges
	// Header is a response header's name in lower case, or ":status".
	Header string `json:"header"`
	// Absent is true where the answer has no such header.
	Absent bool `json:"absent,omitempty"`
}
