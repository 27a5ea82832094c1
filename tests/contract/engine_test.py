#!/usr/bin/env python3
"""What the engine itself offers: the conversation, settings, jobs, the log, signals, streams, workspaces."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Client, Engine, RpcError, run_tests, wait_for  # noqa: E402

E = Engine()
NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
count = 0


def workspace(c):
    """A new directory with a few files, as a workspace."""
    global count
    count += 1
    path = os.path.join(E.directory, "w%d" % count)
    os.makedirs(path)
    for i in range(3):
        with open(os.path.join(path, "f%d" % i), "w", encoding="ascii") as f:
            f.write("%d\n" % i)
    return c.call("workspace.open", {"path": path})["workspace"]


def refused(name, method, params=None, client=None):
    c = client or E.client()
    try:
        result = c.call(method, params)
    except RpcError as e:
        assert e.name == name, (method, e.name, str(e))
        assert str(e) and e.data["hint"], e.data
        return str(e)
    raise AssertionError("%s answered %r" % (method, result))


def note(c, method):
    """The next notification of that name."""
    for i, (m, a) in enumerate(c.notes):
        if m.get("method") == method:
            del c.notes[i]
            return m["params"]
    while True:
        m, a = c.read()
        assert m is not None, "closed"
        if m.get("method") == method:
            return m["params"]
        c.notes.append((m, a))


# ---- the conversation ----

def another_protocol_is_refused_with_ours_named():
    c = E.client(hello=False)
    assert "1" in refused("version", "engine.hello", {"protocol": 99}, c)


def nothing_is_answered_before_hello():
    refused("unauthenticated", "engine.ping", {}, E.client(hello=False))


def hello_is_said_once():
    refused("state", "engine.hello", {"protocol": 1})


def a_message_that_is_no_request_is_told():
    c = E.client()
    c.sock.sendall(b'{"jsonrpc":"1.0","id":9,"method":"engine.ping"}\n')
    m, _ = c.read()
    assert m["error"]["data"]["name"] == "request", m
    c.sock.sendall(b"this is not JSON\n")
    m, _ = c.read()
    assert m["error"]["data"]["name"] == "parse" and m["id"] is None, m


def an_unknown_method_is_told():
    assert "no.such" in refused("method", "no.such.method")


def the_engine_hands_out_its_own_contract():
    c = E.client()
    doc = c.call("rpc.discover")["openrpc"]
    assert doc["openrpc"].startswith("1.") and "rpc.discover" in [m["name"] for m in doc["methods"]]


def a_cancelled_request_answers_once():
    c = E.client()
    assert c.call("call.cancel", {"id": 777})["cancelled"] is False


# ---- settings ----

def settings_say_where_they_come_from():
    c = E.client()
    rows = c.call("config.list", {"prefix": "engine.rpc."})["settings"]
    names = [r["name"] for r in rows]
    assert names == sorted(names) and "engine.rpc.burst" in names and not [n for n in names if "rpc" not in n]
    assert c.call("config.get", {"name": "engine.rpc.burst"})["setting"] in rows


def an_unknown_setting_is_not_found():
    refused("not_found", "config.get", {"name": "engine.rpc.brust"})


# ---- jobs ----

def a_finished_job_can_be_looked_up_and_waited_for():
    c = E.client()
    w = workspace(c)["id"]
    snapshot = c.call("snapshot.create", {"workspace": w})["snapshot"]["id"]
    job = [j for j in c.call("job.list", {"state": "finished"})["jobs"] if j["kind"] == "snapshot.create"][0]
    assert c.call("job.get", {"job": job["job"]})["job"]["result"]["snapshot"]["id"] == snapshot
    waited = c.call("job.wait", {"job": job["job"]})
    assert waited["state"] == "finished" and waited["result"]["snapshot"]["id"] == snapshot, waited


def a_failed_job_keeps_its_reason():
    c = E.client()
    refused("not_found", "snapshot.create", {"workspace": NOBODY}, c)
    job = wait_for(lambda: c.call("job.list", {"state": "failed"})["jobs"])[0]
    assert c.call("job.wait", {"job": job["job"]})["error"]["name"] == "not_found", job


def a_job_that_is_not_there_is_not_found():
    for method in ("job.get", "job.cancel", "job.wait"):
        refused("not_found", method, {"job": NOBODY})


# ---- the log ----

def a_subscription_turns_from_the_past_to_what_comes():
    c = E.client()
    first = workspace(c)
    s = c.call("event.subscribe", {"after": "0", "credit": 1000, "types": ["workspace.*"]})
    second = workspace(c)
    seen = []
    while second["id"] not in seen:
        item = note(c, "event.item")
        assert item["stream"] == s["stream"] and item["event"]["type"].startswith("workspace."), item
        seen.append(item["event"]["data"]["id"])
    assert first["id"] in seen and len(seen) == len(set(seen)), seen
    assert c.call("stream.close", {"stream": s["stream"]}) == {}


def everything_that_happened_is_in_the_log():
    c = E.client()
    w = workspace(c)
    c.call("workspace.forget", {"workspace": w["id"]})
    c.call("snapshot.create", {"workspace": workspace(c)["id"]})
    types = {e["type"] for e in c.call("event.list", {"limit": 1000})["events"]}
    assert {"workspace.created", "workspace.forgotten", "snapshot.created", "job.started", "job.finished"} <= types, types


def a_rebuild_gives_the_same_rows():
    c = E.client()
    workspace(c)
    before = c.call("workspace.list")["workspaces"], c.call("job.list", {"limit": 1000})["jobs"]
    assert int(c.call("engine.rebuild")["events"]) > 0
    rows = [j for j in c.call("job.list", {"limit": 1000})["jobs"] if j["kind"] != "engine.rebuild"]
    assert (c.call("workspace.list")["workspaces"], rows) == (before[0], [j for j in before[1] if j["kind"] != "engine.rebuild"])


# ---- signals and streams ----

def the_progress_of_a_job_is_a_signal():
    watcher, c = E.client(), E.client()
    s = watcher.call("signal.subscribe", {"topics": ["job.*"], "credit": 100})["stream"]
    w = workspace(c)
    n = c.send("snapshot.create", {"workspace": w["id"]})
    item = note(watcher, "signal.item")
    assert item["stream"] == s and item["topic"] == "job.progress" and len(item["subject"]) == 26, item
    assert item["data"]["kind"] == "snapshot.create", item
    c.answer(n)
    watcher.call("stream.credit", {"stream": s, "credit": 10})


def a_stream_that_is_not_there_is_not_found():
    refused("not_found", "stream.credit", {"stream": 99, "credit": 1})
    refused("not_found", "stream.close", {"stream": 99})
    refused("not_found", "stream.data", {"stream": 99})


def credit_has_a_limit():
    c = E.client()
    s = c.call("event.subscribe", {"credit": 0})["stream"]
    refused("invalid", "stream.credit", {"stream": s, "credit": -1}, c)
    refused("unsupported", "stream.data", {"stream": s}, c)


def streams_have_a_limit():
    with Engine(args=["--set", "engine.rpc.streams=2"]) as small:
        c = small.client()
        for _ in range(2):
            c.call("event.subscribe", {"credit": 0})
        refused("limit", "event.subscribe", {"credit": 0}, c)
        refused("limit", "signal.subscribe", {"topics": ["*"], "credit": 0}, c)


# ---- terminals ----

def typing_goes_down_the_stream_of_the_screen():
    c = E.client()
    out = os.path.join(E.directory, "typed")
    t = c.call("terminal.open", {"rows": 24, "cols": 80, "cwd": E.directory, "argv": ["/bin/sh"]})["terminal"]["id"]
    s = c.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 100})["stream"]
    c.call("stream.data", {"stream": s}, attachment=b"echo down >typed\n")
    wait_for(lambda: os.path.exists(out) and open(out, encoding="ascii").read() == "down\n")
    c.call("terminal.mouse", {"terminal": t, "row": 1, "col": 1, "button": 1, "pressed": True})
    assert c.call("terminal.scrollback", {"terminal": t, "from": 0, "count": 10})["total"] >= 0
    c.call("terminal.close", {"terminal": t})
    note(c, "stream.closed")


def a_program_that_ended_takes_no_input():
    c = E.client()
    t = c.call("terminal.open", {"rows": 2, "cols": 20, "cwd": E.directory, "argv": ["/bin/true"]})["terminal"]["id"]
    wait_for(lambda: not [x for x in c.call("terminal.list")["terminals"] if x["id"] == t and x["running"]])
    for method, params in (("terminal.key", {"key": "a"}), ("terminal.resize", {"rows": 3, "cols": 9})):
        try:
            c.call(method, dict(params, terminal=t))
            raise AssertionError(method)
        except RpcError as e:
            assert e.name in ("state", "not_found"), (method, e.name)


# ---- workspaces ----

def a_workspace_is_found_by_id_and_by_a_path_in_it():
    c = E.client()
    w = workspace(c)
    deep = os.path.join(w["path"], "a", "b")
    os.makedirs(deep)
    assert c.call("workspace.get", {"workspace": w["id"]})["workspace"] == w
    assert c.call("workspace.get", {"path": deep})["workspace"] == w
    assert c.call("workspace.open", {"path": w["path"]})["workspace"]["id"] == w["id"]
    assert w["id"] in [x["id"] for x in c.call("workspace.list")["workspaces"]]


def a_forgotten_workspace_keeps_its_files():
    c = E.client()
    w = workspace(c)
    c.call("workspace.forget", {"workspace": w["id"]})
    refused("not_found", "workspace.get", {"workspace": w["id"]}, c)
    assert os.path.exists(os.path.join(w["path"], "f0"))


def a_directory_that_cannot_be_a_workspace_is_told():
    c = E.client()
    refused("not_found", "workspace.open", {"path": os.path.join(E.directory, "absent")}, c)
    refused("invalid", "workspace.get", {}, c)
    if os.geteuid() != 0:
        locked = os.path.join(E.directory, "locked")
        os.makedirs(os.path.join(locked, "in"))
        os.chmod(locked, 0)
        refused("denied", "workspace.open", {"path": os.path.join(locked, "in")}, c)


# ---- a damaged state ----

def a_damaged_snapshot_is_told_and_the_files_stay():
    c = E.client()
    w = workspace(c)
    s = c.call("snapshot.create", {"workspace": w["id"]})["snapshot"]["id"]
    damaged = 0
    for directory, _, found in os.walk(os.path.join(E.state)):
        for name in found:
            if os.path.basename(os.path.dirname(directory)) == "objects" and len(name) == 38:
                full = os.path.join(directory, name)
                os.chmod(full, 0o600)
                with open(full, "wb") as f:
                    f.write(b"garbage")
                damaged += 1
    assert damaged, "no object was found"
    with open(os.path.join(w["path"], "f0"), "w", encoding="ascii") as f:
        f.write("mine\n")
    assert E.stop() == 0
    E.start()
    c = Client(E.socket)
    try:
        c.call("snapshot.restore", {"workspace": w["id"], "snapshot": s})
        raise AssertionError("restored from garbage")
    except RpcError as e:
        assert e.name in ("io", "corrupt"), (e.name, str(e))
    assert open(os.path.join(w["path"], "f0"), encoding="ascii").read() == "mine\n"


def a_damaged_store_is_told_and_the_engine_lives():
    with Engine() as e:
        c = e.client()
        for i in range(300):
            path = os.path.join(e.directory, "w%d" % i)
            os.makedirs(path)
            c.call("workspace.open", {"path": path})
        assert e.stop() == 0
        e.start()
        store = os.path.join(e.state, "store", "engine.db")
        with open(store, "r+b") as f:
            size = os.path.getsize(store)
            f.seek(size // 3)
            f.write(b"\xee" * (size - size // 3))
        c = e.client()
        said = refused("corrupt", "event.list", {}, c)
        assert "malformed" in said, said
        assert c.call("engine.ping", {"data": 1}) == {"data": 1}


def every_message_is_recorded_for_its_owner_only():
    record = os.path.join(E.directory, "record")
    with Engine(args=["--set", "engine.record=" + record]) as e:
        c = e.client()
        c.call("engine.ping", {"data": "marked"})
        c.sock.sendall(b"garbage\n")
        c.read()
        c.close()
    assert os.stat(record).st_mode & 0o777 == 0o600
    with open(record, encoding="utf-8") as f:
        lines = [json.loads(x) for x in f]
    said = [x["message"] for x in lines if "message" in x]
    assert [m["method"] for m in said if m.get("params") == {"data": "marked"}] == ["engine.ping"], said
    assert [m for m in said if m.get("result") == {"data": "marked"}], said
    assert [x for x in lines if x["direction"] == "in" and "left_out" in x], lines
    assert len({x["engine"] for x in lines}) == 1


def a_record_that_cannot_be_written_stops_the_start():
    p = Engine(args=[])
    out = p.run("--foreground", "--set", "engine.record=/no/such/dir/record", check=False)
    assert out.returncode != 0 and "engine.record" in out.stderr, out.stderr


with E:
    run_tests([another_protocol_is_refused_with_ours_named, nothing_is_answered_before_hello, hello_is_said_once,
               a_message_that_is_no_request_is_told, an_unknown_method_is_told, the_engine_hands_out_its_own_contract,
               a_cancelled_request_answers_once, settings_say_where_they_come_from, an_unknown_setting_is_not_found,
               a_finished_job_can_be_looked_up_and_waited_for, a_failed_job_keeps_its_reason,
               a_job_that_is_not_there_is_not_found, a_subscription_turns_from_the_past_to_what_comes,
               everything_that_happened_is_in_the_log, a_rebuild_gives_the_same_rows, the_progress_of_a_job_is_a_signal,
               a_stream_that_is_not_there_is_not_found, credit_has_a_limit, streams_have_a_limit,
               typing_goes_down_the_stream_of_the_screen, a_program_that_ended_takes_no_input,
               a_workspace_is_found_by_id_and_by_a_path_in_it, a_forgotten_workspace_keeps_its_files,
               a_directory_that_cannot_be_a_workspace_is_told, a_damaged_snapshot_is_told_and_the_files_stay,
               a_damaged_store_is_told_and_the_engine_lives, every_message_is_recorded_for_its_owner_only,
               a_record_that_cannot_be_written_stops_the_start])
