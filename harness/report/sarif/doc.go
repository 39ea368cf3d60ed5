// Package sarif writes failed checks and findings as SARIF 2.1.0, with their
// places in the suite file, for code scanning.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
package sarif
