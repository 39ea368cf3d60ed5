package terminal

import (
	"fmt"
	"strings"
	"time"
)

// pause is the least time between two bars: more often than ten times a second helps nobody.
const pause = 100 * time.Millisecond

// eraseLine goes to the line's start and clears it (ECMA-48: CR, EL).
const eraseLine = "\r\x1b[K"

func (w *Writer) erase() string {
	if !w.bar {
		return ""
	}
	w.bar = false
	return eraseLine
}

// redraw is the bar, or nothing where the last is fresh enough.
func (w *Writer) redraw(always bool) string {
	now := w.c.Now()
	if !w.c.TTY || (!always && now.Sub(w.drawn) < pause) {
		return ""
	}
	gone := w.erase()
	w.drawn, w.bar = now, true
	return gone + w.progress(now.Sub(w.begun))
}

// progress is "[=====>    ] 12/40, 2 failed, 310/s". It is ASCII and shorter than the terminal is wide, so that it never wraps.
func (w *Writer) progress(since time.Duration) string {
	done := w.sum.Total()
	text := fmt.Sprint(done)
	if w.c.Total > 0 {
		text += fmt.Sprintf("/%d", w.c.Total)
	}
	if w.sum.Failed > 0 {
		text += fmt.Sprintf(", %d failed", w.sum.Failed)
	}
	if w.sum.Errors > 0 {
		text += fmt.Sprintf(", %d without a verdict", w.sum.Errors)
	}
	if since > 0 && done > 0 {
		text += fmt.Sprintf(", %.0f/s", float64(done)/since.Seconds())
	}
	room := min(w.c.Width-1-len(text)-3, 40)
	if w.c.Total > 0 && room >= 5 {
		full := min(room*done/w.c.Total, room)
		text = "[" + strings.Repeat("=", full) + strings.Repeat(" ", room-full) + "] " + text
	}
	return text[:min(len(text), max(w.c.Width-1, 0))]
}
