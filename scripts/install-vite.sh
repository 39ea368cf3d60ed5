#!/usr/bin/env bash
# Installs what servers/vite needs into ignored node_modules, exactly as the lock files say: Vite, and a Node.js
# of its own where the system's is older than Vite wants, as those of Debian 12 and Ubuntu 24.04 are. It does
# nothing, quickly and without a network, when that has been done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../servers/vite/app"

say() { echo "install-vite: $*" >&2; }

for program in node npm; do
  if ! command -v "$program" >/dev/null; then
    say "$program is missing: install Node.js with npm (Debian, Ubuntu: apt-get install nodejs npm; macOS: brew install node)"
    exit 3
  fi
done

new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)'
}

install() (
  cd "$1"
  # The stamp is written last, so an installation that was broken off is done again.
  stamp=node_modules/.corsproof-stamp
  wanted=$(cat package.json package-lock.json | cksum)
  if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then
    exit 0
  fi
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || exit 1
  printf '%s\n' "$wanted" >"$stamp"
)

if ! new_enough node; then
  install node
  own=(node/node_modules/node-*/bin/node)
  if ! new_enough "${own[0]}" 2>/dev/null; then
    say "Node.js $(node --version) is too old, and there is no other for this system: install version 20.19, 22.12 or later (https://nodejs.org)"
    exit 3
  fi
fi
install .
