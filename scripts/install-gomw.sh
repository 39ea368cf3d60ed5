#!/bin/sh
# Builds the Go middlewares beside rs/cors, as the go.sum of their own module says, into an
# ignored folder. It does nothing, quickly and without a network, when that has been done.
set -eu
cd "$(dirname "$0")/../servers/gomw/app"

command -v go >/dev/null || { echo "install-gomw: go is missing: install Go 1.26 or later (https://go.dev/dl)" >&2; exit 3; }

# The stamp is written last, so a build that was broken off is done again.
stamp=.bin/stamp
wanted=$(cat go.mod go.sum ./*.go ../../orders/*.go | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0
mkdir -p .bin
GOWORK=off GOFLAGS= go build -mod=readonly -trimpath -o .bin/gomw .
printf '%s\n' "$wanted" >"$stamp"
