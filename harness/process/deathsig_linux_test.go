package process_test

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/process"
)

// The kernel signals a child when the thread that started it ends. https://go.dev/issue/27505
func TestAChildOutlivesTheThreadThatCalledStart(t *testing.T) {
	children := make(chan *process.Process, 8)
	threads := endThreads(cap(children), func() {
		children <- startShell(t, `sleep 600`, process.Config{})
	})
	close(children)
	for _, thread := range threads {
		if thread == syscall.Getpid() {
			continue // the main thread never ends
		}
		task := fmt.Sprintf("/proc/self/task/%d", thread)
		eventually(t, "the thread has ended", func() bool { return !exists(task) })
	}
	for p := range children {
		if !alive(p.Pid()) {
			t.Errorf("the child died with the thread: %v", p.Err())
		}
	}
}

// endThreads calls do on that many threads at once, ends them and returns their ids.
func endThreads(many int, do func()) []int {
	var threads []int
	var mu sync.Mutex
	var all, none sync.WaitGroup
	all.Add(many)
	for range many {
		none.Go(func() {
			defer all.Wait()
			defer all.Done()
			runtime.LockOSThread() // never unlocked: the thread ends with its goroutine
			mu.Lock()
			threads = append(threads, syscall.Gettid())
			mu.Unlock()
			do()
		})
	}
	none.Wait()
	return threads
}
