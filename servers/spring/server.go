package spring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// within is what a dozen of them need that start side by side on two busy cores; one alone takes a second or two.
const within = 90 * time.Second

// Server is the application; it implements [target.Server].
type Server struct{ *target.Program }

// New returns a server with that set-up. A mistake in it shows in Start, and before that in [Config.Validate].
func New(config Config) *Server {
	return &Server{target.NewProgram(func(ctx context.Context) (*process.Process, string, error) {
		return launch(ctx, config)
	})}
}

func launch(ctx context.Context, config Config) (*process.Process, string, error) {
	config, err := config.resolved()
	if err != nil {
		return nil, "", err
	}
	settings, err := config.settings()
	if err != nil {
		return nil, "", err
	}
	installed, err := locate()
	if err != nil {
		return nil, "", err
	}
	folder, err := os.MkdirTemp("", "corsproof-spring-")
	if err != nil {
		return nil, "", fmt.Errorf("spring: %w", err)
	}
	if err := installed.paste(ctx, config, folder); err != nil {
		return nil, "", errors.Join(err, os.RemoveAll(folder))
	}
	child, err := process.Start(ctx, process.Config{
		Path: installed.java, Env: []string{"SPRING_APPLICATION_JSON=" + settings},
		Args: []string{
			"-XX:SharedArchiveFile=" + filepath.Join(installed.folder, "orders.jsa"), "-XX:TieredStopAtLevel=1",
			"-XX:+UseSerialGC", "-Xmx96m", "-XX:-UsePerfData", "-Djava.io.tmpdir=" + folder,
			"-cp", "orders.jar:" + folder, "corsproof.Application",
		},
		Dir: installed.folder, Remove: []string{folder},
	})
	if err != nil {
		return nil, "", fmt.Errorf("spring: %w", err)
	}
	var url string
	err = child.WaitReady(ctx, func(context.Context) (err error) {
		url, err = announced(child.Output())
		return err
	}, within)
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("spring: %w", err), child.Stop())
	}
	return child, url, nil
}

// resolved is a set-up without mistakes, its fixture filled in.
func (c Config) resolved() (Config, error) {
	if err := c.Validate(); err != nil {
		return c, err
	}
	return fixture.Over("spring", c.Fixture, c)
}

var announcement = regexp.MustCompile(`(?s)Tomcat started on port (\d+) .*Started Application in`)

// announced finds where the application said that it listens.
func announced(output string) (url string, err error) {
	found := announcement.FindStringSubmatch(output)
	if found == nil {
		return "", errors.New("it has not said where it listens")
	}
	return "http://127.0.0.1:" + found[1], nil
}
