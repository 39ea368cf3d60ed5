// Package haproxy runs a real HAProxy as an API under test, in front of another
// server. Its sites are templates under fixtures/servers/haproxy.
package haproxy
