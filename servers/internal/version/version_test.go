package version_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/servers/internal/version"
)

func TestOf(t *testing.T) {
	got, err := version.Of(t.Context(), "go", "version")
	if err != nil || !strings.HasPrefix(got, "go version go") || strings.Contains(got, "\n") {
		t.Errorf("version %q, error %v", got, err)
	}
	if got, err := version.Of(t.Context(), "go", "no-such-command"); err == nil {
		t.Errorf("a program that fails has version %q", got)
	}
}
