package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/corsproof/corsproof/harness/nearest"
	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/github"
	"github.com/corsproof/corsproof/harness/report/harreport"
	"github.com/corsproof/corsproof/harness/report/html"
	"github.com/corsproof/corsproof/harness/report/jsonreport"
	"github.com/corsproof/corsproof/harness/report/junit"
	"github.com/corsproof/corsproof/harness/report/sarif"
	"github.com/corsproof/corsproof/harness/report/terminal"
)

// formats are the reports that can be written, in the order of the documentation.
var formats = []string{"terminal", "json", "junit", "html", "har", "sarif", "github"}

func newReport(format string, to io.Writer) report.Reporter {
	switch format {
	case "json":
		return jsonreport.New(to)
	case "junit":
		return junit.New(to)
	case "html":
		return html.New(to)
	case "har":
		return harreport.New(to)
	case "sarif":
		return sarif.New(to)
	case "github":
		return github.New(to)
	}
	return terminal.New(terminal.Config{To: to})
}

// wantedReport is one --report. A file "-" is standard output.
type wantedReport struct{ format, file string }

// parseReports reads all --report flags, and returns every mistake in them.
func parseReports(flags []string) ([]wantedReport, error) {
	var list []wantedReport
	var errs []error
	files := map[string]bool{}
	for _, text := range flags {
		format, file, ok := strings.Cut(text, "=")
		switch {
		case !slices.Contains(formats, format):
			errs = append(errs, fmt.Errorf("--report %s: there is no format %q (there are %s)%s",
				text, format, strings.Join(formats, ", "), nearest.Hint(format, formats)))
		case !ok || file == "":
			errs = append(errs, fmt.Errorf("--report %s: say where to, as in --report %s=FILE; - is standard output", text, format))
		case files[filepath.Clean(file)]:
			errs = append(errs, fmt.Errorf("--report %s: another report is written to that file", text))
		}
		files[filepath.Clean(file)] = true
		list = append(list, wantedReport{format, file})
	}
	return list, errors.Join(errs...)
}

// spare refuses reports that would be written over one of the files that are read, under whatever name. All such mistakes are returned.
func spare(flags, inputs []string) error {
	wanted, err := parseReports(flags)
	errs := []error{err}
	for _, w := range wanted {
		out, err := os.Stat(w.file)
		if w.file == "-" || err != nil || !out.Mode().IsRegular() {
			continue
		}
		for _, name := range inputs {
			if in, err := os.Stat(name); err == nil && os.SameFile(in, out) {
				errs = append(errs, fmt.Errorf("--report %s=%s would be written over %s, which is read: name another file", w.format, w.file, name))
				break
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return usageError("%w", err)
	}
	return nil
}

// outputs are the reports of a run, and the files that they are written to.
type outputs struct {
	report.Reporter
	files       []*os.File
	screenTaken bool // a report is written to standard output
}

// openReports opens all files for a run. The terminal's report is always there: on
// standard output, or on standard error where another report has that.
func openReports(s State, flags []string, total int, explain bool) (*outputs, error) {
	o, err := openFiles(s, flags)
	if err != nil {
		return nil, err
	}
	screen := terminal.Config{To: s.Stdout, TTY: s.Terminal, Color: s.color(), Width: s.Width, Total: total, Explain: explain}
	if o.screenTaken {
		screen.To, screen.TTY, screen.Color = s.Stderr, false, false
	}
	all := []report.Reporter{terminal.New(screen), o.Reporter}
	if on, _ := s.Env("GITHUB_ACTIONS"); on == "true" && !o.screenTaken {
		all = append(all, github.New(s.Stdout))
	}
	o.Reporter = report.Multi(all...)
	return o, nil
}

// openFiles opens the reports that the flags name.
func openFiles(s State, flags []string) (*outputs, error) {
	wanted, err := parseReports(flags)
	if err != nil {
		return nil, usageError("%w", err)
	}
	o := &outputs{}
	var all []report.Reporter
	for _, w := range wanted {
		to := s.Stdout
		if w.file == "-" {
			o.screenTaken = true
		} else if to, err = o.open(w.file); err != nil {
			return nil, &exitError{code: exitEnvironment, err: errors.Join(fmt.Errorf("open the %s report: %w", w.format, err), o.close())}
		}
		all = append(all, newReport(w.format, to))
	}
	o.Reporter = report.Multi(all...)
	return o, nil
}

// open creates a file, and the folder that it is in.
func (o *outputs) open(name string) (io.Writer, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return nil, err
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	o.files = append(o.files, f)
	return f, nil
}

func (o *outputs) close() error {
	var errs []error
	for _, f := range o.files {
		errs = append(errs, f.Close())
	}
	o.files = nil
	return errors.Join(errs...)
}
