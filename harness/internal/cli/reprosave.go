package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/printable"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/repro"
	"github.com/corsproof/corsproof/harness/suite"
)

// canSave reports what would keep a suite from being saved, before anything is sent.
func canSave(file string, reports []wantedReport) error {
	if file == "" {
		return nil
	}
	if slices.ContainsFunc(reports, func(r wantedReport) bool { return filepath.Clean(r.file) == filepath.Clean(file) }) {
		return fmt.Errorf("--save %s: a report is written to that file", file)
	}
	if _, err := os.Lstat(file); err == nil {
		return there(file)
	}
	if info, err := os.Stat(filepath.Dir(file)); err != nil || !info.IsDir() {
		return fmt.Errorf("--save %s: there is no folder %s", file, filepath.Dir(file))
	}
	return nil
}

func there(file string) error {
	return fmt.Errorf("--save %s: the file is there already, and may have been worked on; name another", file)
}

// save writes the suite that keeps a failure from coming back: the page is to
// read what the tool read, and a stranger is to fare as it did today.
func save(to io.Writer, file string, seen []repro.Comparison) error {
	d, v := draft(seen)
	if len(d.Cases) == 0 {
		fmt.Fprintf(to, "\nNothing is saved: no page came to a verdict.\n")
		return nil
	}
	text := d.YAML()
	if err := create(file, text); err != nil {
		return err
	}
	fmt.Fprintf(to, "\nSaved as %s; run it with: corsproof run %s\n", file, file)
	for _, s := range v.list {
		fmt.Fprintf(to, "It takes a secret from the environment: set %s to %s.\n", s.variable, printable.Text(s.what))
	}
	if names := left(text, d); len(names) > 0 {
		fmt.Fprintf(to, "Values of these names stand in it as they are, in a URL or a body; take out what is secret: %s.\n", strings.Join(names, ", "))
	}
	return nil
}

// create writes a file that is not there yet, all of it or nothing.
func create(file string, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return usageError("%w", there(file))
	}
	if err != nil {
		return fmt.Errorf("save the suite: %w", err)
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("save the suite: %w", errors.Join(err, os.Remove(file)))
	}
	return nil
}

// left are the names of values in a draft that may be secret and stand there as they are.
func left(text []byte, d suite.Draft) []string {
	var names []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "      credentials: ") { // a member of the suite's own
			names = append(names, repro.SecretNames(line)...)
		}
	}
	for _, c := range d.Cases {
		if b := c.Request.Body; b != nil {
			names = append(names, repro.SecretNames(string(b.Bytes))...) // base64 in the file
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// draft is the suite, and the environment variables that it needs once it is written.
func draft(seen []repro.Comparison) (suite.Draft, *variables) {
	v := &variables{}
	d := suite.Draft{Name: "repro", Secret: v.secret}
	for _, c := range seen {
		at := repro.OriginOf(c.Imported)
		for _, p := range c.Pages {
			if p.Seen.Err != nil {
				continue // nobody knows how it would have fared
			}
			if !slices.ContainsFunc(d.APIs, func(a suite.DraftAPI) bool { return a.URL == at }) {
				d.APIs = append(d.APIs, suite.DraftAPI{Name: "api" + number(len(d.APIs)), URL: at})
			}
			d.Cases = append(d.Cases, draftCase(c, p))
			d.Redact = append(d.Redact, redacted(p.Seen.Request.Headers, d.Redact)...)
		}
	}
	return d, v
}

// redacted are the headers that reports are to be told to redact, without those that they know and those that are listed.
func redacted(headers fetch.HeaderList, listed []string) []string {
	var names []string
	for _, h := range headers {
		same := func(name string) bool { return strings.EqualFold(name, h.Name) }
		if repro.IsSecret(h.Name) && !same("Authorization") && !slices.ContainsFunc(slices.Concat(listed, names), same) {
			names = append(names, h.Name)
		}
	}
	return names
}

// number tells the second API from the first, which has none.
func number(before int) string {
	if before == 0 {
		return ""
	}
	return strconv.Itoa(before + 1)
}

func draftCase(c repro.Comparison, p repro.Page) suite.DraftCase {
	out := suite.DraftCase{
		Name: "a page at " + p.From + " reads " + c.Imported.Name, From: []string{p.From},
		Cookies: c.Imported.Cookies, Request: p.Seen.Request, Outcome: probe.Readable, Status: status(c, p),
	}
	out.Request.Client = ""
	if p.Stranger {
		out.Name = "a page at " + p.From + " asks for " + c.Imported.Name
		out.Comment = "As it is today. Should a page that has nothing to do with the API be able to read this?"
		if out.Outcome = p.Seen.Outcome; out.Outcome != probe.Readable {
			out.Status = 0
		}
	}
	return out
}

// status is what script is to read: what it read today, or else what the tool did, unless that is a redirect, which fetch() follows.
func status(c repro.Comparison, p repro.Page) int {
	follows := p.Seen.Request.Redirect == "" || p.Seen.Request.Redirect == fetch.Follow
	switch {
	case p.Readable():
		return p.Seen.Page.Status
	case follows && c.Tool.Status/100 == 3:
		return 0
	}
	return c.Tool.Status
}
