package between

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"sync"
)

// maxCached bounds how many answers a cache keeps, and maxBody how large each may be.
const (
	maxCached = 1000
	maxBody   = 1 << 20
)

// cache keeps answers 200 to GET by their URL alone: it ignores Vary, and so
// gives one origin the answer that was made for another. Cache-Control: no-store and private are heeded.
func cache(next http.Handler) http.Handler {
	return &store{next: next, known: map[string]*stored{}}
}

type store struct {
	next  http.Handler
	mu    sync.Mutex
	known map[string]*stored
}

type stored struct {
	header http.Header
	body   []byte
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.Host + r.URL.RequestURI()
	if r.Method != http.MethodGet {
		s.next.ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	hit := s.known[key]
	s.mu.Unlock()
	if hit != nil {
		maps.Copy(w.Header(), hit.header)
		w.Header().Set("X-Cache", "HIT")
		_, _ = w.Write(hit.body)
		return
	}
	c := &copying{ResponseWriter: w}
	w.Header().Set("X-Cache", "MISS")
	s.next.ServeHTTP(c, r)
	s.keep(key, c)
}

func (s *store) keep(key string, c *copying) {
	if c.status != http.StatusOK || c.body.Len() > maxBody || isPrivate(c.Header()) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) < maxCached {
		s.known[key] = &stored{header: c.Header().Clone(), body: c.body.Bytes()}
	}
}

// isPrivate reports an answer that no shared cache may keep. https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2
func isPrivate(h http.Header) bool {
	for _, line := range h.Values("Cache-Control") {
		for directive := range strings.SplitSeq(line, ",") {
			name, _, _ := strings.Cut(strings.TrimSpace(directive), "=")
			if strings.EqualFold(name, "no-store") || strings.EqualFold(name, "private") {
				return true
			}
		}
	}
	return false
}

// copying keeps what it hands on.
type copying struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (c *copying) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

func (c *copying) Write(data []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	if c.body.Len() <= maxBody {
		c.body.Write(data)
	}
	return c.ResponseWriter.Write(data)
}

func (c *copying) Unwrap() http.ResponseWriter { return c.ResponseWriter }
