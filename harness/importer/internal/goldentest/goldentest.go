// Package goldentest compares what importers make of samples with files, for their tests.
package goldentest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/probe"
)

var update = flag.Bool("update", false, "write the golden files")

// Samples runs read on every file of a folder with that extension and compares
// the outcome with testdata/NAME.golden of the package under test.
func Samples(t *testing.T, folder, extension string, read func(data []byte) ([]importer.Imported, error)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"+extension))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples in %s: %v", folder, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), extension)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list, err := read(data)
			compare(t, filepath.Join("testdata", name+".golden"), Text(list, err))
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run with -update, and read what it writes", err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Text is everything that was imported, and the error, for people.
func Text(list []importer.Imported, err error) string {
	var b strings.Builder
	for _, i := range list {
		fmt.Fprintf(&b, "== %s (%s)\n", i.Name, i.Pos)
		tool(&b, i.Tool)
		page(&b, i.Request)
		for _, c := range i.Cookies {
			fmt.Fprintf(&b, "cookie   %+v\n", c)
		}
		if i.From != "" {
			fmt.Fprintf(&b, "from     %s\n", i.From)
		}
		for _, x := range i.Impossible {
			fmt.Fprintf(&b, "cannot   %s\n         because %s\n         instead %s\n", strings.TrimPrefix(x.Header+": "+x.Value, ": "), x.Why, x.Instead)
		}
		for _, w := range i.Warnings {
			fmt.Fprintf(&b, "warning  %s\n", w)
		}
		b.WriteByte('\n')
	}
	if err != nil {
		fmt.Fprintf(&b, "error\n%s\n", err)
	}
	return b.String()
}

func tool(b *strings.Builder, t importer.ToolRequest) {
	fmt.Fprintf(b, "tool     %s %s", t.Method, t.URL)
	for _, f := range []struct {
		name string
		set  bool
	}{{"follow", t.FollowRedirects}, {"insecure", t.Insecure}, {"compressed", t.Compressed}} {
		if f.set {
			b.WriteString(" " + f.name)
		}
	}
	b.WriteByte('\n')
	headers(b, t.Headers)
	if t.Without != nil {
		fmt.Fprintf(b, "         without %q\n", t.Without)
	}
	if t.Basic != nil {
		fmt.Fprintf(b, "         basic %q %q\n", t.Basic.User, t.Basic.Password)
	}
	if t.Body != nil {
		fmt.Fprintf(b, "         body %q\n", t.Body)
	}
}

func page(b *strings.Builder, r probe.Request) {
	fmt.Fprintf(b, "page     %s %s", r.Method, r.URL)
	if r.Credentials != "" {
		fmt.Fprintf(b, " credentials=%s", r.Credentials)
	}
	b.WriteByte('\n')
	headers(b, r.Headers)
	switch body := r.Body; {
	case body == nil:
	case body.Bytes != nil:
		fmt.Fprintf(b, "         bytes %q\n", body.Bytes)
	case body.Form != nil:
		fmt.Fprintf(b, "         form %q\n", body.Form)
	case body.Multipart != nil:
		fmt.Fprintf(b, "         multipart %q\n", body.Multipart)
	default:
		fmt.Fprintf(b, "         text %q\n", body.Text)
	}
}

func headers(b *strings.Builder, list fetch.HeaderList) {
	for _, h := range list {
		fmt.Fprintf(b, "         %s: %s\n", h.Name, h.Value)
	}
}
