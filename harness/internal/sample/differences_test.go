package sample

import (
	"errors"
	"slices"
	"testing"

	"github.com/corsproof/corsproof/harness/probe"
)

func TestDifferencesNamesWhatWasChanged(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*probe.Observation)
		want   []string
	}{
		{"nothing", func(*probe.Observation) {}, nil},
		{"a field in a struct", func(o *probe.Observation) { o.Page.Status = 1 }, []string{"Page.Status"}},
		{"a field behind a pointer", func(o *probe.Observation) { o.Replay.Status = 1 }, []string{"Replay.Status"}},
		{"a pointer", func(o *probe.Observation) { o.Replay = nil }, []string{"Replay"}},
		{"an item of a list", func(o *probe.Observation) { o.Exchanges[1].ID = "x" }, []string{"Exchanges[1].ID"}},
		{"the length of a list", func(o *probe.Observation) { o.Exchanges = o.Exchanges[1:] }, []string{"Exchanges"}},
		{"an interface", func(o *probe.Observation) { o.Err = errors.New("x") }, []string{"Err"}},
		{"a time", func(o *probe.Observation) { o.Started = o.Started.AddDate(0, 0, 1) }, []string{"Started"}},
		{"two fields", func(o *probe.Observation) { o.From, o.Step = "x", 9 }, []string{"Step", "From"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Readable()
			c.change(&o)
			if got := Differences(Readable(), o); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
