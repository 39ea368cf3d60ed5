package rawtest

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/servers/orders"
)

var update = flag.Bool("update", false, "write the answers that servers give to testdata, instead of comparing")

// Answers compares what a server answers to [Questions] with testdata/NAME.txt: the
// status, the header lines that CORS, caches and authentication are about, and a denial's text.
func Answers(t *testing.T, name, url string, extra ...Case) {
	t.Helper()
	var text strings.Builder
	for _, c := range append(Questions(), extra...) {
		status, headers, body := ask(t, c.Method, url+c.Path, c.Send)
		fmt.Fprintf(&text, "%s: %s %s\n  %d\n", c.Name, c.Method, c.Path, status)
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			if tells(name) {
				value := strings.ReplaceAll(strings.Join(headers[name], " | "), url, "http://SERVER")
				fmt.Fprintf(&text, "  %s: %s\n", name, value)
			}
		}
		if strings.HasPrefix(headers.Get("Content-Type"), "text/plain") || strings.HasPrefix(body, "Invalid") {
			fmt.Fprintf(&text, "  %q\n", body)
		}
	}
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run the test with -update, and read what it writes", err)
	}
	if text.String() != string(want) {
		t.Errorf("%s: the server answers\n%s\nwant\n%s", file, text.String(), want)
	}
}

// Questions are requests that tell set-ups apart.
func Questions() []Case {
	simple := func(name, origin, path string) Case { return Actual(name, origin, path, 0, nil) }
	return []Case{
		Preflight("preflight of the app", App, orders.Order, 0, nil),
		Preflight("preflight of a stranger", Evil, orders.Order, 0, nil),
		Preflight("preflight of a path that is not there", App, "/nothing", 0, nil),
		simple("actual request of the app", App, orders.Order),
		simple("actual request of a stranger", Evil, orders.Order),
		simple("actual request of a name that begins with the app's", App+".evil.test", orders.Order),
		simple("actual request of an opaque origin", "null", orders.Order),
		{Name: "no origin", Method: http.MethodGet, Path: orders.Order},
		simple("401 to the app", App, orders.Me),
		simple("404 to the app", App, "/nothing"),
		simple("429 to the app", App, orders.Status+"429"),
		simple("500 to the app", App, orders.Status+"500"),
		simple("500 to a stranger", Evil, orders.Status+"500"),
	}
}

func tells(header string) bool {
	return strings.HasPrefix(header, "Access-Control-") ||
		slices.Contains([]string{"Allow", "Cache-Control", "Vary", "Www-Authenticate", "X-Cache", "X-Total"}, header)
}
