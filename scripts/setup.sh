#!/bin/sh
# Installs what the specs and the demo need and is not there yet: a browser,
# Node.js with npm, nginx, and Express from npm. Quick when nothing is missing.
set -eu
cd "$(dirname "$0")/.."

have() { command -v "$1" >/dev/null 2>&1; }
have_browser() {
	[ -n "${CORSPROOF_BROWSER:-}" ] && return 0
	for b in google-chrome google-chrome-stable chromium chromium-browser microsoft-edge chromium-headless-shell; do
		have "$b" && return 0
	done
	[ -d "/Applications/Google Chrome.app" ] || [ -d "/Applications/Chromium.app" ]
}

missing=""
have_browser || missing="$missing chromium"
have chromium-headless-shell || [ -n "${CORSPROOF_BROWSER:-}" ] || missing="$missing chromium-headless-shell"
have node && have npm || missing="$missing nodejs npm"
have nginx || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
have cc || missing="$missing gcc libc6-dev" # for the race detector

if [ -n "$missing" ]; then
	if ! have apt-get; then
		echo "setup: missing:$missing" >&2
		echo "setup: this script installs on Debian and Ubuntu only; elsewhere install Chrome or Chromium, Node.js and nginx" >&2
		echo "setup: (macOS: brew install --cask google-chrome && brew install node nginx)" >&2
		have_browser || exit 1
	else
		sudo=""
		if [ "$(id -u)" != 0 ]; then
			if have sudo; then sudo="sudo"; else sudo="false"; echo "setup: missing:$missing, and no sudo to install it" >&2; fi
		fi
		echo "setup: installing$missing"
		install() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >/dev/null; }
		[ "$sudo" = false ] || install update || echo "setup: apt-get update failed; trying with what is known" >&2
		for package in $missing; do
			# One by one: Ubuntu has no chromium-headless-shell, and specs that need one part say so and skip.
			install install -y --no-install-recommends "$package" ||
				echo "setup: could not install $package; what needs it is skipped by name" >&2
		done
		have_browser || { echo "setup: no browser; on Ubuntu install Google Chrome's package and run again" >&2; exit 1; }
	fi
fi

if have npm; then
	scripts/install-express.sh || echo "setup: could not install Express; what needs it is skipped by name" >&2
fi
