package servers

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Memory is how many bytes the processes below this one have, where the system tells it (Linux): those of the fleet where
// nothing else was started. A page that several processes share is counted once (PSS).
func (f *Fleet) Memory() (int64, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		return 0, errors.Join(err, errors.New("this system has no /proc that tells its processes' memory"))
	}
	children := map[int][]int{}
	for _, file := range stats {
		if pid, parent, ok := readStat(file); ok {
			children[parent] = append(children[parent], pid)
		}
	}
	return memoryBelow(os.Getpid(), children)
}

// readStat reads who a process's parent is; a process may have ended meanwhile.
func readStat(file string) (pid, parent int, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, 0, false
	}
	rest := text[bytes.LastIndexByte(text, ')')+1:] // the program's name may have blanks in it
	_, err = fmt.Sscanf(string(rest), " %1s %d", new(string), &parent)
	pid, failed := strconv.Atoi(filepath.Base(filepath.Dir(file)))
	return pid, parent, err == nil && failed == nil
}

func memoryBelow(pid int, children map[int][]int) (sum int64, err error) {
	for _, child := range children[pid] {
		own, err := memoryOf(child)
		if err != nil {
			return 0, err
		}
		below, err := memoryBelow(child, children)
		if err != nil {
			return 0, err
		}
		sum += own + below
	}
	return sum, nil
}

// memoryOf is a process's own, and 0 where it has ended.
func memoryOf(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("Pss:")); ok {
			var kib int64
			_, err := fmt.Sscanf(string(rest), "%d kB", &kib)
			return kib << 10, err
		}
	}
	return 0, nil // it is ending, and has none any more
}
