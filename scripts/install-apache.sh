#!/bin/sh
# Installs what servers/apache needs: Apache httpd with its modules, and without
# Debian's own set-up and service. It does nothing, quickly, when that has been done.
set -eu
cd "$(dirname "$0")/.."

for program in apache2 httpd /usr/sbin/apache2 /usr/sbin/httpd; do
	! command -v "$program" >/dev/null 2>&1 || exit 0
done
scripts/apt-server.sh apache2-bin
