package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
	"github.com/corsproof/corsproof/harness/repro"
)

const reproLong = `Send a request as its tool would and as a page would, and say why the page could not read the answer.

Each request is sent once by the tool's rules and once from each page: it runs what a POST or a DELETE runs.
Where the cause is not plain, more GET, HEAD and OPTIONS requests tell it: to the same URL, some from other origins, some with a query
that no cache knows.
Without --from the pages are that which the request came from (by its Origin or Referer) or ` + repro.DevOrigin + `,
and one that has nothing to do with the API.

The exit code is 1 where a page could not read the answer; the page of the unrelated origin does not count.`

const reproExamples = `  corsproof repro -- curl -X PUT http://localhost:8080/orders/1 -H 'Content-Type: application/json' -d '{}'
  corsproof repro --from https://app.example.com --save orders.yaml http://localhost:8080/orders
  pbpaste | corsproof repro -
  corsproof repro --postman shop.postman_collection.json --filter orders`

// reproOptions are the flags of repro.
type reproOptions struct {
	repro.Config
	source
	credentials string
	save        string
	server      string
	reports     []string
	showSecrets bool
}

func reproCommand(s State) *cobra.Command {
	var o reproOptions
	cmd := &cobra.Command{
		Use:   "repro [--] (curl ARGUMENT... | URL | -)",
		Short: "Works in Postman, fails in the browser: send a request both ways, and say why",
		Long:  reproLong, Example: reproExamples,
		RunE: func(cmd *cobra.Command, args []string) error {
			return misplaced(cmd, args, o.command(cmd.Context(), s, args))
		},
	}
	f := cmd.Flags()
	f.SetInterspersed(false) // what follows curl is curl's
	f.StringArrayVar(&o.From, "from", nil, "the page's `ORIGIN` (may be repeated)")
	f.StringVar(&o.credentials, "credentials", "", "the page's credentials `MODE`: omit, same-origin or include")
	f.StringVar(&o.postman, "postman", "", "take the requests of a Postman v2.1 collection `FILE`")
	f.StringVar(&o.environment, "environment", "", "take variables from a Postman environment `FILE`")
	f.StringVar(&o.har, "har", "", "take the requests of a HAR `FILE`, as DevTools saves it")
	f.StringVar(&o.filter, "filter", "", "only requests whose name or URL has `TEXT` in it")
	serverFlag(cmd, &o.server)
	f.StringVar(&o.save, "save", "", "write a suite to `FILE` that keeps it from coming back")
	f.StringArrayVar(&o.reports, "report", nil, "write a report: `FORMAT=FILE`, as for run (may be repeated)")
	f.StringVar(&o.Browser, "browser", "", "path or name of the browser")
	f.BoolVar(&o.showSecrets, "show-secrets", false, "leave Authorization, Cookie and the like in what is printed")
	return cmd
}

func (o reproOptions) command(ctx context.Context, s State, args []string) error {
	if err := o.validate(); err != nil {
		return err
	}
	if err := spare(o.reports, []string{o.postman, o.environment, o.har}); err != nil {
		return err
	}
	o.Credentials = fetch.CredentialsMode(o.credentials)
	list, err := o.requests(ctx, s, args)
	if ctx.Err() != nil {
		return interrupted()
	}
	if err != nil {
		return err
	}
	out, err := openFiles(s, o.reports)
	if err != nil {
		return err
	}
	t := newTelling(s, out, o)
	t.planned = o.Planned(list)
	err = repro.Compare(ctx, o.Config, list, t.comparison)
	written := t.end()
	if err == nil && o.save != "" {
		err = save(t.to, o.save, t.seen)
	}
	return t.verdict(ctx, errors.Join(err, written))
}

func (o reproOptions) validate() error {
	var errs []error
	for _, from := range o.From {
		if _, err := fetch.ParseOrigin(from); err != nil && from != "null" {
			errs = append(errs, fmt.Errorf("--from %s: %w", from, err))
		}
	}
	switch fetch.CredentialsMode(o.credentials) {
	case "", fetch.Omit, fetch.SameOrigin, fetch.Include:
	default:
		errs = append(errs, fmt.Errorf("--credentials %s: write omit, same-origin or include", o.credentials))
	}
	errs = append(errs, knownServer(o.server))
	reports, err := parseReports(o.reports)
	errs = append(errs, err)
	if err := errors.Join(append(errs, canSave(o.save, reports))...); err != nil {
		return usageError("%w", err)
	}
	return nil
}

// misplaced says where a flag of ours has to be that stands behind the source, if that is what went wrong.
func misplaced(cmd *cobra.Command, args []string, err error) error {
	var exit *exitError
	if !errors.As(err, &exit) || exit.code != exitUsage || len(args) == 0 {
		return err
	}
	for _, word := range args[1:] {
		name, long := strings.CutPrefix(word, "--")
		name, _, _ = strings.Cut(name, "=")
		if long && cmd.LocalNonPersistentFlags().Lookup(name) != nil && name != "help" {
			return usageError("--%s is a flag of corsproof's: put it before --, as in corsproof repro --%s … -- curl …", name, name)
		}
	}
	return err
}

func interrupted() error { return &exitError{code: exitInterrupted, err: errors.New("interrupted")} }

// classified gives an error that nobody has classified the exit code of the environment.
func classified(err error) error {
	var exit *exitError
	if errors.As(err, &exit) {
		return err
	}
	return &exitError{code: exitEnvironment, err: err}
}

// named reports whether a request's name or URL has the text in it.
func named(r importer.Imported, text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(strings.ToLower(r.Name), text) || strings.Contains(strings.ToLower(r.Tool.URL), text)
}
