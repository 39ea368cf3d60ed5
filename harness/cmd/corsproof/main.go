// Command corsproof asks a real browser what a page's script could read. See
// `corsproof help`.
package main

import (
	"os"

	"github.com/corsproof/corsproof/harness/internal/cli"
)

func main() {
	os.Exit(cli.Main(cli.System()))
}
