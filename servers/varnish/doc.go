// Package varnish runs a real Varnish as a cache such as a CDN's, in front of
// another server. Its programs are templates under fixtures/servers/varnish.
package varnish
