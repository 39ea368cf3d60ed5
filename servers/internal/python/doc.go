// Package python finds and starts the servers' applications in Python, each with
// a virtual environment of its own.
package python
