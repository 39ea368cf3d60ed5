package apim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// Config is the set-up of a gateway. The zero Config is one API, without a
// policy, in front of servers/orders.
type Config struct {
	// Fixture names a set-up under fixtures/servers/apim ("good", "base-missing") that stands in for
	// every field that is not set here (a false or 0 is not set: see [Fixture]).
	Fixture string `json:"fixture,omitzero"`
	// Upstream is the URL of the backend, "http://127.0.0.1:8080". Empty means servers/orders, in this process.
	Upstream string `json:"upstream,omitzero"`
	// Policy is the global scope's: that of all APIs.
	Policy Policy `json:"policy,omitzero"`
	// Fragments are policy fragments by name, each within a <fragment> element.
	Fragments map[string]Policy `json:"fragments,omitzero"`
	// Products have subscription keys.
	Products []Product `json:"products,omitzero"`
	// APIs empty means one, "orders", with every path and no need of a subscription.
	APIs []API `json:"apis,omitzero"`

	// The rest are questions that sources answer differently; README.md has who says what. The zero value is the likelier answer.

	// UnmatchedPassesByDefault: is terminate-unmatched-request false where the attribute is absent?
	UnmatchedPassesByDefault bool `json:"unmatchedPassesByDefault,omitzero"`
	// OnlyGetAndHeadTerminate: does an unmatched actual request end in an empty 200 for GET and HEAD only?
	OnlyGetAndHeadTerminate bool `json:"onlyGetAndHeadTerminate,omitzero"`
	// EveryCORSCounts: does a cors policy after one that has matched an actual request still count, and end what it does not match?
	EveryCORSCounts bool `json:"everyCorsCounts,omitzero"`
	// PreflightsIgnoreFragments: is a cors policy that a fragment brings not asked for preflights?
	PreflightsIgnoreFragments bool `json:"preflightsIgnoreFragments,omitzero"`
	// PreflightsIgnorePaths: does the API's cors policy answer a preflight at a path of no operation, too?
	PreflightsIgnorePaths bool `json:"preflightsIgnorePaths,omitzero"`
	// SendsMaxAgeZero: is Access-Control-Max-Age: 0 sent where preflight-result-max-age is absent?
	SendsMaxAgeZero bool `json:"sendsMaxAgeZero,omitzero"`
	// UnknownMethodStatus answers a method, or a preflight that no cors policy answers, at a path of other operations: 405 (also 0) or 404.
	UnknownMethodStatus int `json:"unknownMethodStatus,omitzero"`
}

// Policy is a policy document in XML, <policies> with its sections. In JSON and
// YAML it is a text, or a list of its lines. Empty means <base/> in every section.
type Policy string

// UnmarshalJSON takes a text or a list of lines.
func (p *Policy) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) == nil {
		*p = Policy(strings.Join(lines, "\n"))
		return nil
	}
	return json.Unmarshal(data, (*string)(p))
}

// Product is a bundle of APIs, which subscriptions are to.
type Product struct {
	Name   string   `json:"name"`
	Keys   []string `json:"keys,omitzero"` // its subscriptions' keys
	APIs   []string `json:"apis,omitzero"` // by name; nil means all
	Policy Policy   `json:"policy,omitzero"`
}

// API is an API of the gateway.
type API struct {
	Name string `json:"name"`
	// Path is the API's URL suffix, without slashes at its ends ("shop/v1"), which the backend does not see. Empty is the root.
	Path string `json:"path,omitzero"`
	// Version is what the header VersionHeader, or the query parameter VersionQuery, must say for a request to be this API's.
	Version       string `json:"version,omitzero"`
	VersionHeader string `json:"versionHeader,omitzero"`
	VersionQuery  string `json:"versionQuery,omitzero"`
	// SubscriptionRequired wants a key, in the header Ocp-Apim-Subscription-Key or the query parameter subscription-key.
	SubscriptionRequired bool   `json:"subscriptionRequired,omitzero"`
	Policy               Policy `json:"policy,omitzero"`
	// Operations empty means GET, PUT, POST, PATCH and DELETE at every path.
	Operations []Operation `json:"operations,omitzero"`
}

