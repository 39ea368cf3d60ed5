// Package remedy writes what a server has to do, to allow a page, to set a cookie for it or to redirect to https, as configuration of that server, in its
// own words: ready to paste, for whole origins, methods and headers by name, and no more.
//
// Each kind of need has a folder of templates, one for each server that can do something about it: a txtar archive (https://pkg.go.dev/golang.org/x/tools/txtar): its first
// line is what people call the server, the next ones say what to mind, the names of its files where each text belongs. The specs apply every text, as
// it is written, to a broken set-up of that server, and a page can read, sends the cookie, or is led to https.
package remedy
