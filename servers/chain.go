package servers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/replay"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/between"
)

// proxies are the servers of ours that can stand before any API. Without a fixture or a template they hand on what they get.
var proxies = []string{"apache", "caddy", "envoy", "haproxy", "nginx", "varnish"}

// Proxies are the names of the servers of ours that can be a part.
func Proxies() []string { return slices.Clone(proxies) }

// PartNames are the names of all that can stand between a browser and an API, sorted.
func PartNames() []string { return slices.Sorted(slices.Values(append(between.Names(), proxies...))) }

// newPart is a part before an API at upstream.
func newPart(p Part, upstream string) (target.Server, error) {
	if !slices.Contains(proxies, p.Name) {
		return between.New(p.Name, p.Config, upstream)
	}
	config := maps.Clone(p.Config)
	if config == nil {
		config = map[string]any{}
	}
	if config["fixture"] == nil && config["template"] == nil {
		config["fixture"] = "pass"
	}
	config["upstream"] = upstream
	return New(p.Name, config)
}

// Part is one system between a browser and an API: a name of [PartNames], and its settings.
type Part struct {
	Name   string
	Config map[string]any
}

// Chain is an API behind parts, in the order in which a request passes them. It starts and stops all of them.
func Chain(api target.Server, parts []Part) (target.Server, error) {
	var errs []error
	for _, p := range parts {
		_, err := newPart(p, "http://127.0.0.1:1") // only to see whether it can be made
		errs = append(errs, err)
	}
	return &chain{api: api, parts: parts}, errors.Join(errs...)
}

// chain implements [target.Layered].
type chain struct {
	api      target.Server
	parts    []Part
	started  []target.Server // from the API outwards; where there are parts, the watch stands before it
	received rawhttp.Log     // by the API, of follow-ups
}

// watch puts a transparent hop before the API that keeps what follow-ups reach it: what parts made of them on their way.
func (c *chain) watch() target.Server {
	return &target.Raw{Config: rawhttp.Config{Upstream: &rawhttp.Upstream{URL: c.URL()}, Receive: func(r probe.Receipt) {
		if replay.IsFollowUp(r.Headers) {
			c.received.Add(r)
		}
	}}}
}

// Inner implements [target.Layered].
func (c *chain) Inner() (string, *rawhttp.Log) {
	if len(c.parts) == 0 || len(c.started) < 2 {
		return "", nil
	}
	return c.started[1].URL(), &c.received
}

// Start starts the API, and then each part before it.
func (c *chain) Start(ctx context.Context) error {
	if err := c.add(ctx, c.api); err != nil {
		return errors.Join(err, c.Close())
	}
	if len(c.parts) > 0 {
		if err := c.add(ctx, c.watch()); err != nil {
			return errors.Join(err, c.Close())
		}
	}
	for i := len(c.parts) - 1; i >= 0; i-- {
		part, err := newPart(c.parts[i], c.URL())
		if err == nil {
			err = c.add(ctx, part)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("part %s: %w", c.parts[i].Name, err), c.Close())
		}
	}
	return nil
}

func (c *chain) add(ctx context.Context, s target.Server) error {
	c.started = append(c.started, s)
	return s.Start(ctx)
}

// URL is where the outermost part listens.
func (c *chain) URL() string {
	if len(c.started) == 0 {
		return ""
	}
	return c.started[len(c.started)-1].URL()
}

// Close stops all, from the outermost on.
func (c *chain) Close() error {
	var errs []error
	for i := len(c.started) - 1; i >= 0; i-- {
		errs = append(errs, c.started[i].Close())
	}
	c.started = nil
	return errors.Join(errs...)
}
