#!/usr/bin/env python3
"""The bare minimum that could ring: one long poll, one notification. The floor that Offhook is measured against.

bare_listener.py URL USERNAME TOKEN
Shows a notification titled `bare` for each activity that rings at the user, and closes it when it rings no more.
"""
import http.client
import json
import sys
import urllib.parse

import dbus

url, user, token = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2], sys.argv[3]
notify = dbus.Interface(
    dbus.SessionBus().get_object("org.freedesktop.Notifications", "/org/freedesktop/Notifications"),
    "org.freedesktop.Notifications",
)
link = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
shown, known = {}, ""
print("listening", flush=True)
while True:
    link.request("GET", f"/api/v6/appPullData.json?hash={urllib.parse.quote(known)}", headers={"X-AUTH-TOKEN": token})
    result = json.loads(link.getresponse().read())["result"]
    known = result["hash"]
    if "activities" not in result:
        continue
    rings = {a["name"] for a in result["activities"] if a["action"] == "WAIT" and (a.get("user") or {}).get("name") == user}
    for name in rings - shown.keys():
        shown[name] = notify.Notify("bare", 0, "", "bare", name, ["answer", "Answer"], {"urgency": dbus.Byte(2)}, 0)
    for name in shown.keys() - rings:
        notify.CloseNotification(shown.pop(name))
