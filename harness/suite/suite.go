package suite

import (
	"slices"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
)

// Suite is a suite and all that it includes, checked. It is not changed by its methods, which may be called from several goroutines.
type Suite struct {
	Name string
	// File is the suite's file as it was given to [Load].
	File string
	// ThirdPartyCookies is "allow" or "block".
	ThirdPartyCookies string
	// APIs are the servers under test, in the order of the files.
	APIs []API
	// Pages are the pages of which the suite says more than their origin.
	Pages []Page
	// Redact are names of headers whose values no report shows.
	Redact []string
	// Files are all files that were read, suites and bodies, in order.
	Files []string

	templates []*template
	origins   []string
}

// Origins returns the origins of all pages, each once, in the order in which they occur. "null" is an opaque one.
func (s *Suite) Origins() []string { return slices.Clone(s.origins) }

// API is a server under test. Exactly one of URL, Command, Server and Answers is set; Answers may be empty, but not nil.
type API struct {
	Name string
	// At is the origin under which the browser reaches it; empty: where it really listens.
	At string
	// URL is the origin of a server that runs already.
	URL     string
	Command *Command
	Server  *Server
	Answers []Answer
	// Via is what stands between the browser and the API, in the order in which a request passes it.
	Via []Server
	// At which place of the suite the API stands.
	Pos Position
}

// Command is a program that is started and stopped. "${PORT}" in Args and in the values of Env stands for its port.
type Command struct {
	Args []string
	Env  map[string]string
	// Dir is the working folder: the file's own unless it names another.
	Dir       string
	ReadyPath string
	// Within bounds the wait for readiness; zero means the default.
	Within time.Duration
}

// Server is one of corsproof's own servers, and its configuration as decoded YAML; whole numbers are json.Number.
type Server struct {
	Name   string
	Config map[string]any
}

// Answer is one of the embedded API, and says which requests get it. It mirrors the rules of servers/embedded.
type Answer struct {
	// Method, Path, Headers and Query are what a request must have; empty means any.
	Method, Path string
	WantHeaders  map[string]string
	WantQuery    map[string]string
	// Status is 100 to 999; 0 means 200.
	Status int
	Reason string
	// Headers and Body may refer to APIs: see [API.AnswersAt].
	Headers fetch.HeaderList
	Body    []byte
	Delay   time.Duration
	// Fault is "reset", "truncate", "hang", "garbage" or "".
	Fault string
	Pos   Position
}
