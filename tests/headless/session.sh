#!/usr/bin/env bash
# session.sh CMD [ARG...]  runs CMD in a private desktop without a display, and leaves nothing behind.
#
# It brings up, each real: an X server, a session bus, a Secret Service with an unlocked keyring, a window manager,
# a tray host (sni_watcher.py), a notification daemon, and a sound card that writes what it is played to a file.
# HOME and the XDG folders are its own. Everything it starts is ended by process id when CMD ends.
#
#   OFFHOOK_NOTIFY   record (default: notify_daemon.py, which tests can ask) | dunst | none
#   OFFHOOK_KEYRING  unlocked (default) | locked | none
#   OFFHOOK_TRAY     on (default) | none
#   OFFHOOK_STATE    (given to CMD) the folder of the session: logs, ring.raw
#   OFFHOOK_KEEP=1   keeps that folder
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
notify=${OFFHOOK_NOTIFY:-record} keyring=${OFFHOOK_KEYRING:-unlocked} tray=${OFFHOOK_TRAY:-on}

export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} # HOME changes below
OFFHOOK_STATE=$(mktemp -d "${TMPDIR:-/tmp}/offhook-desktop.XXXXXX")
export OFFHOOK_STATE HOME="$OFFHOOK_STATE/home" XDG_RUNTIME_DIR="$OFFHOOK_STATE/run"
export XDG_CONFIG_HOME="$HOME/.config" XDG_DATA_HOME="$HOME/.local/share" XDG_CACHE_HOME="$HOME/.cache"
mkdir -p "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
export LANG=C.UTF-8 XDG_SESSION_TYPE=x11 XDG_CURRENT_DESKTOP=X-Generic GDK_BACKEND=x11 NO_AT_BRIDGE=1
# Without a GPU WebKit would compile its shaders in software: some 4 s of CPU and 80 MiB for each window.
export WEBKIT_DISABLE_DMABUF_RENDERER=${WEBKIT_DISABLE_DMABUF_RENDERER-1}
sed "s|@STATE@|$OFFHOOK_STATE|; s|@HERE@|$here|" "$here/asound.conf" >"$OFFHOOK_STATE/asound.conf"
export ALSA_CONFIG_PATH="$OFFHOOK_STATE/asound.conf"
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS

# --- ending ------------------------------------------------------------------------------------------------------
pids=() command=
# end ID...  asks processes (or, with a minus, groups) to end, and after two seconds sees to it.
end() {
  kill -- "$@" 2>/dev/null
  for _ in $(seq 40); do kill -0 -- "$@" 2>/dev/null || return 0; sleep 0.05; done
  kill -9 -- "$@" 2>/dev/null
}
cleanup() {
  trap - EXIT INT TERM
  [ -z "$command" ] || end "-$command"
  # The last started goes first, the X server last.
  local i
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do end "${pids[i]}"; done
  if [ -n "${OFFHOOK_KEEP:-}" ]; then echo "kept $OFFHOOK_STATE" >&2; else rm -rf "$OFFHOOK_STATE"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
fail() { echo "session.sh: $1" >&2; tail -n 20 "$OFFHOOK_STATE"/*.log >&2; exit 98; }

# --- the desktop -------------------------------------------------------------------------------------------------
log() { printf '%s/%s.log' "$OFFHOOK_STATE" "$1"; }
start() { local name=$1; shift; "$@" >"$(log "$name")" 2>&1 & pids+=($!); }
filled() { for _ in $(seq 200); do [ -s "$1" ] && return 0; sleep 0.05; done; return 1; }

# -displayfd names a free display, and only once the server is ready.
start xvfb Xvfb -displayfd 3 -screen 0 1440x960x24 -nolisten tcp 3>"$OFFHOOK_STATE/display"
filled "$OFFHOOK_STATE/display" || fail "no X server"
DISPLAY=":$(cat "$OFFHOOK_STATE/display")"
start bus dbus-daemon --session --nofork --print-address=3 3>"$OFFHOOK_STATE/bus"
filled "$OFFHOOK_STATE/bus" || fail "no session bus"
DBUS_SESSION_BUS_ADDRESS=$(head -1 "$OFFHOOK_STATE/bus")
export DISPLAY DBUS_SESSION_BUS_ADDRESS
# Services that the bus itself starts must see this desktop too.
dbus-update-activation-environment DISPLAY HOME XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME 2>/dev/null

wait_name() {
  for _ in $(seq 200); do
    dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
      org.freedesktop.DBus.NameHasOwner "string:$1" 2>/dev/null | grep -q 'boolean true' && return 0
    sleep 0.05
  done
  fail "$1 never came up"
}
# The login keyring is made and unlocked with a throw-away password; it can be locked afterwards.
if [ "$keyring" != none ]; then
  printf 'only for tests' >"$OFFHOOK_STATE/password"
  gnome-keyring-daemon --unlock --components=secrets --foreground <"$OFFHOOK_STATE/password" >"$(log keyring)" 2>&1 &
  pids+=($!)
fi
start wm openbox
[ "$tray" = none ] || start tray /usr/bin/python3 "$here/sni_watcher.py"
case "$notify" in
  record) start notify /usr/bin/python3 "$here/notify_daemon.py" ;;
  dunst) start notify dunst -conf "$here/dunstrc" ;;
esac
[ "$keyring" = none ] || wait_name org.freedesktop.secrets
[ "$tray" = none ] || wait_name org.kde.StatusNotifierWatcher
[ "$notify" = none ] || wait_name org.freedesktop.Notifications
if [ "$keyring" = locked ]; then
  dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
    org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null
fi

# --- the command -------------------------------------------------------------------------------------------------
# In the background, so that a signal to this script is not kept waiting; as a process group of its own, so that what
# a killed test has started ends too.
setsid "$@" <&0 &
command=$!
wait "$command"
exit $?
