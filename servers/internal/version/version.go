// Package version asks installed programs for their versions.
package version

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// limit bounds a program that only prints its version, as a start is bounded: a JVM on a slow and busy machine takes its time for either.
const limit = time.Minute

// Of runs a program that prints its version, to stdout or stderr, and returns the first line.
func Of(ctx context.Context, path string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = time.Second // for a descendant that holds its output
	output, err := cmd.CombinedOutput()
	line, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w: %s", path, err, line)
	}
	return line, nil
}
