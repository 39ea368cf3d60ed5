package diagnose

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// badValues applies write to the answers whose Allow-Origin is there, wrong, and of that kind.
func badValues(is func(lines []string) bool, write func(a answer, lines []string) (why, fix string)) func(*scene) []claim {
	return func(s *scene) []claim {
		var claims []claim
		for _, a := range s.answers {
			found := a.of(fetch.AllowOriginMultiple, fetch.AllowOriginNull, fetch.AllowOriginMismatch)
			if len(found) == 0 || !is(found[0].Got) || s.tainted(a) && found[0].Step == fetch.AllowOriginMismatch || s.cachedOnTheWay(a) || s.otherwise(a) != nil {
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
	return strings.HasPrefix(line, ":") || strings.ContainsAny(line, `, ;*$^\(){}|%`) && !strings.HasSuffix(line, " ") || strings.Count(line, "://") > 1
}

func isNull(lines []string) bool { return len(lines) == 1 && lines[0] == "null" }

func isOther(lines []string) bool {
	return !isRepeated(lines) && !isListOrPattern(lines) && !isNull(lines)
}

func repeatedValue(_ answer, lines []string) (why, fix string) {
	fix = "find what adds it (application, proxy, gateway; or two lines of one of them), keep the one that knows the list of origins, and take the header out of the other"
	if len(lines) == 1 {
		lines = elements(lines[0])
	}
	if len(slices.Compact(slices.Clone(lines))) == 1 {
		return "it is added twice, by two layers or by one, and even equal values count as several", fix
	}
	if slices.Contains(lines, "*") {
		return "one says everybody (*) and the other names an origin, and a browser takes neither", fix
	}
	return "it is added more than once, with different values, most likely by two layers", fix
}

func listValue(_ answer, lines []string) (why, fix string) {
	line := lines[0]
	fix = "compare the request's Origin with the list in the server, and send the one origin that matches"
	switch {
	case slices.Contains(unset, line):
		return "that is what a program writes for a value that it does not have", "see why the variable that the header is made of is not set, and send the one origin that matches"
	case slices.Contains(miswritten, line):
		return "that is what a program writes for a value that is no text", "see what the header is made of: an option of the framework stands there as it is, in the origin's place"
	case strings.Trim(line, `"'`) == "*":
		return "quotation marks count: this is no wildcard", "send the page's origin byte for byte, where it is one of those that you allow; or, where everybody may read and no cookie decides, * without quotation marks"
	case strings.HasPrefix(line, ":"):
		return "it begins with a colon, which most likely stands behind the header's name where that is set", "take the colon out of the header's name in the configuration"
	case percentEncoded(line):
		return "it is percent-encoded, and browsers do not decode it", "send the origin as it is, with : and /"
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

// percentEncoded reports an origin whose : and / are encoded.
func percentEncoded(line string) bool {
	decoded, err := url.QueryUnescape(line)
	if err != nil || decoded == line {
		return false
	}
	_, err = fetch.ParseOrigin(decoded)
	return err == nil
}

func nullValue(_ answer, _ []string) (why, fix string) {
	return "null is the origin of sandboxed frames and local files, not of this page", "never send null: where no origin is to be allowed, leave the header out"
}

func otherValue(a answer, lines []string) (why, fix string) {
	return nearMiss(lines[0], a.hop.Origin), "send the page's origin byte for byte, where it is one of those that you allow"
}
