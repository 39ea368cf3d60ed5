// Package nginx runs a real nginx as an API under test: as a proxy in front of
// another server, or answering by itself. Its sites are templates under fixtures/servers/nginx.
package nginx
