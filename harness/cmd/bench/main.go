// Command bench measures what corsproof costs, and prints one line a figure:
//
//	bench NAME: VALUE (target TARGET)
//
// A figure that misses its target fails the command with -strict only: the
// machine has its say in each.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/corsproof/corsproof/harness/internal/bench"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var cfg bench.Config
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&cfg.Only, "only", "", "measure only the figures whose names contain this")
	flags.BoolVar(&cfg.Quick, "quick", false, "take smaller numbers: faster, and rougher")
	flags.StringVar(&cfg.Browser, "browser", os.Getenv("CORSPROOF_BROWSER"), "the browser's path or name")
	folder := flags.String("peer", filepath.Join("harness", "cmd", "bench", "peer"), "the folder of the Playwright peer")
	strict := flags.Bool("strict", false, "fail where a target is missed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cfg.Peer = peer(*folder)
	figures, err := bench.Run(ctx, cfg, out)
	if err == nil && *strict {
		err = missed(figures)
	}
	return err
}

// peer looks whether the Playwright peer can run.
func peer(folder string) bench.Peer {
	node, err := exec.LookPath("node")
	if err != nil {
		return bench.Peer{Missing: "there is no Node.js here"}
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "playwright-core", "package.json")); err != nil {
		return bench.Peer{Missing: "playwright-core is not installed (scripts/bench.sh does it, with npm)"}
	}
	return bench.Peer{Command: []string{node, filepath.Join(folder, "peer.mjs")}}
}

func missed(figures []bench.Figure) error {
	n := 0
	for _, f := range figures {
		if f.Skipped == "" && !f.Met {
			n++
		}
	}
	if n > 0 {
		return fmt.Errorf("%d of %d figures miss their targets", n, len(figures))
	}
	return nil
}
