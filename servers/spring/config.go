package spring

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of the application. The second group mirrors
// CorsRegistration; a zero value is left out, so that Spring's default holds. The zero Config has no CORS.
type Config struct {
	// Fixture names a set-up under fixtures/servers/spring ("good", "security-without-cors") that stands in for
	// every field that is not set here (a false is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`

	// Mapping is the path pattern given to CorsRegistry.addMapping, "/**"; empty: there is none.
	Mapping string `json:"mapping,omitzero"`
	// AllowedOrigins are origins, or "*".
	AllowedOrigins []string `json:"allowedOrigins,omitzero"`
	// AllowedOriginPatterns are patterns of origins, "https://*.example.com".
	AllowedOriginPatterns []string `json:"allowedOriginPatterns,omitzero"`
	// AllowedMethods are methods, or "*"; the default is GET, HEAD and POST.
	AllowedMethods []string `json:"allowedMethods,omitzero"`
	// AllowedHeaders are header names, or "*", which is the default.
	AllowedHeaders []string `json:"allowedHeaders,omitzero"`
	// ExposedHeaders is Access-Control-Expose-Headers.
	ExposedHeaders []string `json:"exposedHeaders,omitzero"`
	// AllowCredentials sends Access-Control-Allow-Credentials: true.
	AllowCredentials bool `json:"allowCredentials,omitzero"`
	// MaxAge is Access-Control-Max-Age, in seconds; nil means 1800.
	MaxAge *int `json:"maxAge,omitzero"`

	// Annotation says which @CrossOrigin the controller has.
	Annotation Annotation `json:"annotation,omitzero"`
	// Origin is the one in the annotation; empty means https://app.example.com.
	Origin string `json:"origin,omitzero"`
	// Security adds Spring Security, which asks for HTTP's Basic credentials of ada with the password x.
	Security Security `json:"security,omitzero"`
	// CSRF leaves Spring Security's protection on, which refuses every unsafe method without its token:
	// with 401, for its 403 goes over /error, which asks for credentials, too.
	CSRF bool `json:"csrf,omitzero"`

	// Snippet is a class in Java, such as the package remedy writes, that is compiled into the application's package
	// when it starts, in place of the mapping and the annotation above; Security and CSRF stay.
	Snippet string `json:"snippet,omitzero"`
	// Properties are lines of the application's application.properties.
	Properties string `json:"properties,omitzero"`
	// Chain is a line in Java that takes the place of the one about CORS in Spring Security's chain, which it calls http.
	Chain string `json:"chain,omitzero"`
}

// Annotation is a @CrossOrigin. The zero value is none.
type Annotation string

// The annotations.
const (
	Bare       Annotation = "bare"        // @CrossOrigin without a word
	Full       Annotation = "full"        // with an origin, credentials, methods and headers
	HealthOnly Annotation = "health-only" // at the method of /healthz alone
)

// Security says whether there is Spring Security, and whether its chain calls .cors().
type Security string

// The set-ups of Spring Security. The zero value is none.
const (
	WithCORS    Security = "cors"
	WithoutCORS Security = "no-cors"
)

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("spring") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("spring", name, Config{}) }

// Validate reports everything that is wrong with a Config at once. Spring itself
// checks the CORS settings, some of them at the first request.
func (c Config) Validate() error {
	c, err := fixture.Over("spring", c.Fixture, c)
	errs := []error{err}
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf("spring: "+format, args...)) }
	if c.Mapping != "" && !strings.HasPrefix(c.Mapping, "/") {
		add("mapping: %q must begin with a slash", c.Mapping)
	}
	if c.Mapping == "" && c.hasRegistration() {
		add(`mapping: it is missing, and the settings of CorsRegistry stand under one; "/**" is every path`)
	}
	if !slices.Contains([]Annotation{"", Bare, Full, HealthOnly}, c.Annotation) {
		add("annotation: %q is none of bare, full, health-only", c.Annotation)
	}
	if !slices.Contains([]Security{"", WithCORS, WithoutCORS}, c.Security) {
		add("security: %q is none of cors, no-cors", c.Security)
	}
	if c.CSRF && c.Security == "" {
		add("csrf: it needs security")
	}
	if c.Chain != "" && c.Security == "" {
		add("chain: it needs security")
	}
	return errors.Join(errs...)
}

func (c Config) hasRegistration() bool {
	return c.AllowedOrigins != nil || c.AllowedOriginPatterns != nil || c.AllowedMethods != nil ||
		c.AllowedHeaders != nil || c.ExposedHeaders != nil || c.AllowCredentials || c.MaxAge != nil
}
