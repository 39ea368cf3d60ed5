package process

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// The first lines tell why a start failed, the last ones why it ended; a child
// that writes without end must not fill our memory.
const (
	headKept = 16 << 10
	tailKept = 512 << 10
)

// drainTime bounds the wait for a dead child's output: a descendant that left
// the process group can hold the pipe open for ever.
const drainTime = 2 * time.Second

// output keeps the beginning and the end of what is read from a pipe.
type output struct {
	reader *os.File
	also   io.Writer // or nil
	copied chan struct{}

	mu         sync.Mutex
	head, tail []byte
	total      int64
}

func newOutput(reader *os.File, also io.Writer) *output {
	return &output{reader: reader, also: also, copied: make(chan struct{})}
}

// copy reads the pipe to its end.
func (o *output) copy() {
	defer close(o.copied)
	buffer := make([]byte, 4<<10)
	for {
		n, err := o.reader.Read(buffer)
		o.keep(buffer[:n])
		if o.also != nil && n > 0 {
			_, _ = o.also.Write(buffer[:n]) // a writer that fails must not stop the child
		}
		if err != nil {
			return
		}
	}
}

// drain waits until the pipe is read to its end, or has stayed open too long, and closes it.
func (o *output) drain() {
	closes(o.copied, drainTime)
	o.reader.Close()
}

func (o *output) keep(p []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.total += int64(len(p))
	n := min(len(p), headKept-len(o.head))
	o.head = append(o.head, p[:n]...)
	o.tail = append(o.tail, p[n:]...)
	if len(o.tail) > 2*tailKept {
		o.tail = append(o.tail[:0], o.tail[len(o.tail)-tailKept:]...)
	}
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept := o.tail[max(0, len(o.tail)-tailKept):]
	missing := o.total - int64(len(o.head)+len(kept))
	if missing == 0 {
		return string(o.head) + string(kept)
	}
	return fmt.Sprintf("%s\n… %d bytes left out …\n%s", o.head, missing, kept)
}
