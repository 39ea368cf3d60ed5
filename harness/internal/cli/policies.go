package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/suite"
	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/apim"
)

// printPolicies prints the calculated effective policies of a suite's emulated API Managements.
func printPolicies(ctx context.Context, s State, file string) error {
	suites, err := loadSuites(ctx, s, []string{file})
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, a := range suites[0].APIs {
		if err := writePolicies(&b, a); err != nil {
			return usageError("api %s: %w", a.Name, err)
		}
	}
	if b.Len() == 0 {
		return usageError("%s has no api with `server: apim`, and only that has an effective policy", file)
	}
	if _, err := fmt.Fprint(s.Stdout, b.String()); err != nil {
		return classified(fmt.Errorf("print: %w", err))
	}
	return nil
}

// writePolicies writes those of an API of a suite, if it is such a server.
func writePolicies(b *strings.Builder, a suite.API) error {
	if a.Server == nil {
		return nil
	}
	server, err := servers.New(a.Server.Name, a.Server.Config)
	if err != nil {
		return err
	}
	gateway, ok := server.(*apim.Server)
	if !ok {
		return nil
	}
	policies, err := gateway.EffectivePolicies()
	for _, p := range policies {
		about := fmt.Sprintf("api %s: the API %q, %s", a.Name, p.API, strings.Join(p.Operations, ", "))
		if p.Product != "" {
			about += fmt.Sprintf(", with a key of the product %q", p.Product)
		}
		fmt.Fprintf(b, "<!-- %s -->\n%s", strings.ReplaceAll(printable.Text(about), "--", "- -"), printable.Lines(p.Policy))
	}
	return err
}
