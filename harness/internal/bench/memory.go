package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
)

// memory sends many probes and looks at this process: its peak, and whether the heap grows with the probes.
func memory(ctx context.Context, cfg Config, show func(Figure)) (err error) {
	first, all := 2_000, 20_000
	if cfg.Quick {
		first, all = 500, 2_000
	}
	w, err := newWorld(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = closed(err, w) }()
	if _, err := w.rate(ctx, first, callers, ""); err != nil {
		return err
	}
	early := heapInUse()
	if _, err := w.rate(ctx, all-first, callers, ""); err != nil {
		return err
	}
	late := heapInUse()
	growth := late/early - 1
	show(peak(all))
	show(Figure{
		Name:   "memory-growth",
		Value:  fmt.Sprintf("%+.1f %% heap in use from probe %d to probe %d (%.1f MB to %.1f MB)", 100*growth, first, all, early, late),
		Target: "within 10 %", Met: growth <= 0.10,
	})
	return nil
}

// heapInUse is the heap that is in use after garbage was collected, in MB.
func heapInUse() float64 {
	runtime.GC()
	runtime.GC() // what the first one finalised
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse) / 1e6
}

// peak is the most memory that the process had so far.
func peak(probes int) Figure {
	f := Figure{Name: "memory-peak", Target: "below 150 MB"}
	mb, err := peakRSS()
	if err != nil {
		f.Skipped = err.Error()
		return f
	}
	f.Value, f.Met = fmt.Sprintf("%.0f MB resident at the most, the API under test included, in %d probes", mb, probes), mb < 150
	return f
}

// peakRSS reads the process's resident high-water mark, in MB, where the system tells it.
func peakRSS() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("this system does not tell a process's peak: %w", err)
	}
	for line := range bytes.Lines(status) {
		fields := bytes.Fields(line)
		if len(fields) >= 2 && string(fields[0]) == "VmHWM:" {
			kib, err := strconv.ParseFloat(string(fields[1]), 64)
			return kib * 1024 / 1e6, err
		}
	}
	return 0, fmt.Errorf("/proc/self/status has no VmHWM")
}
