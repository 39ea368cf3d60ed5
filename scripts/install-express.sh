#!/usr/bin/env bash
# Installs what servers/express needs into its ignored node_modules, exactly as
# the lock file says. It does nothing, quickly and without a network, when that has been done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../servers/express/app"

for program in node npm; do
  if ! command -v "$program" >/dev/null; then
    echo "install-express: $program is missing: install Node.js 18 or later (Debian, Ubuntu: apt-get install nodejs npm; macOS: brew install node)" >&2
    exit 3
  fi
done

if ! node -e 'process.exit(parseInt(process.versions.node, 10) < 18 ? 1 : 0)'; then
  echo "install-express: Node.js $(node --version) is too old: install version 18 or later (https://nodejs.org)" >&2
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
