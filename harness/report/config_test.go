package report_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/report"
)

func TestConfigurationIsInTheWordsOfTheServer(t *testing.T) {
	cure := []diagnose.Finding{{Rule: "not-known"}, {Rule: "missing-allow-origin", Allow: &remedy.Policy{Origins: []string{"https://app.example.com"}, Methods: []string{"PUT"}}}, {Rule: "method-not-allowed", Allow: &remedy.Policy{Origins: []string{"https://app.example.com"}}}}
	seen := sample.Blocked()
	seen.Exchanges[0].Response.Headers = fetch.HeaderList{{Name: "Server", Value: "nginx/1.27"}}
	unknown := sample.Blocked()
	unknown.Exchanges[0].Response.Headers = nil

	list := report.Configured(cure, seen, "")
	if c := list[1].Config; c == nil || c.Server != "nginx" || c.Sure != "certain" || !strings.Contains(c.Head(), `Server: "nginx/1.27"`) {
		t.Errorf("recognised: %+v", c)
	}
	if list[0].Config != nil || list[2].Config != nil {
		t.Error("the same configuration stands there more than once")
	}
	c := report.Configured(cure, seen, "express")[1].Config
	if c == nil || c.Server != "express" || c.Sure != "named" || !strings.Contains(c.Parts[0].Text, `"https://app.example.com"`) {
		t.Fatalf("named: %+v", c)
	}
	if c := report.Configured(cure, unknown, "")[1].Config; c != nil {
		t.Errorf("nothing tells which server it is: %+v", c)
	}
	told := report.Told{}
	first, again := told.Lines(*c, "one"), told.Lines(*c, "two")
	if len(first) < 5 || len(again) != 1 || !strings.Contains(again[0], "one") {
		t.Errorf("%q\n%q", first, again)
	}
}
