package chromium

import "strings"

// event is one DevTools event with the members that are evidence, whichever
// its method: decoding the full protocol types of every event costs more than
// everything else that Go does here, and an unknown enum value must not lose an event.
type event struct {
	RequestID string
	// requestWillBeSent
	Request              *sentRequest
	Initiator            initiator
	RedirectResponse     *response
	RedirectHasExtraInfo bool
	// requestWillBeSentExtraInfo and responseReceivedExtraInfo
	Headers           item
	HeadersText       string
	StatusCode        int
	AssociatedCookies []associatedCookie
	BlockedCookies    []blockedCookie
	// responseReceived
	Response     *response
	HasExtraInfo bool
	// loadingFailed
	ErrorText     string
	Canceled      bool
	BlockedReason string
	CORS          *corsStatus
	// Log.entryAdded, Audits.issueAdded, Runtime.bindingCalled
	Entry   *logEntry
	Issue   *issue
	Name    string
	Payload string
}

type sentRequest struct {
	URL         string
	URLFragment string
	Method      string
	Headers     item
}

type initiator struct {
	Type      string
	RequestID string
}

type response struct {
	Status            int
	StatusText        string
	Headers           item
	Protocol          string
	RemoteIP          string
	RemotePort        int
	FromDiskCache     bool
	FromServiceWorker bool
	FromPrefetchCache bool
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
	Violation         string `json:"contentSecurityPolicyViolationType"`
	BlockedURL        string `json:"blockedURL"`
	ViolatedDirective string `json:"violatedDirective"`
	IsReportOnly      bool   `json:"isReportOnly"`
}

// stopsScript reports that the page's own policy stopped an inline script.
func (i *cspIssue) stopsScript() bool {
	return i.Violation == "kInlineViolation" && !i.IsReportOnly && strings.HasPrefix(i.ViolatedDirective, "script-src")
}

type blockedByResponseIssue struct {
	Request *affectedRequest `json:"request"`
	Reason  string           `json:"reason"`
}

type deprecationIssue struct {
	Type string `json:"type"`
}
