#!/bin/sh
# Installs what servers/flask needs: see python-app.sh.
set -eu
cd "$(dirname "$0")/.."
exec scripts/python-app.sh flask servers/flask/app
