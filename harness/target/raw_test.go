package target_test

import (
	"context"
	"testing"

	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
)

func TestRawServesUntilItIsClosed(t *testing.T) {
	server := &target.Raw{Config: rawhttp.Config{Handler: func(context.Context, *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Status: 200, Body: []byte("hello")}
	}}}
	if err := server.Close(); err != nil {
		t.Errorf("close before the start: %v", err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := get(t, server.URL()); got != "hello" {
		t.Errorf("got %q", got)
	}
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	if !refused(server.URL()) {
		t.Error("something still listens after Close")
	}
}
