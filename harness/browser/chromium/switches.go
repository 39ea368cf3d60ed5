package chromium

import "slices"

// Switches returns the command-line switches with which an Engine starts every
// browser, and the name and value of each ("no-first-run", ""), without those of
// one browser alone: its profile, its pipe, and the policies that a
// probe.Browser lists. A benchmark starts its other browser with the same.
func Switches() [][2]string {
	var list [][2]string
	for _, f := range (launch{sandbox: true}).flags() {
		if !f.policy && !slices.Contains([]string{"user-data-dir", "remote-debugging-pipe"}, f.name) {
			list = append(list, [2]string{f.name, f.value})
		}
	}
	return list
}
