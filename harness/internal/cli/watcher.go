package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
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

// watcher tells of changes to a set of files, and to folders with all below them.
type watcher struct {
	ofFiles *fsnotify.Watcher
	ofTrees *fsnotify.Watcher
	files   map[string]bool // absolute, as all here
	trees   []string
	ours    []os.FileInfo // files that we print to
}

func newWatcher() (*watcher, error) {
	ofFiles, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	ofTrees, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, errors.Join(err, ofFiles.Close())
	}
	return &watcher{ofFiles: ofFiles, ofTrees: ofTrees, files: map[string]bool{}}, nil
}

// ignore leaves out a file that we print to ourselves.
func (w *watcher) ignore(out io.Writer) {
	if f, ok := out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			w.ours = append(w.ours, info)
		}
	}
}

// isOurs reports a file that we print to ourselves.
func (w *watcher) isOurs(name string) bool {
	info, err := os.Stat(name)
	return err == nil && slices.ContainsFunc(w.ours, func(other os.FileInfo) bool { return os.SameFile(info, other) })
}

// file adds a file.
func (w *watcher) file(name string) { w.files[absolute(name)] = true }

// tree adds a folder and all below it but hidden folders and installed packages.
func (w *watcher) tree(root string) { w.trees = append(w.trees, absolute(root)) }

// beginFiles watches the files from now on. Their folders are what is watched, since editors put another file in the place of the old one.
func (w *watcher) beginFiles() error {
	folders := map[string]bool{}
	for name := range w.files {
		folders[filepath.Dir(name)] = true
	}
	return add(w.ofFiles, folders)
}

// beginTrees watches the trees from now on.
func (w *watcher) beginTrees() error {
	folders := map[string]bool{}
	for _, root := range w.trees {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || !d.IsDir():
				return nil // what cannot be read cannot be watched
			case path != root && isForeign(d.Name()), len(folders) >= maxFolders:
				return fs.SkipDir
			}
			folders[path] = true
			return nil
		})
	}
	return add(w.ofTrees, folders)
}

// add watches folders, but those that are gone.
func add(to *fsnotify.Watcher, folders map[string]bool) error {
	for folder := range folders {
		if err := to.Add(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func isForeign(folder string) bool {
	return strings.HasPrefix(folder, ".") || slices.Contains([]string{"node_modules", "vendor", "__pycache__", "target", "dist"}, folder)
}

// next waits for a change, and until nothing has changed for a while. It returns the first file that did.
func (w *watcher) next(ctx context.Context) (first string) {
	var rest <-chan time.Time
	for {
		changed := ""
		select {
		case e := <-w.ofFiles.Events:
			if e.Op != fsnotify.Chmod && w.files[e.Name] {
				changed = e.Name
			}
		case e := <-w.ofTrees.Events:
			if e.Op != fsnotify.Chmod && !isByproduct(e.Name) && !w.isOurs(e.Name) {
				changed = e.Name
			}
		case <-w.ofFiles.Errors: // what was lost meanwhile is seen with the next change
		case <-w.ofTrees.Errors:
		case <-rest:
			return first
		case <-ctx.Done():
			return first
		}
		if changed != "" {
			first, rest = cmp.Or(first, changed), time.After(quiet)
		}
	}
}

// isByproduct reports files that programs and editors write beside what people write.
func isByproduct(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~") ||
		slices.Contains([]string{".log", ".tmp", ".pid", ".swp", ".swx", ".db", ".sqlite", ".sqlite-journal", ".pyc"}, filepath.Ext(base))
}

// close ends it. What that could fail at has no consequence: nobody waits any more.
func (w *watcher) close() { _, _ = w.ofFiles.Close(), w.ofTrees.Close() }

func absolute(name string) string {
	if full, err := filepath.Abs(name); err == nil {
		return full
	}
	return name
}
