package cli

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/servers/embedded"
)

func doctorCommand(s State) *cobra.Command {
	var browser string
	cmd := &cobra.Command{
		Use: "doctor", Short: "Say which browser a run would use, and whether it works", Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return doctor(cmd, s, browser) },
	}
	cmd.Flags().StringVar(&browser, "browser", "", "path or name of the browser")
	return cmd
}

// doctor starts the browser and asks it one thing that needs everything: two named https origins and a preflight.
func doctor(cmd *cobra.Command, s State, browser string) error {
	const page, apiOrigin = "https://app.doctor.test", "https://api.doctor.test"
	api, err := embedded.New(embedded.Config{Rules: []embedded.Rule{{Answer: embedded.Answer{Headers: fetch.HeaderList{
		{Name: "Access-Control-Allow-Origin", Value: page}, {Name: "Access-Control-Allow-Methods", Value: "PUT"},
	}}}}})
	if err != nil {
		return fmt.Errorf("script an API: %w", err)
	}
	h, err := harness.Start(cmd.Context(), harness.Config{
		Browser: browser, Origins: []harness.Origin{{URL: page}}, APIs: map[string]harness.API{"api": {At: apiOrigin, Raw: api.Handle}},
	})
	if err != nil {
		return classified(err)
	}
	defer h.Close()
	b, err := h.Browser(cmd.Context())
	if err != nil {
		return classified(err)
	}
	if err := describe(s, b); err != nil {
		return classified(err)
	}
	o := h.From(page).Fetch(cmd.Context(), probe.Request{Method: "PUT", URL: h.API("api").URL("/")})
	if o.Err != nil {
		return classified(o.Err)
	}
	if o.Outcome != probe.Readable || len(o.Exchanges) != 2 || len(o.Receipts) != 2 || len(o.Missing) > 0 {
		return &exitError{code: exitEnvironment, err: fmt.Errorf("the browser works, but a preflighted request was %s: %s (missing: %v)", o.Outcome, o.Why, o.Missing)}
	}
	if err := h.Close(); err != nil {
		return classified(err)
	}
	if _, err := fmt.Fprintln(s.Stdout, "works     a preflighted request between two named https origins, all evidence there"); err != nil {
		return classified(fmt.Errorf("print: %w", err))
	}
	return nil
}

func describe(s State, b probe.Browser) error {
	sandbox := "on"
	if !b.Sandbox {
		sandbox = "off (root has none to use, or it was switched off)"
	}
	lines := []string{
		fmt.Sprintf("system    %s/%s", runtime.GOOS, runtime.GOARCH),
		fmt.Sprintf("browser   %s %s (%s)", b.Name, b.Version, b.Flavour),
		"sandbox   " + sandbox,
		"cookies   third-party cookies: " + b.ThirdPartyCookies,
	}
	for _, f := range b.Flags {
		lines = append(lines, "flag      "+f)
	}
	if _, err := fmt.Fprintln(s.Stdout, printable.Lines(strings.Join(lines, "\n"))); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
