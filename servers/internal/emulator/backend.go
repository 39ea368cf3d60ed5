package emulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// Backend is the server behind a gateway.
type Backend struct {
	url       string
	transport *http.Transport
}

func newBackend(url string) *Backend {
	return &Backend{url: url, transport: &http.Transport{DisableCompression: true}}
}

// Ask hands a request on, to that path and with those header lines. The answer's
// lines are sorted by name, without those that are between two neighbours only.
// An error says that there was no whole answer.
func (b *Backend) Ask(ctx context.Context, r *rawhttp.Request, path string, headers fetch.HeaderList) (*rawhttp.Response, error) {
	if r.BodySize > int64(len(r.Body)) {
		return nil, errors.New("the body is larger than what is kept of it")
	}
	address := b.url + path
	if query := r.Query(); query != "" {
		address += "?" + query
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, address, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	request.Header["User-Agent"] = nil // not Go's own
	for _, h := range headers {
		if !isHopByHop(h.Name) {
			request.Header.Add(h.Name, h.Value)
		}
	}
	response, err := b.transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &rawhttp.Response{Status: response.StatusCode, Headers: lines(response.Header, r.Method), Body: body}, nil
}

// isHopByHop tells the headers that are between two neighbours only (RFC 9110, section 7.6.1), and those that are written anew.
func isHopByHop(name string) bool {
	return slices.Contains([]string{
		"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host", "content-length",
	}, strings.ToLower(name))
}

// lines are a backend's header lines.
func lines(headers http.Header, method string) fetch.HeaderList {
	var list fetch.HeaderList
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if isHopByHop(name) && !(method == http.MethodHead && name == "Content-Length") {
			continue
		}
		for _, value := range headers[name] {
			list = append(list, fetch.Header{Name: name, Value: value})
		}
	}
	return list
}
