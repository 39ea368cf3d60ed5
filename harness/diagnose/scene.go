package diagnose

import (
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// scene is what rules look at: an Observation, and what the Standard has to say about its wire.
type scene struct {
	o         probe.Observation
	request   fetch.Request
	predicted fetch.Prediction
	// answers are the exchanges whose answers fail checks, in order.
	answers []answer
	// refused are violations of script's own call, and of what is decided before anything is sent.
	refused []fetch.Violation
	// waived are those that this browser is known not to check.
	waived []fetch.Violation
	// wanted are response headers that script should have read.
	wanted []string
}

// answer is an exchange that fails checks of the Standard.
type answer struct {
	index  int // of the exchange
	x      probe.Exchange
	hop    fetch.Hop
	failed []fetch.Violation // not empty
}

func newScene(o probe.Observation) *scene {
	s := &scene{o: o}
	origin, err := fetch.ParseOrigin(o.From)
	s.request = o.Request.Standard(origin)
	if err != nil {
		return s
	}
	s.predicted = fetch.Predict(s.request, probe.StandardExchanges(o.Exchanges))
	for _, v := range s.predicted.Violations {
		s.place(v)
	}
	return s
}

// place puts a violation to the exchange that it is about.
func (s *scene) place(v fetch.Violation) {
	switch {
	case waives(s.o.Browser.Engine, v.Step):
		s.waived = append(s.waived, v)
		return
	case v.On == "":
		s.refused = append(s.refused, v)
		return
	}
	i := s.exchangeOf(v)
	if i < 0 {
		return
	}
	for k := range s.answers {
		if s.answers[k].index == i {
			s.answers[k].failed = append(s.answers[k].failed, v)
			return
		}
	}
	s.answers = append(s.answers, answer{index: i, x: s.o.Exchanges[i], hop: s.hopTo(v.URL), failed: []fetch.Violation{v}})
}

// each makes a claim of each answer of a kind.
func (s *scene) each(is func(answer) bool, write func(answer) claim) []claim {
	var claims []claim
	for _, a := range s.answers {
		if is(a) {
			claims = append(claims, write(a))
		}
	}
	return claims
}

// first is the first answer of a kind, or nil.
func (s *scene) first(is func(answer) bool) *answer {
	if i := slices.IndexFunc(s.answers, is); i >= 0 {
		return &s.answers[i]
	}
	return nil
}

// exchangeOf is the index of the exchange that a violation is about, or -1. A
// loop of redirects comes to one URL more than once: the last with that header counts.
func (s *scene) exchangeOf(v fetch.Violation) int {
	found := -1
	for i, x := range s.o.Exchanges {
		if fetch.Role(x.Role) != v.On || x.Request.URL != v.URL || x.Response == nil {
			continue
		}
		if v.Header == "" || v.Step == fetch.LocationWithCredentials || slices.Equal(x.Response.Headers.Values(v.Header), v.Got) {
			found = i
		}
	}
	return found
}

func (s *scene) hopTo(url string) fetch.Hop {
	for _, hop := range slices.Backward(s.predicted.Hops) {
		if hop.URL == url {
			return hop
		}
	}
	return fetch.Hop{URL: url, Origin: s.request.Origin, Request: s.request}
}

// gotAnswer reports that script got a response, readable or opaque: then nothing is an error.
func (s *scene) gotAnswer() bool {
	return s.o.Outcome == probe.Readable || s.o.Outcome == probe.Opaque
}

func (s *scene) credentialed() bool { return s.request.Credentials == fetch.Include }

// method is the request's, as it is sent.
func (s *scene) method() string {
	if s.request.Method == "" {
		return "GET"
	}
	return fetch.NormalizeMethod(s.request.Method)
}

// final is the last request itself, preflights aside, or nil.
func (s *scene) final() *probe.Exchange {
	for i := range slices.Backward(s.o.Exchanges) {
		if s.o.Exchanges[i].Role == probe.Actual {
			return &s.o.Exchanges[i]
		}
	}
	return nil
}

// code is the browser's own reason, or "".
func (s *scene) code() string {
	if s.o.Blocked == nil {
		return ""
	}
	return s.o.Blocked.Code
}

// has reports whether an answer fails a step.
func (a answer) has(steps ...fetch.Step) bool { return len(a.of(steps...)) > 0 }

// of are an answer's violations of those steps.
func (a answer) of(steps ...fetch.Step) []fetch.Violation {
	var list []fetch.Violation
	for _, v := range a.failed {
		if slices.Contains(steps, v.Step) {
			list = append(list, v)
		}
	}
	return list
}

// at is the place of an answer's n-th cause in the order of findings.
func (a answer) at(n int) int { return 100*(a.index+1) + n }

func waives(engine string, step fetch.Step) bool {
	return slices.ContainsFunc(fetch.Deviations, func(d fetch.Deviation) bool { return d.Browser == engine && d.Waives == step })
}
