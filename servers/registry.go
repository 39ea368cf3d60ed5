// Package servers knows the real servers that can be put under test, by name.
package servers

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/harness/nearest"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/apache"
	"github.com/corsproof/corsproof/servers/apim"
	"github.com/corsproof/corsproof/servers/awshttp"
	"github.com/corsproof/corsproof/servers/awsrest"
	"github.com/corsproof/corsproof/servers/caddy"
	"github.com/corsproof/corsproof/servers/envoy"
	"github.com/corsproof/corsproof/servers/express"
	"github.com/corsproof/corsproof/servers/fastapi"
	"github.com/corsproof/corsproof/servers/flask"
	"github.com/corsproof/corsproof/servers/gomw"
	"github.com/corsproof/corsproof/servers/haproxy"
	"github.com/corsproof/corsproof/servers/internal/settings"
	"github.com/corsproof/corsproof/servers/kong"
	"github.com/corsproof/corsproof/servers/nginx"
	"github.com/corsproof/corsproof/servers/spring"
	"github.com/corsproof/corsproof/servers/varnish"
	"github.com/corsproof/corsproof/servers/vite"
	"github.com/corsproof/corsproof/servers/wso2"
)

// entry is what is known about one server.
type entry struct {
	build    func(config map[string]any) (target.Server, error)
	version  func(ctx context.Context) (string, error)
	fixtures func() []string
	// lacking returns the fixtures that need something more than the others, and why that is not there; nil where none does.
	lacking func() ([]string, error)
}

var registry = map[string]entry{
	"apache": {
		build:    builder(apache.New, nil),
		version:  apache.Version,
		fixtures: apache.Fixtures,
	},
	"apim": {
		build:    builder(apim.New, apim.Fixture),
		version:  apim.Version,
		fixtures: apim.Fixtures,
	},
	"awshttp": {
		build:    builder(awshttp.New, awshttp.Fixture),
		version:  awshttp.Version,
		fixtures: awshttp.Fixtures,
	},
	"awsrest": {
		build:    builder(awsrest.New, awsrest.Fixture),
		version:  awsrest.Version,
		fixtures: awsrest.Fixtures,
	},
	"caddy": {
		build:    builder(caddy.New, nil),
		version:  caddy.Version,
		fixtures: caddy.Fixtures,
	},
	"envoy": {
		build:    builder(envoy.New, nil),
		version:  envoy.Version,
		fixtures: envoy.Fixtures,
	},
	"express": {
		build:    builder(express.New, express.Fixture),
		version:  express.Version,
		fixtures: express.Fixtures,
	},
	"fastapi": {
		build:    builder(fastapi.New, fastapi.Fixture),
		version:  fastapi.Version,
		fixtures: fastapi.Fixtures,
	},
	"flask": {
		build:    builder(flask.New, flask.Fixture),
		version:  flask.Version,
		fixtures: flask.Fixtures,
	},
	"gomw": {
		build:    builder(gomw.New, gomw.Fixture),
		version:  func(context.Context) (string, error) { return gomw.Version(), nil },
		fixtures: gomw.Fixtures,
		lacking:  gomw.Lacking,
	},
	"haproxy": {
		build:    builder(haproxy.New, nil),
		version:  haproxy.Version,
		fixtures: haproxy.Fixtures,
	},
	"kong": {
		build:    builder(kong.New, kong.Fixture),
		version:  kong.Version,
		fixtures: kong.Fixtures,
	},
	"nginx": {
		build:    builder(nginx.New, nil),
		version:  nginx.Version,
		fixtures: nginx.Fixtures,
	},
	"spring": {
		build:    builder(spring.New, spring.Fixture),
		version:  spring.Version,
		fixtures: spring.Fixtures,
	},
	"varnish": {
		build:    builder(varnish.New, nil),
		version:  varnish.Version,
		fixtures: varnish.Fixtures,
	},
	"wso2": {
		build:    builder(wso2.New, wso2.Fixture),
		version:  wso2.Version,
		fixtures: wso2.Fixtures,
	},
	"vite": {
		build:    builder(vite.New, vite.Fixture),
		version:  vite.Version,
		fixtures: vite.Fixtures,
	},
}

// Names returns the servers' names, sorted.
func Names() []string { return slices.Sorted(maps.Keys(registry)) }

// New returns the server of that name, not started yet. The configuration has
// the fields of that package's Config, by their names in JSON; every mistake in it is reported.
func New(name string, config map[string]any) (target.Server, error) {
	known, ok := registry[name]
	if !ok {
		return nil, fmt.Errorf("there is no server %q%s (there are %s)",
			name, nearest.Hint(name, Names()), strings.Join(Names(), ", "))
	}
	server, err := known.build(config)
	if err != nil {
		return nil, fmt.Errorf("server %s: %w", name, err)
	}
	return server, nil
}

// builder makes a typed constructor one that takes decoded YAML or JSON. Where
// fixtures are configurations, what is written is put over the one they name, so that a false or 0 counts, too.
func builder[C interface{ Validate() error }, S target.Server](
	construct func(C) S, fixture func(name string) (C, error),
) func(map[string]any) (target.Server, error) {
	return func(written map[string]any) (target.Server, error) {
		var config C
		var unknown error
		if name, ok := written["fixture"].(string); ok && fixture != nil {
			config, unknown = fixture(name)
			written = maps.Clone(written)
			delete(written, "fixture")
		}
		if err := errors.Join(unknown, settings.Decode(written, &config)); err != nil {
			return nil, err
		}
		if err := config.Validate(); err != nil {
			return nil, err
		}
		return construct(config), nil
	}
}

// Status says whether a server can be put under test on this machine.
type Status struct {
	Name     string
	Version  string   // what would run, or ""
	OK       bool     // it can be started
	Missing  string   // what is missing, for all of it or for those that are Lacking
	How      string   // how to get that
	Fixtures []string // the set-ups of its that are known by name
	Lacking  []string // those of them that cannot be started, where it is OK for the others
}

// Describe returns the status of every server, by asking the programs for their versions.
func Describe(ctx context.Context) []Status {
	var all []Status
	for _, name := range Names() {
		all = append(all, StatusOf(ctx, name))
	}
	return all
}

// StatusOf returns the status of a server of [Names], by asking its program for its version.
func StatusOf(ctx context.Context, name string) Status {
	known, ok := registry[name]
	if !ok {
		return Status{Name: name, Missing: fmt.Sprintf("there is no server %q", name)}
	}
	status := Status{Name: name, Fixtures: known.fixtures()}
	version, err := known.version(ctx)
	if err != nil {
		status.Missing, status.How = inWords(err)
		return status
	}
	status.Version, status.OK = version, true
	if known.lacking != nil {
		status.Lacking, err = known.lacking()
		status.Missing, status.How = inWords(err)
	}
	return status
}

// inWords says what is missing, and how to get it where that is known.
func inWords(err error) (what, how string) {
	var missing *target.MissingError
	switch {
	case errors.As(err, &missing):
		return missing.What, missing.How
	case err != nil:
		return err.Error(), ""
	}
	return "", ""
}

// ReadyTime starts a server in its good set-up, stops it, and returns how long it took to be ready.
func ReadyTime(ctx context.Context, name string) (time.Duration, error) {
	started := time.Now()
	server, err := startGood(ctx, name)
	took := time.Since(started)
	if err != nil {
		return 0, err
	}
	return took, server.Close()
}
