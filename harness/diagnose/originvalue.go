package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

var originValueRules = []Rule{
	{
		ID: "multiple-allow-origin", Title: "Access-Control-Allow-Origin stands there more than once", Severity: Error,
		Explanation: "The answer has the header Access-Control-Allow-Origin more than once. A browser takes exactly one value, and refuses two even if they are equal. Nearly always two layers add it: " +
			"the application and a proxy or gateway in front of it. Either alone would do.",
		Clause: fetch.AllowOriginMultiple.Clause(), Codes: []string{"MultipleAllowOriginValues", "PreflightMultipleAllowOriginValues"},
		find: badValues(isRepeated, repeatedValue),
	},
	{
		ID: "allow-origin-list-or-pattern", Title: "Access-Control-Allow-Origin is a list or a pattern", Severity: Error,
		Explanation: "Access-Control-Allow-Origin can say one origin or *, and nothing else. A list of origins, a wildcard for part of a name (*.example.com), a regular expression or a placeholder that nobody filled in equals no origin. " +
			"The server has to compare the request's Origin with its list, and send back the one that matches.",
		Clause: fetch.AllowOriginMultiple.Clause(),
		Codes: []string{"MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch",
			"PreflightMultipleAllowOriginValues", "PreflightInvalidAllowOriginValue", "PreflightAllowOriginMismatch"},
		find: badValues(isListOrPattern, listValue),
	},
	{
		ID: "allow-origin-null", Title: "Access-Control-Allow-Origin is null", Severity: Error,
		Explanation: "The server says Access-Control-Allow-Origin: null. That does not mean nobody and not everybody: null is the origin of sandboxed frames, of local files and of requests after some redirects, and of no page that has an address. " +
			"A page with an address is refused, while sandboxed frames of every site are let in.",
		Clause: fetch.AllowOriginNull.Clause(), Codes: []string{"AllowOriginMismatch", "PreflightAllowOriginMismatch"},
		find: badValues(isNull, nullValue),
	},
	{
		ID: "allow-origin-mismatch", Title: "Access-Control-Allow-Origin names another origin", Severity: Error,
		Explanation: "The answer allows one origin, and the page has another. Origins are compared byte for byte: scheme, host and port must all be the same, in lower case and without a slash at the end. http and https, " +
			"localhost and 127.0.0.1, www.example.com and example.com, and two ports of one host are all different origins.",
		Clause: fetch.AllowOriginMismatch.Clause(),
		Codes:  []string{"AllowOriginMismatch", "InvalidAllowOriginValue", "PreflightAllowOriginMismatch", "PreflightInvalidAllowOriginValue"},
		find:   badValues(isOther, otherValue),
	},
}

// badValues applies write to the answers whose Allow-Origin is there, wrong, and of that kind.
func badValues(is func(lines []string) bool, write func(a answer, lines []string) (why, fix string)) func(*scene) []claim {
	return func(s *scene) []claim {
		var claims []claim
		for _, a := range s.answers {
			found := a.of(fetch.AllowOriginMultiple, fetch.AllowOriginNull, fetch.AllowOriginMismatch)
			if len(found) == 0 || !is(found[0].Got) || s.tainted(a) && found[0].Step == fetch.AllowOriginMismatch || s.cachedOnTheWay(a) {
				continue
			}
			why, fix := write(a, found[0].Got)
			c := claim{at: a.at(10), cures: &a, summary: fmt.Sprintf("%s was answered with %s: %s, and the request's origin is %s: %s", exchange(a.x), allowOrigin, quotes(found[0].Got), a.hop.Origin, why)}
			c.evidence = []string{cite(a.x, allowOrigin)}
			if by := maker(a.x.Response); by != "" {
				c.evidence = append(c.evidence, by)
			}
			if other := s.reply(fromOrigin + stranger); other != nil && slices.Equal(other.Answer.Headers.Values(allowOrigin), found[0].Got) {
				c.evidence = append(c.evidence, "it is one value for everybody: "+retold(other))
			}
			if past := s.reply(innerGET); past != nil && a.has(fetch.AllowOriginMultiple) {
				c.evidence = append(c.evidence, "the server's own share: past what stands before it, "+retold(past))
			}
			c.fix = append([]string{fix}, grant(a)...)
			claims = append(claims, c)
		}
		return claims
	}
}

// elements are the values of one line that was written, or joined, as a list.
func elements(line string) []string {
	var list []string
	for item := range strings.SplitSeq(line, ",") {
		list = append(list, strings.TrimSpace(item))
	}
	return list
}

// isRepeated: several lines, or what was several lines before a proxy joined them: equal values, or * among others.
func isRepeated(lines []string) bool {
	if len(lines) > 1 {
		return true
	}
	items := elements(lines[0])
	return len(items) > 1 && (len(slices.Compact(slices.Clone(items))) == 1 || slices.Contains(items, "*"))
}

// unset are what programs write for nothing.
var unset = []string{"(null)", "undefined", "None", "nil", "<nil>"}

// miswritten are what programs write for values that are no texts.
var miswritten = []string{"false", "true", "False", "True", "[object Object]"}

func isListOrPattern(lines []string) bool {
	line := lines[0]
	if isRepeated(lines) {
		return false
	}
	if slices.Contains(unset, line) || slices.Contains(miswritten, line) {
		return true
	}
	return strings.ContainsAny(line, `, ;*$^\(){}|%`) && !strings.HasSuffix(line, " ") || strings.Count(line, "://") > 1
}

func isNull(lines []string) bool { return len(lines) == 1 && lines[0] == "null" }

func isOther(lines []string) bool {
	return !isRepeated(lines) && !isListOrPattern(lines) && !isNull(lines)
}

func repeatedValue(_ answer, lines []string) (why, fix string) {
	fix = "find the two layers that add it (application, proxy, gateway), keep the one that knows the list of origins, and take the header out of the other"
	if len(lines) == 1 {
		lines = elements(lines[0])
	}
	if len(slices.Compact(slices.Clone(lines))) == 1 {
		return "two layers both add it, and even equal values count as several", fix
	}
	if slices.Contains(lines, "*") {
		return "one says everybody (*) and the other names an origin, and a browser takes neither", fix
	}
	return "two layers both add it, with different values", fix
}

func listValue(_ answer, lines []string) (why, fix string) {
	line := lines[0]
	fix = "compare the request's Origin with the list in the server, and send the one origin that matches"
	switch {
	case slices.Contains(unset, line):
		return "that is what a program writes for a value that it does not have", "see why the variable that the header is made of is not set, and send the one origin that matches"
	case slices.Contains(miswritten, line):
		return "that is what a program writes for a value that is no text", "see what the header is made of: an option of the framework stands there as it is, in the origin's place"
	case strings.HasPrefix(line, "/") || strings.HasPrefix(line, "^"):
		return "a pattern (a regular expression), which a browser does not match but compares", fix
	case strings.ContainsAny(line, "${}%"):
		return "a placeholder that nobody filled in", "have the server fill in the placeholder, from a list of allowed origins"
	case strings.Count(line, "://") > 1 || strings.ContainsAny(line, ",; "):
		return "a list, of which a browser takes none", fix
	default:
		return "a pattern, which a browser does not match but compares", fix
	}
}

func nullValue(_ answer, _ []string) (why, fix string) {
	return "null is the origin of sandboxed frames and local files, not of this page", "never send null: where no origin is to be allowed, leave the header out"
}

func otherValue(a answer, lines []string) (why, fix string) {
	return nearMiss(lines[0], a.hop.Origin), "send the page's origin byte for byte, where it is one of those that you allow"
}
