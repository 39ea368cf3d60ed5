package chromium

import (
	"bytes"
	"encoding/json"
	"strings"

	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"

	"github.com/corsproof/corsproof/harness/fetch"
)

// event is one DevTools event with the members that are evidence, whichever
// its method: decoding the full protocol types of every event costs more than
// everything else that Go does here, and an unknown enum value must not lose an event.
type event struct {
	RequestID string `json:"requestId"`
	// requestWillBeSent
	Request              *sentRequest `json:"request"`
	Initiator            initiator    `json:"initiator"`
	RedirectResponse     *response    `json:"redirectResponse"`
	RedirectHasExtraInfo bool         `json:"redirectHasExtraInfo"`
	// requestWillBeSentExtraInfo and responseReceivedExtraInfo
	Headers           jsonv2.Value       `json:"headers"`
	HeadersText       string             `json:"headersText"`
	StatusCode        int                `json:"statusCode"`
	AssociatedCookies []associatedCookie `json:"associatedCookies"`
	BlockedCookies    []blockedCookie    `json:"blockedCookies"`
	// responseReceived
	Response     *response `json:"response"`
	HasExtraInfo bool      `json:"hasExtraInfo"`
	// loadingFailed
	ErrorText     string      `json:"errorText"`
	Canceled      bool        `json:"canceled"`
	BlockedReason string      `json:"blockedReason"`
	CORS          *corsStatus `json:"corsErrorStatus"`
	// Log.entryAdded, Audits.issueAdded, Runtime.bindingCalled
	Entry   *logEntry `json:"entry"`
	Issue   *issue    `json:"issue"`
	Name    string    `json:"name"`
	Payload string    `json:"payload"`
}

type sentRequest struct {
	URL         string       `json:"url"`
	URLFragment string       `json:"urlFragment"`
	Method      string       `json:"method"`
	Headers     jsonv2.Value `json:"headers"`
}

type initiator struct {
	Type      string `json:"type"`
	RequestID string `json:"requestId"`
}

type response struct {
	Status            int          `json:"status"`
	StatusText        string       `json:"statusText"`
	Headers           jsonv2.Value `json:"headers"`
	Protocol          string       `json:"protocol"`
	RemoteIP          string       `json:"remoteIPAddress"`
	RemotePort        int          `json:"remotePort"`
	FromDiskCache     bool         `json:"fromDiskCache"`
	FromServiceWorker bool         `json:"fromServiceWorker"`
	FromPrefetchCache bool         `json:"fromPrefetchCache"`
}

type corsStatus struct {
	Error     string `json:"corsError"`
	Parameter string `json:"failedParameter"`
}

type associatedCookie struct {
	Cookie         cookie   `json:"cookie"`
	BlockedReasons []string `json:"blockedReasons"`
}

type blockedCookie struct {
	BlockedReasons []string `json:"blockedReasons"`
	CookieLine     string   `json:"cookieLine"`
	Cookie         *cookie  `json:"cookie"`
}

type cookie struct {
	Name string `json:"name"`
}

type logEntry struct {
	Source           string `json:"source"`
	Level            string `json:"level"`
	Text             string `json:"text"`
	URL              string `json:"url"`
	NetworkRequestID string `json:"networkRequestId"`
}

type issue struct {
	Code    string       `json:"code"`
	Details issueDetails `json:"details"`
}

// issueDetails holds the kinds of issue that concern a probe.
type issueDetails struct {
	CORS              *corsIssue              `json:"corsIssueDetails"`
	MixedContent      *mixedContentIssue      `json:"mixedContentIssueDetails"`
	CSP               *cspIssue               `json:"contentSecurityPolicyIssueDetails"`
	BlockedByResponse *blockedByResponseIssue `json:"blockedByResponseIssueDetails"`
	Deprecation       *deprecationIssue       `json:"deprecationIssueDetails"`
}

type affectedRequest struct {
	RequestID string `json:"requestId"`
	URL       string `json:"url"`
}

type corsIssue struct {
	Status    corsStatus       `json:"corsErrorStatus"`
	IsWarning bool             `json:"isWarning"`
	Request   *affectedRequest `json:"request"`
}

type mixedContentIssue struct {
	Resolution  string           `json:"resolutionStatus"`
	InsecureURL string           `json:"insecureURL"`
	Request     *affectedRequest `json:"request"`
}

type cspIssue struct {
	BlockedURL        string `json:"blockedURL"`
	ViolatedDirective string `json:"violatedDirective"`
	IsReportOnly      bool   `json:"isReportOnly"`
}

type blockedByResponseIssue struct {
	Request *affectedRequest `json:"request"`
	Reason  string           `json:"reason"`
}

type deprecationIssue struct {
	Type string `json:"type"`
}

// headerList reads a protocol header object. A value that stands for several
// lines (joined by a newline) becomes as many lines.
func headerList(raw jsonv2.Value) fetch.HeaderList {
	rest, list := []byte(raw), make(fetch.HeaderList, 0, 16)
	for {
		var name, value string
		var ok bool
		if name, rest, ok = nextString(rest); !ok {
			return list
		}
		if value, rest, ok = nextString(rest); !ok {
			return list
		}
		if strings.HasPrefix(name, ":") {
			continue // an HTTP/2 pseudo-header is no header
		}
		for line := range strings.SplitSeq(value, "\n") {
			list = append(list, fetch.Header{Name: name, Value: line})
		}
	}
}

// nextString reads the next JSON string of an object that has only strings.
func nextString(b []byte) (s string, rest []byte, ok bool) {
	start := bytes.IndexByte(b, '"')
	if start < 0 {
		return "", nil, false
	}
	escaped := false
	for i := start + 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			if !escaped {
				return string(b[start+1 : i]), b[i+1:], true
			}
			err := json.Unmarshal(b[start:i+1], &s)
			return s, b[i+1:], err == nil
		}
	}
	return "", nil, false
}

// headersText reads a raw HTTP/1 response head, status line first.
func headersText(text string) fetch.HeaderList {
	var list fetch.HeaderList
	first := true
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		if first {
			first = false
			continue
		}
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
		if ok {
			list = append(list, fetch.Header{Name: name, Value: strings.Trim(value, " \t")})
		}
	}
	return list
}
