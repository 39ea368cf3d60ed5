package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

// Main runs the command and returns its exit code.
func Main(s State) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(s.Stderr, "corsproof: internal error: %v\n%s", r, debug.Stack())
			code = exitInternal
		}
	}()
	// A closed pipe is an error of that write, and not the end of the process: other reports have to be finished.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	return execute(ctx, s)
}

// execute is Main for a context that ends when the user wants to.
func execute(ctx context.Context, s State) int {
	err := root(s).ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	say(s, err)
	if ctx.Err() != nil {
		return exitInterrupted
	}
	return codeOf(err)
}

// say prints an error, unless nothing is left to be said.
func say(s State, err error) {
	var exit *exitError
	if !errors.As(err, &exit) || exit.err != nil {
		fmt.Fprintf(s.Stderr, "corsproof: %v\n", err)
	}
}

func root(s State) *cobra.Command {
	cmd := &cobra.Command{
		Use:           "corsproof",
		Short:         "Ask a real browser what JavaScript could read across origins",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError("there is no command %q; see corsproof help", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetArgs(s.Args)
	cmd.SetIn(s.Stdin)
	cmd.SetOut(s.Stdout)
	cmd.SetErr(s.Stderr)
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError("%w; see %s --help", err, cmd.CommandPath())
	})
	cmd.AddCommand(runCommand(s), reproCommand(s), mergeCommand(s), schemaCommand(s), serversCommand(s), doctorCommand(s), versionCommand(s))
	return cmd
}

// noArguments refuses what a command has no use for.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError("%s takes no arguments, and got %q", cmd.CommandPath(), args)
	}
	return nil
}
