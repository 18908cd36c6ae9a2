#!/usr/bin/env python3
"""A notification daemon that keeps what it was sent, for tests.

Beside the freedesktop interface it answers org.offhook.Test on the same path:
  List() -> JSON      every notification so far: its words, actions, hints, whether it is still open, why it closed
  Invoke(id, action)  presses a button, as a person would; the notification then closes unless it is resident
  Dismiss(id)         closes it, as a person would
Times are microseconds since the epoch, the clock the sandbox writes too.
"""
import json
import time

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NOTIFY = "org.freedesktop.Notifications"
TEST = "org.offhook.Test"
DISMISSED, BY_CALL = 2, 3


def now():
    return time.time_ns() // 1000


def plain(value):
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (list, tuple)):
        return f"<{len(value)} items>"
    return str(value)


class Daemon(dbus.service.Object):
    def __init__(self, bus):
        self.shown = []
        self.next = 1
        self.name = dbus.service.BusName(NOTIFY, bus, do_not_queue=True)
        super().__init__(bus, "/org/freedesktop/Notifications")

    @dbus.service.method(NOTIFY, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints, timeout):
        at = now()
        ident = int(replaces)
        if not ident:
            ident, self.next = self.next, self.next + 1
        self.shown = [n for n in self.shown if n["id"] != ident]
        self.shown.append({
            "id": ident, "replaces": int(replaces), "app": str(app), "icon": str(icon),
            "summary": str(summary), "body": str(body),
            "actions": {str(actions[i]): str(actions[i + 1]) for i in range(0, len(actions), 2)},
            "hints": {str(k): plain(v) for k, v in hints.items()},
            "timeout": int(timeout), "open": True, "at": at,
        })
        return dbus.UInt32(ident)

    def close(self, ident, reason):
        for n in self.shown:
            if n["id"] == ident and n["open"]:
                n.update(open=False, reason=reason, closed_at=now())
                self.NotificationClosed(dbus.UInt32(ident), dbus.UInt32(reason))

    @dbus.service.method(NOTIFY, in_signature="u")
    def CloseNotification(self, ident):
        self.close(int(ident), BY_CALL)

    @dbus.service.method(NOTIFY, out_signature="as")
    def GetCapabilities(self):
        return ["body", "body-markup", "actions", "persistence", "icon-static"]

    @dbus.service.method(NOTIFY, out_signature="ssss")
    def GetServerInformation(self):
        return ("offhook-test", "offhook", "1", "1.2")

    @dbus.service.signal(NOTIFY, signature="uu")
    def NotificationClosed(self, ident, reason):
        pass

    @dbus.service.signal(NOTIFY, signature="us")
    def ActionInvoked(self, ident, action):
        pass

    @dbus.service.method(TEST, out_signature="s")
    def List(self):
        return json.dumps(self.shown)

    @dbus.service.method(TEST, in_signature="us")
    def Invoke(self, ident, action):
        self.ActionInvoked(ident, action)
        if not any(n["id"] == int(ident) and n["hints"].get("resident") for n in self.shown):
            self.close(int(ident), DISMISSED)

    @dbus.service.method(TEST, in_signature="u")
    def Dismiss(self, ident):
        self.close(int(ident), DISMISSED)


DBusGMainLoop(set_as_default=True)
daemon = Daemon(dbus.SessionBus())
GLib.MainLoop().run()
