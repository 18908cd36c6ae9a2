#!/usr/bin/env bash
# setup.sh [build|desktop]  makes sure that what a build needs is there; `desktop` adds what the headless desktop and
# the tests need. Installs it on Debian 12; elsewhere says exactly what to install, and stops. Run as often as you like.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-desktop}

missing=() # what is not there, in words that hold on every system
need_command() { command -v "$1" >/dev/null 2>&1 || missing+=("$1"); }
need_library() { pkg-config --exists "$1" 2>/dev/null || missing+=("$1 (library with headers)"); }
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -1)" = "$1" ]; }

# --- Rust and Node: never installed here, a developer has them in the way they like ---------------------------------
command -v cargo >/dev/null || { echo "Offhook needs Rust 1.95 or newer: https://rustup.rs" >&2; exit 1; }
command -v node >/dev/null || { echo "Offhook needs Node 20.19 or newer: https://nodejs.org" >&2; exit 1; }
rust=$(rustc --version | cut -d' ' -f2) node=$(node --version | tr -d v)
at_least 1.95.0 "$rust" || { echo "Offhook needs Rust 1.95 or newer, this is $rust: run 'rustup update stable'" >&2; exit 1; }
at_least 20.19.0 "$node" || { echo "Offhook needs Node 20.19 or newer, this is $node: https://nodejs.org" >&2; exit 1; }

# --- the system's packages --------------------------------------------------------------------------------------------
debian_12() { [ -r /etc/os-release ] && . /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]; }

install_on_debian() {
  local packages=(build-essential pkg-config ca-certificates file libwebkit2gtk-4.1-dev libayatana-appindicator3-dev
    libasound2-dev)
  if [ "$want" = desktop ]; then
    packages+=(xvfb dbus dbus-bin dbus-x11 webkit2gtk-driver gnome-keyring libsecret-tools dunst python3 python3-dbus
      python3-gi python3-venv openbox xdotool scrot x11-utils xdg-utils desktop-file-utils fonts-dejavu-core
      fonts-noto-core chromium procps)
  fi
  local absent=() p
  for p in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || absent+=("$p")
  done
  [ ${#absent[@]} -eq 0 ] && return
  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "As root, run: apt-get install ${absent[*]}" >&2; exit 1; }
    root=(sudo)
  fi
  echo "installing ${#absent[@]} Debian packages: ${absent[*]}"
  mkdir -p out
  {
    "${root[@]}" apt-get update -q -o Acquire::Retries=3 &&
      "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Acquire::Retries=3 "${absent[@]}"
  } >out/apt.log 2>&1 || { tail -30 out/apt.log >&2; exit 1; }
}

explain() {
  [ ${#missing[@]} -eq 0 ] && return
  {
    echo "Not found on this computer:"
    printf '  %s\n' "${missing[@]}"
    echo "Install, then run this again:"
    case "$(uname -s)" in
      Darwin) echo "  macOS    xcode-select --install" ;;
      MINGW* | MSYS* | CYGWIN*)
        echo "  Windows  winget install Microsoft.VisualStudio.2022.BuildTools --override '--add Microsoft.VisualStudio.Workload.VCTools'"
        echo "           winget install Microsoft.EdgeWebView2Runtime"
        ;;
      *)
        cat <<'END'
  Debian 13, Ubuntu 24.04
    sudo apt-get install build-essential pkg-config libwebkit2gtk-4.1-dev libayatana-appindicator3-dev libasound2-dev
    for the tests also: xvfb dbus dbus-bin dbus-x11 webkit2gtk-driver gnome-keyring libsecret-tools dunst python3-dbus
      python3-gi python3-venv openbox xdotool scrot x11-utils xdg-utils desktop-file-utils fonts-dejavu-core chromium
  Fedora
    sudo dnf install gcc gcc-c++ pkgconf webkit2gtk4.1-devel libayatana-appindicator-gtk3-devel alsa-lib-devel
    for the tests also: xorg-x11-server-Xvfb dbus-daemon dbus-x11 webkitgtk6.0 gnome-keyring libsecret dunst python3-dbus
      python3-gobject openbox xdotool scrot xprop xwininfo xdg-utils desktop-file-utils dejavu-sans-fonts chromium
      (WebKitWebDriver comes with WebKitGTK)
  Arch
    sudo pacman -S --needed base-devel webkit2gtk-4.1 libayatana-appindicator alsa-lib
    for the tests also: xorg-server-xvfb dbus gnome-keyring libsecret dunst python-dbus python-gobject openbox xdotool
      scrot xorg-xprop xorg-xwininfo xdg-utils desktop-file-utils ttf-dejavu chromium
      (WebKitWebDriver comes with webkit2gtk-4.1)
END
        ;;
    esac
  } >&2
  exit 1
}

if debian_12; then
  install_on_debian
else
  case "$(uname -s)" in
    Linux)
      need_command cc
      need_command pkg-config
      for l in webkit2gtk-4.1 ayatana-appindicator3-0.1 alsa; do need_library "$l"; done
      if [ "$want" = desktop ]; then
        for c in Xvfb dbus-daemon WebKitWebDriver gnome-keyring-daemon secret-tool dunst openbox xdotool scrot xprop chromium; do
          need_command "$c"
        done
        /usr/bin/python3 -c 'import dbus, gi, venv' 2>/dev/null || missing+=("python3 with dbus, gi and venv")
      fi
      ;;
    Darwin) need_command cc ;;
    *) need_command cl ;;
  esac
  explain
fi

# --- the page's packages ------------------------------------------------------------------------------------------------
# npm ci only when the lock file is not the one that was installed.
stamp=node_modules/.offhook-lock
if ! cmp -s package-lock.json "$stamp"; then
  npm ci --loglevel=error
  cp package-lock.json "$stamp"
fi
