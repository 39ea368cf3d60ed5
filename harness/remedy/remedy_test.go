package remedy_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/remedy"
)

var policy = remedy.Policy{
	Origins: []string{"https://app.example.com", "http://localhost:3000"}, Methods: []string{"GET", "PUT"},
	Headers: []string{"content-type", "x-request-id"}, Expose: []string{"X-Total"}, Credentials: true,
}

func TestEveryServerHasATextForEveryPolicy(t *testing.T) {
	policies := map[string]remedy.Policy{"full": policy, "one origin": {Origins: []string{"https://app.example.com"}}}
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

func TestNoPolicyThatIsNotSafe(t *testing.T) {
	for name, p := range map[string]remedy.Policy{
		"nobody":       {},
		"everybody":    {Origins: []string{"*"}},
		"null":         {Origins: []string{"null"}},
		"a path":       {Origins: []string{"https://app.example.com/"}},
		"any method":   {Origins: policy.Origins, Methods: []string{"*"}},
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
