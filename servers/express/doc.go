// Package express runs a real Express with the real cors package from npm as an
// API under test. The application is in app/server.mjs; scripts/install-express.sh installs what it needs.
package express
