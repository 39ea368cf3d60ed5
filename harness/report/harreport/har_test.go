package harreport_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/chromedp/cdproto/har"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/harreport"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
)

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, harreport.New(&b))
	reporttest.Golden(t, "orders.har", b.Bytes())
}

func TestEveryExchangeIsReadAsItWasOnTheWire(t *testing.T) {
	silent := reporttest.Results()[2]
	silent.Exchanges = nil
	results := append(reporttest.Results(), silent)
	var b bytes.Buffer
	to := harreport.New(&b)
	reporttest.WriteThese(t, to, results)
	var back har.HAR
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if l := back.Log; l.Version != "1.2" || l.Creator.Name != "corsproof" || l.Browser.Version != "156.0.0.0" {
		t.Errorf("head: %+v", l)
	}
	var want []report.Exchange
	for _, r := range results[:len(results)-1] {
		want = append(want, r.Exchanges...)
	}
	if len(back.Log.Entries) != len(want)+1 {
		t.Fatalf("%d entries, want %d and the one that made no exchange", len(back.Log.Entries), len(want))
	}
	last := ""
	for i, x := range want {
		e := back.Log.Entries[i]
		status := int64(0)
		if x.Response != nil {
			status = int64(x.Response.Status)
			if len(e.Response.Headers) != len(x.Response.Headers) {
				t.Errorf("entry %d: %d response headers, want %d", i, len(e.Response.Headers), len(x.Response.Headers))
			}
		}
		if e.Request.Method != string(x.Request.Method) || e.Request.URL != string(x.Request.URL) || e.Response.Status != status {
			t.Errorf("entry %d: %s %s %d, want %s %s %d", i, e.Request.Method, e.Request.URL, e.Response.Status, x.Request.Method, x.Request.URL, status)
		}
		if i > 0 && want[i-1].Role == "preflight" && e.StartedDateTime <= last {
			t.Errorf("entry %d begins at %s, not after its preflight", i, e.StartedDateTime)
		}
		last = e.StartedDateTime
	}
}

func TestARunThatNeverBeganIsALog(t *testing.T) {
	var b bytes.Buffer
	if err := harreport.New(&b).End(report.Summary{}); err != nil || !json.Valid(b.Bytes()) {
		t.Errorf("%v\n%s", err, b.String())
	}
}
