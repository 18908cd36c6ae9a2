"""The sandbox's CCAI Platform face as somebody else's reader sees it: the Singer tap for UJET (PyPI `tap-ujet`), whose
schemas were made from what the real platform sent. It copies every stream that it knows, over HTTPS, following links."""

import io
import json
import os
import sys
import tempfile
import traceback
import urllib.request
from contextlib import redirect_stdout

from tap_ujet import client as tap
from tap_ujet.discover import discover
from tap_ujet.streams import STREAMS
from tap_ujet.sync import sync

READY = json.loads(os.environ["READY_LINE"])
FACE = READY["platforms"]["ccaip"]
START = "2019-01-01T00:00:00Z"


def control(path, body):
    request = urllib.request.Request(READY["control"] + path, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def opened(token=FACE["token"]):
    """The tap's client for our address; it is made for addresses of the vendor's only."""
    made = tap.UjetClient(FACE["user"], token, "offhook", user_agent="offhook-tests")
    made.base_url = FACE["url"] + "/manager/api/v1"
    return made


def copied(streams):
    """What the tap writes of these streams, by stream."""
    catalog = discover()
    for entry in catalog.streams:
        if entry.stream in streams:
            entry.metadata[0]["metadata"]["selected"] = True
            for line in entry.metadata[1:]:
                line["metadata"]["selected"] = True
    out = io.StringIO()
    with opened() as api, redirect_stdout(out):
        sync(client=api, config={"start_date": START}, catalog=catalog, state={})
    rows = {stream: [] for stream in streams}
    for line in out.getvalue().splitlines():
        message = json.loads(line)
        if message["type"] == "RECORD":
            rows[message["stream"]].append(message["record"])
    return rows


def total(path):
    with opened() as api:
        rows, count, _ = api.get(path)
        return count or len(rows)


def test_it_is_let_in_and_a_stranger_is_not():
    assert opened().check_access()
    assert not opened(token="wrong").check_access()
    try:
        with opened() as api:
            api.get("menus/77")
        raise AssertionError("nothing has that number")
    except tap.UjetNotFoundError as error:
        assert "Menu not found" in str(error), error


def test_every_stream_is_copied_whole():
    control("/ccaip/ida/available", {})
    control("/ring", {"agent": "ida"})
    control("/ccaip/ida/accept", {})
    rows = copied(list(STREAMS))
    for stream, records in rows.items():
        assert records, f"{stream} is empty"
        path = STREAMS[stream].get("path", stream)
        if "tree" not in path and stream != "agents":
            wanted = total(path)
            assert len({r["id"] for r in records}) >= wanted - 1, (stream, len(records), wanted)
    calls = {c["id"]: c for c in rows["calls"]}
    live = [c for c in calls.values() if c["agent_info"] and c["agent_info"]["id"] == 101 and not c["ends_at"]]
    assert len(live) == 1 and live[0]["status"] in ("assigned", "connecting", "connected"), live
    # The tap lays trees flat.
    for tree, flat in (("menu_tree", "menus"), ("team_tree", "teams")):
        assert {r["id"] for r in rows[tree]} == {r["id"] for r in rows[flat]}, tree


def main():
    checks = [test_it_is_let_in_and_a_stranger_is_not, test_every_stream_is_copied_whole]
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as authority:
        authority.write(FACE["certificate_pem"])
        authority.flush()
        os.environ["REQUESTS_CA_BUNDLE"] = authority.name
        failed = 0
        for check in checks:
            try:
                check()
                print(f"ok   {check.__name__}")
            except Exception:
                failed += 1
                print(f"FAIL {check.__name__}")
                traceback.print_exc(file=sys.stdout)
    print(f"clients: {len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
