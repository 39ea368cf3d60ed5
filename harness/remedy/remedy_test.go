package remedy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/remedy"
)

var policy = remedy.Policy{
	Origins: []string{"https://app.example.com", "http://localhost:3000"}, Methods: []string{"GET", "PUT"},
	Headers: []string{"content-type", "x-request-id"}, Expose: []string{"X-Total"}, Credentials: true,
}

func TestEveryServerHasATextForEveryPolicy(t *testing.T) {
	policies := map[string]remedy.Policy{
		"full": policy, "one origin": {Origins: []string{"https://app.example.com"}},
		"methods alone":   {Origins: []string{"http://[::1]:3000"}, Methods: []string{"PUT"}},
		"a long origin":   {Origins: []string{"https://" + strings.Repeat("a", 60) + ".example.com"}, Credentials: true},
		"an underscore":   {Origins: []string{"https://my_app.example.com"}, Headers: []string{"x-a"}},
		"headers exposed": {Origins: policy.Origins, Expose: []string{"X-Total", "ETag"}},
	}
	for _, server := range remedy.Servers() {
		for name, p := range policies {
			r, err := remedy.For(server, "", p)
			if err != nil {
				t.Fatalf("%s, %s: %v", server, name, err)
			}
			var text strings.Builder
			for _, part := range r.Parts {
				if part.Place == "" || part.Text == "" {
					t.Errorf("%s, %s: a part without place or text: %+v", server, name, part)
				}
				text.WriteString(part.Text)
			}
			for _, origin := range p.Origins {
				unescaped := strings.ReplaceAll(text.String(), `\`, "") // of a regular expression
				if !strings.Contains(unescaped, strings.TrimPrefix(strings.TrimPrefix(origin, "https://"), "http://")) {
					t.Errorf("%s, %s: %s is not in\n%s", server, name, origin, &text)
				}
			}
		}
	}
}

func TestOddNamesAreWrittenOrRefused(t *testing.T) {
	p := policy
	p.Headers = []string{"x-!#%&*+.^_`|~"}
	for _, server := range remedy.Servers() {
		if _, err := remedy.For(server, "", p); err != nil && !strings.Contains(err.Error(), `its configuration cannot say "x-!#`) {
			t.Errorf("%s: %v", server, err)
		}
	}
}

func TestNoPolicyThatIsNotSafe(t *testing.T) {
	for name, p := range map[string]remedy.Policy{
		"nobody":       {},
		"everybody":    {Origins: []string{"*"}},
		"null":         {Origins: []string{"null"}},
		"a path":       {Origins: []string{"https://app.example.com/"}},
		"any method":   {Origins: policy.Origins, Methods: []string{"*"}},
		"a language":   {Origins: []string{"https://a;b.example.com"}},
		"a broken one": {Origins: policy.Origins, Headers: []string{"x-a\nx-b"}},
	} {
		if r, err := remedy.For("nginx", "", p); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestUnknownServer(t *testing.T) {
	if _, err := remedy.For("ngnix", "", policy); err == nil || !strings.Contains(err.Error(), `did you mean "nginx"?`) {
		t.Error(err)
	}
}

func TestWhatALanguageCannotSayIsRefused(t *testing.T) {
	for _, c := range []struct {
		server string
		policy remedy.Policy
		want   string
	}{
		{"nginx", remedy.Policy{Origins: policy.Origins, Headers: []string{"x-$host"}}, `no configuration can be written for nginx: its configuration cannot say "x-$host": there is no way to write "$" in it`},
		{"awsrest", remedy.Policy{Origins: policy.Origins, Headers: []string{"x-'s"}}, `no configuration can be written for awsrest: its configuration cannot say "x-'s": there is no way to write "'" in it`},
		{"kong", remedy.Policy{Origins: policy.Origins, Methods: []string{"PROPFIND"}}, `no configuration can be written for kong: its configuration cannot say "PROPFIND": it knows GET HEAD PUT PATCH POST DELETE OPTIONS TRACE CONNECT`},
		{"awshttp", remedy.Policy{Origins: policy.Origins, Methods: []string{"PROPFIND"}}, `no configuration can be written for awshttp: its configuration cannot say "PROPFIND": it knows GET HEAD PUT PATCH POST DELETE OPTIONS`},
	} {
		if r, err := remedy.For(c.server, "", c.policy); err == nil || err.Error() != c.want {
			t.Errorf("%s: %+v, %v", c.server, r, err)
		}
	}
}

func TestNothingIsAllowedThatThePolicyDoesNotName(t *testing.T) {
	for _, server := range remedy.Servers() {
		r, err := remedy.For(server, "", remedy.Policy{Origins: []string{"https://app.example.com"}})
		if err != nil {
			t.Fatalf("%s: %v", server, err)
		}
		for _, part := range r.Parts {
			for _, more := range []string{"PUT", "DELETE", "X-Total", "x-request-id", `"*"`} {
				if strings.Contains(part.Text, more) {
					t.Errorf("%s: %s in\n%s", server, more, part.Text)
				}
			}
		}
	}
}

// rule finds the causes that templates have other words for.
var rule = regexp.MustCompile(`eq \.Rule "([^"]+)"`)

func TestTemplatesKnowTheDiagnosis(t *testing.T) {
	for _, server := range remedy.Servers() {
		text, err := os.ReadFile(filepath.Join("templates", "cors", server+".tmpl"))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range rule.FindAllStringSubmatch(string(text), -1) {
			if _, ok := diagnose.Lookup(found[1]); !ok {
				t.Errorf("%s: there is no cause %q", server, found[1])
			}
		}
	}
}

func TestNotesAreShort(t *testing.T) {
	end := regexp.MustCompile(`[.!?]( |$)`)
	for _, server := range remedy.Servers() {
		for _, cause := range diagnose.Rules() {
			r, err := remedy.For(server, cause.ID, policy)
			if err != nil {
				t.Fatalf("%s, %s: %v", server, cause.ID, err)
			}
			if n := len(end.FindAllString(r.Note, -1)); n == 0 || n > 3 {
				t.Errorf("%s, %s: %d sentences: %s", server, cause.ID, n, r.Note)
			}
		}
	}
}
