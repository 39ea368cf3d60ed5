package flask

import (
	"errors"
	"fmt"
	"slices"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of the application. The first group has the options of Flask-CORS by their
// own names (https://flask-cors.readthedocs.io/en/latest/configuration.html); what is not set is left to
// it. The zero Config is CORS(app), which allows every origin.
type Config struct {
	// Fixture names a set-up under fixtures/servers/flask ("good", "preflight-401") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`

	// Origins are origins, or regular expressions as Python spells them, which are matched with an
	// origin's beginning; nil or "*" allows every origin, by reflecting it.
	Origins []string `json:"origins,omitzero"`
	// Methods is nil for seven methods.
	Methods []string `json:"methods,omitzero"`
	// AllowHeaders are names or regular expressions; nil allows every header.
	AllowHeaders []string `json:"allow_headers,omitzero"`
	// ExposeHeaders is Access-Control-Expose-Headers.
	ExposeHeaders []string `json:"expose_headers,omitzero"`
	// SupportsCredentials sends Access-Control-Allow-Credentials: true.
	SupportsCredentials bool `json:"supports_credentials,omitzero"`
	// MaxAge is Access-Control-Max-Age, in seconds; nil sends none, and so does Flask-CORS for 0.
	MaxAge *int `json:"max_age,omitzero"`
	// SendWildcard sends * and not the origin, where every origin is allowed.
	SendWildcard bool `json:"send_wildcard,omitzero"`
	// VaryHeader sends Vary: Origin where the answer depends on it; nil means true.
	VaryHeader *bool `json:"vary_header,omitzero"`
	// AlwaysSend sends the headers to requests without an Origin, too; nil means true.
	AlwaysSend *bool `json:"always_send,omitzero"`
	// AllowPrivateNetwork answers Access-Control-Request-Private-Network.
	AllowPrivateNetwork bool `json:"allow_private_network,omitzero"`
	// Resources is a regular expression for the paths that have CORS; empty means all of them.
	Resources string `json:"resources,omitzero"`

	// Mount set to [None] leaves the extension out.
	Mount Mount `json:"mount,omitzero"`
	// Auth adds a before_request function that answers 401 to every request without an Authorization header.
	Auth bool `json:"auth,omitzero"`
	// Crash lets /status/500 and above raise an exception that nobody handles.
	Crash bool `json:"crash,omitzero"`

	// Snippet is Python, such as the package remedy writes, that is run right after app = Flask(__name__),
	// in place of everything that the fields above say about Flask-CORS; Auth and Crash stay.
	Snippet string `json:"snippet,omitzero"`
}

// Mount says whether the extension is there. The zero value means that it is.
type Mount string

// None leaves the extension out.
const None Mount = "none"

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("flask") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("flask", name, Config{}) }

// Validate reports everything that is wrong with a Config at once, but for
// regular expressions: Python says that when the server starts.
func (c Config) Validate() error {
	c, err := fixture.Over("flask", c.Fixture, c)
	errs := []error{err}
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf("flask: "+format, args...)) }
	if c.Mount != "" && c.Mount != None {
		add("mount: %q is not none", c.Mount)
	}
	if c.MaxAge != nil && *c.MaxAge < 0 {
		add("max_age: %d is no number of seconds", *c.MaxAge)
	}
	if c.SendWildcard && c.SupportsCredentials && (c.Origins == nil || slices.Contains(c.Origins, "*")) {
		add("send_wildcard: Flask-CORS does not start with it, supports_credentials and every origin")
	}
	return errors.Join(errs...)
}
