#!/usr/bin/env python3
"""The extension points in a real engine: measurements arrive, the export reads the log, and its position is durable."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, run_tests  # noqa: E402

ENGINE = Engine()
NAMES = ("datalake", "gateway", "observability", "compliance", "risk", "pipeline", "command")


def the_seven_run():
    modules = {m["name"]: m["state"] for m in ENGINE.client().call("engine.info")["modules"]}
    assert all(modules.get(n) == "running" for n in NAMES), modules


def requests_are_measured():
    c = ENGINE.client()
    before = c.call("observability.status")
    for _ in range(10):
        c.call("engine.ping", {})
    after = c.call("observability.status")
    # the ten, and the first question itself
    assert int(after["accepted"]) >= int(before["accepted"]) + 11, (before, after)
    assert "sink" not in after and after["reason"] == "no sink configured", after


def failed_requests_are_measured_too():
    c = ENGINE.client()
    before = int(c.call("observability.status")["accepted"])
    try:
        c.call("job.get", {"job": "01ARZ3NDEKTSV4RRFFQ69G5FAV"})
    except RpcError:
        pass
    assert int(c.call("observability.status")["accepted"]) >= before + 2


def make_events(c):
    path = os.path.join(ENGINE.directory, "w")
    os.makedirs(path, exist_ok=True)
    c.call("workspace.open", {"path": path})


def the_log_is_exported_as_cloud_events():
    c = ENGINE.client()
    make_events(c)
    result = c.call("datalake.export", {"reader": "lake", "limit": 1000})
    lines = [json.loads(l) for l in c.attachment.decode().splitlines()]
    assert len(lines) == result["count"] > 0 and result["end"] is True, result
    assert all(e["specversion"] == "1.0" for e in lines) and lines[-1]["seq"] == result["next"]
    assert "workspace.created" in [e["type"] for e in lines]


def an_acknowledged_position_survives_a_restart():
    c = ENGINE.client()
    n = c.call("datalake.export", {"reader": "keeper"})["next"]
    assert c.call("datalake.ack", {"reader": "keeper", "seq": n})["position"] == n
    assert ENGINE.stop() == 0
    ENGINE.start()
    c = ENGINE.client()
    assert c.call("datalake.ack", {"reader": "keeper", "seq": n})["position"] == n
    result = c.call("datalake.export", {"reader": "keeper"})
    assert int(result["next"]) >= int(n)
    if result["count"]:
        first = json.loads(c.attachment.decode().splitlines()[0])
        assert int(first["seq"]) > int(n), first


def a_position_does_not_go_back():
    c = ENGINE.client()
    try:
        c.call("datalake.ack", {"reader": "keeper", "seq": "0"})
    except RpcError as e:
        assert e.name == "conflict", e.name
        return
    raise AssertionError("went back")


with ENGINE:
    run_tests([the_seven_run, requests_are_measured, failed_requests_are_measured_too, the_log_is_exported_as_cloud_events,
               an_acknowledged_position_survives_a_restart, a_position_does_not_go_back])
