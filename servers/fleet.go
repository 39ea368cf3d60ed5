package servers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/corsproof/corsproof/harness/target"
)

// Fleet is one instance of each server that there is on this machine, all of them at once.
type Fleet struct {
	// URLs are where they listen, by their names.
	URLs map[string]string
	// Missing says why others are not there, by their names.
	Missing map[string]*target.MissingError

	started []target.Server
}

// StartFleet starts each server that is installed in a good set-up of its, side by side, and returns when all are
// ready. Where one does not start, none is left.
func StartFleet(ctx context.Context) (*Fleet, error) {
	f := &Fleet{URLs: map[string]string{}, Missing: map[string]*target.MissingError{}}
	var mu sync.Mutex // of f and errs
	var errs []error
	var wg sync.WaitGroup
	for _, name := range Names() {
		wg.Go(func() {
			server, err := startGood(ctx, name)
			mu.Lock()
			defer mu.Unlock()
			var missing *target.MissingError
			switch {
			case errors.As(err, &missing):
				f.Missing[name] = missing
			case err != nil:
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			default:
				f.URLs[name], f.started = server.URL(), append(f.started, server)
			}
		})
	}
	wg.Wait()
	if len(errs) > 0 {
		return nil, errors.Join(append(errs, f.Close())...)
	}
	return f, nil
}

// Close stops all of them.
func (f *Fleet) Close() error {
	var errs []error
	for _, server := range f.started {
		errs = append(errs, server.Close())
	}
	f.started = nil
	return errors.Join(errs...)
}

// startGood starts a server in a set-up of its that is as it should be.
func startGood(ctx context.Context, name string) (target.Server, error) {
	server, err := New(name, good(name))
	if err != nil {
		return nil, err
	}
	if err := server.Start(ctx); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return server, nil
}

// good is the configuration of such a set-up: of gomw one that is a program of its own, where that is built.
func good(name string) map[string]any {
	known := registry[name]
	there := known.fixtures()
	if known.lacking != nil {
		lacking, _ := known.lacking()
		there = slices.DeleteFunc(there, func(fixture string) bool { return slices.Contains(lacking, fixture) })
	}
	for _, fixture := range []string{"chi-good", "good"} {
		if slices.Contains(there, fixture) {
			return map[string]any{"fixture": fixture}
		}
	}
	return nil
}
