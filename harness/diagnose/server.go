package diagnose

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/probe"
)

// Server is the one that made an answer, or that it passed, told from what it sends.
type Server struct {
	Name    string // one of remedy.Servers
	Because string // what tells, "Server: \"nginx\""
	// Certain is false where what tells is common to several servers, or where several layers show.
	Certain bool
}

// product is the name of the first product in a value like "Apache/2.4.62 (Debian)". https://www.rfc-editor.org/rfc/rfc9110#name-server
func product(value string) string {
	if i := strings.IndexAny(value, "/ ("); i >= 0 {
		return value[:i]
	}
	return value
}

// server is the one that made an answer, or nil where the answer does not tell. outer prefers what stands in front, where several layers show.
func (s *scene) server(a answer, outer bool) *Server {
	if a.x.Response == nil {
		return nil
	}
	bodies := s.errorsOf(a)
	for _, p := range pages {
		for _, body := range bodies {
			if p.server != "" && strings.Contains(body, p.text) {
				return &Server{Name: p.server, Because: "the answer says " + quote(strings.TrimSpace(p.text)), Certain: p.certain}
			}
		}
	}
	if shown := shownBy(a.x.Response.Headers); len(shown) > 0 {
		found := shown[0]
		if outer {
			found = shown[len(shown)-1]
		}
		if len(shown) > 1 {
			found.Certain = false
			for _, other := range shown {
				if other.Name != found.Name {
					found.Because += "; " + other.Because + " shows, too"
				}
			}
		}
		if len(shown) > 1 && !outer && a.x.Response.Status >= 400 {
			return nil // the one may have made the error, and the other lost its headers
		}
		return &found
	}
	if slices.ContainsFunc(bodies, springError) {
		return &Server{Name: "spring", Because: "an error has the fields timestamp, status, error and path"}
	}
	return nil
}

// own reports an answer that a server shows to have made itself, where its configuration treats such an answer otherwise.
func (s *scene) own(a answer) bool {
	headers := a.x.Response.Headers
	server, _ := headers.Get("Server")
	if strings.EqualFold(product(server), "envoy") {
		return !headers.Has("X-Envoy-Upstream-Service-Time") // its router adds that to what comes from behind
	}
	if strings.HasPrefix(server, "nginx") && slices.ContainsFunc(s.errorsOf(a), func(body string) bool { return strings.Contains(body, "<center>nginx") }) {
		return true
	}
	return headers.Has("Apigw-Requestid") && slices.Contains(s.errorsOf(a), `{"message":"Too Many Requests"}`)
}

// shownBy are the servers that headers show, each once, applications first.
func shownBy(headers fetch.HeaderList) []Server {
	var list []Server
	for _, t := range signs {
		for _, value := range headers.Values(t.header) {
			known := slices.ContainsFunc(list, func(k Server) bool { return k.Name == t.server })
			switch {
			case known || t.server == "":
			case t.product == "": // its value may be secret
				list = append(list, Server{Name: t.server, Because: "it has the header " + t.header, Certain: t.certain})
			case strings.EqualFold(product(value), t.product):
				list = append(list, Server{Name: t.server, Because: t.header + ": " + quote(value), Certain: t.certain})
			}
		}
	}
	return list
}

// errorsOf are the bodies of an error that was answered, as the same request got it afterwards or without a browser: the browser keeps its own.
func (s *scene) errorsOf(a answer) []string {
	status := a.x.Response.Status
	if status < 400 {
		return nil
	}
	var bodies []string
	f := s.reply(withOrigin)
	if a.x.Role == probe.Preflight {
		f = s.reply(samePreflight)
	} else if r := s.o.Replay; r != nil && r.Status == status {
		bodies = append(bodies, string(r.Body))
	}
	if f != nil && f.Answer.Status == status {
		bodies = append(bodies, string(f.Answer.Body))
	}
	return bodies
}

// springError reports Spring Boot's own form of errors.
func springError(body string) bool {
	var e struct {
		Timestamp, Error, Path *string
		Status                 *int
	}
	return json.Unmarshal([]byte(body), &e) == nil && e.Timestamp != nil && e.Error != nil && e.Path != nil && e.Status != nil
}
