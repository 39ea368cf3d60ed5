// Package vite runs a real Vite development server, with its proxy in front of an API:
// the page and the API have one origin, in development. The program is app/server.mjs;
// scripts/install-vite.sh installs what it needs.
package vite
