package diagnose

import (
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// marks are headers by which layers in front of an application show.
var marks = []struct{ header, layer string }{
	{"CF-Ray", "Cloudflare"}, {"X-Amz-Cf-Id", "Amazon CloudFront"}, {"X-Amzn-ErrorType", "Amazon API Gateway"}, {"Apigw-Requestid", "Amazon API Gateway"},
	{"X-Amz-Apigw-Id", "Amazon API Gateway"}, {"X-Kong-Response-Latency", "Kong"}, {"X-Kong-Upstream-Latency", "Kong"}, {"X-Envoy-Upstream-Service-Time", "Envoy"},
	{"X-Azure-Ref", "Azure Front Door"}, {"X-Vercel-Id", "Vercel"}, {"X-Served-By", "a cache"}, {"X-Powered-By", "the application"},
}

// bodies are what the error pages of such layers say of themselves.
var bodies = []struct{ text, layer string }{
	{"<center>nginx", "nginx"}, {"<center>openresty", "OpenResty"}, {"Apache Server at", "Apache"}, {"no Route matched with those values", "Kong"},
	{"upstream connect error", "Envoy"}, {"Whitelabel Error Page", "Spring Boot"}, {"Invalid CORS request", "Spring's CORS filter"}, {"Cloudflare Ray ID", "Cloudflare"},
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
	for _, m := range marks {
		if r.Headers.Has(m.header) {
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
	for _, b := range bodies {
		if strings.Contains(string(s.o.Replay.Body), b.text) {
			return b.layer
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
