package python

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/corsproof/corsproof/harness/process"
)

// within bounds the wait for readiness. One is ready after half a second of an idle core; ten of
// them at once on a busy machine of two have been seen to take longer than ten seconds.
const within = time.Minute

// Launch starts a module of the application's environment ("uvicorn") in its
// folder, and returns when it answers, with its URL. It listens on a port that the kernel
// chose, which announced finds in its output. env is added to our environment, as "NAME=value".
func (a App) Launch(ctx context.Context, env []string, announced *regexp.Regexp, module string, args ...string,
) (*process.Process, string, error) {
	here, err := a.locate()
	if err != nil {
		return nil, "", err
	}
	// -E: nobody's PYTHONPATH counts; -B: no __pycache__ in a checkout.
	child, err := process.Start(ctx, process.Config{
		Path: here.python, Args: append([]string{"-E", "-B", "-m", module}, args...), Dir: here.folder, Env: env,
	})
	if err != nil {
		return nil, "", err
	}
	var url string
	err = child.WaitReady(ctx, func(ctx context.Context) error {
		found := announced.FindStringSubmatch(child.Output())
		if found == nil {
			return errors.New("it has not said where it listens")
		}
		url = found[1]
		return process.HTTP(url + "/")(ctx) // a listening socket alone may still be without its worker
	}, within)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("%s: %w", a.Title, err), child.Stop())
	}
	return child, url, nil
}
