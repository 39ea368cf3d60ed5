package awshttp

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of an API. The zero Config is one without CORS, with the
// route $default in front of servers/orders.
type Config struct {
	// Fixture names a set-up under fixtures/servers/awshttp ("good", "no-cors") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`
	// Upstream is the URL of what the integrations call. Empty means servers/orders, in this process.
	Upstream string `json:"upstream,omitzero"`
	// CORS is the API's corsConfiguration; nil means none.
	CORS *CORS `json:"cors,omitzero"`
	// Routes nil means $default, open to everybody.
	Routes []Route `json:"routes,omitzero"`
	// Tokens that the routes' authorizer allows: "Authorization: Bearer TOKEN".
	Tokens []string `json:"tokens,omitzero"`
	// BackendHeaders are header lines that the integration sends, by name.
	BackendHeaders map[string]string `json:"backendHeaders,omitzero"`
	// ThrottleAfter is how many calls are let through, preflights apart; zero means all.
	ThrottleAfter int `json:"throttleAfter,omitzero"`

	// The rest are questions that sources answer differently, or not at all; README.md has who says what.

	// ErrorsLackCORS: do answers of the gateway's own have no CORS headers?
	ErrorsLackCORS bool `json:"errorsLackCors,omitzero"`
	// PreflightsSendLists: does a preflight for a method or header that is not allowed get the configured lists, and not an empty 204?
	PreflightsSendLists bool `json:"preflightsSendLists,omitzero"`
}

// CORS is a corsConfiguration. Origins are exact, "*", "https://*" or "http://*"; methods and headers may be "*".
type CORS struct {
	AllowOrigins     []string `json:"allowOrigins,omitzero"`
	AllowMethods     []string `json:"allowMethods,omitzero"`
	AllowHeaders     []string `json:"allowHeaders,omitzero"`
	ExposeHeaders    []string `json:"exposeHeaders,omitzero"`
	MaxAge           int      `json:"maxAge,omitzero"` // in seconds; zero sends none
	AllowCredentials bool     `json:"allowCredentials,omitzero"`
}

// Route is a route: "$default", "ANY /{proxy+}", "GET /orders/{id}".
type Route struct {
	Key        string `json:"key"`
	Authorized bool   `json:"authorized,omitzero"` // it has the authorizer
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("awshttp") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("awshttp", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("awshttp", c.Fixture, c)
	if err != nil {
		return err
	}
	var errs []error
	report := func(format string, args ...any) { errs = append(errs, fmt.Errorf("awshttp: "+format, args...)) }
	for _, r := range c.Routes {
		method, path, found := strings.Cut(r.Key, " ")
		if r.Key != defaultRoute && (!found || !fetch.IsMethod(method) || !strings.HasPrefix(path, "/")) {
			report("routes: %q must be $default, or a method and a path", r.Key)
		}
	}
	for name, value := range c.BackendHeaders {
		if !fetch.IsHeaderName(name) || strings.ContainsAny(value, "\r\n") {
			report("backendHeaders: %q: %q is no header line", name, value)
		}
	}
	if c.ThrottleAfter < 0 {
		report("throttleAfter: %d is negative", c.ThrottleAfter)
	}
	if c.CORS != nil {
		errs = append(errs, c.CORS.check()...)
	}
	return errors.Join(errs...)
}

func (c CORS) check() []error {
	var errs []error
	if c.AllowCredentials && slices.Contains(c.AllowOrigins, "*") {
		errs = append(errs, errors.New("awshttp: cors: BadRequestException: allow-credentials is not supported if 'allow-origin' is *"))
	}
	for _, o := range c.AllowOrigins {
		if slices.Contains([]string{"*", "https://*", "http://*"}, o) {
			continue
		}
		if parsed, err := fetch.ParseOrigin(o); err != nil || parsed.IsOpaque() {
			errs = append(errs, fmt.Errorf("awshttp: cors: allowOrigins: %q is no origin, *, https://* or http://*", o))
		}
	}
	for _, name := range slices.Concat(c.AllowMethods, c.AllowHeaders, c.ExposeHeaders) {
		if !fetch.IsHeaderName(name) {
			errs = append(errs, fmt.Errorf("awshttp: cors: %q is no name of a method or header", name))
		}
	}
	if c.MaxAge < -1 || c.MaxAge > 86400 {
		errs = append(errs, fmt.Errorf("awshttp: cors: maxAge: %d is not from -1 to 86400", c.MaxAge))
	}
	return errs
}
