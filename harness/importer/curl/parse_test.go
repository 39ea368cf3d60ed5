package curl_test

import (
	"errors"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/importer/curl"
	"github.com/corsproof/corsproof/harness/probe"
)

// one parses a text with one request.
func one(t *testing.T, text string) importer.Imported {
	t.Helper()
	list, err := curl.Parse(text, curl.Config{ReadFile: readFile})
	if err != nil || len(list) != 1 {
		t.Fatalf("%s: %d requests, %v", text, len(list), err)
	}
	return list[0]
}

func TestQuotingIsTheShells(t *testing.T) {
	for _, c := range []struct{ name, arg, want string }{
		{"none", `plain\ text`, "plain text"},
		{"single", `'a"b\n$x'`, `a"b\n$x`},
		{"double", `"a'b\"\\\$\` + "`" + `\n"`, `a'b"\$` + "`" + `\n`},
		{"double over two lines", "\"a\\\nb\nc\"", "ab\nc"},
		{"together", `a'b'"c"$'d'\e`, "abcde"},
		{"escaped single", `'it'\''s'`, "it's"},
		{"dollar quotes", `$'\a\b\e\E\f\n\r\t\v\\\'\"\?'`, "\a\b\x1b\x1b\f\n\r\t\v\\'\"?"},
		{"dollar quotes, numbers", `$'\x41\101\u0042\U00000043\cA\x4'`, "AABC\x01\x04"},
		{"dollar quotes, bytes", `$'\xc3\xa9'`, "é"},
		{"dollar quotes, short and unknown", `$'\u41 \xg \q \u '`, `A \xg \q \u `},
		{"dollar quotes as DevTools writes an emoji", `$'\ud83d\ude00\u0021'`, "😀!"},
		{"dollar quotes with half an emoji", `$'\ud83dx'`, "\ufffdx"},
		{"translated", `$"text"`, "text"},
		{"no glob", `*?[x]`, "*?[x]"},
		{"no tilde", `~/x`, "~/x"},
		{"a lone brace", `{a}`, "{a}"},
		{"not ASCII", `é'ß'"√"`, "éß√"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(one(t, "curl x --data-raw "+c.arg).Tool.Body); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestInput(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"here-document", "curl x --data-binary @- <<E\na \\$b $'c'\nE\n", "a $b $'c'\n"},
		{"quoted here-document", "curl x --data-binary @- <<'E'\na \\$b `c`\nE\n", "a \\$b `c`\n"},
		{"here-document without tabs", "curl x --data-binary @- <<-E\n\ta\n\t\tb\n\tE\n", "a\nb\n"},
		{"here-string", "curl x --data-binary @- <<< 'a b'", "a b\n"},
		{"file", "curl x --data-binary @- < lines.txt", files["lines.txt"]},
		{"standard input", "curl x --data-binary @-", files["-"]},
		{"other redirections do not matter", "curl x -d a 2>/dev/null >out 2>&1", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(one(t, c.text).Tool.Body); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPrefixesAndNeighbours(t *testing.T) {
	for text, want := range map[string]string{
		"$ curl a.test":                                      "http://a.test",
		"sudo /usr/bin/curl a.test":                          "http://a.test",
		"time curl a.test":                                   "http://a.test",
		"A=b curl a.test | jq . | head":                      "http://a.test",
		"curl a.test && curl b.test || curl c.test":          "http://a.test http://b.test http://c.test",
		"curl a.test; curl b.test &\ncurl c.test # no":       "http://a.test http://b.test http://c.test",
		"echo go\ncurl a.test ;\n\n\ncurl b.test":            "http://a.test http://b.test",
		"curl -- a.test":                                     "http://a.test",
		"curl 'https://[::1]:8443/x' 'http://u@[::1]/'":      "https://[::1]:8443/x http://[::1]/",
		"curl //a.test/x HTTPS://A.test:443/%zz?q=a'|'b#f=g": "http://a.test/x HTTPS://A.test:443/%zz?q=a|b",
	} {
		list, err := curl.Parse(text, curl.Config{})
		var urls []string
		for _, i := range list {
			urls = append(urls, i.Tool.URL)
		}
		if got := strings.Join(urls, " "); got != want || err != nil {
			t.Errorf("%s: got %q and %v, want %q", text, got, err, want)
		}
	}
}

func TestProblems(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "1:1: there is no curl command here",
		"# only a comment":                      "there is no curl command here",
		"curl":                                  "1:1: there is no URL in this command",
		"curl a --next -k":                      "there is no URL in this command",
		"curl ''":                               "1:6: ",
		"curl https://":                         "1:6: ",
		"curl a b://c":                          "1:8: URL \"b://c\" is neither http nor https",
		"curl a -":                              "1:8: a hyphen alone",
		"curl a -d":                             "1:8: --data needs a value",
		"curl a -sX":                            "--request needs a value",
		"curl a --loction":                      "did you mean --location?",
		"curl a -sß":                            "curl has no option -ß",
		"curl a --expand-data x":                "write the values into the command, with --data",
		"curl a --unix-socket /run/x":           "--unix-socket cannot be imported",
		"curl a -H ': x'":                       "this header has no name",
		"curl a -d {1..3}":                      "1:11: the shell expands these braces",
		"curl a -d @":                           "there is no file's name after the @",
		"curl a -T nofile":                      "1:11: the file nofile cannot be read: no such file",
		"curl a -H @nofile":                     "the file nofile cannot be read",
		"curl a -F 'f=@nofile'":                 "the file nofile cannot be read",
		"curl a --url-query n@nofile":           "the file nofile cannot be read",
		"echo x | curl a -d @-":                 "another command writes this input",
		"curl a -F '=x'":                        "a form's field is name=value",
		"curl a --form-string x":                "a form's field is name=value",
		"curl a -F 'f=(x'":                      "parts within parts",
		"curl a -F 'f=@lines.txt,order.json'":   "several files in one field",
		"curl a -F 'f=x;headers=y'":             ";headers= is not imported",
		"curl a -F x=y -G":                      "curl refuses -F with -G",
		"curl a -T lines.txt -d x":              "curl refuses -d with -T",
		"curl a -d $'\\x00'":                    "1:11: no argument of a command can hold a NUL",
		"curl a\x00":                            "1:7: a shell reads no NUL",
		"for x in a; do curl $x; done":          "only plain commands",
		"(curl a)":                              "only plain commands",
		"curl a $x":                             "1:8: $x is a variable of your shell",
		"curl a `id`":                           "the shell would run a command here",
		"curl a <(id)":                          "the shell would expand this",
		"curl a $((1))":                         "the shell would expand this",
		"curl a --data-binary @- <<E\n${x}\nE":  "2:1: ${x} is a variable",
		"curl a 'b":                             "a quote that opens here never closes",
		"curl a (b":                             "1:",
		"curl 'a/[1-3]'":                        "add -g before it",
		"curl 'a/{{id}}'":                       "{{…}} is a variable of Postman",
		"Invoke-RestMethod -Uri https://a.test": "PowerShell",
		`{"info": {}}`:                          "--postman",
		`curl ^"a^" --data-raw ^"^{^\^"b^\^""`:  "Windows' cmd",
		"curl a " + strings.Repeat("(", 10_001): "brackets are too many",
		strings.Repeat("x", curl.MaxText+1):     "262144 are the limit",
	} {
		_, err := curl.Parse(text, curl.Config{ReadFile: readFile})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: got %v, want %q", text, err, want)
		}
		var problem *importer.Problem
		if !errors.As(err, &problem) || problem.Pos.Line == 0 || problem.Pos.Col == 0 {
			t.Errorf("%.60q: the error %v has no place", text, err)
		}
	}
}

func TestWithoutReadFileNoFileIsRead(t *testing.T) {
	_, err := curl.Parse("curl a -d @/etc/hostname", curl.Config{Name: "repro.sh"})
	if err == nil || !strings.HasPrefix(err.Error(), "repro.sh:1:11: the file /etc/hostname cannot be read here") {
		t.Error(err)
	}
}

func TestWarnings(t *testing.T) {
	for text, want := range map[string]string{
		"curl a --netrc":                  "the password file is not read",
		"curl a -x proxy:3128":            "without a proxy",
		"curl a --resolve a:80:127.0.0.1": "names are resolved as usual",
		"curl a -b jar.txt":               "jar.txt are not read",
		"curl a -u ann":                   "-u has no password",
		"curl a -k":                       "certificates",
		"curl a -F 'b=c;d'":               `curl leaves out ";d" of the field b`,
		"curl a -F b=c -H 'Content-Type: multipart/form-data'": "loses the boundary",
		"curl a -b 'a=b'": "only from pages of the same site",
		"curl a -X OPTIONS -H 'Origin: https://b.test' -H 'Access-Control-Request-Method: PUT'": "this is a preflight",
		"curl a | jq .": "not run: jq .",
	} {
		if got := strings.Join(one(t, text).Warnings, "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestHarmlessOptionsChangeNothing(t *testing.T) {
	plain := one(t, "curl https://a.test/")
	quiet := one(t, "curl -sSvifN#4 -o out -w '%{http_code}' --http2 --max-time 5 --connect-timeout 2 --no-progress-meter --no-keepalive --retry 3 https://a.test/")
	if len(quiet.Warnings) != 0 || quiet.Request.URL != plain.Request.URL || len(quiet.Tool.Headers) != 0 {
		t.Errorf("got %+v", quiet)
	}
}

func TestArgsAreTheWordsOfACommand(t *testing.T) {
	list, err := curl.Args([]string{"https://a.test/a b", "-H", "X: it's", "-H", "Authorization: Bearer $x", "-d", ""}, curl.Config{})
	if err == nil || !strings.Contains(err.Error(), "1:6: a URL has no spaces") || list != nil {
		t.Errorf("got %v, %v", list, err)
	}
	list, err = curl.Args([]string{"/usr/bin/curl", "https://a.test/", "-H", "X: `it's` $x", "-d", ""}, curl.Config{})
	if err != nil || len(list) != 1 || list[0].Request.Headers[1].Value != "`it's` $x" || list[0].Request.Body == nil {
		t.Errorf("got %+v, %v", list, err)
	}
	_, err = curl.Args([]string{"a.test", "-H", "X: it's", "--bad"}, curl.Config{})
	if want := "1:30: curl has no option --bad\n    curl a.test -H 'X: it'\\''s' --bad\n                                ^^^^^"; err == nil || !strings.Contains(err.Error(), want[5:]) {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestColumnsOfLongLines(t *testing.T) {
	_, err := curl.Parse("curl a -H 'X: "+strings.Repeat("é", 20_000)+"' --bad", curl.Config{})
	if err == nil || !strings.HasPrefix(err.Error(), "1:20017: ") {
		t.Errorf("got %.100v", err)
	}
}

func TestCookiesGoToTheJarOfTheURL(t *testing.T) {
	got := one(t, "curl https://API.test:443/x -H 'cookie: a=1; b = 2=3 ;; =c; d' -b ignored=1")
	want := []probe.Cookie{
		{URL: "https://api.test", Name: "a", Value: "1", Secure: true, SameSite: "None"},
		{URL: "https://api.test", Name: "b", Value: "2=3", Secure: true, SameSite: "None"},
	}
	if len(got.Cookies) != 2 || got.Cookies[0] != want[0] || got.Cookies[1] != want[1] || got.Request.Credentials != fetch.Include {
		t.Errorf("got %+v", got.Cookies)
	}
	if want := []string{"a part of the Cookie header is no name=value: left out"}; !slices.Equal(got.Warnings, want) {
		t.Errorf("got %q", got.Warnings) // what was left out may be a secret, and is not quoted
	}
}

// TestEveryOptionOfCurlIsKnown compares the table with the list that curl prints.
func TestEveryOptionOfCurlIsKnown(t *testing.T) {
	program, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	help, err := exec.Command(program, "--help", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^ (-.,|   ) --([a-z0-9.-]+)( [<\[]\S+)?`)
	found := line.FindAllStringSubmatch(string(help), -1)
	if len(found) < 100 {
		t.Fatalf("only %d options in\n%s", len(found), help)
	}
	for _, o := range found {
		short, name, takes := strings.Trim(o[1], "-, "), o[2], o[3] != ""
		if name == "next" || name == "help" {
			continue
		}
		// With another option as its value there is no problem about that option; without one there is.
		_, err := curl.Parse("curl https://a.test --"+name+" --no-such-option", curl.Config{ReadFile: func(string) ([]byte, error) { return nil, nil }})
		unknown := err != nil && strings.Contains(err.Error(), "curl has no option --no-such-option")
		if unknown == takes || err != nil && strings.Contains(err.Error(), "curl has no option --"+name) {
			t.Errorf("--%s takes a value: %t; got %v", name, takes, err)
		}
		if short == "" {
			continue
		}
		_, byLetter := curl.Parse("curl https://a.test -"+short+" --no-such-option", curl.Config{ReadFile: func(string) ([]byte, error) { return nil, nil }})
		if strings.Contains(message(byLetter), "curl has no option -"+short) || (err == nil) != (byLetter == nil) {
			t.Errorf("-%s is not --%s: %v and %v", short, name, byLetter, err)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestUserAndPasswordAreAHeaderAndNoCredentialsMode(t *testing.T) {
	got := one(t, "curl -u a:b https://a.test/")
	if value, _ := got.Request.Headers.Get("Authorization"); value != "Basic YTpi" || got.Request.Credentials != "" || len(got.Warnings) != 0 {
		t.Errorf("got %+v", got)
	}
}
