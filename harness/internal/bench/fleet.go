package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/corsproof/corsproof/servers"
)

// fleet starts one instance of each server under test, side by side.
func fleet(ctx context.Context, _ Config, show func(Figure)) (err error) {
	started := time.Now()
	f, err := servers.StartFleet(ctx)
	if err != nil {
		return err
	}
	took := time.Since(started).Seconds()
	defer func() { err = errors.Join(err, f.Close()) }()
	which := fmt.Sprintf("%d servers side by side", len(f.URLs))
	if len(f.Missing) > 0 {
		which += ", without " + strings.Join(slices.Sorted(maps.Keys(f.Missing)), ", ")
	}
	show(Figure{Name: "fleet-start", Value: fmt.Sprintf("%.1f s until all are ready: %s", took, which), Target: "less than 20 s on two cores", Met: took < 20})
	memory := Figure{Name: "fleet-memory", Target: "less than 1 GB"}
	if bytes, err := f.Memory(); err != nil {
		memory.Skipped = err.Error()
	} else {
		memory.Value, memory.Met = fmt.Sprintf("%.0f MB in the processes of %s", float64(bytes)/1e6, which), bytes < 1e9
	}
	show(memory)
	return nil
}
