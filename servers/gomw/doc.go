// Package gomw runs Go's CORS middlewares as an API under test, around the handler
// of servers/orders: rs/cors in this process, and go-chi/cors, gin-contrib/cors, those of echo and fiber and
// gorilla/handlers in the program of the module in app, which scripts/install-gomw.sh builds.
package gomw
