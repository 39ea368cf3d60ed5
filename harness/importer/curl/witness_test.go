package curl_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/curl"
)

// commands are compared with what curl does. HOST is a server's address.
var commands = [][]string{
	{"HOST"},
	{"http://HOST/p?q#fragment"},
	{"-I", "HOST"},
	{"-X", "patch", "HOST"},
	{"-XPUT", "-sSLd", "a=b", "-HX: y", "HOST"},
	{"-X", "GET", "-d", "a", "HOST"},
	{"-d", "a=1", "-d", "b=2", "--data-raw", "@c", "--data-ascii", "", "--data-binary", "d\n", "HOST"},
	{"-d", "@lines.txt", "HOST"},
	{"-d", "@-", "HOST"},
	{"--data-binary", "@lines.txt", "HOST"},
	{"-d", "", "HOST"},
	{"-d", "x", "-H", "Content-Type:", "HOST"},
	{"-d", "x", "-H", "Content-Type;", "HOST"},
	{"-d", "x", "-H", "content-type: text/x", "HOST"},
	{"--json", `{"a":1`, "--json", `,"b":2}`, "-d", "x", "HOST"},
	{"--json", "@order.json", "-H", "content-type: text/x", "-H", "Accept: text/y", "HOST"},
	{"--data-urlencode", "a=b c&é/~*", "--data-urlencode", "=x y", "--data-urlencode", "plain text", "--data-urlencode", "n@lines.txt", "--data-urlencode", "@order.json", "HOST"},
	{"-G", "-d", "a=1", "--data-urlencode", "q=x y", "http://HOST/p?z=1#frag"},
	{"-G", "-d", "a=1", "HOST/p?"},
	{"-G", "-d", "a=1", "HOST/p?x&"},
	{"-G", "-d", "a=1", "-X", "POST", "HOST"},
	{"-G", "-I", "-d", "a=1", "HOST"},
	{"-G", "--json", "{}", "HOST/p"},
	{"-F", "a=b", "-F", "c= d ", "--form-string", "e=@f;g", "HOST"},
	{"-F", `a=b;type=text/plain`, "-F", `f=@lines.txt;type=x/y;charset=z;filename="q\"a;b.txt"`, "-F", "g=<lines.txt", "HOST"},
	{"-F", "f=@order.json", "-F", "g=@lines.txt", "-F", "h=@-", "-F", `i="quoted; \"x\"" rest`, "-F", "j=a;unknown=b;type=x/y", "HOST"},
	{"-F", "a=b", "-H", "Content-Type: multipart/form-data", "HOST"},
	{"-T", "lines.txt", "HOST/folder/"},
	{"-T", "lines.txt", "HOST"},
	{"-T", "lines.txt", "HOST/a/?q=/"},
	{"-T", "lines.txt", "-X", "POST", "HOST/name"},
	{"-H", "X-Empty;", "-H", "X-Gone:", "-H", "X-Blanks:    v  ", "-H", "Host: other.example.com", "-H", "Accept:", "-H", "User-Agent:", "HOST"},
	{"-H", "@headers.txt", "HOST"},
	{"-H", "X-Twice: 1", "-H", "X-Twice: 2", "HOST"},
	{"-b", "a=1", "-b", "b=2; c=3", "HOST"},
	{"-b", "a=1", "-H", "Cookie: z=9", "HOST"},
	{"-b", "a=1", "-H", "Cookie:", "HOST"},
	{"-b", "nofile", "HOST"},
	{"-u", "a:b:c", "HOST"},
	{"-u", "a:b", "-H", "Authorization: Bearer x", "HOST"},
	{"-u", "a:b", "-H", "Authorization:", "HOST"},
	{"http://u:p%40x@HOST/x"},
	{"-u", "a:b", "http://u:p@HOST/x"},
	{"--oauth2-bearer", "token", "-u", "a:b", "HOST"},
	{"-u", "a:b", "--digest", "-X", "POST", "HOST"},
	{"-r", "0-9", "-e", "http://r/;auto", "-A", "", "HOST"},
	{"-A", "agent", "-H", "User-Agent: mine", "-e", "r", "-H", "Referer: mine", "HOST"},
	{"--compressed", "-k", "--http1.1", "-m", "9", "-o", "/dev/null", "HOST"},
	{"HOST/?x[]=1"},
	{"-g", "HOST/?x[]=[1]"},
	{`HOST/?x=\[1\]`},
	{"HOST/1", "HOST/2"},
	{"-d", "a=1", "HOST/1", "--next", "-H", "X: y", "HOST/2", "--url", "HOST/3"},
	{"-d", "a=1", "-:", "-H", "X: y", "HOST/1"},
	{"-sS", "-v", "-i", "HOST", "-L", "--no-location"},
	{"--url-query", "a=b c", "--url-query", "+x%20", "HOST/?q", "-d", "k=v"},
}

