package diagnose

import (
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// sign is what a layer shows itself by in the headers of an answer: its product's name, or a header that only it sends, where product is "".
type sign struct {
	header, product string
	layer           string // as evidence names it; "" where the value is cited anyhow (Server), or may be secret
	server          string // one of remedy.Servers, or ""
	certain         bool   // only that server shows itself so
}

// signs of applications stand before those of what is put in front of them: where both show, the application made the answer.
var signs = []sign{
	{"X-Powered-By", "Express", "", "express", true},
	{"Server", "uvicorn", "", "fastapi", false}, {"Server", "hypercorn-h11", "", "fastapi", false}, {"Server", "hypercorn-h2", "", "fastapi", false},
	{"Server", "Werkzeug", "", "flask", false}, {"Server", "gunicorn", "", "flask", false},
	{"X-Application-Context", "", "", "spring", true},
	{"CF-Ray", "", "Cloudflare", "", true}, {"X-Amz-Cf-Id", "", "Amazon CloudFront", "", true},
	{"Apigw-Requestid", "", "Amazon API Gateway", "awshttp", true}, {"X-Amz-Apigw-Id", "", "Amazon API Gateway", "awsrest", true}, {"X-Amzn-ErrorType", "", "Amazon API Gateway", "awsrest", false},
	{"Ocp-Apim-Trace-Location", "", "", "apim", true},
	{"X-Kong-Upstream-Latency", "", "Kong", "kong", true}, {"X-Kong-Response-Latency", "", "Kong", "kong", true}, {"X-Kong-Request-Id", "", "", "kong", true}, {"Server", "kong", "", "kong", true},
	{"X-Envoy-Upstream-Service-Time", "", "Envoy", "envoy", true}, {"Server", "envoy", "", "envoy", true},
	{"X-Azure-Ref", "", "Azure Front Door", "", true}, {"X-Vercel-Id", "", "Vercel", "", true}, {"X-Served-By", "", "a cache", "", false},
	{"Server", "Caddy", "", "caddy", true}, {"Server", "Apache", "", "apache", true},
	{"X-Varnish", "", "", "varnish", true},
	{"Server", "nginx", "", "nginx", true}, {"Server", "openresty", "", "nginx", true},
	{"X-Powered-By", "", "the application", "", false},
}

// pages are what servers say in the bodies of errors and refusals. The fields are those of a sign.
var pages = []struct {
	text, layer, server string
	certain             bool
}{
	{"Invalid CORS request", "Spring's CORS filter", "spring", true}, {"Whitelabel Error Page", "Spring Boot", "spring", true},
	{"Disallowed CORS ", "", "fastapi", true}, {`{"detail":"Not Found"}`, "", "fastapi", false}, {`{"detail":"Method Not Allowed"}`, "", "fastapi", false},
	{"<pre>Cannot OPTIONS /", "", "express", true}, {"<pre>Cannot GET /", "", "express", true}, {"<pre>Cannot PUT /", "", "express", true},
	{"missing subscription key", "", "apim", true}, {`{"message":"Missing Authentication Token"}`, "", "awsrest", true},
	{"no Route matched with those values", "Kong", "kong", true}, {"upstream connect error or disconnect/reset before headers", "Envoy", "envoy", true},
	{`"code":"900902"`, "", "wso2", true}, {"<center>nginx", "nginx", "nginx", true}, {"<center>openresty", "OpenResty", "nginx", true},
	{"<address>Apache", "Apache", "apache", true}, {"Cloudflare Ray ID", "Cloudflare", "", true},
	{"404 page not found\n", "", "go", false}, {"Method Not Allowed\n", "", "go", false},
}

// maker cites what tells which layer made an answer, or returns "".
func maker(r *probe.ReceivedResponse) string {
	if r == nil {
		return ""
	}
	var said []string
	for _, name := range []string{"Server", "Via"} {
		if r.Headers.Has(name) {
			said = append(said, name+": "+quotes(r.Headers.Values(name)))
		}
	}
	for _, m := range signs {
		if m.layer != "" && r.Headers.Has(m.header) {
			said = append(said, m.header+": "+quotes(r.Headers.Values(m.header))+" ("+m.layer+")")
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "who made this answer, by its own headers: " + strings.Join(said, ", ")
}

// pageOf names the layer whose error page the replay got, where it got the same status.
func (s *scene) pageOf(status int) string {
	if s.o.Replay == nil || s.o.Replay.Status != status {
		return ""
	}
	for _, p := range pages {
		if p.layer != "" && strings.Contains(string(s.o.Replay.Body), p.text) {
			return p.layer
		}
	}
	return ""
}

// variesBy reports whether Vary names a header, by which the layer that made the answer shows that it reads that header.
func variesBy(headers fetch.HeaderList, name string) bool {
	for _, line := range headers.Values("Vary") {
		for item := range strings.SplitSeq(line, ",") {
			if item = strings.TrimSpace(item); strings.EqualFold(item, name) {
				return true
			}
		}
	}
	return false
}
