package html_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/corsproof/corsproof/harness/browser/chromium"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/html"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
)

func parsed(t *testing.T, dom string) *xhtml.Node {
	t.Helper()
	doc, err := xhtml.Parse(strings.NewReader(dom))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func page(t testing.TB, results []report.Result) string {
	t.Helper()
	var b bytes.Buffer
	reporttest.WriteThese(t, html.New(&b), results)
	return b.String()
}

// opened is the document as a browser has it once the page was opened from a file.
func opened(t *testing.T, page string) string {
	t.Helper()
	browser, err := chromium.Find("")
	if err != nil {
		t.Skip(err)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	// the sandbox does not start everywhere, and the page is ours
	cmd := exec.CommandContext(ctx, browser.Path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
	var messages bytes.Buffer
	cmd.Stderr = &messages
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, messages.String())
	}
	return string(dom)
}

// driven adds a script to the page that runs after the page's own, and lets the policy allow it.
func driven(page, script string) string {
	sum := sha256.Sum256([]byte(script))
	page = strings.Replace(page, "script-src ", "script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"' ", 1)
	return strings.Replace(page, "</body>", "<script>"+script+"</script></body>", 1)
}

func TestWhatIsHostileIsShownAndDoesNotRun(t *testing.T) {
	results := reporttest.Results()
	text := page(t, results[len(results)-1:])
	dom := opened(t, text)
	if !strings.Contains(dom, "<title>orders – corsproof</title>") {
		t.Error("a script of the API's ran: the title is another")
	}
	scripts := strings.Count(text, "<script")
	for node := range parsed(t, dom).Descendants() {
		switch node.DataAtom {
		case atom.Script:
			scripts--
		case atom.Img, atom.Svg, atom.Iframe, atom.A, atom.Object, atom.Link:
			t.Errorf("the document has an element %s", node.Data)
		}
		for _, a := range node.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("an element %s has an attribute %s=%q", node.Data, a.Key, a.Val)
			}
		}
	}
	if scripts != 0 {
		t.Errorf("the document has %d scripts more than the page", -scripts)
	}
	for _, shown := range []string{
		"&lt;/script&gt;&lt;script&gt;document.title='owned'&lt;/script&gt;&lt;!--&lt;img src=x onerror=\"document.title='owned'\"&gt;",
		"{{constructor.constructor('document.title=1')()}}${document.title=2}", "&lt;img src=x onerror=document.title=3&gt;",
		`<span class="unseen">\u{202e}</span>gnp.exe<span class="unseen">\u{2069}</span><span class="unseen">\x1b</span>[31m`,
	} {
		if !strings.Contains(dom, shown) {
			t.Errorf("it does not show %s", shown)
		}
	}
	_, shown, _ := strings.Cut(dom, "<header>")
	shown, _, _ = strings.Cut(shown, "</main>")
	if strings.ContainsAny(shown, "\u202e\u2069\u2028\x1b") {
		t.Error("it has characters that cannot be seen")
	}
}

func TestThePolicyStopsEveryOtherScript(t *testing.T) {
	text := page(t, reporttest.Results()[:1])
	others := "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"><svg onload=\"document.title='owned'\"></svg>" +
		"<iframe srcdoc=\"<script>parent.document.title='owned'</script>\"></iframe>"
	dom := opened(t, strings.Replace(text, "</body>", others+"</body>", 1))
	if !strings.Contains(dom, "<title>orders – corsproof</title>") || !strings.Contains(dom, "srcdoc") {
		t.Error("one of them ran: the title is another")
	}
}

// driver notes in the document what the page shows after each key and choice.
const driver = `addEventListener('DOMContentLoaded', () => {
  const list = document.getElementById('list'), log = [];
  const note = what => log.push(what + ': ' + (document.querySelector('#detail h2')?.textContent || '-') + ' / ' + document.getElementById('count').textContent +
    ' / ' + (document.activeElement.id || document.activeElement.tagName));
  const key = (k, at) => { (at || document.activeElement).dispatchEvent(new KeyboardEvent('keydown', { key: k, bubbles: true, cancelable: true })); note(k); };
  const set = (id, v, type) => { const e = document.getElementById(id); e.value = v; e.dispatchEvent(new Event(type, { bubbles: true })); note(id + '=' + v); };
  note('open');
  for (const k of ['ArrowDown', 'ArrowUp', 'End', 'Home', 'Enter', 'Escape', '/']) key(k);
  set('search', 'nobody LISTENS', 'input');
  set('search', 'no such case', 'input');
  set('search', '', 'input');
  set('rule', 'options-not-routed', 'change');
  set('rule', '', 'change');
  set('outcome', 'timeout', 'change');
  set('outcome', '', 'change');
  for (const name of ['error', 'flaky', '']) { document.querySelector('#totals [data-verdict="' + name + '"]').click(); note('verdict ' + name); }
  const chosen = document.querySelector('#list [aria-selected=true]');
  log.push('aria: ' + (chosen.id === list.getAttribute('aria-activedescendant')) + ' ' + chosen.getAttribute('role') + ' ' + chosen.getAttribute('aria-setsize'));
  const out = document.createElement('pre');
  out.id = 'log';
  out.textContent = log.join('\n');
  document.body.append(out);
});`

