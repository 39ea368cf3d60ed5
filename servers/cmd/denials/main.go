// Command denials asks every server that is installed what its answers look
// like, and writes the tables of a README: denials [FILE], which is servers/README.md where none is named.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/corsproof/corsproof/servers/internal/denials"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	name := "servers/README.md"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	if err := write(ctx, name); err != nil {
		fmt.Fprintln(os.Stderr, "denials:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context, name string) error {
	was, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	now, err := denials.Update(ctx, string(was), func(string) bool { return true })
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte(now), 0o644)
}
