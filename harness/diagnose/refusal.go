package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// refusal is for what a preflight was turned away.
type refusal struct {
	rule     string   // the one that explains it; "" where it is not known
	names    []string // of the headers that are not allowed
	because  string   // what proves it, as a clause
	evidence []string
	instead  string // an origin that is allowed, where one was found
}

// refusalOf says for what a preflight was turned away, by what its answer has and by what was asked afterwards.
func (s *scene) refusalOf(a answer) refusal {
	if base := s.base(a); base != "" {
		if s.unconfirmed(a) != nil {
			return refusal{}
		}
		return s.refusedList(a, base)
	}
	if f := s.reply(samePreflight); s.refusesEveryOPTIONS(a) && (f == nil || refusing(f.Answer.Body) == "") && s.allowedInstead() == nil {
		return refusal{}
	}
	return s.refusedOrigin(a)
}

// unconfirmed is a preflight that was answered otherwise when it was asked once more, or nil: then a list that refuses it proves nothing.
func (s *scene) unconfirmed(a answer) *probe.FollowUp {
	from := a.hop.Origin.String()
	if f := s.reply(baseToo); f != nil && !leaves(f, from) && f.Answer.Status != 429 && f.Answer.Status < 500 { // a limit, or a failure, is another matter
		return f
	}
	for _, id := range []string{refusedToo, refusedAtOnce} {
		if f := s.reply(id); leaves(f, from) {
			return f
		}
	}
	return nil
}

// refusesEveryOPTIONS reports that OPTIONS without Origin is turned away with the same error: what does so looks at no origin.
func (s *scene) refusesEveryOPTIONS(a answer) bool {
	f := s.reply(plainOptions)
	return f != nil && a.x.Response.Status >= 400 && f.Answer.Status == a.x.Response.Status
}

// allowed reports whether something at that URL allows the page's origin: what was asked afterwards, or the preflight of the request itself.
func (s *scene) allowed(from string) bool {
	for _, method := range otherMethods {
		if lets(s.reply(otherPreflight+method), from) {
			return true
		}
	}
	return slices.ContainsFunc([]string{samePreflight, plainPreflight, methodPreflight, withOrigin}, func(id string) bool { return lets(s.reply(id), from) })
}

// refusedList is for a preflight that is allowed without its headers, or for GET.
func (s *scene) refusedList(a answer, base string) refusal {
	from := a.hop.Origin.String()
	plain := cmp.Or(s.reply(otherPreflight+base), s.reply(methodPreflight), s.reply(plainPreflight))
	if f := s.reply(plainPreflight); base == "GET" && f != nil {
		plain = f
	}
	r := refusal{because: "the same preflight is allowed without it", evidence: []string{retold(plain)}}
	if m := s.reply(methodPreflight); m != nil && !leaves(m, from) {
		r.rule = "method-not-allowed"
		r.evidence = append(r.evidence, retold(m))
		return r
	}
	for _, name := range a.hop.Preflight.HeaderNames {
		if f := s.reply(headerPreflight + name); f != nil && !leaves(f, from) {
			r.rule, r.names = "header-not-allowed", append(r.names, name)
			r.evidence = append(r.evidence, retold(f))
		}
	}
	return r
}

// refusedTexts are what CORS layers say of an origin that they refuse.
var refusedTexts = []string{"Disallowed CORS origin", "CORS origin not allowed", "Not allowed by CORS", "origin not allowed", "CORSResponse: This CORS request is not allowed", "Invalid CORS request"}

