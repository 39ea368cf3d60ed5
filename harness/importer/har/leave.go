package har

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// reason is why a request is left out, as a plural.
type reason string

const (
	preflights reason = "preflights"
	redirects  reason = "targets of redirects"
	assets     reason = "assets"
	others     reason = "not http"
)

// leaveOut says why a request is not imported, or "".
func (r *reader) leaveOut(e entry) reason {
	scheme, _, _ := strings.Cut(strings.ToLower(e.Request.URL), ":")
	led := r.redirected[e.Request.URL] > 0
	if led {
		r.redirected[e.Request.URL]--
	}
	if to := e.Response.RedirectURL; to != "" {
		r.redirected[absolute(e.Request.URL, to)]++
	}
	switch {
	case slices.Contains([]string{"data", "blob", "ws", "wss", "file", "about", "chrome", "chrome-extension", "moz-extension"}, scheme):
		return others
	case e.isPreflight():
		return preflights
	case led:
		return redirects
	case !r.cfg.Assets && e.isAsset():
		return assets
	}
	return ""
}

func absolute(base, reference string) string {
	b, err := url.Parse(base)
	if err != nil {
		return reference
	}
	to, err := b.Parse(reference)
	if err != nil {
		return reference
	}
	return to.String()
}

func (e entry) isPreflight() bool {
	return e.ResourceType == "preflight" || e.Request.Method == "OPTIONS" && e.header("Access-Control-Request-Method") != ""
}

// byScript are Chromium's resource types of requests that script makes.
var byScript = []string{"xhr", "fetch", "eventsource", "beacon", "ping", "other"}

// isAsset reports whether the browser asked for a document or a part of one:
// by Chromium's resource type, by the destination that the browser sent, or
// else by what was asked for and what came back.
// https://fetch.spec.whatwg.org/#concept-request-destination
func (e entry) isAsset() bool {
	if e.ResourceType != "" {
		return !slices.Contains(byScript, strings.ToLower(e.ResourceType))
	}
	if destination := e.header("Sec-Fetch-Dest"); destination != "" {
		return destination != "empty"
	}
	if e.Request.Method != "GET" && e.Request.Method != "HEAD" {
		return false
	}
	address, err := url.Parse(e.Request.URL)
	return err == nil && slices.Contains(assetExtensions, strings.ToLower(path.Ext(address.Path))) || isAssetType(e.Response.Content.MimeType)
}

var assetExtensions = []string{
	".avif", ".css", ".eot", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".map", ".mjs", ".mp3", ".mp4", ".otf", ".png", ".svg",
	".ttf", ".wasm", ".webm", ".webmanifest", ".webp", ".woff", ".woff2",
}

// isAssetType reports whether a MIME type is one of documents' parts. HTML is not: many an API's error is.
func isAssetType(mime string) bool {
	mime = strings.ToLower(mime)
	for _, prefix := range []string{"image/", "font/", "audio/", "video/", "text/css", "text/javascript", "application/javascript", "application/x-javascript"} {
		if strings.HasPrefix(mime, prefix) {
			return true
		}
	}
	return false
}
