#!/bin/sh
# Installs what an application in Python needs into its ignored .venv, exactly as its
# requirements.txt says, hashes and all. It does nothing, quickly and without a network, when
# that has been done. Usage: python-app.sh NAME FOLDER
set -eu
name=$1
apt_server=$(cd "$(dirname "$0")" && pwd)/apt-server.sh
cd "$2"

say() { echo "install-$name: $*" >&2; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
complete() { "$1" -c 'import venv, ensurepip' 2>/dev/null; }
install_python="install Python 3.11 or later (Debian 12, Ubuntu 24.04: apt-get install python3-venv; macOS: brew install python)"

# The stamp is written last, so an installation that was broken off is done again; until it is whole it has another
# name, so nothing takes it for one.
stamp=.venv/.corsproof-stamp
wanted=$(cksum <requirements.txt)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
	exit 0
fi

find_python() {
	python=""
	for candidate in python3 /usr/bin/python3 python3.14 python3.13 python3.12 python3.11; do
		if new_enough "$candidate" && complete "$candidate"; then
			python=$candidate
			return
		fi
	done
}

find_python
if [ -z "$python" ] && "$apt_server" python3-venv; then
	find_python
fi
[ -n "$python" ] || { say "there is no Python 3.11 with venv here: $install_python"; exit 3; }

rm -rf .venv .venv.part
"$python" -m venv .venv.part
.venv.part/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: -r requirements.txt
mv .venv.part .venv
printf '%s\n' "$wanted" >"$stamp"
