// Package cases shows each rule of diagnosis at work: a folder a rule, with a suite in which servers do what the rule is about
// and, below "near misses", what looks the same and is not. Run them with the command: corsproof run RULE/suite.yaml.
package cases

import (
	"embed"
	"io/fs"
)

//go:embed */*
var files embed.FS

// Files holds RULE/suite.yaml and RULE/example.txt for each rule.
func Files() fs.FS { return files }

// Suite is where a rule's suite stands in Files.
func Suite(rule string) string { return rule + "/suite.yaml" }

// Example is what the first case of a rule's suite came to: the request, what crossed the network and the finding. It is "" where
// there is no such rule.
func Example(rule string) string {
	text, err := files.ReadFile(rule + "/example.txt")
	if err != nil {
		return ""
	}
	return string(text)
}
