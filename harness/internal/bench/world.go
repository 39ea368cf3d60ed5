package bench

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

const (
	pageOrigin = "https://app.example.com"
	apiOrigin  = "https://api.example.com"
	bareOrigin = "https://bare.example.com" // the same API for the bare loop, whose receipts nobody collects
)

// inFlight is how many requests a page has in flight, on our side and in the bare loop.
const inFlight = 16

// callers is how many probes are asked at a time: enough that the page has its
// inFlight requests to send all the time, as a suite's batch does.
const callers = 4 * inFlight

// world is a harness with a page and an API that lets it read everything.
type world struct {
	harness *harness.Harness
	asked   atomic.Int64 // distinct URLs so far
}

func newWorld(ctx context.Context, cfg Config) (*world, error) {
	h, err := harness.Start(ctx, harness.Config{
		Origins:     []harness.Origin{{URL: pageOrigin}},
		APIs:        map[string]harness.API{"api": {At: apiOrigin, Raw: allow}, "bare": {At: bareOrigin, Raw: allow}},
		Browser:     cfg.Browser,
		Concurrency: inFlight,
	})
	if err != nil {
		return nil, err
	}
	return &world{harness: h}, nil
}

// allow is the API: it answers every preflight and every request alike.
func allow(context.Context, *rawhttp.Request) *rawhttp.Response {
	return &rawhttp.Response{
		Status: 200,
		Headers: fetch.HeaderList{
			{Name: "Access-Control-Allow-Origin", Value: pageOrigin},
			{Name: "Access-Control-Allow-Credentials", Value: "true"},
			{Name: "Access-Control-Allow-Headers", Value: "x-a"},
			{Name: "Access-Control-Allow-Methods", Value: "PUT"},
			{Name: "Content-Type", Value: "application/json"},
		},
		Body: []byte("{}"),
	}
}

// request is the next preflighted request. No URL comes twice.
func (w *world) request(credentials fetch.CredentialsMode) probe.Request {
	return probe.Request{
		Method: "PUT", URL: w.harness.API("api").URL("/x?k=" + strconv.FormatInt(w.asked.Add(1), 10)),
		Headers: fetch.HeaderList{{Name: "X-A", Value: "1"}}, Credentials: credentials,
	}
}

// rate sends n probes, some at a time, and returns how many there were a
// second. Each must have its verdict and all its evidence.
func (w *world) rate(ctx context.Context, n, atATime int, credentials fetch.CredentialsMode) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo := make(chan struct{}, n)
	for range n {
		todo <- struct{}{}
	}
	close(todo)
	started := time.Now()
	var wg sync.WaitGroup
	for range atATime {
		wg.Go(func() {
			for range todo {
				if err := w.one(ctx, credentials); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(started).Seconds(), context.Cause(ctx)
}

func (w *world) one(ctx context.Context, credentials fetch.CredentialsMode) error {
	o := w.harness.From(pageOrigin).Fetch(ctx, w.request(credentials))
	switch {
	case o.Err != nil:
		return o.Err
	case o.Outcome != probe.Readable, o.Page.Body.Text != "{}":
		return fmt.Errorf("a probe that must be readable is %s: %s", o.Outcome, o.Why)
	case len(o.Exchanges) != 2, len(o.Receipts) != 2, len(o.Missing) > 0, !o.Exchanges[0].Response.Raw, !o.Exchanges[1].Response.Raw:
		return fmt.Errorf("a probe's evidence is not whole: %d exchanges, %d receipts, missing %q", len(o.Exchanges), len(o.Receipts), o.Missing)
	}
	return nil
}

// close ends the harness.
func (w *world) close() error { return w.harness.Close() }

// browserName names the browser that is measured.
func browserName(ctx context.Context, cfg Config) (string, error) {
	w, err := newWorld(ctx, cfg)
	if err != nil {
		return "", err
	}
	b, err := w.harness.Browser(ctx)
	if closeErr := w.close(); err == nil {
		err = closeErr
	}
	return fmt.Sprintf("%s %s (%s)", b.Name, b.Version, b.Flavour), err
}

// closed ends the harness, and keeps the error that was there before.
func closed(err error, w *world) error {
	if closeErr := w.close(); err == nil {
		return closeErr
	}
	return err
}
