package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/run"
)

// Main runs the command and returns its exit code.
func Main(s State) (code int) {
	defer func() {
		if r := recover(); r != nil {
			say(s, &run.CrashError{Value: r, Stack: debug.Stack()})
			code = exitInternal
		}
	}()
	// A closed pipe is an error of that write, and not the end of the process: other reports have to be finished.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), heard(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)...)
	defer stop()
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	return execute(ctx, s)
}

// heard are the signals that whoever started us has not switched off, as nohup does with SIGHUP.
func heard(signals ...os.Signal) []os.Signal { return slices.DeleteFunc(signals, signal.Ignored) }

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

// say prints an error, unless nothing is left to be said. Parts of it may be from elsewhere, such as what a browser printed.
func say(s State, err error) {
	var exit *exitError
	if !errors.As(err, &exit) || exit.err != nil {
		fmt.Fprintf(s.Stderr, "corsproof: %s\n", printable.Lines(err.Error()))
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
	cmd.AddCommand(runCommand(s), reproCommand(s), mergeCommand(s), schemaCommand(s), serversCommand(s), doctorCommand(s), explainCommand(s), versionCommand(s))
	cobraCommands(cmd)
	return cmd
}

// cobraCommands adds help and completion, which cobra makes, with our rules about arguments and exit codes.
func cobraCommands(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Args = func(_ *cobra.Command, args []string) error {
				if _, rest, err := root.Find(args); err != nil || len(rest) > 0 {
					return usageError("there is no command %q; see corsproof help", args)
				}
				return nil
			}
		case "completion":
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			cmd.Args = func(_ *cobra.Command, args []string) error {
				if len(args) > 0 {
					return usageError("there is no completion for %q; see corsproof completion --help", args[0])
				}
				return nil
			}
			for _, shell := range cmd.Commands() {
				write := shell.RunE
				shell.Args = noArguments
				shell.RunE = printing(write)
			}
		}
	}
}

// printing is a command that does nothing but print: where it fails, nobody can be told.
func printing(do func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if err := do(cmd, args); err != nil {
			return classified(fmt.Errorf("print: %w", err))
		}
		return nil
	}
}

// noArguments refuses what a command has no use for.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError("%s takes no arguments, and got %q", cmd.CommandPath(), args)
	}
	return nil
}
