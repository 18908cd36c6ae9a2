#!/usr/bin/env bash
# Everything: page, Rust, architecture, licences, the page in a browser, the app in a window. `.ci/run` calls this.
# Each step is timed and its output kept in out/test; a failed step does not keep the others from running.
# `npm test -- STEP...` runs only the steps whose names contain one of the words.
set -uo pipefail
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never NO_COLOR=1
# A run that nobody debugs: half the disk, and quicker to link.
[ -n "${CI:-}" ] && export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
export npm_config_update_notifier=false

# One feature set for the tests and for the program that the end-to-end tests drive: Tauri is compiled once.
features=(--workspace --features custom-protocol)
export OFFHOOK_BIN="${CARGO_TARGET_DIR:-$PWD/target}/debug/offhook"
export OFFHOOK_SHOTS="$PWD/out/screenshots"
logs=out/test
rm -rf "$logs" "$OFFHOOK_SHOTS"
mkdir -p "$logs" "$OFFHOOK_SHOTS"

started=$SECONDS passed=0 failed=0 only=("$@")
rows=() failures=()

# How many tests a runner says it ran, whichever runner it was; a plain check counts as one.
count() { # WORD FILE
  local word=$1 file=$2
  { grep -ohE "[0-9]+ $word;" "$file"                       # cargo test
    grep -ohE "^(ℹ|#) ${word:0:4} [0-9]+" "$file"            # node --test
    grep -ohE "^ *Tests .*" "$file" | grep -oE "[0-9]+ $word" # vitest
    grep -ohE "^([A-Za-z]+: )?[0-9]+ passed, [0-9]+ failed" "$file" | grep -oE "[0-9]+ $word" # the rest
  } 2>/dev/null | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }'
}

step() { # NAME COMMAND...
  local name=$1 t=$SECONDS file rc p f w chosen=${#only[@]}
  shift
  for w in "${only[@]}"; do [[ $name == *"$w"* ]] && chosen=0; done
  [ "$chosen" -eq 0 ] || return 0
  file="$logs/${name// /-}.log"
  echo "=== $name"
  "$@" 2>&1 | tee "$file"
  rc=${PIPESTATUS[0]}
  p=$(count passed "$file") f=$(count failed "$file")
  [ $((${p:-0} + ${f:-0})) -eq 0 ] && { p=1; [ "$rc" -eq 0 ] || p=0; }
  [ "$rc" -ne 0 ] && [ "${f:-0}" -eq 0 ] && f=1
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0}))
  [ "$rc" -eq 0 ] || failures+=("$name")
  rows+=("$(printf '%5d s  %-4s %5d passed  %s' $((SECONDS - t)) "$([ "$rc" -eq 0 ] && echo ok || echo FAIL)" "${p:-0}" "$name")")
}

desktop() { # SWITCH=VALUE FILE...   the switches of tests/headless/session.sh
  local switch=$1
  shift
  env "$switch" timeout --kill-after=20 2100 tests/headless/session.sh \
    node --test --test-concurrency=1 --test-reporter=spec "$@"
}

# The TypeScript of the core's words is written by a test of crates/model: whoever changed the words commits it.
generated_is_committed() {
  local changed
  changed=$(git status --porcelain -- ui/src/generated) || { echo "git cannot say whether it is committed"; return 1; }
  [ -z "$changed" ] || { git --no-pager diff -- ui/src/generated; echo "generated TypeScript is stale, commit it: $changed"; return 1; }
}

# The advisory database must be fetched; where it cannot be, that is said and the rest is still checked.
licences() {
  PATH="$PWD/target/tools/bin:$PATH"
  if ! command -v cargo-deny >/dev/null; then
    # Unoptimised: built in a minute, and quick enough.
    CARGO_PROFILE_DEV_DEBUG=0 cargo install -q --locked --debug --no-default-features --root target/tools \
      --target-dir target/tools/build cargo-deny@0.20.2 || return 1
    rm -rf target/tools/build
  fi
  cargo deny --locked check bans licenses sources || return 1
  if cargo deny --locked fetch db >/dev/null 2>&1; then
    cargo deny --locked check advisories
  else
    echo "advisories: the database cannot be reached from here, not checked"
  fi
}

# Hundreds of small databases are kept in memory: on a slow disk their flushes would starve what is under test.
rust_tests() {
  local tmp rc
  cargo build --locked "${features[@]}" && cargo test --locked --no-run "${features[@]}" || return 1
  tmp=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
  TMPDIR=$tmp cargo test --locked --no-fail-fast "${features[@]}"
  rc=$?
  rm -rf "$tmp"
  return "$rc"
}

page_in_browser() {
  VITE_MOCK=1 npm run --silent build && node --test --test-reporter=spec tests/ui/*.test.mjs
}

scripts/setup.sh desktop || exit 1

step "page format and lint" npx --no-install biome ci --colors=off --error-on-warnings
step "page types" npm run --silent check-types
step "page units" npm run --silent test:ui
step "page build" npm run --silent build
step "rust format" cargo fmt --all --check
step "rust tests" rust_tests
step "generated types" generated_is_committed
step "rust lints" cargo clippy --locked "${features[@]}" --all-targets -- -D warnings
step "architecture" node --test --test-reporter=spec tests/architecture.test.mjs
step "licences" licences
step "page in a browser" page_in_browser
step "clients of others" bash tests/clients/run.sh "$OFFHOOK_BIN" sandbox
step "app in a desktop" desktop OFFHOOK_NOTIFY=record tests/e2e/*.test.mjs
step "app with dunst" desktop OFFHOOK_NOTIFY=dunst tests/e2e/dunst/*.test.mjs
step "app without a keychain" desktop OFFHOOK_KEYRING=none tests/e2e/keychain/missing.test.mjs
step "app with a locked keychain" desktop OFFHOOK_KEYRING=locked tests/e2e/keychain/locked.test.mjs

echo
printf '%s\n' "${rows[@]}"
[ ${#failures[@]} -eq 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "in $((SECONDS - started)) s; screenshots in out/screenshots"
echo "$passed passed, $failed failed"
[ ${#failures[@]} -eq 0 ]
