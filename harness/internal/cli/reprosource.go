package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/curl"
	"github.com/corsproof/corsproof/harness/importer/har"
	"github.com/corsproof/corsproof/harness/importer/postman"
)

// source says where repro's requests come from.
type source struct {
	postman, environment, har, filter string
}

// maxFile bounds a collection or a HAR, in bytes.
const maxFile = 256 << 20

// requests reads the requests. What could be read goes on where something could not, with a message.
func (o source) requests(ctx context.Context, s State, args []string) ([]importer.Imported, error) {
	list, err := o.parse(ctx, s, args)
	var exit *exitError
	if errors.As(err, &exit) {
		return nil, err
	}
	if err != nil && len(list) == 0 {
		return nil, usageError("%w", err)
	}
	if err != nil {
		fmt.Fprintf(s.Stderr, "corsproof: left out: %v\n", err)
	}
	all := len(list)
	if o.filter != "" {
		kept := list[:0]
		for _, r := range list {
			if named(r, o.filter) {
				kept = append(kept, r)
			}
		}
		list = kept
	}
	if len(list) == 0 {
		return nil, usageError("no request is left of %d: --filter %q matches none", all, o.filter)
	}
	return list, nil
}

func (o source) parse(ctx context.Context, s State, args []string) ([]importer.Imported, error) {
	given := 0
	for _, there := range []bool{o.postman != "", o.har != "", len(args) > 0} {
		if there {
			given++
		}
	}
	if given != 1 {
		return nil, usageError("repro takes one source: a curl command, a URL, - for standard input, --postman or --har; see corsproof repro --help")
	}
	if o.environment != "" && o.postman == "" {
		return nil, usageError("--environment goes with --postman")
	}
	switch {
	case o.postman != "":
		return o.collection()
	case o.har != "":
		data, err := readFile(o.har)
		if err != nil {
			return nil, usageError("read the HAR: %w", err)
		}
		return har.Parse(data, har.Config{Name: o.har})
	}
	return command(ctx, s, args)
}

// command reads a curl command, in one word or in many, or a URL.
func command(ctx context.Context, s State, args []string) ([]importer.Imported, error) {
	cfg := curl.Config{ReadFile: func(name string) ([]byte, error) {
		if name == "-" {
			return readStdin(ctx, s, maxFile)
		}
		return readFile(name)
	}}
	first := args[0]
	switch {
	case len(args) == 1 && first == "-":
		text, err := readStdin(ctx, s, curl.MaxText+1)
		if err != nil {
			return nil, usageError("read the standard input: %w", err)
		}
		cfg.Name = "standard input"
		return curl.Parse(string(text), cfg)
	case len(args) == 1 && strings.HasPrefix(strings.TrimSpace(first), "curl") && strings.ContainsAny(first, " \t\n"):
		return curl.Parse(first, cfg)
	case isCurl(first):
		return curl.Args(args[1:], cfg)
	case len(args) == 1:
		one, err := importer.FromURL(first)
		if err != nil {
			return nil, err
		}
		return []importer.Imported{one}, nil
	}
	return nil, usageError("repro takes a curl command, beginning with curl, or one URL, and got %q", args)
}

// readStdin reads standard input up to a limit in bytes, and gives up when the context ends. The read itself
// cannot be ended: its goroutine stays until input comes, or the process ends.
func readStdin(ctx context.Context, s State, limit int64) ([]byte, error) {
	type input struct {
		data []byte
		err  error
	}
	done := make(chan input, 1)
	go func() {
		data, err := io.ReadAll(io.LimitReader(s.Stdin, limit))
		done <- input{data, err}
	}()
	select {
	case in := <-done:
		return in.data, in.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func isCurl(word string) bool {
	base := strings.ToLower(filepath.Base(word))
	return base == "curl" || base == "curl.exe"
}

func (o source) collection() ([]importer.Imported, error) {
	data, err := readFile(o.postman)
	if err != nil {
		return nil, usageError("read the collection: %w", err)
	}
	cfg := postman.Config{Name: o.postman, ReadFile: readFile}
	if o.environment != "" {
		if cfg.Environment, err = environment(o.environment); err != nil {
			return nil, usageError("read the environment: %w", err)
		}
	}
	return postman.Parse(data, cfg)
}

// environment reads the variables of a Postman environment that are switched on.
func environment(name string) (map[string]string, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		Values []struct {
			Key, Value string
			Enabled    *bool
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: this is no Postman environment: %w", name, err)
	}
	values := map[string]string{}
	for _, v := range file.Values {
		if v.Enabled == nil || *v.Enabled {
			values[v.Key] = v.Value
		}
	}
	return values, nil
}

// readFile is os.ReadFile for files that fit into memory.
func readFile(name string) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && info.Size() > maxFile {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it is larger than %d MB", maxFile>>20)}
	}
	return os.ReadFile(name)
}
