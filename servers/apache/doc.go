// Package apache runs a real Apache httpd with mod_headers and mod_proxy as an
// API under test, in front of another server. Its sites are templates under fixtures/servers/apache.
package apache
