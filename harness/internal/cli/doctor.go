package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
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
		return err
	}
	h, err := harness.Start(cmd.Context(), harness.Config{
		Browser: browser, Origins: []harness.Origin{{URL: page}}, APIs: map[string]harness.API{"api": {At: apiOrigin, Raw: api.Handle}},
	})
	if err != nil {
		return err
	}
	defer h.Close()
	b, err := h.Browser(cmd.Context())
	if err != nil {
		return err
	}
	describe(s, b)
	o := h.From(page).Fetch(cmd.Context(), probe.Request{Method: "PUT", URL: h.API("api").URL("/")})
	if o.Err != nil {
		return o.Err
	}
	if o.Outcome != probe.Readable || len(o.Exchanges) != 2 || len(o.Receipts) != 2 || len(o.Missing) > 0 {
		return &exitError{code: exitEnvironment, err: fmt.Errorf("the browser works, but a preflighted request was %s: %s (missing: %v)", o.Outcome, o.Why, o.Missing)}
	}
	fmt.Fprintln(s.Stdout, "works     a preflighted request between two named https origins, all evidence there")
	return h.Close()
}

func describe(s State, b probe.Browser) {
	sandbox := "on"
	if !b.Sandbox {
		sandbox = "off (root has none to use, or it was switched off)"
	}
	fmt.Fprintf(s.Stdout, "system    %s/%s\n", runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(s.Stdout, "browser   %s %s (%s)\n", b.Name, b.Version, b.Flavour)
	fmt.Fprintf(s.Stdout, "sandbox   %s\n", sandbox)
	fmt.Fprintf(s.Stdout, "cookies   third-party cookies: %s\n", b.ThirdPartyCookies)
	for _, f := range b.Flags {
		fmt.Fprintf(s.Stdout, "flag      %s\n", f)
	}
}
