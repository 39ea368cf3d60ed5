// Package specs proves corsproof and the Fetch Standard's rules against each
// other in a real browser: every It is one claim about CORS. It is written the
// way a user writes a suite of their own.
package specs
