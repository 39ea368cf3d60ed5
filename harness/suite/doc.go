// Package suite reads YAML suites: it reports every mistake at once, each at
// its place ([Problem]), expands matrices lazily and in a stable order
// ([Suite.Cases]), and writes the format as JSON Schema ([Schema]).
//
// The format is data: tables of shapes, in format.go and beside it. By them a
// file is checked, defaults are merged into cases, and the schema is written.
//
//	s, err := suite.Load(ctx, "orders.yaml", suite.Options{Env: os.LookupEnv})
//	for _, p := range suite.Problems(err) {
//		fmt.Print(p.Render())
//	}
//	for c := range s.Cases() {
//		p, err := c.Resolve(origins) // once the APIs run
//	}
//
// Decisions that the format leaves open:
//
//   - A list where one value belongs makes a matrix, anywhere in from, cookies,
//     request, wait and clearCache. It does not where lists have a meaning of
//     their own: the values of request.headers, of form and of multipart are then
//     several lines, or several fields of one name; under expect a list of a
//     header's values is those lines as script reads them. Any other list under
//     expect is a mistake: cases that expect different things of one request
//     contradict each other.
//   - Defaults lie below each case, and below each step of one. Maps are merged
//     (headers by name without case), lists and single values replaced, and so is
//     a map that is one of several kinds: a body, an expected text.
//   - Texts may hold ${env.NAME}, filled in when the file is read; requests,
//     cookies and expectations also ${API} and ${from}, filled in by
//     [Case.Resolve]; answers ${API} and what the embedded API knows; a command
//     ${PORT}. "$${" stands for "${". Names, numbers and fixed words hold none.
//   - Included files' cases come after the file's own, in the order of the list;
//     a file that is included twice counts once. Its defaults are for its own cases.
//   - Paths are relative to the file they stand in.
package suite
