package remedy_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

func TestMoreIsSaidWhereMoreIsKnown(t *testing.T) {
	onError := remedy.Cause{Rule: "missing-allow-origin-on-error", Method: "PUT", Status: 405}
	own, switchedOn := onError, onError
	own.Own, switchedOn.Allowed = true, true
	both := own
	both.Allowed = true
	for name, c := range map[string]struct {
		server string
		cause  remedy.Cause
		place  string // of a part, or "" for no cure
		less   remedy.Cause
	}{
		"a route that Envoy answers itself": {"envoy", own, "http_filters", onError},
		"an operation":                      {"apim", onError, "no operation", remedy.Cause{Rule: onError.Rule, Method: "PUT", Status: 500}},
		"a version":                         {"apim", remedy.Cause{Rule: "preflight-status", Status: 404}, "version", remedy.Cause{Rule: "preflight-status", Status: 405}},
		"OPTIONS":                           {"apim", remedy.Cause{Rule: "preflight-status"}, "OPTIONS", onError},
		"a verb":                            {"wso2", remedy.Cause{Rule: "method-not-allowed", Method: "PUT"}, "verb", remedy.Cause{Rule: "method-not-allowed"}},
		"a refusal of the gateway's own":    {"awshttp", both, "", own},
		"the same, of the function":         {"awshttp", both, "", switchedOn},
		"caches":                            {"awshttp", remedy.Cause{Rule: "vary-origin-missing"}, "", onError},
	} {
		t.Run(name, func(t *testing.T) {
			less, err := remedy.ForCause(c.server, c.less, policy)
			if err != nil {
				t.Fatal(err)
			}
			more, err := remedy.ForCause(c.server, c.cause, policy)
			if c.place == "" {
				if !errors.Is(err, remedy.ErrNoCure) || err.Error() != "no configuration cures this in the words of "+c.server {
					t.Error(err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			added := slices.DeleteFunc(more.Parts, func(p remedy.Part) bool { return slices.Contains(less.Parts, p) })
			if len(added) == 0 || !strings.Contains(added[0].Place, c.place) {
				t.Errorf("added are %+v", added)
			}
		})
	}
}

// A method comes from script, and may have any character of a token: a shell must not see one as its own.
func TestMethodsInCommandsAreQuotedOrRefused(t *testing.T) {
	cause := remedy.Cause{Rule: "missing-allow-origin-on-error", Method: "A$B&C`D", Status: 405}
	r, err := remedy.ForCause("apim", cause, policy)
	if err != nil || !strings.Contains(r.Parts[2].Text, "--method 'A$B&C`D'") {
		t.Errorf("%v: %+v", err, r)
	}
	cause.Method = "A'B"
	if _, err := remedy.ForCause("apim", cause, policy); err == nil || !strings.Contains(err.Error(), `cannot say "A'B"`) {
		t.Error(err)
	}
	cause.Method = "PROPFIND"
	if _, err := remedy.ForCause("wso2", cause, policy); err == nil || !strings.Contains(err.Error(), `cannot say "PROPFIND"`) {
		t.Error(err)
	}
}

func TestNotesAreShort(t *testing.T) {
	end := regexp.MustCompile(`[.!?]( |$)`)
	for _, server := range remedy.Servers() {
		for _, cause := range diagnose.Rules() {
			r, err := remedy.For(server, cause.ID, policy)
			if errors.Is(err, remedy.ErrNoCure) {
				continue
			}
			if err != nil {
				t.Fatalf("%s, %s: %v", server, cause.ID, err)
			}
			if n := len(end.FindAllString(r.Note, -1)); n == 0 || n > 3 {
				t.Errorf("%s, %s: %d sentences: %s", server, cause.ID, n, r.Note)
			}
		}
	}
}