func TestTheKeyboardAndTheFiltersChoose(t *testing.T) {
	dom := opened(t, driven(page(t, reporttest.Results()[:10]), driver))
	_, log, ok := strings.Cut(dom, `<pre id="log">`)
	log, _, _ = strings.Cut(log, "</pre>")
	if !ok {
		t.Fatalf("the driver did not run:\n%s", dom)
	}
	want := `open: fail the preflight is refused (blocked) / 10 cases / list
ArrowDown: fail the answer is 401 without CORS headers (unauthorized) / 10 cases / list
ArrowUp: fail the preflight is refused (blocked) / 10 cases / list
End: flaky passes at last (flaky) / 10 cases / list
Home: pass the app reads an order (readable) / 10 cases / list
Enter: pass the app reads an order (readable) / 10 cases / detail
Escape: pass the app reads an order (readable) / 10 cases / list
/: pass the app reads an order (readable) / 10 cases / search
search=nobody LISTENS: fail nobody listens (failed) / 1 of 10 cases / search
search=no such case: - / 0 of 10 cases / search
search=: pass the app reads an order (readable) / 10 cases / search
rule=options-not-routed: fail the preflight is refused (blocked) / 1 of 10 cases / search
rule=: pass the app reads an order (readable) / 10 cases / search
outcome=timeout: fail nobody answers (timeout) / 1 of 10 cases / search
outcome=: pass the app reads an order (readable) / 10 cases / search
verdict error: error no browser (error) / 1 of 10 cases / search
verdict flaky: flaky passes at last (flaky) / 1 of 10 cases / search
verdict : pass the app reads an order (readable) / 10 cases / search
aria: true option 10`
	if log != want {
		t.Errorf("got\n%s\nwant\n%s", log, want)
	}
}

// collector notes the YAML of every case, as JSON.
const collector = `addEventListener('DOMContentLoaded', () => {
  const all = [];
  for (let i = 0; document.getElementById('row-' + i); i++) {
    document.getElementById('row-' + i).click();
    all.push([...document.querySelectorAll('#detail .code pre')].pop().textContent);
  }
  document.body.dataset.yaml = JSON.stringify(all);
});`

func TestTheYAMLAsksForTheSame(t *testing.T) {
	results := reporttest.Results()
	astral := results[0]
	astral.Case, astral.From, astral.Request.Method = "😀 é: # '", "null", "null"
	astral.Request.Body = &report.Body{Kind: "form", Fields: report.Lines{{"a", "1"}, {"a", "yes"}, {"b: c", ""}}}
	results = append(results, astral)
	var all []string
	for node := range parsed(t, opened(t, driven(page(t, results), collector))).Descendants() {
		for _, a := range node.Attr {
			if a.Key == "data-yaml" {
				if err := json.Unmarshal([]byte(a.Val), &all); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if len(all) != len(results) {
		t.Fatalf("%d of %d cases have YAML", len(all), len(results))
	}
	for i, r := range results {
		var got []struct {
			Name    string
			From    *string
			Request struct{ Method, URL string }
			Expect  struct{ Outcome string }
		}
		if err := yaml.Unmarshal([]byte(all[i]), &got); err != nil {
			t.Fatalf("%v\n%s", err, all[i])
		}
		from := "null"
		if got[0].From != nil {
			from = *got[0].From
		}
		if g := got[0]; g.Name != r.Case || from != r.From || g.Request.Method != string(r.Request.Method) || g.Request.URL != string(r.Request.URL) || g.Expect.Outcome == "" {
			t.Errorf("%+v is not %s:\n%s", g, r.ID, all[i])
		}
	}
}

// many are n results that differ in what real ones differ in.
func many(n int) []report.Result {
	var list []report.Result
	kinds := reporttest.Results()
	for i := range n {
		r := kinds[i%8]
		r.ID, r.Case = fmt.Sprintf("%s-%d", r.ID, i), fmt.Sprintf("case %d: %s", i, r.Case)
		r.Body = fmt.Sprintf(`{"order": %d}`, i)
		r.Request.URL = report.Text(fmt.Sprintf("https://api.example.com/orders/%d", i))
		r.Line = strings.ReplaceAll(r.Line, "/orders/1", fmt.Sprintf("/orders/%d", i))
		r.Exchanges = append([]report.Exchange(nil), r.Exchanges...)
		for k := range r.Exchanges {
			r.Exchanges[k].Request.URL = r.Request.URL
		}
		list = append(list, r)
	}
	return list
}

func TestFiveThousandCasesAreShownInPart(t *testing.T) {
	text := page(t, many(5000))
	if limit := 15 << 20; len(text) > limit {
		t.Errorf("the page has %d bytes, at most %d", len(text), limit)
	}
	dom := opened(t, driven(text, `addEventListener('DOMContentLoaded', () => setTimeout(() => {
  const e = performance.getEntriesByType('navigation')[0];
  document.body.dataset.opened = Math.round(e.domContentLoadedEventEnd);
}));`))
	if _, rest, ok := strings.Cut(dom, `data-opened="`); ok {
		ms, _, _ := strings.Cut(rest, `"`)
		t.Logf("%d bytes, DOMContentLoaded after %s ms", len(text), ms)
	}
	if rows := strings.Count(dom, `role="option"`); rows == 0 || rows > 100 {
		t.Errorf("%d rows are in the document", rows)
	}
	if !strings.Contains(dom, ">5000 cases</output>") {
		t.Error("it does not count them all")
	}
}
