package denials

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/servers"
)

const readme = "../../README.md"

// TestTheTablesAreWhatIsMeasured asks the systems that need nothing installed, and compares with the README.
func TestTheTablesAreWhatIsMeasured(t *testing.T) {
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	now, err := Update(t.Context(), string(data), InProcess)
	if err != nil {
		t.Fatal(err)
	}
	now = strings.ReplaceAll(now, "| rs/cors |", "| "+required(t, "rs/cors")+" |") // a test's program does not know it
	was := strings.Split(string(data), "\n")
	for _, l := range strings.Split(now, "\n") {
		if !slices.Contains(was, l) {
			t.Errorf("servers/README.md lacks this line; run make denials:\n%s", l)
		}
	}
	if !t.Failed() && now != string(data) {
		t.Error("servers/README.md has lines that are not measured, or not in this order; run make denials")
	}
}

// required is a module of GitHub's with the version that go.mod asks for.
func required(t *testing.T, module string) string {
	t.Helper()
	data, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(data), "github.com/"+module+" ")
	if !found {
		t.Fatalf("go.mod does not require %s", module)
	}
	return module + " " + strings.Fields(after)[0]
}

func TestEveryServerHasARow(t *testing.T) {
	for _, name := range servers.Names() {
		if !slices.ContainsFunc(good, func(s setUp) bool { return s.server == name }) {
			t.Errorf("%s has no row: add it to plan.go", name)
		}
	}
}

func TestAFileWithoutMarkersIsLeftAlone(t *testing.T) {
	_, err := Update(t.Context(), "# a page\n", InProcess)
	if err == nil || !strings.Contains(err.Error(), Begin) {
		t.Errorf("error %v", err)
	}
}

func TestARowThatCannotBeMeasuredStaysAndSaysSo(t *testing.T) {
	s := setUp{server: "apache"}
	was := table{title: "Preflights", columns: []string{"system", "allowed"}, rows: [][]string{{"apache", "`204`", "Apache/2.4"}}}
	for range 2 {
		m := measuring{known: rowsOf(was.String()), selected: func(string) bool { return true }}
		now := table{title: was.title, columns: was.columns}
		m.add(t.Context(), &now, s, []string{"apache"}, nil)
		if want := []string{"apache", "`204`", "Apache/2.4" + notHere}; !slices.Equal(now.rows[0], want) {
			t.Errorf("row %q, want %q", now.rows[0], want)
		}
		was = now
	}
	m := measuring{selected: func(string) bool { return false }}
	now := table{title: was.title, columns: was.columns}
	m.add(t.Context(), &now, s, []string{"apache"}, nil)
	if want := []string{"apache", "not measured", ""}; !slices.Equal(now.rows[0], want) {
		t.Errorf("row %q, want %q", now.rows[0], want)
	}
}

func TestAnAnswerInALine(t *testing.T) {
	fromApp, preflighted := get("", "/", app), preflight("", app, "PUT", "")
	for _, c := range []struct {
		asked   question
		status  int
		headers http.Header
		body    string
		want    string
	}{
		{fromApp, 200, http.Header{"Access-Control-Allow-Origin": {app}, "Access-Control-Allow-Credentials": {"true"}}, "{}", "200 ACAO=page ACAC"},
		{fromApp, 200, nil, "", "200 empty"},
		{fromApp, 204, nil, "", "204"},
		{preflighted, 200, nil, "", "200"},
		{fromApp, 403, nil, "Invalid CORS request", "403 “Invalid CORS request”"},
		{fromApp, 403, nil, "<p>no</p>", "403"},
		{fromApp, 200, http.Header{"Access-Control-Allow-Origin": {app, "*"}, "Access-Control-Allow-Headers": {"*"}}, "{}", "200 ACAO=page+* ACAH=*"},
		{fromApp, 200, http.Header{"Access-Control-Allow-Origin": {""}, "Access-Control-Allow-Credentials": {"True"}}, "{}", `200 ACAO="" ACAC=True`},
		{get("", "/", stranger), 200, http.Header{"Access-Control-Allow-Origin": {app}}, "{}", "200 ACAO=app"},
		{fromApp, 200, http.Header{"Vary": {"origin, Access-Control-Request-Method", "Accept-Encoding"}}, "{}", "200 Vary=Accept-Encoding+ACRM+origin"},
	} {
		if c.headers == nil {
			c.headers = http.Header{}
		}
		if got := describe(c.asked, &http.Response{StatusCode: c.status, Header: c.headers}, c.body); got != c.want {
			t.Errorf("%d %v %q is %q, want %q", c.status, c.headers, c.body, got, c.want)
		}
	}
}
