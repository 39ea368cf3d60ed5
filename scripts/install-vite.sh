#!/usr/bin/env bash
# Installs what servers/vite needs into its ignored node_modules, exactly as
# the lock file says. It does nothing, quickly and without a network, when that has been done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../servers/vite/app"

for program in node npm; do
  if ! command -v "$program" >/dev/null; then
    echo "install-vite: $program is missing: install Node.js 20.19 or later with npm (https://nodejs.org)" >&2
    exit 3
  fi
done

if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'; then
  echo "install-vite: Node.js $(node --version) is too old: install version 20.19, 22.12 or later (https://nodejs.org)" >&2
  exit 3
fi

# The stamp is written last, so an installation that was broken off is done again.
stamp=node_modules/.corsproof-stamp
wanted=$(cat package.json package-lock.json | cksum)
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
  exit 0
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
printf '%s\n' "$wanted" >"$stamp"
