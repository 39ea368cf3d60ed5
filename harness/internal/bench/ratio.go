package bench

import (
	"fmt"
	"slices"
)

// side measures once and returns a rate, or a time in seconds.
type side func() (float64, error)

// sample is what the rounds gave.
type sample struct {
	a, b, ratios []float64 // a ratio is a to b of the same round
}

// alternate measures both sides in turns, and changes who is first from round
// to round, so that what else the machine does meets both.
func alternate(rounds int, a, b side) (sample, error) {
	var s sample
	for round := range rounds {
		x, y, err := inOrder(round%2 == 0, a, b)
		if err != nil {
			return s, err
		}
		s.a, s.b, s.ratios = append(s.a, x), append(s.b, y), append(s.ratios, x/y)
	}
	return s, nil
}

func inOrder(aFirst bool, a, b side) (x, y float64, err error) {
	if aFirst {
		if x, err = a(); err == nil {
			y, err = b()
		}
		return x, y, err
	}
	if y, err = b(); err == nil {
		x, err = a()
	}
	return x, y, err
}

// ratio is the median of the rounds' ratios.
func (s sample) ratio() float64 { return median(s.ratios) }

// spread is the smallest and the largest ratio.
func (s sample) spread() string {
	return fmt.Sprintf("%.2f to %.2f in %d rounds", slices.Min(s.ratios), slices.Max(s.ratios), len(s.ratios))
}

// median returns the middle value, the mean of the two middle ones where there
// are two, and 0 for none.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
