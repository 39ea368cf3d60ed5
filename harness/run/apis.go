package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/embedded"
)

// scripted is an embedded API. Its answers may refer to other APIs, so it gets them once all of them listen.
type scripted struct {
	written suite.API
	api     *embedded.API
}

func newScripted(written suite.API) (*scripted, error) {
	api, err := embedded.New(embedded.Config{})
	return &scripted{written: written, api: api}, err
}

// fill gives the API its answers. origins are those of all APIs.
func (s *scripted) fill(origins map[string]string) error {
	answers, err := s.written.AnswersAt(origins)
	if err != nil {
		return err
	}
	rules := make([]embedded.Rule, len(answers))
	for i, a := range answers {
		rules[i] = embedded.Rule{
			When: embedded.Match{Method: a.Method, Path: a.Path, Headers: a.WantHeaders, Query: a.WantQuery},
			Answer: embedded.Answer{
				Status: a.Status, Reason: a.Reason, Headers: a.Headers, Body: a.Body, Delay: a.Delay, Fault: rawhttp.Fault(a.Fault),
			},
		}
	}
	return s.api.SetRules(rules)
}

// world is a suite's servers and browser.
type world struct {
	harness *harness.Harness
	origins map[string]string         // of the APIs, by name
	missing map[string]error          // why an API is not there
	servers map[string]report.Servers // in whose words fixes for an API are, by its origin; of the others answers tell
}

// serverAt is in whose words fixes are for the API that a URL leads to.
func (w *world) serverAt(url string) report.Servers {
	o, err := fetch.OriginOf(url)
	if err != nil {
		return report.Servers{}
	}
	return w.servers[o.String()]
}

// words are in whose words fixes are: for the API itself those of its server, or else those that are named; and those of the first proxy before it.
func words(a suite.API, named string) report.Servers {
	known := func(name string) string {
		if slices.Contains(remedy.Servers(), name) {
			return name
		}
		return ""
	}
	list := report.Servers{API: named}
	if a.Server != nil {
		list.API = cmp.Or(known(servers.InWordsOf(a.Server.Name, a.Server.Config)), named)
	}
	for _, p := range a.Via {
		list.Before = cmp.Or(list.Before, known(p.Name))
	}
	list.Before = cmp.Or(list.Before, named)
	return list
}

// start starts a suite's servers. One that cannot be started leaves the others: the cases that need it have no verdict.
func start(ctx context.Context, p part, cfg Config) (*world, error) {
	w := &world{origins: map[string]string{}, missing: map[string]error{}, servers: map[string]report.Servers{}}
	for {
		h, written, err := w.try(ctx, p, cfg)
		if err != nil && ctx.Err() == nil && w.lose(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("suite %s: %w", p.Suite.Name, err)
		}
		w.harness = h
		for _, a := range p.APIs {
			if w.missing[a.Name] == nil {
				w.origins[a.Name] = h.API(a.Name).Origin()
				w.servers[w.origins[a.Name]] = words(a, cfg.Server)
			}
		}
		w.fill(written)
		return w, nil
	}
}

// lose notes every API that an error says could not be put under test, so that the rest is started once more only. It reports whether
// there was any that was not known.
func (w *world) lose(err error) (any bool) {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range several.Unwrap() {
			any = w.lose(e) || any
		}
		return any
	}
	if lost, ok := err.(*harness.APIError); ok && w.missing[lost.Name] == nil {
		w.missing[lost.Name] = lost
		return true
	}
	if inner := errors.Unwrap(err); inner != nil {
		return w.lose(inner)
	}
	return false
}

// try starts the servers that are not known to be missing.
func (w *world) try(ctx context.Context, p part, cfg Config) (*harness.Harness, []*scripted, error) {
	hc := cfg.harness(p)
	hc.APIs = map[string]harness.API{}
	var written []*scripted
	for _, a := range p.APIs {
		if w.missing[a.Name] != nil {
			continue
		}
		api, answers, err := underTest(a)
		if err != nil {
			return nil, nil, &harness.APIError{Name: a.Name, Err: fmt.Errorf("%s: %w", a.Pos, err)}
		}
		if answers != nil {
			written = append(written, answers)
		}
		hc.APIs[a.Name] = api
	}
	h, err := harness.Start(ctx, hc)
	return h, written, err
}

// underTest is an API as a harness takes it; answers are its own where it is a scripted one.
func underTest(a suite.API) (api harness.API, answers *scripted, err error) {
	api = harness.API{At: a.At, URL: a.URL}
	switch {
	case a.Command != nil:
		api.Command = command(a.Command)
	case a.Server != nil:
		api.Server, err = servers.New(a.Server.Name, a.Server.Config)
	case a.Answers != nil:
		if answers, err = newScripted(a); err == nil {
			api.Raw = answers.api.Handle
		}
	}
	if err == nil && len(a.Via) > 0 {
		api, err = behind(api, a.Via)
	}
	return api, answers, err
}

// behind puts parts before an API.
func behind(api harness.API, via []suite.Server) (harness.API, error) {
	inner := api.Server
	switch {
	case api.URL != "":
		inner = target.Running(api.URL)
	case api.Command != nil:
		inner = api.Command
	case api.Raw != nil:
		inner = &target.Raw{Config: rawhttp.Config{Handler: api.Raw}}
	}
	parts := make([]servers.Part, len(via))
	for i, p := range via {
		parts[i] = servers.Part(p)
	}
	chain, err := servers.Chain(inner, parts)
	return harness.API{At: api.At, Server: chain}, err
}

func command(c *suite.Command) *target.Command {
	return &target.Command{Args: c.Args, Env: c.Env, Dir: c.Dir, ReadyPath: c.ReadyPath, Within: c.Within}
}

// fill gives the scripted APIs their answers. One whose answers refer to a missing API is missing, too, and so on: what was
// filled before is asked again whenever another turns out to be.
func (w *world) fill(written []*scripted) {
	for i := 0; i < len(written); i++ {
		s := written[i]
		err := s.fill(w.origins)
		if err == nil {
			continue
		}
		w.missing[s.written.Name] = fmt.Errorf("%s: %w", s.written.Pos, w.why(err))
		delete(w.origins, s.written.Name)
		written = slices.Delete(slices.Clone(written), i, i+1)
		i = -1
	}
}

// why adds to an error about an unknown API why that is missing.
func (w *world) why(err error) error {
	var unknown *suite.UnknownAPIError
	if errors.As(err, &unknown) && w.missing[unknown.Name] != nil {
		return w.missing[unknown.Name]
	}
	return err
}

// isDown reports an error about a server that is not installed here, or does not start.
func isDown(err error) bool {
	var api *harness.APIError
	return errors.As(err, &api) && api.Down
}

// anyDown reports that a server is not installed, or does not start.
func (w *world) anyDown() bool {
	for _, err := range w.missing {
		if isDown(err) {
			return true
		}
	}
	return false
}

// lacks is why a case cannot be asked where that is a server which is not installed or does not start, or nil.
func (w *world) lacks(c suite.Case) error {
	_, err := c.Resolve(w.origins)
	if err = w.why(err); isDown(err) {
		return err
	}
	return nil
}
