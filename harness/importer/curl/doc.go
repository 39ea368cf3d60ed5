// Package curl reads curl commands as DevTools, Postman and people write them
// for a POSIX shell, and says what curl would send and what a page can.
//
// It follows curl 8 in what the options mean. Nothing is run: what the shell
// would have to expand (variables, command substitution, braces) is refused,
// and what another command would do with curl's output does not matter.
package curl
