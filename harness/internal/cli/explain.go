package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/corsproof/corsproof/harness/diagnose"
	"github.com/corsproof/corsproof/harness/diagnose/cases"
	"github.com/corsproof/corsproof/harness/nearest"
)

func explainCommand(s State) *cobra.Command {
	return &cobra.Command{
		Use: "explain [RULE]", Short: "Explain what a finding means, with an example; without a rule, list all of them",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError("%s takes one rule, and got %q", cmd.CommandPath(), args)
			}
			if len(args) == 1 {
				return knownRule(args[0])
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completions(begun), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: printing(func(_ *cobra.Command, args []string) error {
			v := view{width: s.Width, color: s.color()}
			text := v.rules()
			if len(args) == 1 {
				rule, _ := diagnose.Lookup(args[0])
				text = v.rule(rule)
			}
			_, err := fmt.Fprint(s.Stdout, text)
			return err
		}),
	}
}

// knownRule is an error where there is no rule of that id.
func knownRule(id string) error {
	if _, ok := diagnose.Lookup(id); ok {
		return nil
	}
	var ids, by, about []string
	word := strings.TrimSuffix(strings.ToLower(id), "s")
	for _, r := range diagnose.Rules() {
		ids = append(ids, r.ID)
		if len(word) > 2 && strings.Contains(r.ID, word) {
			about = append(about, r.ID)
		}
		if slices.Contains(r.Codes, id) {
			by = append(by, r.ID)
		}
	}
	if len(by) > 0 {
		return usageError("%s is the browser's word, behind which stand several causes: see corsproof explain with one of %s", id, strings.Join(by, ", "))
	}
	if len(about) > 0 {
		return usageError("there is no rule %q; about it are %s", id, strings.Join(about, ", "))
	}
	return usageError("there is no rule %q%s (corsproof explain lists all)", id, nearest.Hint(id, ids))
}

// completions are the rules, as shells offer them, whose ids begin so.
func completions(begun string) []cobra.Completion {
	var list []cobra.Completion
	for _, r := range diagnose.Rules() {
		if strings.HasPrefix(r.ID, begun) {
			list = append(list, cobra.CompletionWithDesc(r.ID, r.Title))
		}
	}
	return list
}

// rules is the table of all rules.
func (v view) rules() string {
	list := diagnose.Rules()
	for _, r := range list {
		v.first = max(v.first, len("  ")+len(r.ID)+len("  "))
	}
	var b strings.Builder
	b.WriteString("The rules of findings; corsproof explain RULE says more of one.\n\n")
	for _, r := range list {
		b.WriteString(v.item(r.ID, r.Title))
	}
	return b.String()
}

// rule is all that is known of a rule.
func (v view) rule(r diagnose.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n", v.bold(r.ID), r.Severity)
	b.WriteString(v.paragraph(r.Title) + "\n" + v.paragraph(r.Explanation) + "\n")
	b.WriteString(v.item("standard", r.Clause))
	if len(r.Codes) > 0 {
		b.WriteString(v.item("browser", strings.Join(r.Codes, ", ")))
	}
	b.WriteString("\nAn example:\n\n")
	for line := range strings.Lines(cases.Example(r.ID)) {
		b.WriteString(v.quoted(line))
	}
	return b.String()
}

func (v view) paragraph(text string) string {
	return strings.Join(wrap(text, v.columns()), "\n") + "\n"
}

// quoted is a line of an example, further in; what is too long goes on below its text.
func (v view) quoted(line string) string {
	text := strings.TrimLeft(line, " ")
	before := strings.Repeat(" ", len("  ")+len(line)-len(text))
	lines := wrap(text, v.columns()-len(before)-len("  "))
	return strings.TrimRight(before+strings.Join(lines, "\n  "+before), " ") + "\n"
}
