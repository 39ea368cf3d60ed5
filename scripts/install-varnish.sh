#!/bin/sh
# Installs what servers/varnish needs: Varnish, without its services, and the C
# compiler that it calls at every start. It does nothing, quickly, when that has been done.
set -eu
cd "$(dirname "$0")/.."

have() { command -v "$1" >/dev/null 2>&1; }
have gcc || scripts/apt-server.sh gcc
have varnishd || [ -x /usr/sbin/varnishd ] || scripts/apt-server.sh varnish varnish varnishncsa
