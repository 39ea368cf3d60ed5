package report

import "time"

// Version is the version of the JSON that these types make.
const Version = 1

// Header is what is known before the first result.
type Header struct {
	Version int       `json:"version"`
	Suite   string    `json:"suite"`
	Browser Browser   `json:"browser"`
	Started time.Time `json:"started"`
	// Shard is the part of the suite that was asked; nil is all of it.
	Shard *Shard `json:"shard,omitempty"`
	// Planned is how many results the run was to have; 0 where that is not known.
	Planned int `json:"planned,omitempty"`
}

// Shard is one part of a suite: Index counts from 1 to Of.
type Shard struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

// Verdict is whether a case went as expected.
type Verdict string

// The verdicts.
const (
	Pass  Verdict = "pass"
	Fail  Verdict = "fail"  // a check did not hold
	Error Verdict = "error" // there is no observation to check: see Result.Problem
)

// Result is one step of a case: what was asked, what happened, and whether that was expected.
type Result struct {
	ID   string `json:"id"`
	Case string `json:"case"`
	// Step counts from 1 where a case has steps; it is 0 where it has none.
	Step int `json:"step,omitempty"`
	// At is where the case stands, as "file:line:col".
	At      string   `json:"at,omitempty"`
	From    string   `json:"from"`
	Request Request  `json:"request"`
	Jar     []Cookie `json:"cookies,omitempty"` // in the browser's jar before the first request
	Verdict Verdict  `json:"verdict"`
	// Flaky is true where the verdict is pass, and was not at first.
	Flaky bool `json:"flaky,omitempty"`
	// Problem is why there is no verdict, where Verdict is error. What happened is empty then.
	Problem string `json:"problem,omitempty"`
	// Line tells what happened in one line; Story tells all of it, and is empty where the case passed at once.
	Line  string `json:"line"`
	Story string `json:"story,omitempty"`

	Outcome string `json:"outcome"`
	Why     string `json:"why,omitempty"` // the evidence that decided Outcome
	Type    string `json:"type"`
	Status  int    `json:"status"`
	// Headers are those that script could read: names in lower case, values combined.
	Headers map[string]Text `json:"headers"`
	// Body is what script read of the body, from its beginning; BodySize is the whole in bytes.
	Body     string       `json:"body"`
	BodySize int64        `json:"body_size"`
	Error    *ScriptError `json:"error"`
	Events   []string     `json:"events,omitempty"`

	Exchanges []Exchange `json:"exchanges"`
	Blocked   *Block     `json:"blocked"`
	NetError  string     `json:"net_error,omitempty"`
	Console   []string   `json:"console,omitempty"`
	// Deciding is the part of the wire that decided the outcome, or nil where it is not known.
	Deciding *Deciding `json:"deciding,omitempty"`
	// Receipts is nil (null) where nobody of ours could see what the API received.
	Receipts []Receipt `json:"receipts"`
	Replay   *Replay   `json:"replay"`

	Checks   []Check   `json:"checks"`
	Findings []Finding `json:"findings"`
	Curl     string    `json:"curl"`

	Disagreement string    `json:"disagreement,omitempty"` // where the Standard predicts otherwise than what script saw
	Deviations   []string  `json:"deviations,omitempty"`   // the browser's known deviations from it that this rests on
	Missing      []string  `json:"missing,omitempty"`      // evidence that did not come
	Retried      string    `json:"retried,omitempty"`      // why the engine sent it again
	Started      time.Time `json:"started,omitzero"`
	DurationMS   float64   `json:"duration_ms"` // milliseconds, to the microsecond
}

// Request is what script asked for. Members of RequestInit that were not given are left out.
type Request struct {
	Client         string  `json:"client"`
	Method         Text    `json:"method"`
	URL            Text    `json:"url"`
	Mode           string  `json:"mode,omitempty"`
	Credentials    string  `json:"credentials,omitempty"`
	Redirect       string  `json:"redirect,omitempty"`
	Cache          string  `json:"cache,omitempty"`
	Referrer       Text    `json:"referrer,omitempty"`
	ReferrerPolicy string  `json:"referrerPolicy,omitempty"`
	Integrity      Text    `json:"integrity,omitempty"`
	Keepalive      bool    `json:"keepalive,omitempty"`
	UploadListener bool    `json:"uploadListener,omitempty"`
	Async          *bool   `json:"async,omitempty"` // false where XMLHttpRequest was synchronous, else nil
	User           Text    `json:"user,omitempty"`
	Password       Text    `json:"password,omitempty"`
	TimeoutMS      float64 `json:"timeout_ms,omitempty"`
	Headers        Lines   `json:"headers,omitempty"`
	Body           *Body   `json:"body,omitempty"`
}

// Lines are header lines, or a form's fields, as pairs of name and value, in order.
type Lines [][2]Text

// Body is a request's body as script handed it over.
type Body struct {
	Kind   string `json:"kind"` // "text", "bytes", "form" or "multipart"
	Text   Text   `json:"text,omitempty"`
	Fields Lines  `json:"fields,omitempty"`
	// Blob is the MIME type of the Blob that held it, or nil where it was none.
	Blob *string `json:"blob,omitempty"`
}

// Cookie is a cookie in the jar before the first request.
type Cookie struct {
	URL         string `json:"url"`
	Name        Text   `json:"name"`
	Value       Text   `json:"value"`
	Domain      string `json:"domain,omitempty"`
	Path        string `json:"path,omitempty"`
	SameSite    string `json:"sameSite,omitempty"`
	Secure      bool   `json:"secure,omitempty"`
	HTTPOnly    bool   `json:"httpOnly,omitempty"`
	Partitioned bool   `json:"partitioned,omitempty"`
}

// ScriptError is what script caught.
type ScriptError struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Block is the browser's own reason for a block.
type Block struct {
	Code      string `json:"code"`
	Parameter Text   `json:"parameter"`
	Message   string `json:"message"`
}

// Check is one expectation and what was found. Want and Got are for people.
type Check struct {
	Name string `json:"name"`
	Pass bool   `json:"pass"`
	Want string `json:"want"`
	Got  string `json:"got"`
	At   string `json:"at"` // "file:line:col", or ""
	// Undecided is true where the evidence is missing: Pass is false then.
	Undecided bool `json:"undecided,omitempty"`
}

// Finding is what a rule says about a result.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"` // "error", "warning" or "note"
	Summary  string   `json:"summary"`
	Evidence []string `json:"evidence"`
	Fix      []string `json:"fix"`
	// Config is the fix in the words of the server, where these are known.
	Config *Config `json:"config,omitempty"`
}
