package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/between"
)

func serversCommand(s State) *cobra.Command {
	return &cobra.Command{
		Use: "servers", Short: "List what can be put under test here, and what is missing for the rest", Args: noArguments,
		RunE: printing(func(cmd *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(s.Stdout, 0, 8, 2, ' ', 0)
			fmt.Fprintln(w, "SERVER\tVERSION\tSET-UPS")
			for _, status := range servers.Describe(cmd.Context()) {
				version := status.Version
				if !status.OK {
					version = "missing: " + status.Missing + "; " + status.How
				}
				fmt.Fprintf(w, "%s\t%s\t%s\n", status.Name, report.Printable(version), strings.Join(status.Fixtures, ", "))
			}
			fmt.Fprintln(w, "\t\t\nVIA\t\t")
			for _, name := range between.Names() {
				fmt.Fprintf(w, "%s\t%s\t\n", name, between.What(name))
			}
			return w.Flush()
		}),
	}
}
