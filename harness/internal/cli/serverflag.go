package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/nearest"
	"github.com/corsproof/corsproof/harness/remedy"
)

// serverFlag says in whose words fixes are.
func serverFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "server", "", "write fixes as configuration of the server `NAME` ("+strings.Join(remedy.Servers(), ", ")+"); without it: of the one that its answers show")
	_ = cmd.RegisterFlagCompletionFunc("server", cobra.FixedCompletions(remedy.Servers(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
}

func knownServer(name string) error {
	if name == "" || slices.Contains(remedy.Servers(), name) {
		return nil
	}
	return fmt.Errorf("--server: no fixes are known for a server %q%s (known: %s)", name, nearest.Hint(name, remedy.Servers()), strings.Join(remedy.Servers(), ", "))
}
