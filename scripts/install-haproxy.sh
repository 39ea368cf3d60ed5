#!/bin/sh
# Installs what servers/haproxy needs: HAProxy, without its service. It does nothing,
# quickly, when that has been done.
set -eu
cd "$(dirname "$0")/.."

for program in haproxy /usr/sbin/haproxy; do
	! command -v "$program" >/dev/null 2>&1 || exit 0
done
scripts/apt-server.sh haproxy haproxy
