package report

import (
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
)

// Browser identifies the browser that was asked, and what it was told.
type Browser struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Flavour string `json:"flavour"`
	// ThirdPartyCookies is "allow", "block", "allow, block" where the suites of a run differ, or "" where the browser decides.
	ThirdPartyCookies string `json:"thirdPartyCookies"`
	// Flags are what it was told beside that. None are named where the suites of a run differ in ThirdPartyCookies.
	Flags []string `json:"flags,omitempty"`
}

// NewBrowser is a browser as a report names it.
func NewBrowser(b probe.Browser) Browser {
	return Browser{Name: b.Name, Version: b.Version, Flavour: b.Flavour, ThirdPartyCookies: b.ThirdPartyCookies, Flags: b.Flags}
}

// ownOfRun are flags whose values are each run's own: the addresses where it serves names, and its key.
var ownOfRun = []string{"--host-resolver-rules=", "--ignore-certificate-errors-spki-list=", "--ip-address-space-overrides="}

// LastingFlags are the flags that are the same in each run of a suite.
func (b Browser) LastingFlags() []string {
	return slices.DeleteFunc(slices.Clone(b.Flags), func(flag string) bool {
		return slices.ContainsFunc(ownOfRun, func(prefix string) bool { return strings.HasPrefix(flag, prefix) })
	})
}
