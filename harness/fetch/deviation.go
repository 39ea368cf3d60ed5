package fetch

import "slices"

// Deviation is a known difference between a browser and the Standard.
type Deviation struct {
	Browser string // the engine: "chromium" (Chrome, Edge and headless-shell too), "firefox"
	ID      string // unique, stable
	Kind    Kind   // in what it shows
	Clause  string // the URL of the clause that is not followed
	What    string // what the browser does instead
	Reason  string // why it does, and where that is discussed
	Since   string // the version or year since when it is known
	// Waives is the step that the browser does not take, of WaivedCheck. It is empty otherwise.
	Waives Step
	// shows recognises it in a difference, where Waives is empty.
	shows func(Difference) bool
}

// Explain tells the differences of a browser (named as in [Deviation]) that are
// known from the others. known has each deviation once, in the order in which the differences show it.
func Explain(browser string, differences []Difference) (known []Deviation, unknown []Difference) {
	for _, difference := range differences {
		explained := false
		for _, d := range Deviations {
			if d.Browser != browser || !d.explains(difference) {
				continue
			}
			explained = true
			if !slices.ContainsFunc(known, func(k Deviation) bool { return k.ID == d.ID }) {
				known = append(known, d)
			}
		}
		if !explained {
			unknown = append(unknown, difference)
		}
	}
	return known, unknown
}

func (d Deviation) explains(difference Difference) bool {
	if d.Waives != "" {
		return difference.Kind == WaivedCheck && difference.Violation.Step == d.Waives
	}
	return d.shows(difference)
}
