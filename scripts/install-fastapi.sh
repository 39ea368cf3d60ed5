#!/bin/sh
# Installs what servers/fastapi needs: see python-app.sh.
set -eu
cd "$(dirname "$0")/.."
exec scripts/python-app.sh fastapi servers/fastapi/app
