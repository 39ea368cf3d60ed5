package run

import (
	"errors"
	"strings"
	"testing"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/report"
)

// kept is a reporter that keeps what it is told.
type kept struct {
	header       report.Header
	begun, ended int
	results      int
	sum          report.Summary
}

func (k *kept) Begin(h report.Header) error { k.header, k.begun = h, k.begun+1; return nil }

func (k *kept) Result(report.Result) error { k.results++; return nil }

func (k *kept) End(s report.Summary) error { k.sum, k.ended = s, k.ended+1; return nil }

func TestARunWithoutABrowserHasAWholeReportThatSaysWhatIsMissing(t *testing.T) {
	p := planned(t, Selection{Shard: Shard{1, 2}}, orders)
	var k kept
	sum, err := p.Run(t.Context(), Config{Browser: "/nonexistent/browser"}, &k)
	if err == nil || k.begun != 1 || k.ended != 1 || sum != k.sum || !sum.Incomplete {
		t.Errorf("%v, %+v", err, k)
	}
	if k.header.Planned != 3 || k.header.Shard == nil || *k.header.Shard != (report.Shard{Index: 1, Of: 2}) || k.header.Suite != "orders" {
		t.Errorf("%+v", k.header)
	}
}

func TestAnEmptyShardIsComplete(t *testing.T) {
	var k kept
	sum, err := planned(t, Selection{Shard: Shard{2, 2}}, users).Run(t.Context(), Config{Browser: "/nonexistent/browser"}, &k)
	if err != nil || sum.Incomplete || k.begun != 1 || k.ended != 1 {
		t.Errorf("%v, %+v", err, k)
	}
}

func TestAPanicLeavesAnEndedReport(t *testing.T) {
	p := planned(t, Selection{}, strings.Replace(orders, "apis: {", "apis: {gone: {command: [./no-such-program]}, ", 1))
	var k kept
	defer func() {
		if r := recover(); r != "told" || k.begun != 1 || k.ended != 1 || !k.sum.Incomplete {
			t.Errorf("%v, %+v", r, k)
		}
	}()
	_, err := p.Run(t.Context(), Config{Warn: func(error) { panic("told") }}, &k)
	t.Errorf("it returned %v", err)
}

func TestAServerThatEndedByItselfIsToldOfAndEndsNoRun(t *testing.T) {
	var told []error
	r := &runner{cfg: Config{Warn: func(err error) { told = append(told, err) }}}
	died := &harness.APIError{Name: "api", Down: true, Err: errors.New("it ended by itself")}
	stuck := errors.New("stop chromium: it is still there")
	if err := r.ended(errors.Join(stuck, died)); !errors.Is(err, stuck) || errors.Is(err, died) || len(told) != 1 || told[0] != died {
		t.Errorf("the error is %v, and told was %v", err, told)
	}
	if err := r.ended(nil); err != nil || len(told) != 1 {
		t.Errorf("nothing ended: %v, %v", err, told)
	}
}
