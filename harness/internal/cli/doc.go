// Package cli is the corsproof command: it reads arguments, files and the
// environment, and prints. Everything it does is done by other packages.
//
// What is printed follows four rules. Results go to standard output, with the
// bar of progress where that is a terminal, and messages to standard error. A message begins with "corsproof: ", in lower
// case and without a period. A mistake comes with what to do instead. Control
// bytes from elsewhere are never printed as they are.
package cli
