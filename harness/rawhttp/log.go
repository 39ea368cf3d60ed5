package rawhttp

import (
	"sort"
	"sync"
	"sync/atomic"

	"github.com/corsproof/corsproof/harness/probe"
)

// maxReceipts bounds a Log. A request from a browser is about 1 KiB, so this is
// about 100 MB at the most, and more than any run leaves lying between two looks.
const maxReceipts = 100_000

// sequence numbers the receipts of the process, whatever Log they are in.
var sequence atomic.Uint64

// Log collects receipts. Its zero value is ready, and it is safe for concurrent
// use. It keeps the newest 100,000.
type Log struct {
	mu       sync.Mutex
	receipts []probe.Receipt // in the order of Seq
	dropped  uint64
}

// Add appends a receipt and gives it its Seq, which is larger than any before in this process.
func (l *Log) Add(r probe.Receipt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Seq = sequence.Add(1)
	if len(l.receipts) >= maxReceipts {
		l.receipts[0] = probe.Receipt{} // so that its body can be freed
		l.receipts = l.receipts[1:]
		l.dropped++
	}
	l.receipts = append(l.receipts, r)
}

// Since returns the receipts with a Seq above seq, in order. Zero means all.
func (l *Log) Since(seq uint64) []probe.Receipt {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := sort.Search(len(l.receipts), func(i int) bool { return l.receipts[i].Seq > seq })
	return append([]probe.Receipt(nil), l.receipts[first:]...)
}

// Take removes the receipts that match, and returns them in order.
func (l *Log) Take(match func(probe.Receipt) bool) []probe.Receipt {
	l.mu.Lock()
	defer l.mu.Unlock()
	var taken []probe.Receipt
	kept := l.receipts[:0]
	for _, r := range l.receipts {
		if match(r) {
			taken = append(taken, r)
		} else {
			kept = append(kept, r)
		}
	}
	clear(l.receipts[len(kept):])
	l.receipts = kept
	return taken
}

// Len returns the number of receipts in the log.
func (l *Log) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.receipts)
}

// Dropped returns how many receipts were dropped because the log was full.
func (l *Log) Dropped() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}
