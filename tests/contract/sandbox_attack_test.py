#!/usr/bin/env python3
"""Escapes from a sandbox: each attempt of sandbox_attack.py is a test. One engine, one box, all of them in it."""
import ctypes
import json
import os
import shutil
import socket
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, run_tests, wait_for  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"


def outside_address():
    """An address of this machine that is not loopback, or one of the test networks."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        s.connect(("192.0.2.1", 9))  # sends nothing
        return s.getsockname()[0]
    except OSError:
        return "192.0.2.2"
    finally:
        s.close()


def attack(e):
    """What each attempt got: a dict of name and word, None when it was held."""
    c = e.client()
    workspace, other = os.path.join(e.directory, "w"), os.path.join(e.directory, "other")
    for path in (workspace, other, os.path.join(workspace, ".git", "hooks")):
        os.makedirs(path)
    w = c.call("workspace.open", {"path": workspace})["workspace"]
    secret = os.path.join(e.directory, "secret")
    canary = tempfile.NamedTemporaryFile(prefix="wn-canary-")
    for path in (secret, os.path.join(other, "private"), os.path.join(e.env["HOME"], "private")):
        with open(path, "w", encoding="ascii") as f:
            f.write("canary-3141")
    listener = socket.socket(socket.AF_INET6)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("::", 0))
    listener.listen()
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind("\0wn-attack-%d" % os.getpid())
    abstract.listen()
    libc = ctypes.CDLL(None)
    key = 0x574E0000 | (os.getpid() & 0xFFFF)
    segment = libc.shmget(key, 4096, 0o1600)
    shutil.copy(os.path.join(HERE, "sandbox_attack.py"), os.path.join(workspace, "attack.py"))
    facts = {"secret": secret, "store": os.path.join(e.state, "store", "engine.db"), "home": e.env["HOME"], "other": other,
             "socket": e.socket, "canary": canary.name, "pids": [e.process.pid, os.getpid(), os.getppid()],
             "port": listener.getsockname()[1], "address": outside_address(), "abstract": "wn-attack-%d" % os.getpid(), "segment": key}
    try:
        t = c.call("terminal.open", {"workspace": w["id"], "sandbox": True, "rows": 24, "cols": 200,
                                     "argv": ["/bin/sh", "-c", "%s attack.py \"$0\" >log 2>&1" % PYTHON, json.dumps(facts)]})["terminal"]
        results = os.path.join(workspace, "results.json")
        wait_for(lambda: os.path.exists(results), 60)
        c.call("terminal.close", {"terminal": t["id"]})
        with open(results, encoding="utf-8") as f:
            got = json.load(f)
        if os.path.exists(os.path.join(e.directory, "evil")):
            got["makes_a_directory_beside_the_workspace"] = "made"
        return got
    finally:
        libc.shmctl(segment, 0, None)
        for s in (listener, abstract):
            s.close()
        canary.close()


def held(name, got):
    def test():
        assert got is None, "%s: %s" % (name, got)
    test.__name__ = "held: it " + name.replace("_", " ")
    return test


def main():
    with Engine(env={"WN_CANARY_ENV": "canary-3141"}) as e:
        tier = e.client().call("sandbox.probe")["tier"]
        if tier == "none" or not os.path.exists(PYTHON):
            print("ok 1 - attacks # SKIP %s" % ("this machine allows no sandbox" if tier == "none" else "no %s to attack with" % PYTHON))
            print("1..1")
            return
        results = attack(e)

        def all_of_them_ran():
            assert len(results) >= 70, len(results)
        run_tests([all_of_them_ran] + [held(name, got) for name, got in results.items()])


main()
