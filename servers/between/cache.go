package between

import (
	"bytes"
	"maps"
	"net/http"
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
	control := c.Header().Get("Cache-Control")
	if c.status != http.StatusOK || c.body.Len() > maxBody || control == "no-store" || control == "private" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) < maxCached {
		s.known[key] = &stored{header: c.Header().Clone(), body: c.body.Bytes()}
	}
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
