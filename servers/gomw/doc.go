// Package gomw runs Go's CORS middlewares, in this process, as an API under
// test: rs/cors around the handler of servers/orders.
package gomw
