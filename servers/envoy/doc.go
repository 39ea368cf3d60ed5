// Package envoy runs a real Envoy with its cors filter as an API under test, in
// front of another server. Its sites are templates under fixtures/servers/envoy.
package envoy
