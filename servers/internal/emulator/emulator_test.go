package emulator_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

// passing is a gateway that changes nothing.
func passing(upstream string) *emulator.Server {
	return emulator.New("passing", func() (emulator.Gateway, error) {
		return emulator.Gateway{Upstream: upstream, Handler: func(b *emulator.Backend) rawhttp.Handler {
			return func(ctx context.Context, r *rawhttp.Request) *rawhttp.Response {
				answer, err := b.Ask(ctx, r, r.Path(), r.Headers)
				if err != nil {
					return rawhttp.PlainText(502, err.Error())
				}
				return answer
			}
		}}, nil
	})
}

func TestTheBackendIsTheOrdersAPIOrAnother(t *testing.T) {
	first := rawtest.Start(t, passing(""))
	rawtest.Orders(t, first, orders.Examples())
	second := rawtest.Start(t, passing(first+"/"))
	rawtest.Orders(t, second, orders.Examples())
	rawtest.Run(t, second, []rawtest.Case{{Name: "HEAD keeps its length", Method: "HEAD", Path: orders.Health, Status: 200, Headers: map[string]string{"Content-Length": "2"}}})
	rawtest.Run(t, rawtest.Start(t, passing("http://127.0.0.1:1")), []rawtest.Case{{Name: "nobody there", Method: "GET", Path: "/", Status: 502}})
}

func TestAServerStartsOnceAndLeavesNothing(t *testing.T) {
	server := passing("")
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	rawtest.Mentions(t, server.Start(t.Context()), "passing", "runs already")
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	rawtest.Refused(t, server.URL())
	if err := server.Start(t.Context()); err != nil {
		t.Errorf("it does not start again: %v", err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBePreparedDoesNotStart(t *testing.T) {
	wrong := errors.New("wrong")
	server := emulator.New("x", func() (emulator.Gateway, error) { return emulator.Gateway{}, wrong })
	if err := server.Start(t.Context()); !errors.Is(err, wrong) {
		t.Error(err)
	}
}

func TestHeaders(t *testing.T) {
	list := fetch.HeaderList{{Name: "A", Value: "1"}, {Name: "access-control-allow-origin", Value: "*"}, {Name: "a", Value: "2"}}
	emulator.Set(&list, "A", "")
	if len(list) != 3 {
		t.Errorf("an empty value changed %v", list)
	}
	emulator.RemoveCORS(&list)
	emulator.Set(&list, "A", "3")
	if len(list) != 1 || list[0] != (fetch.Header{Name: "A", Value: "3"}) {
		t.Errorf("%v", list)
	}
	preflight := fetch.HeaderList{{Name: "Origin", Value: "x"}, {Name: "Access-Control-Request-Method", Value: "PUT"}}
	if !emulator.IsPreflight("OPTIONS", preflight) || emulator.IsPreflight("OPTIONS", preflight[:1]) || emulator.IsPreflight("GET", preflight) {
		t.Error("a preflight is not told apart")
	}
}

func TestUUID(t *testing.T) {
	a, b := emulator.UUID(), emulator.UUID()
	if a == b || !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(strings.ToLower(a)) {
		t.Errorf("%s, %s", a, b)
	}
}
