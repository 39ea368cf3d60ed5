package target_test

import (
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

// roleVariable makes the test binary play an API.
const roleVariable = "TARGET_TEST_ROLE"

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); role {
	case "":
		os.Exit(m.Run())
	case "crash":
		fmt.Fprintln(os.Stderr, "cannot find module orders")
		os.Exit(4)
	case "deaf":
		fmt.Println("still migrating the database")
		select {}
	default:
		playAPI(role)
	}
}

// playAPI answers on the port that is its argument: 200 at its role as a path, the greeting, or 404.
func playAPI(health string) {
	mux := http.NewServeMux()
	mux.HandleFunc(health, func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/greeting", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, os.Getenv("GREETING"), " ", os.Getenv("PORT"))
	})
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, mux))
}

// refused reports whether nothing listens at a server's URL any more.
func refused(url string) bool {
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err == nil {
		conn.Close()
	}
	var op *net.OpError
	return errors.As(err, &op)
}

func mentions(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q, without %q", err, part)
		}
	}
}
