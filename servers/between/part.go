package between

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/nearest"
	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/settings"
)

// layer wraps a handler, as middleware does.
type layer func(next http.Handler) http.Handler

// kind is one part: what it is for, and how it is made from its settings.
type kind struct {
	what string
	make func(written map[string]any) (layer, error)
}

var kinds = map[string]kind{
	"strip-origin":   {"a proxy that takes Origin out of requests", plain(stripOrigin)},
	"strip-cors":     {"a proxy that takes Access-Control-* out of answers", plain(stripCORS)},
	"double-cors":    {"a proxy that adds Access-Control-Allow-Origin to answers that have one", plain(doubleCORS)},
	"cache":          {"a cache that ignores Vary", plain(cache)},
	"tls-terminator": {"a proxy that says by X-Forwarded-Proto that a request came by https (TLS itself ends before it, in corsproof's hop)", plain(terminateTLS)},
	"https-redirect": {"a redirect of plain http to https", plain(redirectToHTTPS)},
	"slash-redirect": {"a redirect to the path with a slash at its end", plain(redirectToSlash)},
	"login-redirect": {"a redirect to a login page of whoever has no Authorization and no cookie", configured(loginRedirect)},
	"auth":           {"401 to every request without Authorization, preflights too", plain(authenticate)},
	"rate-limit":     {"429 after so many requests", configured(limitRate)},
	"size-limit":     {"413 to a body that is larger than so many bytes", configured(limitSize)},
}

// Names are the parts' names, sorted.
func Names() []string { return slices.Sorted(maps.Keys(kinds)) }

// What says in a line what a part is, or "" where there is none of that name.
func What(name string) string { return kinds[name].what }

// New is a part before an API at upstream, "http://127.0.0.1:41234". written are its settings as decoded YAML.
// Every mistake in them is reported.
func New(name string, written map[string]any, upstream string) (target.Server, error) {
	k, ok := kinds[name]
	if !ok {
		return nil, fmt.Errorf("there is no part %q%s (there are %s)", name, nearest.Hint(name, Names()), strings.Join(Names(), ", "))
	}
	wrap, err := k.make(written)
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	to, err := url.Parse(upstream)
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	return &target.Handler{Handler: wrap(proxy(to))}, nil
}

// proxy hands requests on as they came, Host included.
func proxy(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{ErrorHandler: unreachable, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
		for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
			if lines, ok := r.In.Header[name]; ok { // ReverseProxy trusts nobody's
				r.Out.Header[name] = lines
			}
		}
	}}
}

// unreachable answers in the API's place.
func unreachable(w http.ResponseWriter, _ *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
		return
	}
	http.Error(w, "the API did not answer", http.StatusBadGateway)
}

// plain is a part without settings.
func plain(wrap layer) func(map[string]any) (layer, error) {
	return func(written map[string]any) (layer, error) {
		return wrap, settings.Decode(written, &struct{}{})
	}
}

// configured is a part with settings, and what is wrong with them.
func configured[C interface{ layer() (layer, error) }](defaults C) func(map[string]any) (layer, error) {
	return func(written map[string]any) (layer, error) {
		c := defaults
		if err := settings.Decode(written, &c); err != nil {
			return nil, err
		}
		return c.layer()
	}
}
