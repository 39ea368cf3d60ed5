package apim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/servers/internal/fixture"
)

// effective returns a section's policies of a chain of scopes, the narrowest
// first: every <base/> is replaced by the section of the next broader scope.
func effective(chain []*document, section string) []policy {
	if len(chain) == 0 {
		return nil
	}
	var list []policy
	for _, p := range chain[0].sections[section] {
		if p.step != nil {
			list = append(list, p)
			continue
		}
		list = append(list, effective(chain[1:], section)...)
	}
	return list
}

// Effective is a policy that is in force.
type Effective struct {
	API        string
	Operations []string // those of the API for which it is the same, in the order of the Config
	Product    string   // whose key the request has; empty means none
	Policy     string   // as [Config.EffectivePolicy] has it
}

// EffectivePolicies returns the policies of all operations, without a product and with the key of each that the API belongs to.
func (c Config) EffectivePolicies() ([]Effective, error) {
	resolved, err := fixture.Over("apim", c.Fixture, c)
	if err != nil {
		return nil, err
	}
	var all []Effective
	for _, a := range resolved.apis() {
		for _, product := range resolved.productsOf(a.Name) {
			var same []Effective
			for _, o := range a.operations() {
				policy, err := c.EffectivePolicy(a.Name, o.name(), product)
				if err != nil {
					return nil, err
				}
				i := slices.IndexFunc(same, func(e Effective) bool { return e.Policy == policy })
				if i < 0 {
					i, same = len(same), append(same, Effective{API: a.Name, Product: product, Policy: policy})
				}
				same[i].Operations = append(same[i].Operations, o.name())
			}
			all = append(all, same...)
		}
	}
	return all, nil
}

// productsOf are the names of the products that an API belongs to, after "" for none.
func (c Config) productsOf(api string) []string {
	names := []string{""}
	for _, p := range c.Products {
		if p.APIs == nil || slices.Contains(p.APIs, api) {
			names = append(names, p.Name)
		}
	}
	return names
}

// EffectivePolicy returns the policy that is in force for an operation of an API
// ("GET /orders/{id}"; empty means the API as a whole) and a product (empty means none),
// as XML, with a comment before each scope's part. The portal calls it the calculated effective policy.
func (c Config) EffectivePolicy(api, operation, product string) (string, error) {
	if err := c.Validate(); err != nil {
		return "", err
	}
	c, err := fixture.Over("apim", c.Fixture, c)
	if err != nil {
		return "", err
	}
	g, _ := compile(c) // Validate has looked
	chain, err := g.find(api, operation, product)
	if err != nil {
		return "", fmt.Errorf("apim: %w", err)
	}
	var b strings.Builder
	b.WriteString("<policies>\n")
	for _, section := range sections {
		b.WriteString("    <" + section + ">\n")
		writeEffective(&b, chain, section)
		b.WriteString("    </" + section + ">\n")
	}
	b.WriteString("</policies>\n")
	return b.String(), nil
}

// writeEffective writes a section as effective calculates it.
func writeEffective(b *strings.Builder, chain []*document, section string) {
	if len(chain) == 0 {
		return
	}
	said := false
	for _, p := range chain[0].sections[section] {
		if p.step == nil {
			writeEffective(b, chain[1:], section)
			said = false
			continue
		}
		if !said {
			b.WriteString("        <!-- " + strings.ReplaceAll(chain[0].scope, "--", "- -") + " -->\n")
			said = true
		}
		p.element.write(b, "        ")
	}
}

// find returns the scopes of an operation and a product by their names.
func (g *gateway) find(api, operation, product string) ([]*document, error) {
	for _, a := range g.apis {
		if a.config.Name != api {
			continue
		}
		p, err := g.findProduct(product)
		if err != nil {
			return nil, err
		}
		if operation == "" {
			return g.chain(a, nil, p), nil
		}
		for i, o := range a.operations {
			if o.config.name() == operation {
				return g.chain(a, &a.operations[i], p), nil
			}
		}
		return nil, fmt.Errorf("the API %q has no operation %q", api, operation)
	}
	return nil, fmt.Errorf("there is no API %q", api)
}

func (g *gateway) findProduct(name string) (*compiledProduct, error) {
	for i, p := range g.products {
		if p.config.Name == name {
			return &g.products[i], nil
		}
	}
	if name == "" {
		return nil, nil
	}
	return nil, fmt.Errorf("there is no product %q", name)
}
