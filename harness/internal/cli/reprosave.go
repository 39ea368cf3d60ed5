package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/repro"
	"github.com/corsproof/corsproof/harness/suite"
)

// save writes the suite that keeps a failure from coming back: the page is to
// read what the tool read, and a stranger is to fare as it did today.
func save(s State, file string, seen []repro.Comparison) error {
	d, variables := draft(seen)
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return usageError("--save %s: the file is there already, and may have been worked on; name another", file)
	}
	if err != nil {
		return fmt.Errorf("save the suite: %w", err)
	}
	_, err = f.Write(d.YAML())
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("save the suite: %w", err)
	}
	fmt.Fprintf(s.Stdout, "\nSaved as %s; run it with: corsproof run %s\n", file, file)
	for _, name := range variables {
		fmt.Fprintf(s.Stdout, "It takes a secret from the environment: set %s.\n", name)
	}
	return nil
}

// draft is the suite, and the names of the environment variables that it needs.
func draft(seen []repro.Comparison) (d suite.Draft, variables []string) {
	d.Name = "repro"
	names := map[string]bool{}
	for _, c := range seen {
		at := repro.OriginOf(c.Imported)
		if !slices.ContainsFunc(d.APIs, func(a suite.DraftAPI) bool { return a.URL == at }) {
			d.APIs = append(d.APIs, suite.DraftAPI{Name: "api" + number(len(d.APIs)), URL: at})
		}
		env := secrets(c)
		for name := range maps.Values(env) {
			names[name] = true
		}
		for _, p := range c.Pages {
			d.Cases = append(d.Cases, draftCase(c, p, env))
		}
	}
	return d, slices.Sorted(maps.Keys(names))
}

// number tells the second API from the first, which has none.
func number(before int) string {
	if before == 0 {
		return ""
	}
	return strconv.Itoa(before + 1)
}

func draftCase(c repro.Comparison, p repro.Page, env map[string]string) suite.DraftCase {
	out := suite.DraftCase{
		Name: "a page at " + p.From + " reads " + c.Imported.Name, From: []string{p.From},
		Cookies: c.Imported.Cookies, Request: p.Seen.Request, Outcome: probe.Readable, Status: c.Tool.Status, Env: env,
	}
	out.Request.Client = ""
	if p.Stranger && p.Seen.Err == nil {
		out.Name = "a page at " + p.From + " asks for " + c.Imported.Name
		out.Comment = "As it is today. Should a page that has nothing to do with the API be able to read this?"
		if out.Outcome = p.Seen.Outcome; out.Outcome != probe.Readable {
			out.Status = 0
		}
	}
	return out
}

// secrets are the environment variables that stand in a saved suite for what must not be in a file.
func secrets(c repro.Comparison) map[string]string {
	env := map[string]string{}
	for _, h := range c.Imported.Request.Headers {
		name := strings.ToLower(h.Name)
		if name == "authorization" || strings.Contains(name, "token") || strings.Contains(name, "api-key") || strings.Contains(name, "secret") {
			env[name] = variable(h.Name)
		}
	}
	for _, k := range c.Imported.Cookies {
		env["cookie "+k.Name] = variable("COOKIE_" + k.Name)
	}
	return env
}

// variable is a name as environment variables have them.
func variable(name string) string {
	return "CORSPROOF_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}
