package diagnose

import (
	"slices"

	"github.com/corsproof/corsproof/harness/remedy"
)

// The severities of rules and findings.
const (
	Error   = "error"   // script does not get what it asked for, because of this
	Warning = "warning" // a weakness, or a failure that script does not see as one
	Note    = "note"    // worth knowing
)

// Rule says about one cause what holds wherever it is found.
type Rule struct {
	ID          string // kebab-case, unique, stable
	Title       string // a short clause
	Explanation string // one paragraph for somebody who does not know CORS
	Severity    string // Error, Warning or Note
	Clause      string // the URL of the Fetch Standard's clause
	// Codes are the browser's codes (see probe.BlockCodes) that it explains; empty where browsers have none.
	Codes []string

	find func(*scene) []claim
}

// Finding is what a rule says about one Observation.
type Finding struct {
	Rule     string // its ID
	Severity string // the rule's, or another where more is known
	Summary  string // one sentence: the cause in terms of this request
	Evidence []string
	Fix      []string
	// Need is what a server's configuration has to do to cure it (see the package remedy), or nil where none does.
	Need remedy.Need
	// Cause is what is to be cured, as a remedy wants to know it, where Need is not nil.
	Cause remedy.Cause
	// At is the URL of the deciding answer, the last of several after redirects; "" where Need is nil.
	At string
	// Server is the one that made the deciding answer, where it shows itself; nil where it does not, or where Need is nil.
	Server *Server
	// Before is true where the deciding answer was made, or changed, by something before the server whose configuration is asked for.
	Before bool
}

// claim is a finding on its way, with its place in the order.
type claim struct {
	cookie   string // the name of the one that it is about, or ""
	at       int    // smaller is earlier on the request's way
	severity string // "" means the rule's
	summary  string
	evidence []string
	fix      []string
	cures    *answer     // the answer that a server's configuration has to change, or nil: it has to allow what the request needs, and
	expose   []string    // to expose these headers as well; or else
	other    remedy.Need // to do this
}

// Rules returns all rules, in the order of the table.
func Rules() []Rule {
	list := make([]Rule, 0, len(table))
	for _, r := range table {
		r.Codes = slices.Clone(r.Codes)
		list = append(list, r)
	}
	return list
}

// Lookup returns the rule of that id, and whether there is one.
func Lookup(id string) (Rule, bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// table holds the rules; where two claim the same place, the earlier one comes first.
var table = []Rule{
	scriptRefusedRule,
	mixedContentRule,
	contentSecurityPolicyRule,
	crossOriginResourcePolicyRule,
	localNetworkAccessRule,
	cachedAnswerRule,
	notCorsRule,
	preflightUnansweredRule,
	timeoutRule,
	answersDifferRule,
	originStrippedRule,
	corsHeadersRemovedRule,
	preflightStatusRule,
	preflightRedirectedRule,
	missingAllowOriginRule,
	originNotAllowedRule,
	missingAllowOriginOnPreflightRule,
	missingAllowOriginOnResponseRule,
	missingAllowOriginOnErrorRule,
	redirectCrossOriginRule,
	redirectUnusableRule,
	multipleAllowOriginRule,
	allowOriginListOrPatternRule,
	allowOriginNullRule,
	allowOriginMismatchRule,
	wildcardWithCredentialsRule,
	allowCredentialsMissingRule,
	malformedAllowListRule,
	methodNotAllowedRule,
	headerNotAllowedRule,
	authorizationByWildcardRule,
	opaqueResponseRule,
	cookieWithheldRule,
	cookieRefusedRule,
	exposeHeadersMalformedOrWildcardRule,
	headerNotExposedRule,
	overlyPermissiveRule,
	blockedButExecutedRule,
	preflightKeptRule,
	varyOriginMissingRule,
	notKnownRule,
}
