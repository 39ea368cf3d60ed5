#!/bin/sh
# Measures what corsproof costs, one line a figure. With arguments: see harness/cmd/bench.
# The Playwright peer goes into an ignored folder, as its lock file says; without npm its figures are skipped.
set -eu
cd "$(dirname "$0")/.."
peer=harness/cmd/bench/peer

install_peer() (
	cd "$peer"
	# The stamp is written last, so an installation that was broken off is done again.
	stamp=node_modules/.corsproof-stamp
	wanted=$(cat package.json package-lock.json | cksum)
	[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 && printf '%s\n' "$wanted" >"$stamp"
)

if command -v node >/dev/null && command -v npm >/dev/null; then
	install_peer || echo "bench: could not install playwright-core; its figures are skipped" >&2
fi
mkdir -p .bench
go build -o .bench/bench ./harness/cmd/bench
exec .bench/bench -peer "$peer" "$@"