// Operation is a method and a URL template of an API.
type Operation struct {
	Name   string `json:"name,omitzero"` // empty means the method and the template
	Method string `json:"method"`
	// Template is a path of segments; "{id}" stands for any one, a last "*" for any rest: "/orders/{id}", "/*".
	Template string `json:"template"`
	Policy   Policy `json:"policy,omitzero"`
}

func (o Operation) name() string {
	if o.Name != "" {
		return o.Name
	}
	return o.Method + " " + o.Template
}

// Fixtures returns the names that [Config.Fixture] knows, sorted.
func Fixtures() []string { return fixture.Names("apim") }

// Fixture returns the fixture of that name, to be changed and given to [New].
func Fixture(name string) (Config, error) { return fixture.Over("apim", name, Config{}) }

// Validate reports everything that is wrong with a Config at once, its policies included.
func (c Config) Validate() error {
	c, err := fixture.Over("apim", c.Fixture, c)
	if err != nil {
		return err
	}
	_, errs := compile(c)
	if err := errors.Join(append(c.check(), errs...)...); err != nil {
		return fmt.Errorf("apim: %w", err)
	}
	return nil
}

// apis are the APIs, the one that stands for none included.
func (c Config) apis() []API {
	if len(c.APIs) > 0 {
		return c.APIs
	}
	return []API{{Name: "orders"}}
}

// operations are the API's, those that stand for none included.
func (a API) operations() []Operation {
	if len(a.Operations) > 0 {
		return a.Operations
	}
	var all []Operation
	for _, method := range []string{"GET", "PUT", "POST", "PATCH", "DELETE"} {
		all = append(all, Operation{Method: method, Template: "/*"})
	}
	return all
}

// check finds what is wrong outside of policies.
func (c Config) check() []error {
	var errs []error
	report := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if u, err := url.Parse(c.Upstream); err != nil || c.Upstream != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		report("upstream: %q is no http or https URL", c.Upstream)
	}
	if s := c.UnknownMethodStatus; s != 0 && s != http.StatusMethodNotAllowed && s != http.StatusNotFound {
		report("unknownMethodStatus: %d is neither 405 nor 404", s)
	}
	var names []string
	for i, a := range c.apis() {
		if a.Name == "" || slices.Contains(names, a.Name) {
			report("apis: number %d needs a name of its own, and has %q", i+1, a.Name)
		}
		names = append(names, a.Name)
		errs = append(errs, a.check()...)
	}
	keys := map[string]string{}
	for i, p := range c.Products {
		if p.Name == "" {
			report("products: number %d has no name", i+1)
		}
		for _, name := range p.APIs {
			if !slices.Contains(names, name) {
				report("product %s: there is no API %q (there are %s)", p.Name, name, strings.Join(names, ", "))
			}
		}
		for _, key := range p.Keys {
			if other, taken := keys[key]; taken || key == "" {
				report("product %s: the key %q is empty or that of product %s", p.Name, key, other)
			}
			keys[key] = p.Name
		}
	}
	return errs
}

func (a API) check() []error {
	var errs []error
	report := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("api "+a.Name+": "+format, args...))
	}
	if strings.Trim(a.Path, "/") != a.Path {
		report("path: %q must not begin or end with a slash", a.Path)
	}
	if a.VersionHeader != "" && a.VersionQuery != "" {
		report("versionHeader and versionQuery exclude each other")
	}
	if (a.Version != "") != (a.VersionHeader != "" || a.VersionQuery != "") {
		report("version goes with versionHeader or versionQuery: set both or neither")
	}
	for _, o := range a.Operations {
		if !fetch.IsMethod(o.Method) {
			report("operation %s: %q is no method", o.name(), o.Method)
		}
		if fixed := strings.TrimSuffix(o.Template, "/*"); !strings.HasPrefix(o.Template, "/") || strings.Contains(fixed, "*") {
			report("operation %s: template: %q must begin with a slash, and may have a * as its last segment only", o.name(), o.Template)
		}
	}
	return errs
}
