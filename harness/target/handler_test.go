package target_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/target"
)

func TestHandlerServesUntilItIsClosed(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })
	if got := get(t, server.URL()); got != "hello" {
		t.Errorf("got %q", got)
	}
	mentions(t, server.Start(t.Context()), "runs already")
	for range 2 {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}
	if !refused(server.URL()) {
		t.Error("something still listens after Close")
	}
}

func TestAPanicInAHandlerEndsItsRequestAlone(t *testing.T) {
	defer log.SetOutput(log.Writer())
	log.SetOutput(io.Discard) // net/http logs the panic
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("on purpose")
		}
		fmt.Fprint(w, "alive")
	})
	if ask(server.URL()+"/panic") == nil {
		t.Error("the panic was answered")
	}
	if got := get(t, server.URL()); got != "alive" {
		t.Errorf("after the panic: %q", got)
	}
}

func TestCloseEndsIdleConnectionsAtOnceAndLetsARequestFinish(t *testing.T) {
	entered, idleEnded := make(chan struct{}), make(chan struct{})
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		select {
		case <-idleEnded:
		case <-r.Context().Done():
			t.Error("the idle connection lasted as long as a request may")
		}
	})
	idle, err := net.Dial("tcp", strings.TrimPrefix(server.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	answered := make(chan error)
	go func() { answered <- ask(server.URL()) }()
	<-entered // the idle connection was accepted before this one
	closed := make(chan error)
	go func() { closed <- server.Close() }()
	if _, err := idle.Read(make([]byte, 1)); err == nil {
		t.Error("the idle connection got data")
	}
	close(idleEnded)
	if err := <-answered; err != nil {
		t.Errorf("the request was cut off: %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestCloseEndsARequestThatWaitsForEver(t *testing.T) {
	entered, ended := make(chan struct{}), make(chan struct{})
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
		close(ended)
	})
	go func() { _ = ask(server.URL()) }()
	<-entered
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	<-ended
}

func TestHandlerWithoutAHandler(t *testing.T) {
	mentions(t, new(target.Handler).Start(t.Context()), "no handler")
	if err := new(target.Handler).Close(); err != nil {
		t.Errorf("close without start: %v", err)
	}
}

func serve(t *testing.T, handler http.HandlerFunc) *target.Handler {
	t.Helper()
	server := &target.Handler{Handler: handler}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

func ask(url string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	return response.Body.Close()
}
