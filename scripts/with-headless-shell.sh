#!/bin/sh
# Runs a command with headless-shell as the browser; says so and does nothing where there is none.
set -eu
shell=$(command -v chromium-headless-shell || command -v chrome-headless-shell || true)
if [ -z "$shell" ]; then
	echo "skipped: no headless-shell here (Debian: apt-get install chromium-headless-shell)"
	exit 0
fi
CORSPROOF_BROWSER="$shell" exec "$@"
