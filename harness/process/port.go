package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// retries bounds how often a port may be lost. Losing one is rare; losing four in a row is something else.
const retries = 3

// FreePort returns a TCP port of 127.0.0.1 that was free a moment ago. Another
// program can take it before the child does, so the child must be started again on
// another one when it says that the address is in use: [StartOnFreePort] does
// that. A program that can listen on port 0 and tell which port it got needs none of this.
func FreePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// StartOnFreePort starts a child that needs a port number, and waits until it
// is ready (see [Process.WaitReady]). It is started again on another port, up to three
// times, only when it exited before it was ready and its port was taken by another program.
// Where that program answers as ready would, it is mistaken for the child: let ready ask for more than any answer.
func StartOnFreePort(ctx context.Context, config func(port int) Config, ready func(port int) Ready,
	within time.Duration,
) (*Process, int, error) {
	for try := 0; ; try++ {
		port, err := FreePort(ctx)
		if err != nil {
			return nil, 0, err
		}
		p, err := Start(ctx, config(port))
		if err != nil {
			return nil, 0, err
		}
		err = p.WaitReady(ctx, ready(port), within)
		if err == nil {
			return p, port, nil
		}
		again := try < retries && p.exited() && lostPort(ctx, port, p.Output())
		if stopped := p.Stop(); stopped != nil || !again {
			return nil, 0, errors.Join(err, stopped)
		}
	}
}

// lostPort reports whether a child failed because another program has its port, or said that it had.
func lostPort(ctx context.Context, port int, output string) bool {
	if strings.Contains(strings.ToLower(output), "in use") {
		return true
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return true
	}
	listener.Close()
	return false
}
