// Package caddy runs a real Caddy as an API under test, in front of another
// server. Its sites are templates under fixtures/servers/caddy.
package caddy
