package cli

import (
	"context"
	"fmt"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/suite"
	"github.com/corsproof/corsproof/servers"
)

// loadSuites loads all files and prints what is wrong with any of them.
func loadSuites(ctx context.Context, s State, files []string) ([]*suite.Suite, error) {
	opts := suite.Options{Env: s.Env, Servers: servers.Names()}
	for _, r := range diagnose.Rules() {
		opts.Rules = append(opts.Rules, r.ID)
	}
	var suites []*suite.Suite
	mistakes := 0
	for _, file := range files {
		loaded, err := suite.Load(ctx, file, opts)
		if err == nil {
			suites = append(suites, loaded)
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

// count is "1 mistake" or "2 mistakes".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
