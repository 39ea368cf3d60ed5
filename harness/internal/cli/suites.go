package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/suite"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers"
)

// loadSuites loads all files and prints what is wrong with any of them.
func loadSuites(ctx context.Context, s State, files []string) ([]*suite.Suite, error) {
	opts := suite.Options{Env: s.Env, Servers: servers.Names(), Parts: servers.PartNames()}
	for _, r := range diagnose.Rules() {
		opts.Rules = append(opts.Rules, r.ID)
	}
	var suites []*suite.Suite
	mistakes := 0
	for _, file := range files {
		loaded, err := suite.Load(ctx, file, opts)
		if err == nil {
			suites = append(suites, loaded)
			mistakes += setUpProblems(s, loaded)
			continue
		}
		problems := suite.Problems(err)
		if len(problems) == 0 {
			return nil, err
		}
		for _, p := range problems {
			fmt.Fprint(s.Stderr, p.Render())
		}
		mistakes += len(problems)
	}
	if mistakes > 0 {
		return nil, usageError("nothing was run: %s above", count(mistakes, "mistake"))
	}
	return suites, nil
}

// setUpProblems prints what is wrong with the settings of servers and of what stands before them, and counts it.
func setUpProblems(s State, loaded *suite.Suite) (n int) {
	for _, a := range loaded.APIs {
		var errs []error
		if a.Server != nil {
			_, err := servers.New(a.Server.Name, a.Server.Config)
			errs = append(errs, err)
		}
		var parts []servers.Part
		for _, p := range a.Via {
			parts = append(parts, servers.Part(p))
		}
		_, err := servers.Chain(target.Running(a.URL), parts)
		if err := errors.Join(append(errs, err)...); err != nil {
			fmt.Fprintf(s.Stderr, "%s: api %s: %s\n", printable.Text(a.Pos.String()), printable.Text(a.Name), printable.Lines(err.Error()))
			n++
		}
	}
	return n
}

// count is "1 mistake" or "2 mistakes".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
