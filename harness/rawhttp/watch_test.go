package rawhttp

import "testing"

func TestWatchSeesTheFinalAnswerHoweverItIsCut(t *testing.T) {
	for _, tt := range []struct {
		name, stream string
		final        int
		at           int // up to how many bytes it may not have been seen
	}{
		{"a plain answer", "HTTP/1.1 200 OK\r\n\r\nbody", 200, 11},
		{"HTTP/1.0", "HTTP/1.0 404 \r\n\r\n", 404, 11},
		{"after 100", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 x\r\n\r\n", 204, 25 + 11},
		{"after early hints with headers", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 200, 40 + 11},
		{"after 1xx with bare line feeds", "HTTP/1.1 199\n\nHTTP/1.1 500 x\n\n", 500, 14 + 11},
		{"switching protocols is final", "HTTP/1.1 101 x\r\n\r\n\x81\x05hello", 101, 11},
		{"no HTTP", "\x00\x01garbage, and more of it", -1, 11},
		{"no number", "HTTP/1.1 abc\r\n\r\n", -1, 11},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for cut := range len(tt.stream) + 1 {
				seen := 0
				var w responseWatch
				w.expect(func() { seen++ })
				w.feed([]byte(tt.stream[:cut]))
				if before := seen; before == 1 != (cut > tt.at) {
					t.Fatalf("after %d bytes: seen %d times", cut, before)
				}
				w.feed([]byte(tt.stream[cut:]))
				if seen != 1 || w.final != tt.final || w.switched() != (tt.final == 101) {
					t.Fatalf("cut at %d: seen %d times, final %d", cut, seen, w.final)
				}
			}
		})
	}
}

func TestWatchLooksAtEachAnswerAnew(t *testing.T) {
	var w responseWatch
	for _, stream := range []string{"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 101", "HTTP/1.1 101 x\r\n\r\n"} {
		w.expect(func() {})
		w.feed([]byte(stream))
	}
	if !w.switched() {
		t.Errorf("final is %d", w.final)
	}
}
