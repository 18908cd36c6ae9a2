#!/usr/bin/env bash
# Draws every icon of the product from icons/source/*.svg. What the build needs is committed, so that a build
# needs neither rsvg-convert nor this script: run it after a change of a drawing.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v rsvg-convert >/dev/null || { echo "icons.sh needs rsvg-convert (Debian: librsvg2-bin)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rsvg-convert -w 1024 -h 1024 icons/source/app.svg -o "$work/app.png"
npx --no-install tauri icon "$work/app.png" -o "$work/out" >/dev/null
for f in 32x32.png 128x128.png 128x128@2x.png icon.png icon.icns icon.ico; do cp "$work/out/$f" "icons/$f"; done

# Twice the 22 px of a Linux panel: sharp on dense screens, and panels scale it down well.
mkdir -p icons/tray
for f in icons/source/tray-*.svg; do
  name=$(basename "$f" .svg)
  rsvg-convert -w 44 -h 44 "$f" -o "icons/tray/${name#tray-}.png"
done
