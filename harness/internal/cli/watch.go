package cli

import (
	"context"
	"fmt"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/suite"
)

// watching runs again whenever a file changes, until the context ends.
func (o runOptions) watching(ctx context.Context, s State, files []string) error {
	for {
		// What is watched is known before the run reads anything, so that no change is lost.
		w, err := o.watcherOf(ctx, s, files)
		if err != nil {
			return &exitError{code: exitEnvironment, err: fmt.Errorf("watch the suites' files: %w", err)}
		}
		name, err := o.onceAndNext(ctx, s, files, w)
		w.close()
		if ctx.Err() != nil {
			return &exitError{code: exitInterrupted}
		}
		if err != nil {
			return &exitError{code: exitEnvironment, err: fmt.Errorf("watch the servers' files: %w", err)}
		}
		fmt.Fprintf(s.Stderr, "\ncorsproof: %s changed\n", printable.Text(name))
	}
}

// onceAndNext runs, and waits for the first file that changes: one of the suites' from the beginning on, one of a server's
// from when that has ended, since servers write beside their code while they run, and so may a report.
func (o runOptions) onceAndNext(ctx context.Context, s State, files []string, w *watcher) (string, error) {
	if err := o.once(ctx, s, files); err != nil && ctx.Err() == nil {
		say(s, err)
	}
	if ctx.Err() != nil {
		return "", nil
	}
	if err := w.beginTrees(); err != nil {
		return "", err
	}
	fmt.Fprintln(s.Stderr, "corsproof: waiting for a change; Ctrl-C ends")
	return w.next(ctx), nil
}

// watcherOf watches the files of suites and of the servers that they start. Of a suite with mistakes it watches the file itself.
func (o runOptions) watcherOf(ctx context.Context, s State, files []string) (*watcher, error) {
	w, err := newWatcher()
	if err != nil {
		return nil, err
	}
	w.ignore(s.Stdout)
	w.ignore(s.Stderr)
	for _, file := range files {
		w.file(file)
		loaded, err := suite.Load(ctx, file, suite.Options{Env: s.Env})
		if err != nil {
			continue
		}
		for _, other := range loaded.Files {
			w.file(other)
		}
		for _, api := range loaded.APIs {
			if api.Command != nil {
				w.tree(api.Command.Dir)
			}
		}
	}
	if err := w.beginFiles(); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}
