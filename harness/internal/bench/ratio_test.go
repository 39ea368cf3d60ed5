package bench

import (
	"errors"
	"slices"
	"testing"
)

func TestTheMedianIsTheMiddle(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{3}, 3},
		{[]float64{9, 1, 2}, 2},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		if got := median(c.values); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.values, got, c.want)
		}
	}
}

func TestTheSidesTakeTurnsAndSoDoesWhoIsFirst(t *testing.T) {
	var order []string
	a := func() (float64, error) { order = append(order, "a"); return 6, nil }
	b := func() (float64, error) { order = append(order, "b"); return float64(len(order)), nil }
	s, err := alternate(3, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "b", "b", "a", "a", "b"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	if want := []float64{3, 2, 1}; !slices.Equal(s.ratios, want) || s.ratio() != 2 {
		t.Errorf("ratios %v, median %v; want %v, 2", s.ratios, s.ratio(), want)
	}
	if want := "1.00 to 3.00 in 3 rounds"; s.spread() != want {
		t.Errorf("spread %q, want %q", s.spread(), want)
	}
}

func TestASideThatFailsEndsTheRounds(t *testing.T) {
	broken := errors.New("broken")
	fine := func() (float64, error) { return 1, nil }
	fails := func() (float64, error) { return 0, broken }
	for _, sides := range [][2]side{{fine, fails}, {fails, fine}} {
		if s, err := alternate(3, sides[0], sides[1]); !errors.Is(err, broken) || len(s.ratios) > 0 {
			t.Errorf("got %v with %v, want the error and no ratio", err, s.ratios)
		}
	}
}
