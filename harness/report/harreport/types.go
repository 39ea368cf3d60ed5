package harreport

type entry struct {
	Started  string   `json:"startedDateTime"` // of one length, so that its order is that of time
	Time     float64  `json:"time"`
	Request  request  `json:"request"`
	Response response `json:"response"`
	Cache    struct{} `json:"cache"`
	Timings  timings  `json:"timings"`
	Ours     ours     `json:"_corsproof"`
}

// ours is what HAR has no field for.
type ours struct {
	ID      string `json:"id"`
	Case    string `json:"case"`
	Step    int    `json:"step,omitempty"`
	Verdict string `json:"verdict"`
	Outcome string `json:"outcome"`
	Role    string `json:"role"`
	From    string `json:"from"`
	// Sent is false where nothing left the browser.
	Sent    bool   `json:"sent"`
	Blocked any    `json:"blocked,omitempty"`
	Cookies any    `json:"cookies,omitempty"`
	Error   string `json:"error,omitempty"`
}

type request struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []cookie  `json:"cookies"`
	Headers     []pair    `json:"headers"`
	Query       []pair    `json:"queryString"`
	PostData    *postData `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type response struct {
	Status      int      `json:"status"` // 0: no answer
	StatusText  string   `json:"statusText"`
	HTTPVersion string   `json:"httpVersion"`
	Cookies     []cookie `json:"cookies"`
	Headers     []pair   `json:"headers"`
	Content     content  `json:"content"`
	RedirectURL string   `json:"redirectURL"`
	HeadersSize int      `json:"headersSize"`
	BodySize    int      `json:"bodySize"`
	Error       string   `json:"_error,omitempty"` // as Chromium names it
}

type pair struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Base64 []byte `json:"_base64,omitempty"`
}

type cookie struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type postData struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Params   []pair `json:"params,omitempty"`
	Base64   []byte `json:"_base64,omitempty"`
}

type content struct {
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
}

type timings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}
