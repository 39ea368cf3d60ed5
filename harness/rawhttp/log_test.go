package rawhttp

import (
	"strconv"
	"sync"
	"testing"

	"github.com/corsproof/corsproof/harness/probe"
)

func urls(receipts []probe.Receipt) string {
	var s string
	for _, r := range receipts {
		s += r.URL
	}
	return s
}

func TestLogKeepsOrder(t *testing.T) {
	var l Log
	for _, url := range []string{"a", "b", "c", "d"} {
		l.Add(probe.Receipt{URL: url})
	}
	all := l.Since(0)
	if urls(all) != "abcd" || l.Len() != 4 {
		t.Fatalf("got %v", all)
	}
	if got := urls(l.Since(all[1].Seq)); got != "cd" {
		t.Errorf("since b: %q", got)
	}
	if got := urls(l.Since(all[3].Seq)); got != "" {
		t.Errorf("since d: %q", got)
	}
}

func TestLogTakeRemoves(t *testing.T) {
	var l Log
	for _, url := range []string{"a", "b", "a", "c"} {
		l.Add(probe.Receipt{URL: url})
	}
	isA := func(r probe.Receipt) bool { return r.URL == "a" }
	if got := urls(l.Take(isA)); got != "aa" {
		t.Errorf("took %q", got)
	}
	if got := urls(l.Take(isA)); got != "" {
		t.Errorf("took %q again", got)
	}
	if got := urls(l.Since(0)); got != "bc" || l.Len() != 2 {
		t.Errorf("left %q", got)
	}
}

func TestLogNumbersGrowAcrossLogs(t *testing.T) {
	var one, two Log
	one.Add(probe.Receipt{})
	two.Add(probe.Receipt{})
	one.Add(probe.Receipt{})
	a, b := one.Since(0), two.Since(0)
	if a[0].Seq >= b[0].Seq || b[0].Seq >= a[1].Seq {
		t.Errorf("numbers %d, %d, %d", a[0].Seq, b[0].Seq, a[1].Seq)
	}
}

func TestLogDropsTheOldest(t *testing.T) {
	var l Log
	for i := range maxReceipts + 3 {
		l.Add(probe.Receipt{URL: strconv.Itoa(i)})
	}
	if l.Len() != maxReceipts || l.Dropped() != 3 || l.Since(0)[0].URL != "3" {
		t.Errorf("%d receipts from %s, %d dropped", l.Len(), l.Since(0)[0].URL, l.Dropped())
	}
}

func TestLogServesManyAtOnce(t *testing.T) {
	var l Log
	var wg sync.WaitGroup
	taken := make([]int, 8)
	for i := range taken {
		wg.Go(func() {
			mine := strconv.Itoa(i)
			for range 500 {
				l.Add(probe.Receipt{URL: mine})
				taken[i] += len(l.Take(func(r probe.Receipt) bool { return r.URL == mine }))
				l.Since(0)
			}
		})
	}
	wg.Wait()
	for i, n := range taken {
		if n != 500 {
			t.Errorf("%d of 500 receipts of %d were taken", n, i)
		}
	}
}
