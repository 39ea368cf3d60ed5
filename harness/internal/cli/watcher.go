package cli

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quiet is for how long nothing must change before the files count as written: editors write in several steps.
const quiet = 200 * time.Millisecond

// maxFolders bounds how many folders of a server's files are watched.
const maxFolders = 2000

// watcher tells of changes to a set of files and of folders with all below them.
type watcher struct {
	events  *fsnotify.Watcher
	files   map[string]bool // absolute, as all here
	trees   []string
	folders map[string]bool
	ignored map[string]bool
}

func newWatcher() (*watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return &watcher{events: events, files: map[string]bool{}, folders: map[string]bool{}, ignored: map[string]bool{}}, nil
}

// file adds a file. Its folder is what is watched, since editors put another file in the place of the old one.
func (w *watcher) file(name string) {
	name = absolute(name)
	w.files[name], w.folders[filepath.Dir(name)] = true, true
}

// ignore leaves a file out, such as one that we write ourselves.
func (w *watcher) ignore(name string) { w.ignored[absolute(name)] = true }

// tree adds a folder and all below it but hidden folders and installed packages.
func (w *watcher) tree(root string) {
	root = absolute(root)
	w.trees = append(w.trees, root)
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return nil // what cannot be read cannot be watched
		case path != root && isForeign(d.Name()), len(w.folders) >= maxFolders:
			return fs.SkipDir
		}
		w.folders[path] = true
		return nil
	})
}

func isForeign(folder string) bool {
	return strings.HasPrefix(folder, ".") || slices.Contains([]string{"node_modules", "vendor", "__pycache__", "target", "dist"}, folder)
}

func (w *watcher) begin() error {
	for folder := range w.folders {
		if err := w.events.Add(folder); err != nil {
			return err
		}
	}
	return nil
}

// next waits for a change, and until nothing has changed for a while. It returns the first file that did.
func (w *watcher) next(ctx context.Context) (first string) {
	var rest <-chan time.Time
	for {
		select {
		case e := <-w.events.Events:
			if !w.counts(e) {
				continue
			}
			if first == "" {
				first = e.Name
			}
			rest = time.After(quiet)
		case <-w.events.Errors: // what was lost meanwhile is seen with the next change
		case <-rest:
			return first
		case <-ctx.Done():
			return first
		}
	}
}

func (w *watcher) counts(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod || w.ignored[e.Name] {
		return false
	}
	if w.files[e.Name] {
		return true
	}
	return !isByproduct(e.Name) && slices.ContainsFunc(w.trees, func(root string) bool {
		rest, err := filepath.Rel(root, e.Name)
		return err == nil && !strings.HasPrefix(rest, "..")
	})
}

// isByproduct reports files that programs and editors write beside what people write.
func isByproduct(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~") ||
		slices.Contains([]string{".log", ".tmp", ".pid", ".swp", ".swx", ".db", ".sqlite", ".sqlite-journal", ".pyc"}, filepath.Ext(base))
}

func (w *watcher) close() { w.events.Close() }

func absolute(name string) string {
	if full, err := filepath.Abs(name); err == nil {
		return full
	}
	return name
}
