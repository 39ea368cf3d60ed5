#!/bin/sh
# Installs a Debian or Ubuntu package of a server without what it brings to a port,
# now and at every boot: the specs start servers themselves.
# Usage: apt-server.sh PACKAGE [SERVICE]... (the services that the package has)
set -eu

say() { echo "apt-server: $*" >&2; }
package=$1

sudo=""
if ! command -v apt-get >/dev/null 2>&1; then
	say "$package: this script installs on Debian and Ubuntu only"
	exit 3
elif [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || { say "$package: there is no sudo to install it"; exit 3; }
	sudo="sudo"
fi

# One at a time on this machine, of any checkout: policy-rc.d is one file, and who finds it there leaves it alone.
if [ "${CORSPROOF_APT_SERVER:-}" != "$package" ]; then
	CORSPROOF_APT_SERVER=$package exec flock --close /usr/sbin "$0" "$@"
fi
shift

apt() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >/dev/null; }
install() { apt install -y --no-install-recommends "$package"; }

# See invoke-rc.d(8) for policy-rc.d. Where a machine has one, that is its owner's word.
policy=/usr/sbin/policy-rc.d
if [ $# != 0 ] && [ ! -e "$policy" ]; then
	trap '$sudo rm -f "$policy"' EXIT
	trap 'exit 1' HUP INT TERM
	{
		printf '#!/bin/sh\ncase " $* " in\n'
		for service; do printf '\t*" %s "* | *" %s.service "*) exit 101 ;;\n' "$service" "$service"; done
		printf 'esac\n'
	} | $sudo tee "$policy" >/dev/null
	$sudo chmod 755 "$policy"
fi

# What apt knows may be old, or nothing at all.
install 2>/dev/null || {
	apt update || say "apt-get update failed; trying with what is known"
	install
}
# What has no script of init's is started by systemd alone, where there is one.
for service; do
	$sudo update-rc.d "$service" disable >/dev/null 2>&1 || ! command -v systemctl >/dev/null 2>&1 ||
		$sudo systemctl disable "$service" >/dev/null 2>&1 ||
		say "$service will start at the next boot: systemctl disable $service"
done
