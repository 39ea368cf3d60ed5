package between

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// These parts answer by themselves, and know nothing of CORS: that is what makes them a trap.

func authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// redirectToHTTPS redirects what did not come by TLS, as a terminator before it says, to the same host and path.
func redirectToHTTPS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Forwarded-Proto") == "https" {
			next.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, "https://"+r.Host+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
}

func redirectToSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") {
			next.ServeHTTP(w, r)
			return
		}
		to := *r.URL
		to.Path += "/"
		http.Redirect(w, r, to.RequestURI(), http.StatusMovedPermanently)
	})
}

// login are the settings of login-redirect.
type login struct {
	// To is the login page, absolute or a path of the same host.
	To string `json:"to"`
}

var loginRedirect = login{To: "/login"}

func (c login) layer() (layer, error) {
	page, err := url.Parse(c.To)
	if err != nil || c.To == "" {
		return nil, fmt.Errorf("to is %q: name the login page, by its path or its URL", c.To)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			known := r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != ""
			isPage := r.URL.Path == page.Path && (page.Host == "" || page.Host == r.Host)
			if known || isPage {
				next.ServeHTTP(w, r)
				return
			}
			http.Redirect(w, r, c.To, http.StatusFound)
		})
	}, nil
}

// rate are the settings of rate-limit.
type rate struct {
	// Requests is how many are let through, preflights too, until the server is started again.
	Requests int64 `json:"requests"`
}

var limitRate = rate{Requests: 1}

func (c rate) layer() (layer, error) {
	if c.Requests < 0 {
		return nil, fmt.Errorf("requests is %d: it must be 0 or more", c.Requests)
	}
	return func(next http.Handler) http.Handler {
		var seen atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if seen.Add(1) > c.Requests {
				w.Header().Set("Retry-After", "60")
				http.Error(w, "too many requests", http.StatusTooManyRequests)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

// size are the settings of size-limit.
type size struct {
	// Bytes is how large a request's body may be.
	Bytes int64 `json:"bytes"`
}

var limitSize = size{Bytes: 1 << 20}

func (c size) layer() (layer, error) {
	if c.Bytes < 0 {
		return nil, fmt.Errorf("bytes is %d: it must be 0 or more", c.Bytes)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength > c.Bytes {
				http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, c.Bytes) // of a length that nobody said
			next.ServeHTTP(w, r)
		})
	}, nil
}
