#!/usr/bin/env python3
"""Services that take more than they may: one that is busy for nobody, one that is busy for somebody, one whose log floods, one that
uses all memory. They run at the same time, in an engine with small limits."""
import json
import os
import sys
import threading
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, run_tests, wait_for  # noqa: E402

SMALL = {"WEBNOVA_SANDBOX_BUSY_SECONDS": "4", "WEBNOVA_PREVIEW_LOG_LINES_PER_SECOND": "500", "WEBNOVA_SANDBOX_MEMORY_MB": "256"}
LISTEN = """
const http = require('http');
let go = false;
http.createServer((q, a) => { a.end('ok'); if (q.url === '/go') go = true; }).listen(process.env.SOCKET_PATH);
"""
SERVICES = {
    "idle loop": LISTEN + "setInterval(() => { if (go) for (;;); }, 100);",
    "busy for somebody": LISTEN + "setInterval(() => { const t = Date.now(); while (go && Date.now() - t < 380); }, 400);",
    "log flood": LISTEN + "setInterval(() => { if (go) for (let i = 0; i < 500; i++) console.log('line ' + i); }, 100);",
    "memory": LISTEN + "const b = []; setInterval(() => { if (go) b.push(Buffer.alloc(16 << 20, 1)); }, 10);",
}
E = None
SPACE, URL = {}, {}
OVER = threading.Event()


def write_platform(path, code):
    package = {"name": "tiny", "version": "1.0.0", "private": True, "scripts": {"start": "node server.js"}}
    lock = {"name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
            "packages": {"": {"name": "tiny", "version": "1.0.0"}}}
    for file, text in (("package.json", json.dumps(package)), ("package-lock.json", json.dumps(lock)), ("server.js", code)):
        with open(os.path.join(path, file), "w", encoding="utf-8") as f:
            f.write(text)


def start_all():
    c = E.client(timeout=120)
    for name, code in SERVICES.items():
        path = os.path.join(E.directory, name.replace(" ", "-"))
        os.mkdir(path)
        write_platform(path, code)
        SPACE[name] = c.call("workspace.open", {"path": path})["workspace"]["id"]
        URL[name] = c.call("preview.start", {"workspace": SPACE[name]})["preview"]["url"]
    for url in URL.values():
        urllib.request.urlopen(url + "go", timeout=20).close()


def keep_asking():
    while not OVER.is_set():
        try:
            urllib.request.urlopen(URL["busy for somebody"], timeout=20).close()
        except OSError:
            return
        OVER.wait(0.2)


def stopped(name):
    """Why the preview says it failed, when it does."""
    def failed():
        p = E.client().call("preview.status", {"workspace": SPACE[name]})["preview"]
        return p["state"] == "failed" and p["reason"]
    return wait_for(failed, 90)


def a_service_that_is_busy_for_nobody_is_stopped():
    reason = stopped("idle loop")
    assert "without a request" in reason and "sandbox.busy_seconds" in reason, reason


def a_log_that_floods_is_stopped():
    reason = stopped("log flood")
    assert "log lines a second" in reason and "preview.log_lines_per_second" in reason, reason


def a_service_that_uses_all_memory_says_so():
    reason = stopped("memory")
    assert "256 MiB of memory" in reason and "sandbox.memory_mb" in reason, reason


def a_service_that_is_asked_may_be_busy():
    p = E.client().call("preview.status", {"workspace": SPACE["busy for somebody"]})["preview"]
    assert p["state"] == "running", p


def what_ends_by_itself_is_started_again_but_not_for_ever():
    """Exit code 3 each time it is told; once in ten minutes it is started again."""
    env = {"WEBNOVA_PREVIEW_RESTART": "on-failure", "WEBNOVA_PREVIEW_RESTART_LIMIT": "1"}
    with Engine(env=env) as e:
        path = os.path.join(e.directory, "w")
        os.mkdir(path)
        write_platform(path, LISTEN + "setInterval(() => { if (go) { console.log('needle ' + process.hrtime()[0]); process.exit(3); } }, 50);")
        c = e.client(timeout=120)
        w = c.call("workspace.open", {"path": path})["workspace"]["id"]
        url = c.call("preview.start", {"workspace": w})["preview"]["url"]

        def events(kind):
            return c.call("event.list", {"types": [kind], "limit": 100})["events"]
        urllib.request.urlopen(url + "go", timeout=20).close()
        wait_for(lambda: len(events("preview.started")) == 2, 60)
        assert "started again in 1 s" in events("preview.failed")[0]["data"]["reason"]
        urllib.request.urlopen(url + "go", timeout=20).close()
        wait_for(lambda: len(events("preview.failed")) == 2, 60)
        assert "stays ended" in events("preview.failed")[1]["data"]["reason"], events("preview.failed")
        found = c.call("preview.last_log", {"workspace": w, "find": "NEEDLE"})["lines"]
        assert len(found) >= 1 and all("needle" in x["text"] for x in found), found
        assert c.call("preview.last_log", {"workspace": w, "find": "no such text"})["lines"] == []
        c.call("preview.stop", {"workspace": w})


def main():
    global E
    with Engine(env=SMALL) as E:
        try:
            start_all()
        except RpcError as e:
            if e.name != "sandbox":
                raise
            print("ok 1 - rules # SKIP %s\n1..1" % e)
            return
        asking = threading.Thread(target=keep_asking)
        asking.start()
        try:
            run_tests([a_service_that_is_busy_for_nobody_is_stopped, a_log_that_floods_is_stopped,
                       a_service_that_uses_all_memory_says_so, a_service_that_is_asked_may_be_busy,
                       what_ends_by_itself_is_started_again_but_not_for_ever])
        finally:
            OVER.set()
            asking.join()
            try:
                E.client().call("preview.stop", {"workspace": SPACE["busy for somebody"]})
            except RpcError:
                pass


main()
