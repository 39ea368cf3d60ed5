package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/between"
)

func serversCommand(s State) *cobra.Command {
	var ready bool
	var policies string
	list := printing(func(cmd *cobra.Command, _ []string) error { return listServers(cmd.Context(), s, ready) })
	cmd := &cobra.Command{
		Use: "servers", Short: "List what can be put under test here, and what is missing for the rest", Args: noArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case policies == "":
				return list(cmd, args)
			case ready:
				return usageError("--ready and --effective-policy do not go together")
			}
			return printPolicies(cmd.Context(), s, policies)
		},
	}
	cmd.Flags().BoolVar(&ready, "ready", false, "start each once, side by side, and say after how long it is ready")
	cmd.Flags().StringVar(&policies, "effective-policy", "", "print instead, for each api with server: apim of `SUITE.yaml`, the policy that is in force for each operation")
	return cmd
}

func listServers(ctx context.Context, s State, ready bool) error {
	v := view{width: s.Width, color: s.color(), first: 18}
	all := servers.Describe(ctx)
	times := make([]string, len(all))
	if ready {
		times = readyTimes(ctx, all)
	}
	var b strings.Builder
	b.WriteString("APIs under test (server: NAME, config: {fixture: SET-UP})\n\n")
	for i, status := range all {
		b.WriteString(v.server(status, times[i]))
	}
	b.WriteString("\nWhat can stand before any API (via: [NAME, {NAME: {settings}}])\n\n")
	for _, name := range between.Names() {
		b.WriteString(v.item(name, between.What(name)))
	}
	b.WriteString(v.item("", "and for real: "+strings.Join(servers.Proxies(), ", ")))
	_, err := fmt.Fprint(s.Stdout, b.String())
	return err
}

// server is what is known about one: its version, its set-ups, and what is missing for it or for some of them.
func (v view) server(s servers.Status, ready string) string {
	missing := printable.Text(s.Missing)
	if s.How != "" {
		missing += "; " + printable.Text(s.How)
	}
	if !s.OK {
		return v.item(s.Name, "missing: "+missing) + v.item("", strings.Join(s.Fixtures, ", "))
	}
	there := slices.DeleteFunc(slices.Clone(s.Fixtures), func(name string) bool { return slices.Contains(s.Lacking, name) })
	text := v.item(s.Name, printable.Text(s.Version+ready)) + v.item("", strings.Join(there, ", "))
	if len(s.Lacking) > 0 {
		text += v.item("", "missing for "+strings.Join(s.Lacking, ", ")+": "+missing)
	}
	return text
}

// readyTimes starts each server that is there, all side by side, and says how long that took.
func readyTimes(ctx context.Context, all []servers.Status) []string {
	times := make([]string, len(all))
	var wg sync.WaitGroup
	for i, status := range all {
		if !status.OK {
			continue
		}
		wg.Go(func() {
			took, err := servers.ReadyTime(ctx, status.Name)
			if err != nil {
				times[i] = "; it does not start: " + err.Error()
				return
			}
			times[i] = fmt.Sprintf("; ready after %s", took.Round(10*time.Millisecond))
		})
	}
	wg.Wait()
	return times
}
