package cli

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/report/jsonreport"
)

func mergeCommand(s State) *cobra.Command {
	var reports []string
	cmd := &cobra.Command{
		Use: "merge RESULT.json...", Short: "Join the JSON results of shards into reports of the whole",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError("merge needs the JSON results of the shards; see corsproof merge --help")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, files []string) error { return merge(cmd, s, files, reports) },
	}
	cmd.Flags().StringArrayVar(&reports, "report", nil, "write a report of all: `FORMAT=FILE`, as for run (may be repeated)")
	return cmd
}

// merge reports what all files hold, with the exit code of a run that had all these results, or with 3 where some are missing.
func merge(cmd *cobra.Command, s State, files, reports []string) (err error) {
	if err := spare(reports, files); err != nil {
		return err
	}
	var shards []jsonreport.Report
	for _, name := range files {
		f, openErr := os.Open(name)
		if openErr != nil {
			return usageError("open a shard's results: %w", openErr)
		}
		defer f.Close()
		shards = append(shards, jsonreport.Report{Name: name, Text: io.Reader(f)})
	}
	out, err := openReports(s, reports, 0, false)
	if err != nil {
		return err
	}
	sum, err := jsonreport.Merge(out, shards)
	err = errors.Join(err, out.close())
	var wrong *jsonreport.InputError
	if errors.As(err, &wrong) {
		return usageError("merge: %w", err)
	}
	return verdict(cmd.Context(), sum, err)
}
