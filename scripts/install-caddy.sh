#!/bin/sh
# Installs what servers/caddy needs: Caddy, without its service. It does nothing,
# quickly, when that has been done.
set -eu
cd "$(dirname "$0")/.."

! command -v caddy >/dev/null 2>&1 || exit 0
scripts/apt-server.sh caddy caddy
