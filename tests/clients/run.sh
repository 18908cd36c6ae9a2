#!/usr/bin/env bash
# Asks the sandbox with other people's clients, which were written against the real servers by people who never saw ours:
# the vendor's own library for Daktela (PyPI `daktela`), and the Singer tap for UJET (PyPI `tap-ujet`), whose API is CCAI
# Platform's. Everything is installed into a temporary folder and thrown away.
#
#   tests/clients/run.sh [COMMAND OF A SANDBOX …]
#
# Without a command, the sandbox is built and run with cargo. Each client ends with "clients: N passed, N failed".
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
    echo "Python 3.10 with venv is not here (Debian: apt-get install python3-venv): the vendors' clients are not tried."
    echo "clients: 0 passed, 0 failed, 1 skipped"
    exit 0
fi
if [ $# -eq 0 ]; then
    (cd "$here/../.." && cargo build --quiet -p offhook-sandbox)
    set -- "${CARGO_TARGET_DIR:-$here/../../target}/debug/offhook-sandbox"
fi
command=("$@")

# Runs SCRIPT with PACKAGE against a sandbox of its own: ask SCRIPT PACKAGE [OPTION OF THE SANDBOX …]
ask() {
    local script=$1 package=$2
    shift 2
    local den="$room/${script%.py}"
    python3 -m venv "$den"
    "$den/bin/pip" install --quiet --disable-pip-version-check "$package"
    mkfifo "$den/ready"
    "${command[@]}" --scenario quiet "$@" >"$den/ready" &
    sandbox=$!
    # The pipe is kept open, so that the sandbox never writes into a closed one.
    exec 3<"$den/ready"
    local ready
    read -r ready <&3
    local passed=0
    READY_LINE=$ready "$den/bin/python" "$here/$script" || passed=1
    kill "$sandbox"
    wait "$sandbox" 2>/dev/null || true
    sandbox=
    return "$passed"
}

failed=0
ask daktela_sdk.py 'daktela==1.2.0' || failed=1
ask ujet_tap.py 'tap-ujet==1.0.0' --tls --switch link=present || failed=1
exit "$failed"
