#!/usr/bin/env python3
"""Reads tray items and their menus over the bus, and presses what a person would press.

  tray.py list            every registered item as JSON: its properties, its menu
  tray.py click LABEL     the menu entry with that label
  tray.py activate        the icon itself, with the left button
Answers at once; the caller waits for what it wants to see.
"""
import json
import sys
import zlib

import dbus

bus = dbus.SessionBus()
ITEM = "org.kde.StatusNotifierItem"


def items():
    watcher = bus.get_object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher")
    found = watcher.Get("org.kde.StatusNotifierWatcher", "RegisteredStatusNotifierItems",
                        dbus_interface=dbus.PROPERTIES_IFACE)
    return [str(i) for i in found]


def plain(value):
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (list, tuple)):
        # a pixmap is told by its size and a digest of its bytes: enough to see that the picture changed
        return [plain(v) for v in value] if len(value) < 64 else f"<{len(value)} bytes, {zlib.crc32(bytes(value)):08x}>"
    return str(value)


def node(entry):
    ident, props, children = entry
    return {"id": int(ident), **{str(k): plain(v) for k, v in props.items()}, "children": [node(c) for c in children]}


def look(item):
    owner, path = item.split("/", 1)
    obj = bus.get_object(owner, "/" + path)
    props = obj.GetAll(ITEM, dbus_interface=dbus.PROPERTIES_IFACE)
    menu = dbus.Interface(bus.get_object(owner, props["Menu"]), "com.canonical.dbusmenu")
    menu.AboutToShow(0)
    _, tree = menu.GetLayout(0, -1, dbus.Array([], signature="s"))
    return {str(k): plain(v) for k, v in props.items()}, menu, node(tree)


def find(entry, label):
    if entry.get("label", "").replace("_", "") == label:
        return entry["id"]
    return next((hit for c in entry["children"] if (hit := find(c, label)) is not None), None)


command = sys.argv[1]
if command == "list":
    looked = [(i, look(i)) for i in items()]
    print(json.dumps([{"item": i, "props": props, "menu": tree} for i, (props, _, tree) in looked]))
elif command == "click":
    _, menu, tree = look(items()[0])
    ident = find(tree, sys.argv[2])
    if ident is None:
        sys.exit(f"no menu entry {sys.argv[2]!r} in {json.dumps(tree)}")
    menu.Event(ident, "clicked", dbus.String("", variant_level=1), dbus.UInt32(0))
elif command == "activate":
    owner, path = items()[0].split("/", 1)
    bus.get_object(owner, "/" + path).Activate(0, 0, dbus_interface=ITEM)
