package harness

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/probe"
)

func TestNobodyWaitsLongerThanItsContextForItsTurn(t *testing.T) {
	l := newLanes()
	p := probe.Probe{Steps: []probe.Step{{Request: probe.Request{URL: "https://api.test/x"}}}}
	enter := func(ctx context.Context) (func(), error) { return l.enter(ctx, p) }
	for _, c := range []struct {
		name       string
		held, then func(context.Context) (func(), error)
	}{{"to begin while another is alone", l.clear, enter}, {"to be alone while another is under way", enter, l.clear}, {"for its URL", enter, enter}} {
		t.Run(c.name, func(t *testing.T) {
			release, err := c.held(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := c.then(ctx)
				ended <- err
			}()
			cancel()
			select {
			case err := <-ended:
				if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("still waiting, although the context has ended")
			}
			release()
			again, err := c.then(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			again()
		})
	}
}

func TestAHarnessThatIsClosedOpensNothing(t *testing.T) {
	h := start(t, Config{APIs: map[string]API{"api": {At: "https://api.example.com", Handler: http.HandlerFunc(allow)}}})
	url := h.API("api").URL("/x")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	for _, origin := range []string{app, "null"} {
		if o := h.From(origin).Fetch(t.Context(), probe.Request{URL: url}); !errors.Is(o.Err, errClosed) && origin != "null" || o.Err == nil {
			t.Errorf("from %s: %v", origin, o.Err)
		}
	}
	if n := len(h.sites.all); n > 0 {
		t.Errorf("%d origins are served after Close", n)
	}
}
