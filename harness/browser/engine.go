// Package browser says what corsproof asks of a real browser, whichever it is:
// an [Engine] runs probes and answers with observations. Each driver has a
// folder of its own; nothing here knows Chromium.
package browser

import (
	"context"
	"fmt"

	"github.com/corsproof/corsproof/harness/probe"
)

// Engine asks a real browser.
type Engine interface {
	// Probe runs one probe to its end and answers with one Observation a step.
	// It is safe for concurrent use: probes that run at the same time share
	// pages where they share no state, which is how a batch gets fast.
	//
	// What happened to script, whatever it was, is an Observation. An error
	// means that there is no verdict: a context that ended, a page that could
	// not be opened, or a browser that could not be started (*UnavailableError).
	Probe(ctx context.Context, p probe.Probe) ([]probe.Observation, error)

	// Browser identifies the browser, starting it where it is not yet running.
	Browser(ctx context.Context) (probe.Browser, error)

	// Close ends the browser and everything that came with it, and waits for that.
	Close() error
}

// Host is one name that a browser must find at an address of ours.
type Host struct {
	// HostPort is what a URL names, port included: "app.example.com:443".
	HostPort string
	// Addr is where it listens: "127.0.0.1:41234".
	Addr string
	// AddressSpace overrides the IP address space of Addr for local network
	// access: "public", "local", "loopback", or "" for what it is.
	AddressSpace string
}

// Hosts is the table of names, which grows while a harness runs.
type Hosts interface {
	// Snapshot returns the table and its version; a later table with another
	// version has all entries of an earlier one.
	Snapshot() (version uint64, hosts []Host)
}

// Third-party cookies are a setting, always stated.
const (
	AllowThirdPartyCookies = "allow"
	BlockThirdPartyCookies = "block"
)

// UnavailableError says that no browser could be asked, and what to do.
type UnavailableError struct {
	What string // what was tried
	How  string // what to do next
	Err  error  // the cause, or nil
}

// Error tells what happened and what to do next.
func (e *UnavailableError) Error() string {
	s := e.What
	if e.Err != nil {
		s = fmt.Sprintf("%s: %v", s, e.Err)
	}
	if e.How == "" {
		return s
	}
	return s + "; " + e.How
}

// Unwrap returns the cause.
func (e *UnavailableError) Unwrap() error { return e.Err }
