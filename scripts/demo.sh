#!/usr/bin/env bash
# The practice centre and the app signed in to it: within seconds a call rings. Without a display the scenario plays by
# itself in a private desktop, and its screenshots and transcript stay in the folder that is named at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
display=$([ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ] && echo yes || echo no)
scripts/setup.sh "$([ "$display" = yes ] && echo build || echo desktop)"
npm run --silent build
cargo build --locked --features custom-protocol
OFFHOOK_BIN="${CARGO_TARGET_DIR:-$PWD/target}/debug/offhook"
export OFFHOOK_BIN

[ "$display" = yes ] && exec "$OFFHOOK_BIN" demo --ready "$@"

OFFHOOK_DEMO="out/demo-$(date +%Y%m%d-%H%M%S)"
export OFFHOOK_DEMO
mkdir -p "$OFFHOOK_DEMO"
OFFHOOK_NOTIFY=dunst tests/headless/session.sh node tests/e2e/demo.mjs
echo "screenshots and transcript: $OFFHOOK_DEMO"
