package run

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/suite"
)

// load reads a suite.
func load(t *testing.T, text string) *suite.Suite {
	t.Helper()
	file := filepath.Join(t.TempDir(), "suite.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := suite.Load(t.Context(), file, suite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const orders = `
suite: orders
apis: {api: {at: https://api.example.com, answers: []}}
defaults: {from: https://app.example.com}
cases:
  - {name: reads, request: {client: [fetch, xhr], url: "${api}/1"}}
  - {name: Writes all, steps: [{request: {url: "${api}/2"}}, {request: {url: "${api}/3"}}]}
  - {name: deletes, request: {url: "${api}/4"}}
`

const users = `
suite: users
thirdPartyCookies: block
cases:
  - {name: reads, from: https://app.example.com, request: {url: https://app.example.com/}}
`

func planned(t *testing.T, selection Selection, texts ...string) *Plan {
	t.Helper()
	var suites []*suite.Suite
	for _, text := range texts {
		suites = append(suites, load(t, text))
	}
	p, err := NewPlan(suites, selection)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPlanSelectsInTheSuitesOrder(t *testing.T) {
	both := []string{orders, users}
	for _, c := range []struct {
		name      string
		texts     []string
		selection Selection
		results   int
		want      string
	}{
		{"all", []string{orders}, Selection{}, 5, "reads/fetch reads/xhr writes-all deletes"},
		{"several suites have their names before", both, Selection{}, 6, "orders/reads/fetch orders/reads/xhr orders/writes-all orders/deletes users/reads"},
		{"any filter, in names too, without case", []string{orders}, Selection{Filters: []string{"XHR", "writes ALL"}}, 3, "reads/xhr writes-all"},
		{"a suite's name", both, Selection{Filters: []string{"users/"}}, 1, "users/reads"},
		{"the first shard", both, Selection{Shard: Shard{1, 2}}, 4, "orders/reads/fetch orders/writes-all users/reads"},
		{"the second shard", both, Selection{Shard: Shard{2, 2}}, 2, "orders/reads/xhr orders/deletes"},
		{"shards of what passes the filters", both, Selection{Filters: []string{"reads"}, Shard: Shard{2, 2}}, 1, "orders/reads/xhr"},
		{"a shard for which nothing is left", []string{users}, Selection{Shard: Shard{2, 2}}, 0, ""},
	} {
		p := planned(t, c.selection, c.texts...)
		ids := slices.Collect(p.IDs())
		if got := strings.Join(ids, " "); got != c.want || p.Cases != len(ids) || p.Results != c.results {
			t.Errorf("%s: %d cases, %d results: %s", c.name, p.Cases, p.Results, got)
		}
	}
}

func TestWhatCannotBePlannedIsSaid(t *testing.T) {
	if _, err := NewPlan([]*suite.Suite{load(t, orders), load(t, orders)}, Selection{}); err == nil || !strings.Contains(err.Error(), `both called "orders"`) {
		t.Errorf("twins: %v", err)
	}
	if _, err := NewPlan([]*suite.Suite{load(t, orders)}, Selection{Filters: []string{"nobody"}}); err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Errorf("filter: %v", err)
	}
	for _, text := range []string{"", "1", "0/2", "3/2", "1/2/3", "a/b", " 1/2", "-1/2", "01/2"} {
		if s, err := ParseShard(text); err == nil {
			t.Errorf("shard %q is %v", text, s)
		}
	}
	if s, err := ParseShard("2/5"); s != (Shard{2, 5}) || err != nil {
		t.Errorf("shard 2/5 is %v, %v", s, err)
	}
}

func TestTheHeaderNamesEachCookieSettingOfTheSuites(t *testing.T) {
	one := report.Browser{Name: "Chromium", ThirdPartyCookies: "block", Flags: []string{"--a"}}
	if got := planned(t, Selection{}, users).browser(one); got.ThirdPartyCookies != "block" || len(got.Flags) != 1 {
		t.Errorf("one suite: %+v", got)
	}
	// A shard without cases of one suite has the same header as the other shards.
	if got := planned(t, Selection{Shard: Shard{2, 2}}, users, orders).browser(one); got.ThirdPartyCookies != "allow, block" || got.Flags != nil {
		t.Errorf("two suites: %+v", got)
	}
	if got := planned(t, Selection{}, users, orders).browser(report.Browser{}); got.ThirdPartyCookies != "" {
		t.Errorf("no browser: %+v", got)
	}
}
