package diagnose

import (
	"encoding/json"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Server is the one whose configuration most likely decides about CORS, told from what it sends.
type Server struct {
	Name    string // one of remedy.Servers
	Because string // what tells, "Server: \"nginx\""
	// Certain is false where what tells is common to several servers, or may be of another layer.
	Certain bool
}

// trait is what a server shows itself by. A value of "" is any.
type trait struct {
	header, contains, name string
	certain                bool
}

// traits of applications stand before those of what is put in front of them: where both show, the application most likely decides.
var traits = []trait{
	{"X-Powered-By", "Express", "express", true},
	{"Server", "uvicorn", "fastapi", false}, {"Server", "hypercorn", "fastapi", false},
	{"Server", "Werkzeug", "flask", false}, {"Server", "gunicorn", "flask", false},
	{"X-Application-Context", "", "spring", true},
	{"Apigw-Requestid", "", "awshttp", true}, {"X-Amz-Apigw-Id", "", "awsrest", true}, {"X-Amzn-ErrorType", "", "awsrest", false},
	{"Ocp-Apim-Trace-Location", "", "apim", true},
	{"X-Kong-Upstream-Latency", "", "kong", true}, {"X-Kong-Response-Latency", "", "kong", true}, {"X-Kong-Request-Id", "", "kong", true},
	{"Via", "kong", "kong", true}, {"Server", "kong", "kong", true},
	{"X-Envoy-Upstream-Service-Time", "", "envoy", true}, {"Server", "envoy", "envoy", true},
	{"Server", "Caddy", "caddy", true}, {"Server", "Apache", "apache", true},
	{"X-Varnish", "", "varnish", true}, {"Via", "varnish", "varnish", true},
	{"Server", "nginx", "nginx", true}, {"Server", "openresty", "nginx", true},
}

// pages are what servers say in bodies of errors and refusals.
var pages = []struct {
	text, name string
	certain    bool
}{
	{"Invalid CORS request", "spring", true}, {"Whitelabel Error Page", "spring", true},
	{"Disallowed CORS ", "fastapi", true}, {`{"detail":"Not Found"}`, "fastapi", false}, {`{"detail":"Method Not Allowed"}`, "fastapi", false},
	{"Cannot OPTIONS /", "express", true}, {"Cannot GET /", "express", true}, {"Cannot PUT /", "express", true},
	{"missing subscription key", "apim", true}, {"Missing Authentication Token", "awsrest", true},
	{"no Route matched with those values", "kong", true}, {"upstream connect error", "envoy", true},
	{"900902", "wso2", true}, {"<center>nginx", "nginx", true}, {"Apache Server at", "apache", true},
	{"404 page not found", "go", false}, {"Method Not Allowed\n", "go", false},
}

// Recognise tells the server from the answers that were seen and those to follow-ups. ok is false where nothing tells.
func Recognise(o probe.Observation) (server Server, ok bool) {
	headers, bodies := seen(o)
	for _, p := range pages {
		for _, body := range bodies {
			if strings.Contains(body, p.text) {
				return Server{Name: p.name, Because: "an answer says " + quote(strings.TrimSpace(p.text)), Certain: p.certain}, true
			}
		}
	}
	for _, t := range traits {
		for _, list := range headers {
			for _, value := range list.Values(t.header) {
				if strings.Contains(strings.ToLower(value), strings.ToLower(t.contains)) {
					return Server{Name: t.name, Because: t.header + ": " + quote(value), Certain: t.certain}, true
				}
			}
		}
	}
	for _, body := range bodies {
		if springError(body) {
			return Server{Name: "spring", Because: "an error has the fields timestamp, status, error and path"}, true
		}
	}
	return Server{}, false
}

// seen are the headers and bodies of all answers.
func seen(o probe.Observation) (headers []fetch.HeaderList, bodies []string) {
	for _, x := range o.Exchanges {
		if x.Response != nil {
			headers = append(headers, x.Response.Headers)
		}
	}
	for _, f := range o.FollowUps {
		headers, bodies = append(headers, f.Answer.Headers), append(bodies, string(f.Answer.Body))
	}
	if o.Replay != nil {
		headers, bodies = append(headers, o.Replay.Headers), append(bodies, string(o.Replay.Body))
	}
	return headers, bodies
}

// springError reports Spring Boot's own form of errors.
func springError(body string) bool {
	var e struct {
		Timestamp, Error, Path *string
		Status                 *int
	}
	return json.Unmarshal([]byte(body), &e) == nil && e.Timestamp != nil && e.Error != nil && e.Path != nil && e.Status != nil
}
