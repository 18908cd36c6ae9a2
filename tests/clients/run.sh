#!/usr/bin/env bash
# Asks the sandbox with the vendor's own client library (PyPI `daktela`), which was written against the real server by
# people who never saw ours. Everything is installed into a temporary folder and thrown away.
#
#   tests/clients/run.sh [COMMAND OF A SANDBOX …]
#
# Without a command, the sandbox is built and run with cargo. Ends with "clients: N passed, N failed".
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
sandbox=
finish() {
    [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
    rm -rf "$room"
}
trap finish EXIT

if ! python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    echo "Python 3.10 with venv is not here (Debian: apt-get install python3-venv): the vendor's client is not tried."
    echo "clients: 0 passed, 0 failed, 1 skipped"
    exit 0
fi
python3 -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check 'daktela==1.2.0'

if [ $# -eq 0 ]; then
    (cd "$here/../.." && cargo build --quiet -p offhook-sandbox)
    set -- "${CARGO_TARGET_DIR:-$here/../../target}/debug/offhook-sandbox"
fi
mkfifo "$room/ready"
"$@" --scenario quiet >"$room/ready" &
sandbox=$!
# The pipe is kept open, so that the sandbox never writes into a closed one.
exec 3<"$room/ready"
read -r ready <&3
READY_LINE=$ready "$room/venv/bin/python" "$here/daktela_sdk.py"
