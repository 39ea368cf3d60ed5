// Package apim emulates Azure API Management's gateway: policy XML at global,
// product, API and operation scope is calculated to an effective policy, and run
// as the gateway runs it. README.md says what it imitates, from which sources, and what it does not.
package apim
