// Package kong emulates Kong Gateway with its cors plugin, and the order in
// which that stands with routes, key-auth and rate-limiting. README.md says from which sources.
package kong
