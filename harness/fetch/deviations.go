package fetch

import "slices"

// Deviation is a known difference between a browser and the Standard: a check
// that the Standard asks for and the browser does not make.
type Deviation struct {
	Browser string // the engine: "chromium" (Chrome, Edge and headless-shell too), "firefox"
	ID      string // unique, stable
	Clause  string // the URL of the clause that is not followed
	What    string // what the browser does instead
	Reason  string // why it does, and where that is discussed
	Since   string // the version or year since when it is known
	// Waives is the step that the browser does not take.
	Waives Step
}

// Deviations is the table of known deviations.
var Deviations = []Deviation{
	{
		Browser: "chromium",
		ID:      "chromium-authorization-wildcard",
		Clause:  AuthorizationByWildcard.Clause(),
		What:    `"Access-Control-Allow-Headers: *" covers Authorization; DevTools shows the deprecation issue AuthorizationCoveredByWildcard`,
		Reason:  "too many sites rely on it: https://chromestatus.com/feature/5742041264816128, https://github.com/whatwg/fetch/issues/1919",
		Since:   "63, when the wildcard came; deprecated since 2021",
		Waives:  AuthorizationByWildcard,
	},
	{
		Browser: "firefox",
		ID:      "firefox-authorization-wildcard",
		Clause:  AuthorizationByWildcard.Clause(),
		What:    `"Access-Control-Allow-Headers: *" covers Authorization unless a preference, off by default, forbids it`,
		Reason:  "too many sites rely on it: https://bugzilla.mozilla.org/show_bug.cgi?id=1687364, https://github.com/whatwg/fetch/issues/1919",
		Since:   "115, when the preference came",
		Waives:  AuthorizationByWildcard,
	},
	{
		Browser: "chromium",
		ID:      "chromium-repeated-location",
		Clause:  LocationRepeated.Clause(),
		What:    "several Location lines are followed when all are equal",
		Reason:  "only lines that differ are taken for response splitting: net/http/http_stream_parser.cc, ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION",
		Since:   "at least 2012",
		Waives:  LocationRepeated,
	},
}

// Explain returns the deviations that explain why a browser let script have a
// response where the Standard blocks it: each violation is of a step that this
// browser (named as in [Deviation]) does not take. It returns nil where any is left unexplained, and
// where prediction and observation do not disagree in that way.
func Explain(browser string, p Prediction, observed Outcome) []Deviation {
	if p.Outcome != OutcomeBlocked || observed != OutcomeReadable && observed != OutcomeOpaque {
		return nil
	}
	var explained []Deviation
	for _, v := range p.Violations {
		i := slices.IndexFunc(Deviations, func(d Deviation) bool { return d.Browser == browser && d.Waives == v.Step })
		if i < 0 {
			return nil
		}
		if !slices.Contains(explained, Deviations[i]) {
			explained = append(explained, Deviations[i])
		}
	}
	return explained
}
