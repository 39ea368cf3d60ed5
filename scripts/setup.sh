#!/bin/sh
# Installs what the specs and the demo need and is not there yet: a browser,
# Node.js with npm, nginx, and Express from npm. Quick when nothing is missing.
set -eu
cd "$(dirname "$0")/.."

have() { command -v "$1" >/dev/null 2>&1; }
say() { echo "setup: $*" >&2; }

# The same places as harness/browser/chromium/find.go, by whose test they are compared.
have_browser() {
	[ -n "${CORSPROOF_BROWSER:-}" ] && return 0
	for app in "Google Chrome" "Chromium" "Microsoft Edge"; do
		[ -x "/Applications/$app.app/Contents/MacOS/$app" ] && return 0
	done
	for b in google-chrome google-chrome-stable chromium chromium-browser chrome \
		microsoft-edge microsoft-edge-stable google-chrome-beta google-chrome-unstable \
		chromium-headless-shell chrome-headless-shell headless-shell headless_shell; do
		have "$b" && return 0
	done
	return 1
}
have_headless_shell() { [ -n "${CORSPROOF_BROWSER:-}" ] || have chromium-headless-shell || have chrome-headless-shell; }

# Ubuntu's chromium is a stub for a snap, and it has no headless-shell.
is_ubuntu() { grep -qs '^ID="\{0,1\}ubuntu"\{0,1\}$' /etc/os-release; }
how_to_install="install Google Chrome or Chromium (macOS: brew install --cask google-chrome), or name a browser in CORSPROOF_BROWSER, and run again"

missing=""
if is_ubuntu; then
	have_browser || missing="$missing google-chrome"
else
	have_browser || missing="$missing chromium"
	have_headless_shell || missing="$missing chromium-headless-shell"
fi
have node && have npm || missing="$missing nodejs npm"
have nginx || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
have cc || missing="$missing gcc libc6-dev" # for the race detector

apt() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >/dev/null; }
install() { apt install -y --no-install-recommends "$@"; }

# Google's own package, which adds Google's apt repository for its updates.
install_chrome() (
	if [ "$(dpkg --print-architecture)" != amd64 ]; then
		say "Google has no Chrome for Linux on $(dpkg --print-architecture), and Ubuntu has Chromium as a snap only"
		exit 1
	fi
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 1' HUP INT TERM
	deb="$folder/google-chrome.deb"
	url=https://dl.google.com/linux/direct/google-chrome-stable_current_amd64.deb
	if have curl; then
		curl -fsSL -o "$deb" "$url" || exit 1
	elif have wget; then
		wget -q -O "$deb" "$url" || exit 1
	else
		say "curl or wget is needed to fetch $url"
		exit 1
	fi
	chmod -R a+rX "$folder" # apt reads it as a user of its own
	install "$deb"
)

install_missing() {
	apt update || say "apt-get update failed; trying with what is known"
	for package in $missing; do
		# One by one: specs that need a part that is not there say so and skip.
		case "$package" in
			google-chrome) install_chrome ;;
			nginx-light) scripts/apt-server.sh nginx-light nginx ;;
			*) install "$package" ;;
		esac || say "could not install $package; what needs it is skipped by name"
	done
}

if [ -n "$missing" ]; then
	sudo=""
	if ! have apt-get; then
		say "missing:$missing"
		say "this script installs on Debian and Ubuntu only; elsewhere install Chrome or Chromium, Node.js and nginx"
	elif [ "$(id -u)" != 0 ] && ! have sudo; then
		say "missing:$missing, and no sudo to install it"
	else
		[ "$(id -u)" = 0 ] || sudo="sudo"
		echo "setup: installing$missing"
		install_missing
	fi
	have_browser || { say "no browser: $how_to_install"; exit 1; }
fi

if have npm; then
	scripts/install-express.sh || say "could not install Express; what needs it is skipped by name"
fi
