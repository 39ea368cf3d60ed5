// Command demo reproduces "works in Postman, fails in the browser" and its fix:
// on an API that is scripted here, and on the real Express. It asks a real
// browser, and fails when what it says does not hold.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/target"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run plays all scenes. Where Node.js or Express is missing, the scenes on
// Express are left out and said to be.
func run(ctx context.Context, out io.Writer) error {
	scenes, err := allScenes(ctx)
	var missing *target.MissingError
	if errors.As(err, &missing) {
		fmt.Fprintf(out, "Without the real Express: %v.\n\n", missing)
	} else if err != nil {
		return err
	}
	apis := map[string]harness.API{}
	for name, s := range scenes.apis {
		apis[name] = s
	}
	h, err := harness.Start(ctx, harness.Config{
		Origins: []harness.Origin{{URL: page}}, APIs: apis, Replay: harness.ReplayAlways,
	})
	if err != nil {
		return err
	}
	err = play(ctx, out, h, scenes.list)
	return errors.Join(err, h.Close())
}

func play(ctx context.Context, out io.Writer, h *harness.Harness, list []scene) error {
	b, err := h.Browser(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Works in Postman, fails in the browser\n\nThe page is %s; the browser is %s %s.\n", page, b.Name, b.Version)
	wrong := 0
	for i, s := range list {
		if s.title != "" {
			fmt.Fprintf(out, "\n%s\n", s.title)
		}
		o := h.From(page).Fetch(ctx, s.request(h))
		if o.Err != nil {
			return fmt.Errorf("scene %d: %w", i+1, o.Err)
		}
		cause := first(h.Diagnose(ctx, o))
		tell(out, s, o, cause)
		if o.Outcome != s.outcome() || cause.Rule != s.cause {
			wrong++
			fmt.Fprintf(out, "    !! expected %s %s\n", s.outcome(), s.cause)
		}
	}
	fmt.Fprintf(out, "\n%d requests, each seen by curl, by script and on the wire. ", len(list))
	if wrong > 0 {
		fmt.Fprintln(out)
		return fmt.Errorf("%d of them did not do what this demo says", wrong)
	}
	fmt.Fprintln(out, "All as told.")
	return nil
}

// scene is one request and what comes of it.
type scene struct {
	title  string // begins a story; "" goes on
	setup  string // what the server does
	api    string
	path   string
	ask    probe.Request
	cause  string // the rule that is to be found first where the page reads nothing; "" where it reads
	lesson string // why it reads
}

func (s scene) outcome() probe.Outcome {
	if s.cause != "" {
		return probe.Blocked
	}
	return probe.Readable
}

// first is the cause, or nothing where there are only notes.
func first(findings []diagnose.Finding) diagnose.Finding {
	if len(findings) == 0 || findings[0].Severity == diagnose.Note {
		return diagnose.Finding{}
	}
	return findings[0]
}

func (s scene) request(h *harness.Harness) probe.Request {
	r := s.ask
	r.URL = h.API(s.api).URL(s.path)
	return r
}
