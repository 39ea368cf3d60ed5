package between

import (
	"net/http"
	"strings"
)

func stripOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Origin")
		next.ServeHTTP(w, r)
	})
}

func stripCORS(next http.Handler) http.Handler {
	return answering(next, func(_ *http.Request, h http.Header) {
		for name := range h {
			if strings.HasPrefix(name, "Access-Control-") {
				h.Del(name)
			}
		}
	})
}

// doubleCORS is the second layer that thinks itself alone.
func doubleCORS(next http.Handler) http.Handler {
	return answering(next, func(r *http.Request, h http.Header) {
		if origin := r.Header.Get("Origin"); origin != "" && h.Get("Access-Control-Allow-Origin") != "" {
			h.Add("Access-Control-Allow-Origin", origin)
		}
	})
}

func terminateTLS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Forwarded-Proto", "https")
		next.ServeHTTP(w, r)
	})
}

// answering changes the headers of answers just before they are sent.
func answering(next http.Handler, change func(*http.Request, http.Header)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&changing{ResponseWriter: w, change: func(h http.Header) { change(r, h) }}, r)
	})
}

type changing struct {
	http.ResponseWriter
	change func(http.Header)
	sent   bool
}

// WriteHeader changes the final answer's headers; those of 1xx go as they are.
func (c *changing) WriteHeader(status int) {
	if !c.sent && status >= 200 {
		c.sent = true
		c.change(c.Header())
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *changing) Write(data []byte) (int, error) {
	if !c.sent {
		c.WriteHeader(http.StatusOK)
	}
	return c.ResponseWriter.Write(data)
}

// Unwrap lets a http.ResponseController flush.
func (c *changing) Unwrap() http.ResponseWriter { return c.ResponseWriter }
