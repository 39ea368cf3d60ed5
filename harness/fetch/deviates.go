package fetch

import (
	"slices"
	"strconv"
	"strings"
)

// How deviations show in a difference, where that takes more than a line.

// unaskedClientHint is a client hint that no preflight asked for. Chromium
// checks the values of those that script can set as it would write them itself.
func unaskedClientHint(d Difference) bool {
	h := d.header()
	if len(h.Value) > maxSafelistedValue {
		return false
	}
	switch byteLower(h.Name) {
	case "device-memory", "dpr", "downlink":
		whole, fraction, point := strings.Cut(h.Value, ".")
		return isDigits(whole) && (!point || isDigits(fraction))
	case "width", "viewport-width", "rtt":
		return isDigits(h.Value)
	case "ect":
		return slices.Contains([]string{"slow-2g", "2g", "3g", "4g"}, h.Value)
	case "save-data":
		return byteEqualFold(h.Value, "on")
	default:
		return false
	}
}

// joined is the list with all lines of a name as one.
func joined(list HeaderList) HeaderList {
	var out HeaderList
	for _, h := range list {
		if !out.Has(h.Name) {
			value, _ := list.Get(h.Name)
			out = append(out, Header{h.Name, value})
		}
	}
	return out
}

// hasLongRange reports a Range header with a number that no signed 64-bit integer holds.
func hasLongRange(list HeaderList) bool {
	for _, value := range list.Values("Range") {
		spec, _ := strings.CutPrefix(value, "bytes=")
		for number := range strings.SplitSeq(spec, "-") {
			if _, err := strconv.ParseInt(number, 10, 64); isDigits(number) && err != nil {
				return true
			}
		}
	}
	return false
}