// received is what a server got.
type received struct {
	method, target, host string
	header               http.Header
	body                 string
}

// TestToolRequestIsWhatCurlSends asks curl itself, a witness that knows nothing of this package.
func TestToolRequestIsWhatCurlSends(t *testing.T) {
	program, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	t.Chdir(t.TempDir())
	for _, name := range []string{"lines.txt", "headers.txt", "order.json"} {
		if err := os.WriteFile(name, []byte(files[name]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range commands {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			got, address := ask(t, program, args)
			list, err := curl.Args(at(address, args), curl.Config{ReadFile: readFile})
			if err != nil {
				t.Fatal(err)
			}
			if len(list) != len(got) {
				t.Fatalf("curl sent %d requests, %d imported", len(got), len(list))
			}
			for i := range list {
				compare(t, list[i].Tool, got[i])
			}
		})
	}
}

func at(address string, args []string) []string {
	var list []string
	for _, a := range args {
		list = append(list, strings.ReplaceAll(a, "HOST", address))
	}
	return list
}

// ask runs curl against a server of ours.
func ask(t *testing.T, program string, args []string) (got []received, address string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, received{r.Method, r.RequestURI, r.Host, r.Header, string(body)})
	}))
	defer s.Close()
	address = s.Listener.Addr().String()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, program, append([]string{"-q", "-sS", "--noproxy", "*"}, at(address, args)...)...)
	run.Stdin = strings.NewReader(files["-"])
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("curl: %v\n%s", err, out)
	}
	return got, address
}

var boundary = regexp.MustCompile(`boundary=(\S+)`)

// sameBoundary gives a multipart form a boundary that two of them can share.
func sameBoundary(h http.Header, body string) (http.Header, string) {
	if m := boundary.FindStringSubmatch(h.Get("Content-Type")); m != nil {
		h.Set("Content-Type", strings.ReplaceAll(h.Get("Content-Type"), m[1], "B"))
		body = strings.ReplaceAll(body, m[1], "B")
	}
	return h, body
}

func compare(t *testing.T, tool importer.ToolRequest, got received) {
	t.Helper()
	header := http.Header{}
	for _, h := range tool.Headers {
		header.Add(h.Name, h.Value)
	}
	if host := header.Get("Host"); host != "" && host != got.host {
		t.Errorf("curl sends to the host %q, imported is %q", got.host, host)
	}
	header.Del("Host")
	for _, name := range tool.Without {
		if value := got.header.Get(name); value != "" {
			t.Errorf("curl sends %s: %s", name, value)
		}
	}
	for _, name := range []string{"Accept", "Accept-Encoding", "Content-Length", "Expect", "User-Agent"} {
		if header.Get(name) == "" { // curl's own
			got.header.Del(name)
		}
	}
	header, body := sameBoundary(header, string(tool.Body))
	got.header, got.body = sameBoundary(got.header, got.body)
	_, target, _ := strings.Cut(strings.TrimPrefix(tool.URL, "http://"), "/")
	want := received{tool.Method, "/" + target, got.host, header, body}
	if query := strings.TrimPrefix(tool.URL, "http://"+got.host); strings.HasPrefix(query, "?") {
		want.target = "/" + query
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("curl sends\n%+v\nimported is\n%+v", got, want)
	}
}
