package report_test

import (
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/remedy"
	"github.com/corsproof/corsproof/harness/report"
)

func TestConfigurationIsInTheWordsOfTheServer(t *testing.T) {
	allow := remedy.Policy{Origins: []string{"https://app.example.com"}, Methods: []string{"PUT"}}
	shown := &diagnose.Server{Name: "nginx", Because: `Server: "nginx"`, Certain: true}
	cure := func(server *diagnose.Server, before bool) []diagnose.Finding {
		return []diagnose.Finding{{Rule: "not-known"}, {Rule: "missing-allow-origin", Need: allow, Server: server, Before: before}, {Rule: "method-not-allowed", Need: allow}}
	}
	at := func(s report.Servers) func(string) report.Servers { return func(string) report.Servers { return s } }
	for name, c := range map[string]struct {
		list         []diagnose.Finding
		named        report.Servers
		server, sure string
	}{
		"shown":                          {cure(shown, false), report.Servers{}, "nginx", "certain"},
		"shown by what others send, too": {cure(&diagnose.Server{Name: "flask"}, false), report.Servers{}, "flask", "likely"},
		"named":                          {cure(shown, false), report.Servers{API: "express"}, "express", "named"},
		"named, and something is before": {cure(shown, true), report.Servers{API: "express", Before: "caddy"}, "caddy", "named"},
		"not named, and something is":    {cure(shown, true), report.Servers{API: "express"}, "nginx", "certain"},
		"unknown":                        {cure(nil, false), report.Servers{}, "", ""},
		"something unknown is before":    {cure(nil, true), report.Servers{API: "express"}, "", ""},
	} {
		list := report.Configured(c.list, at(c.named))
		got := list[1].Config
		if list[0].Config != nil || list[2].Config != nil {
			t.Errorf("%s: it stands there more than once", name)
		}
		if c.server == "" {
			if got != nil {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if got == nil || got.Server != c.server || got.Sure != c.sure || len(got.Parts) == 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	sid, theme := remedy.Cookie{Name: "sid", Path: "/", SameSite: "None"}, remedy.Cookie{Name: "theme", Path: "/", SameSite: "None"}
	list := report.Configured(append(cure(nil, false), diagnose.Finding{Need: sid}, diagnose.Finding{Need: theme}), at(report.Servers{API: "go"}))
	for i, text := range []string{"", "allowCORS", "", `"sid"`, `"theme"`} {
		if c := list[i].Config; (c != nil) != (text != "") || c != nil && !strings.Contains(c.Parts[0].Text, text) {
			t.Errorf("%d: %+v", i, c)
		}
	}
	c := *report.Configured(cure(shown, false), at(report.Servers{}))[1].Config
	if !strings.Contains(c.Head(), `Server: "nginx"`) {
		t.Error(c.Head())
	}
	told := report.Told{}
	first, again := told.Lines(c, "one"), told.Lines(c, "two")
	if len(first) < 5 || len(again) != 1 || !strings.Contains(again[0], "one") {
		t.Errorf("%q\n%q", first, again)
	}
}
