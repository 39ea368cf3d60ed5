package page_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/browser/page"
	"github.com/corsproof/corsproof/harness/probe"
)

const large = 8 << 20 // a body limit that nothing here reaches

func ask(id, path string, client probe.Client, sync bool, limit int64) page.Request {
	return page.NewRequest(id, probe.Request{Client: client, URL: path, Sync: sync}, 30*time.Second, limit)
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func TestAbortedRequestsReportAtOnceWhetherUnderWayOrWaiting(t *testing.T) {
	received := make(chan string, 3)
	api := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/received":
			<-received
			<-received
			<-received
		case "/ok":
		case "/stuck":
			w.(http.Flusher).Flush()
			fallthrough
		default:
			received <- r.URL.Path
			<-r.Context().Done()
		}
	}
	drive := asked(t, 3,
		ask("fetch", "/hang", probe.Fetch, false, large), ask("xhr", "/hang/xhr", probe.XHR, false, large), ask("body", "/stuck", probe.Fetch, false, large),
		ask("waiting", "/ok", probe.Fetch, false, large), ask("left", "/ok", probe.Fetch, false, large)) + `
		sent('/received').then(() => corsproof.abort(['waiting', 'body', 'xhr', 'fetch', 'of nobody']));`
	got := inBrowser(t, api, drive, 5)
	for id, phase := range map[string]page.Phase{"fetch": page.Fetching, "waiting": page.Waiting} {
		if r := got[id]; !r.Aborted || r.TimedOut || r.Phase != phase || r.Response != nil || r.Page().Settled {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if r := got["xhr"]; !r.Aborted || r.Error == nil || r.Error.Message != "abort" {
		t.Errorf("xhr: %+v", r)
	}
	if r := got["body"]; !r.Aborted || (r.Response != nil) != (r.BodyError != nil) {
		t.Errorf("body: %+v", r)
	}
	if r := got["left"]; r.Aborted || r.Phase != page.Done || !r.Page().Settled {
		t.Errorf("left: %+v", r)
	}
}

// bodies are what the API answers, by path.
var bodies = map[string][]byte{
	"/bytes":     []byte("a\x00\x80\xff\xfe"),
	"/text":      []byte("hällo"),
	"/bom":       []byte("\xef\xbb\xbfhällo, €, 😀"),
	"/ascii-bom": []byte("\xef\xbb\xbfhello"),
	"/bad-bom":   []byte("\xef\xbb\xbfh\xe4llo"),
	"/utf-16le":  []byte("\xff\xfeh\x00i\x00"),
	"/utf-16be":  []byte("\xfe\xff\x00h\x00i"),
	"/only-bom":  []byte("\xef\xbb\xbf"),
	"/one-bom":   []byte("\xef\xbb\xbfh"),
	"/one-utf16": []byte("\xff\xfeh\x00"),
	"/empty":     {},
	"/20k":       bytes.Repeat([]byte("0123456789"), 2_000),
	"/100k":      bytes.Repeat([]byte("0123456789"), 10_000),
	"/5M":        bytes.Repeat([]byte("0123456789abcdefghijklmnopqrstuvwxyz\n"), 5<<20/37),
	"/gzip":      bytes.Repeat([]byte("0123456789"), 10_000),
}

func serveBody(w http.ResponseWriter, r *http.Request) {
	body := bodies[r.URL.Path]
	w.Header().Set("Content-Type", "application/octet-stream")
	if r.URL.Path == "/gzip" {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(body)
		_ = z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		body = packed.Bytes()
	}
	if !r.URL.Query().Has("chunked") {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	_, _ = w.Write(body)
}

func TestWhatScriptReadIsTheBodyOrSaidNotToBeKnown(t *testing.T) {
	const nothing = "size alone"
	clients := map[string]func(id, path string) page.Request{
		"fetch":    func(id, path string) page.Request { return ask(id, path, probe.Fetch, false, large) },
		"chunked":  func(id, path string) page.Request { return ask(id, path+"?chunked", probe.Fetch, false, large) },
		"xhr":      func(id, path string) page.Request { return ask(id, path, probe.XHR, false, large) },
		"sync xhr": func(id, path string) page.Request { return ask(id, path, probe.XHR, true, large) },
	}
	unknown := map[string]string{
		"sync xhr /bad-bom": nothing, "sync xhr /utf-16le": nothing, "sync xhr /utf-16be": nothing, "sync xhr /one-bom": nothing, "sync xhr /one-utf16": nothing,
	}
	var requests []page.Request
	for name, request := range clients {
		for path := range bodies {
			requests = append(requests, request(name+" "+path, path))
		}
	}
	got := inBrowser(t, serveBody, asked(t, 4, requests...), len(requests))
	for name := range clients {
		for path, want := range bodies {
			id := name + " " + path
			if got[id].Response == nil {
				t.Errorf("%s: %+v %+v", id, got[id], got[id].Error)
				continue
			}
			b := got[id].Page().Body
			if b.Cut || b.Size != int64(len(want)) {
				t.Errorf("%s: %+v, want %d bytes", id, b, len(want))
			}
			switch {
			case unknown[id] == nothing:
				if b.Whole || b.SHA256 != "" || b.Text != "" {
					t.Errorf("%s: %+v", id, b)
				}
			case b.Whole:
				if b.Text != string(want) || b.SHA256 != "" {
					t.Errorf("%s: %+v", id, b)
				}
			case b.SHA256 != sum(want) || !strings.HasPrefix(string(want), b.Text):
				t.Errorf("%s: SHA-256 %s of %d bytes, want %s", id, b.SHA256, b.Size, sum(want))
			}
		}
	}
}

func TestABodyAboveTheLimitIsCutHoweverItIsRead(t *testing.T) {
	const limit = 10
	var requests []page.Request
	for _, path := range []string{"/100k", "/100k?chunked", "/gzip", "/gzip?chunked", "/20k", "/20k?chunked", "/text", "/text?chunked", "/5M"} {
		requests = append(requests, ask("fetch "+path, path, probe.Fetch, false, limit), ask("xhr "+path, path, probe.XHR, false, limit), ask("sync "+path, path, probe.XHR, true, limit))
	}
	got := inBrowser(t, serveBody, asked(t, 4, requests...), len(requests))
	for id, r := range got {
		if r.Response == nil {
			t.Errorf("%s: %+v %+v", id, r, r.Error)
			continue
		}
		path, _, _ := strings.Cut(id[strings.Index(id, "/"):], "?")
		b, want := r.Page().Body, string(bodies[path])
		if path == "/text" {
			if b.Cut || !b.Whole || b.Text != want {
				t.Errorf("%s: %+v", id, b)
			}
			continue
		}
		if !b.Cut || b.Whole || b.SHA256 != "" || b.Size <= limit || !strings.HasPrefix(want, b.Text) {
			t.Errorf("%s: cut %v, whole %v, hash %q, %d bytes, text of %d: %.20q", id, b.Cut, b.Whole, b.SHA256, b.Size, len(b.Text), b.Text)
		}
	}
}
