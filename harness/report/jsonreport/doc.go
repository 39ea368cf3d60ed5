// Package jsonreport writes results as JSON, the contract with users' own
// tools, reads them again, and joins the reports of a suite's shards.
package jsonreport
