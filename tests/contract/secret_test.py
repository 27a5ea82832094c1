#!/usr/bin/env python3
"""Secrets over the wire and from the command line: kept through a kill, given to nobody else, and in no file, log or argv."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import BUILD, Engine, RpcError, run_tests  # noqa: E402

CANARY = b"canary-4b1d-\xd8\xb3\xd8\xb1"
COUNT = 0


def workspace(e=None):
    global COUNT
    COUNT += 1
    path = os.path.join((e or E).directory, "w%d" % COUNT)
    os.mkdir(path)
    c = (e or E).client()
    return c, {"workspace": c.call("workspace.open", {"path": path})["workspace"]["id"], "environment": "development"}, path


def fails(name, fn, *args, **kw):
    try:
        fn(*args, **kw)
    except RpcError as e:
        assert e.name == name, (e.name, str(e))
        assert CANARY.decode() not in str(e)
        return
    raise AssertionError("it did not fail")


def value(c, at, name):
    c.call("secret.get", {**at, "name": name})
    return c.attachment


def cli(*argv, **kw):
    return E.run(*argv, program=os.path.join(BUILD, "webnova"), **kw)


def a_value_survives_a_killed_engine():
    with Engine() as e:
        c, at, _ = workspace(e)
        c.call("secret.set", {**at, "name": "TOKEN", "readable": True}, CANARY)
        e.kill()
        e.start()
        assert value(e.client(), at, "TOKEN") == CANARY


def a_passphrase_locks_the_next_engine():
    with Engine() as e:
        c, at, _ = workspace(e)
        c.call("secret.set", {**at, "name": "TOKEN", "readable": True}, CANARY)
        assert c.call("secret.passphrase", {}, b"a long enough one")["key"] == "passphrase"
        e.kill()
        e.start()
        c = e.client()
        assert c.call("secret.status") == {"locked": True, "key": "passphrase"}
        fails("state", value, c, at, "TOKEN")
        fails("denied", c.call, "secret.unlock", {}, b"not this one")
        fails("rate", c.call, "secret.unlock", {}, b"a long enough one")
        e.kill()  # the wait is the engine's memory
        e.start()
        c = e.client()
        c.call("secret.unlock", {}, b"a long enough one")
        assert value(c, at, "TOKEN") == CANARY


def what_is_listed_has_no_value():
    c, at, _ = workspace()
    c.call("secret.set", {**at, "name": "B"}, CANARY)
    c.call("secret.set", {**at, "name": "A", "readable": True}, b"1")
    listed = c.call("secret.list", {"workspace": at["workspace"]})["secrets"]
    assert [(s["name"], s["version"], s["readable"]) for s in listed] == [("A", 1, True), ("B", 1, False)], listed
    assert set(listed[0]) == {"environment", "name", "version", "readable", "changed"}
    fails("denied", value, c, at, "B")


def it_is_imported_reverted_rotated_and_deleted():
    c, at, _ = workspace()
    got = c.call("secret.import", {**at, "readable": True}, b"A=1\nexport B='two'\n")["secrets"]
    assert [s["name"] for s in got] == ["A", "B"]
    fails("invalid", c.call, "secret.import", at, b"A=2\n" + CANARY + b"\n")
    assert value(c, at, "A") == b"1"
    c.call("secret.set", {**at, "name": "A", "readable": True}, b"2")
    assert c.call("secret.revert", {**at, "name": "A", "version": 1})["secret"]["version"] == 3
    assert c.call("secret.rotate")["secrets"] >= 4
    assert value(c, at, "A") == b"1" and value(c, at, "B") == b"two"
    c.call("secret.delete", {**at, "name": "A"})
    fails("not_found", value, c, at, "A")
    types = [e["type"] for e in c.call("event.list", {"types": ["secret.*"], "limit": 100})["events"]]
    assert {"secret.stored", "secret.deleted", "secret.rotated"} <= set(types), types


def names_and_environments_cannot_leave_their_place():
    c, at, _ = workspace()
    for name in ("../X", "A/B", "", "1A", "A" * 129, "A\n"):
        fails("invalid", c.call, "secret.set", {**at, "name": name}, b"x")
    for environment in ("..", "a/b", "", "A"):
        fails("invalid", c.call, "secret.set", {**at, "environment": environment, "name": "A"}, b"x")


def the_command_line_takes_and_gives_values_by_pipes_only():
    _, at, path = workspace()
    assert cli("secrets", "set", "TOKEN", "--readable", "-C", path, input=CANARY.decode() + "\n").returncode == 0
    assert cli("secrets", "get", "TOKEN", "-C", path).stdout.encode() == CANARY
    r = cli("--json", "secrets", "-C", path)
    assert json.loads(r.stdout)["name"] == "TOKEN" and CANARY.decode() not in r.stdout
    assert cli("secrets", "delete", "TOKEN", "-C", path).returncode == 0
    r = cli("secrets", "get", "TOKEN", "-C", path, check=False)
    assert r.returncode == 1 and "TOKEN" in r.stderr, r.stderr
    assert cli("secrets", "set", "-C", path, check=False).returncode == 2


def the_canary_is_in_no_file_of_the_engine():
    c, at, _ = workspace()
    c.call("secret.set", {**at, "name": "TOKEN"}, CANARY)
    r = subprocess.run(["grep", "-rlaF", CANARY.decode(), E.directory], capture_output=True, text=True, check=False)
    assert r.returncode == 1, r.stdout
    record = os.environ.get("WEBNOVA_RECORD")
    if record and os.path.exists(record):
        with open(record, "rb") as f:
            assert CANARY not in f.read()


with Engine() as E:
    run_tests([a_value_survives_a_killed_engine, a_passphrase_locks_the_next_engine, what_is_listed_has_no_value,
               it_is_imported_reverted_rotated_and_deleted, names_and_environments_cannot_leave_their_place,
               the_command_line_takes_and_gives_values_by_pipes_only, the_canary_is_in_no_file_of_the_engine])