// refusedOrigin says whether the origin was looked at and refused.
func (s *scene) refusedOrigin(a answer) refusal {
	r := refusal{rule: "origin-not-allowed"}
	if s.allowed(a.hop.Origin.String()) {
		return refusal{}
	}
	if instead := s.allowedInstead(); instead != nil {
		r.instead, _ = instead.Request.Headers.Get("Origin")
		r.because = fmt.Sprintf("it allows %s", r.instead)
		r.evidence = []string{retold(instead)}
		return r
	}
	with, without := s.reply(withOrigin), s.reply(withoutOriginToo)
	for _, id := range []string{samePreflight, withOrigin} {
		if f := s.reply(id); f != nil && refusing(f.Answer.Body) != "" {
			r.because = fmt.Sprintf("the answer says so: %s", quote(refusing(f.Answer.Body)))
			r.evidence = []string{retold(f)}
			return r
		}
	}
	if with == nil {
		return refusal{}
	}
	r.evidence = []string{retold(with)}
	if without != nil {
		r.evidence = append(r.evidence, retold(without))
	}
	switch {
	case variesBy(with.Answer.Headers, "Origin") && with.Answer.Status < 400:
		r.because = byVary
	case without == nil:
		return refusal{}
	case s.forbiddenByOrigin() && !succeeded(s.reply(atOnce)):
		r.because = fmt.Sprintf("a GET gets %d with that Origin, and %d without any", with.Answer.Status, without.Answer.Status)
	case succeeded(with) && succeeded(without) && len(with.Answer.Body) == 0 && len(without.Answer.Body) > 0:
		r.because = "a GET with that Origin gets an empty body, and one without any the whole"
	case len(with.Answer.Headers.Values(allowOrigin)) == 0 && namesSomebody(without) && !lets(without, a.hop.Origin.String()):
		r.because = "it names another origin to whoever sends none"
	case s.leavesOriginOut():
		r.because = "it sends the other headers of CORS and leaves out " + allowOrigin + "; were that taken out on the way, it would look the same"
		r.evidence = append(r.evidence, retold(s.reply(plainPreflight)))
	default:
		return refusal{}
	}
	return r
}

// forbiddenByOrigin reports that a GET with Origin was refused, and one without was not, or not in that way.
func (s *scene) forbiddenByOrigin() bool {
	with, without := s.reply(withOrigin), s.reply(withoutOriginToo)
	return with != nil && without != nil && forbids(with) && with.Answer.Status != without.Answer.Status && without.Answer.Status != 429 && without.Answer.Status < 500
}

// allowedInstead is the answer that allows an origin much like the page's, or nil.
func (s *scene) allowedInstead() *probe.FollowUp {
	for i := range s.o.FollowUps {
		f := &s.o.FollowUps[i]
		from, _ := f.Request.Headers.Get("Origin")
		values := f.Answer.Headers.Values(allowOrigin)
		near := strings.HasPrefix(f.ID, preflightFrom) || strings.HasPrefix(f.ID, fromOrigin)
		if near && from != "null" && from != stranger && f.Answer.Error == "" && len(values) == 1 && values[0] == from && (f.Request.Method != "OPTIONS" || succeeded(f)) {
			return f
		}
	}
	return nil
}

func namesSomebody(f *probe.FollowUp) bool {
	values := f.Answer.Headers.Values(allowOrigin)
	return len(values) == 1 && values[0] != "*" && values[0] != "null"
}

// leavesOriginOut reports an answer to a preflight that has headers of CORS, but for the one that names an origin, and none that is just misspelt.
func (s *scene) leavesOriginOut() bool {
	plain := s.reply(plainPreflight)
	if plain == nil || plain.Answer.Headers.Has(allowOrigin) || len(misspelt(plain.Answer.Headers)) > 0 {
		return false
	}
	if f := s.reply(plainOptions); f != nil && f.Answer.Headers.Has(allowMethods) {
		return false // it sends them to whoever asks, and may look at no origin
	}
	return plain.Answer.Headers.Has(allowMethods) && (plain.Answer.Headers.Has(allowCredentials) || plain.Answer.Headers.Has(allowHeaders))
}

// byVary is no more than the server's own word that it looks at Origin.
const byVary = "its Vary names Origin; were Origin, or the answer's header, lost on the way, or that Vary sent without any list, it would look the same"

// forbids reports an answer that a check of the origin may have made. A failure (500) is none, and a limit (429) neither.
func forbids(f *probe.FollowUp) bool { return refuses(f.Answer.Status) }

func refuses(status int) bool {
	return slices.Contains([]int{400, 403, 404, 405, 406, 412, 421, 422}, status)
}

// refusing is what a body says that tells that the origin is refused, or "". What else it says may be secret.
func refusing(body []byte) string {
	for _, t := range refusedTexts {
		if strings.Contains(strings.ToLower(string(body)), strings.ToLower(t)) {
			return t
		}
	}
	return ""
}
