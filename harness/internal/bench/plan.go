package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/corsproof/corsproof/harness/run"
	"github.com/corsproof/corsproof/harness/suite"
)

// suiteOf is a suite of preflighted requests to urls different URLs, from each of froms origins' pages.
func suiteOf(urls, froms int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `suite: bench
apis:
  api:
    at: %s
    answers:
      - headers:
          Access-Control-Allow-Origin: ${origin}
          Access-Control-Allow-Headers: x-a
          Access-Control-Allow-Methods: PUT
          Content-Type: application/json
        body: "{}"
cases:
  - name: a preflighted request
    from: [%s`, apiOrigin, pageOrigin)
	for i := 1; i < froms; i++ {
		fmt.Fprintf(&b, ", https://app%d.example.com", i)
	}
	b.WriteString("]\n    request:\n      method: PUT\n      headers: {X-A: \"1\"}\n      url:\n")
	for i := range urls {
		fmt.Fprintf(&b, "        - ${api}/x?k=%d\n", i)
	}
	b.WriteString("    expect: {outcome: readable, status: 200, body: \"{}\"}\n")
	return b.Bytes()
}

// failingSuite is a suite of n cases, of which every fifth fails at a preflight that is not allowed: a report tells much more of those.
func failingSuite(n int) []byte {
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(suiteOf(n-n/5, 1), []byte("\n")))
	b.WriteString("\n  - name: a preflight that is refused\n    from: " + pageOrigin + "\n    request:\n      method: DELETE\n      url:\n")
	for i := range n / 5 {
		fmt.Fprintf(&b, "        - ${api}/y?k=%d\n", i)
	}
	b.WriteString("    expect: {outcome: readable, status: 200}\n")
	return b.Bytes()
}

// plan loads a suite and plans its run.
func plan(ctx context.Context, cfg Config, show func(Figure)) (err error) {
	urls, froms := 1000, 100
	if cfg.Quick {
		urls = 100
	}
	folder, err := os.MkdirTemp("", "corsproof-bench-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "suite.yaml")
	if err := os.WriteFile(file, suiteOf(urls, froms), 0o600); err != nil {
		return err
	}
	started := time.Now()
	s, err := suite.Load(ctx, file, suite.Options{})
	if err != nil {
		return err
	}
	p, err := run.NewPlan([]*suite.Suite{s}, run.Selection{})
	if err != nil {
		return err
	}
	took := time.Since(started).Seconds()
	f := Figure{Name: "plan", Target: "100000 cases in less than 2 s and 300 MB"}
	if mb, err := peakRSS(); err != nil {
		f.Skipped = err.Error()
	} else {
		f.Value = fmt.Sprintf("%d cases loaded and planned in %.2f s; this process never had more than %.0f MB", p.Cases, took, mb)
		f.Met = took < 2 && mb < 300
	}
	show(f.roughIf(cfg.Quick))
	return nil
}
