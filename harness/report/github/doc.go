// Package github writes results as workflow commands that GitHub Actions shows
// as annotations in the suite file.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
package github
