package awsrest

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/nearest"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of an API. The zero Config is one without CORS: proxy
// integrations in front of servers/orders, and no OPTIONS.
type Config struct {
	// Fixture names a set-up under fixtures/servers/awsrest ("good", "no-options") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`
	// Upstream is the URL of what the integrations call. Empty means servers/orders, in this process.
	Upstream string `json:"upstream,omitzero"`
	// Methods are those of every resource; nil means GET, PUT, POST, PATCH and DELETE.
	Methods []string `json:"methods,omitzero"`
	// Options is the OPTIONS method of every resource, with a mock integration; nil means that there is none.
	Options *Mock `json:"options,omitzero"`
	// Mapped makes the integrations no proxies: an answer's headers are those of MappedHeaders, on a 200 only.
	Mapped        bool              `json:"mapped,omitzero"`
	MappedHeaders map[string]string `json:"mappedHeaders,omitzero"` // by name; constants have single quotes: "'*'"
	// IntegrationResponses say instead what each status of such an integration becomes, by a regular expression that the
	// whole status matches, or "default" for those that none matches.
	IntegrationResponses map[string]IntegrationResponse `json:"integrationResponses,omitzero"`
	// FunctionHeaders are header lines that the function behind a proxy integration sends, by name.
	FunctionHeaders map[string]string `json:"functionHeaders,omitzero"`
	// FunctionErrorsLack says that it sends them with a status of 2xx only.
	FunctionErrorsLack bool `json:"functionErrorsLack,omitzero"`
	// FunctionThrows says that the function fails on every call.
	FunctionThrows bool `json:"functionThrows,omitzero"`
	// GatewayResponses are headers of answers of the gateway's own, by type ("DEFAULT_4XX", "UNAUTHORIZED") and name.
	// A value is a constant in single quotes, or "method.request.header.NAME".
	GatewayResponses map[string]map[string]string `json:"gatewayResponses,omitzero"`
	// Tokens that the authorizer allows: "Authorization: Bearer TOKEN". Nil means that there is no authorizer.
	Tokens []string `json:"tokens,omitzero"`
	// AuthorizeOptions puts the authorizer before OPTIONS, too.
	AuthorizeOptions bool `json:"authorizeOptions,omitzero"`
	// APIKeys that X-Api-Key must have one of. Nil means that none is needed.
	APIKeys []string `json:"apiKeys,omitzero"`
	// KeyOnOptions wants a key with OPTIONS, too.
	KeyOnOptions bool `json:"keyOnOptions,omitzero"`
	// ThrottleAfter is how many calls are let through, OPTIONS apart; zero means all.
	ThrottleAfter int `json:"throttleAfter,omitzero"`
	// BinaryMediaTypes with "*/*" makes a mock's answer fail, unless it has ConvertToText.
	BinaryMediaTypes []string `json:"binaryMediaTypes,omitzero"`
}

// IntegrationResponse is what an integration's answer is mapped to.
type IntegrationResponse struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitzero"` // as MappedHeaders
}

const defaultResponse = "default"

// Mock is an OPTIONS method whose answer is made of constants: nothing of a preflight is looked at.
type Mock struct {
	// Status zero means 200, which the console sets; the CDK sets 204.
	Status int `json:"status,omitzero"`
	// AllowOrigins are Access-Control-Allow-Origin: the first, or with several, as the CDK's template has it, the
	// request's where it is one of them.
	AllowOrigins     []string `json:"allowOrigins,omitzero"`
	AllowMethods     []string `json:"allowMethods,omitzero"`
	AllowHeaders     []string `json:"allowHeaders,omitzero"`
	ExposeHeaders    []string `json:"exposeHeaders,omitzero"`
	MaxAge           int      `json:"maxAge,omitzero"` // in seconds; zero sends none
	AllowCredentials bool     `json:"allowCredentials,omitzero"`
	// ConvertToText is the integration's contentHandling CONVERT_TO_TEXT.
	ConvertToText bool `json:"convertToText,omitzero"`
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("awsrest") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("awsrest", name, Config{}) }

// Validate reports everything that is wrong with a Config at once.
func (c Config) Validate() error {
	c, err := fixture.Over("awsrest", c.Fixture, c)
	if err != nil {
		return err
	}
	var errs []error
	report := func(format string, args ...any) { errs = append(errs, fmt.Errorf("awsrest: "+format, args...)) }
	for _, m := range c.Methods {
		if !fetch.IsMethod(m) {
			report("methods: %q is no method", m)
		}
	}
	if m := c.Options; m != nil && (m.Status != 0 && (m.Status < 200 || m.Status > 599) || m.MaxAge < 0) {
		report("options: the status %d must be from 200 to 599, and maxAge %d not negative", m.Status, m.MaxAge)
	}
	if c.ThrottleAfter < 0 {
		report("throttleAfter: %d is negative", c.ThrottleAfter)
	}
	known := slices.Sorted(maps.Keys(responses))
	for _, kind := range slices.Sorted(maps.Keys(c.GatewayResponses)) {
		if _, ok := responses[kind]; !ok {
			report("gatewayResponses: there is no type %q%s (there are %s)", kind, nearest.Hint(kind, known), strings.Join(known, ", "))
		}
		errs = append(errs, checkHeaders("gatewayResponses: "+kind, c.GatewayResponses[kind], true))
	}
	for _, pattern := range slices.Sorted(maps.Keys(c.IntegrationResponses)) {
		where, response := "integrationResponses: "+pattern, c.IntegrationResponses[pattern]
		if _, err := regexp.Compile(pattern); err != nil || response.Status < 200 || response.Status > 599 {
			report("%s: it must be a regular expression, and its status %d from 200 to 599", where, response.Status)
		}
		errs = append(errs, checkHeaders(where, response.Headers, true))
	}
	errs = append(errs, checkHeaders("mappedHeaders", c.MappedHeaders, true), checkHeaders("functionHeaders", c.FunctionHeaders, false))
	return errors.Join(errs...)
}

// checkHeaders refuses what no header line can be and, where values are mapped, what maps nothing.
func checkHeaders(where string, headers map[string]string, mapped bool) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		value := headers[name]
		if !fetch.IsHeaderName(name) || strings.ContainsAny(value, "\r\n") {
			errs = append(errs, fmt.Errorf("awsrest: %s: %q: %q is no header line", where, name, value))
		}
		if _, constant := constantOf(value); mapped && !constant && !strings.HasPrefix(value, requestHeader) {
			errs = append(errs, fmt.Errorf("awsrest: %s: %s: %q must be a constant in single quotes, or %sNAME", where, name, value, requestHeader))
		}
	}
	return errors.Join(errs...)
}

const requestHeader = "method.request.header."

// constantOf takes the quotes off a constant.
func constantOf(value string) (string, bool) {
	inner, ok := strings.CutPrefix(value, "'")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inner, "'")
}
