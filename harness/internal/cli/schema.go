package cli

import (
	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/suite"
)

func schemaCommand(s State) *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of the suite file, for editors", Args: noArguments,
		RunE: printing(func(*cobra.Command, []string) error {
			_, err := s.Stdout.Write(suite.Schema())
			return err
		}),
	}
}
