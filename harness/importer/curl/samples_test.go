package curl_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/curl"
	"github.com/corsproof/corsproof/harness/importer/internal/goldentest"
)

// files are what the samples name.
var files = map[string]string{
	"/home/ann/invoice.pdf": "%PDF-1.7",
	"invoice.txt":           "Invoice\n",
	"order.json":            "{\n  \"id\": 1\n}\n",
	"lines.txt":             "a=1\r\nb=2\n",
	"headers.txt":           "# comment\nX-A: 1\r\n\nX-B: 2\n",
	"-":                     "from the standard input\n",
}

func readFile(name string) ([]byte, error) {
	if text, ok := files[name]; ok {
		return []byte(text), nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("no such file or directory")}
}

func TestSamples(t *testing.T) {
	goldentest.Samples(t, "../../../fixtures/curl", ".txt", func(data []byte) ([]importer.Imported, error) {
		return curl.Parse(string(data), curl.Config{ReadFile: readFile})
	})
}
