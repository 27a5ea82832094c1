#!/usr/bin/env python3
"""Platforms that behave badly, and engines that are killed: what is started is ended, said once, and never half.

The platform is a package without dependencies and one file, so that nothing is fetched but Node.js itself (cached).
"""
import hashlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, Skip, run_tests, wait_for  # noqa: E402

E = None
COUNT = 0
CANARY = "canary-8128"
LISTEN = """
const http = require('http'), fs = require('fs');
const server = http.createServer((q, a) => { a.end(q.url === '/health' ? 'ok' : body()); });
function body() { return 'hello'; }
"""
GO = "server.listen(process.env.SOCKET_PATH);\n"


def platform(code):
    """A workspace with a server in it: a client, the workspace's id, its directory."""
    global COUNT
    COUNT += 1
    path = os.path.join(E.directory, "p%d" % COUNT)
    os.mkdir(path)
    package = {"name": "tiny", "version": "1.0.0", "private": True, "scripts": {"start": "node server.js"}}
    lock = {"name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
            "packages": {"": {"name": "tiny", "version": "1.0.0"}}}
    for name, text in (("package.json", json.dumps(package)), ("package-lock.json", json.dumps(lock)),
                       ("server.js", code)):
        with open(os.path.join(path, name), "w", encoding="utf-8") as f:
            f.write(text)
    c = E.client()
    return c, c.call("workspace.open", {"path": path})["workspace"]["id"], path


def start(c, w):
    try:
        return c.call("preview.start", {"workspace": w})["preview"]
    except RpcError as e:
        if e.name == "sandbox":
            raise Skip(str(e))
        raise


def status(c, w):
    return c.call("preview.status", {"workspace": w})["preview"]


def stop(c, w):
    return c.call("preview.stop", {"workspace": w})["preview"]


def said(c, w, kind):
    return [e for e in c.call("event.list", {"types": [kind], "limit": 1000})["events"] if w in json.dumps(e)]


def failure(fn, *args):
    try:
        fn(*args)
    except RpcError as e:
        assert str(e)
        return e
    raise AssertionError("it did not fail")


def processes_of(path):
    """Processes whose command line or directory lies in path, seen from outside the box."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                line = f.read()
            if path.encode() in line or os.readlink("/proc/%s/cwd" % pid).startswith(path):
                found.append(int(pid))
        except OSError:
            pass
    return found


def gone(path):
    wait_for(lambda: not processes_of(path), 15)


def it_runs_answers_and_stops():
    c, w, p = platform(LISTEN + GO)
    s = start(c, w)
    assert s["state"] == "running" and s["isolation"] == "sandbox", s
    assert urllib.request.urlopen(s["url"], timeout=10).read() == b"hello"
    assert start(c, w)["url"] == s["url"]
    assert stop(c, w)["state"] == "stopped" and status(c, w)["state"] == "stopped"
    assert len(said(c, w, "preview.started")) == 1 and len(said(c, w, "preview.stopped")) == 1
    assert stop(c, w)["state"] == "stopped" and len(said(c, w, "preview.stopped")) == 1
    gone(p)


def a_port_that_was_taken_since_is_given_up():
    c, w, p = platform(LISTEN + GO)
    port = int(start(c, w)["url"].rsplit(":", 1)[1].strip("/"))
    stop(c, w)
    with socket.create_server(("127.0.0.1", port)):
        s = start(c, w)
        assert s["state"] == "running" and str(port) not in s["url"], s
        stop(c, w)
    gone(p)


def two_stops_at_once_are_one_stop():
    c, w, p = platform(LISTEN + GO + "process.on('SIGTERM', () => setTimeout(() => process.exit(3), 700));\n")
    start(c, w)
    results = []

    def one():
        k = E.client()
        try:
            results.append(stop(k, w)["state"])
        except RpcError as e:
            results.append(e.name)
        k.close()
    threads = [threading.Thread(target=one) for _ in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert "stopped" in results and set(results) <= {"stopped", "busy"}, results
    events = said(c, w, "preview.stopped")
    assert len(events) == 1 and events[0]["data"].get("exit_code") == 3, events
    assert not said(c, w, "preview.failed")
    gone(p)


def one_that_ignores_the_term_signal_is_killed():
    c, w, p = platform(LISTEN + GO + "process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {});\n")
    start(c, w)
    began = time.monotonic()
    assert stop(c, w)["state"] == "stopped"
    assert time.monotonic() - began < 15
    gone(p)
    start(c, w)
    stop(c, w)


def what_it_started_ends_with_it():
    c, w, p = platform(LISTEN + GO + """
const cp = require('child_process');
for (let i = 0; i < 5; i++)
  cp.spawn('/bin/sh', ['-c', 'trap "" TERM HUP; exec sleep 1000'], { detached: true, stdio: 'ignore' }).unref();
""")
    start(c, w)
    wait_for(lambda: len([x for x in processes_of(p)]) >= 5, 10)
    stop(c, w)
    gone(p)


def a_flood_of_output_holds_nobody_up():
    c, w, p = platform(LISTEN + GO + """
const line = 'x'.repeat(1023) + '\\n';
let n = 0;
(function flood() { while (n < 100 * 1024) { n++; if (!process.stdout.write(line)) return process.stdout.once('drain', flood); }
  fs.writeFileSync('flooded', ''); })();
""")
    start(c, w)
    k = E.client()
    k.call("preview.logs", {"workspace": w, "tail": 10000, "credit": 1})  # asks, and reads no further
    slowest = 0
    end = time.monotonic() + 25
    while not os.path.exists(os.path.join(p, "flooded")):
        assert time.monotonic() < end
        began = time.monotonic()
        status(c, w)
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 2, slowest
    k.close()
    size = os.path.getsize(os.path.join(E.state, "preview", w, "service.log"))
    assert size < 64 << 20, size
    assert c.call("preview.last_log", {"workspace": w, "tail": 5})["lines"]
    stop(c, w)
    gone(p)


def one_that_never_answers_is_given_up_and_ended():
    c, w, p = platform("console.log('thinking'); setInterval(() => {}, 1000);\n")
    e = failure(start, c, w)
    assert e.name == "deadline" and "thinking" in str(e), (e.name, str(e))
    gone(p)
    assert status(c, w)["state"] == "failed"
    assert len(said(c, w, "preview.failed")) == 1 and not said(c, w, "preview.started")


def one_that_takes_the_connection_and_says_nothing_is_given_up():
    c, w, p = platform("require('net').createServer(() => {}).listen(process.env.SOCKET_PATH);\n")
    e = failure(start, c, w)
    assert e.name == "deadline", e.name
    gone(p)


def one_that_dies_at_once_is_told_with_its_last_words():
    c, w, p = platform("console.error('no such table: orders'); process.exit(7);\n")
    e = failure(start, c, w)
    assert e.name == "process" and "no such table: orders" in str(e), str(e)
    s = status(c, w)
    assert s["state"] == "failed" and s["exit_code"] == 7, s
    assert stop(c, w)["state"] == "stopped"
    gone(p)


def a_cancelled_start_leaves_nothing():
    c, w, p = platform("setInterval(() => {}, 1000);\n")
    asked = c.send("preview.start", {"workspace": w})
    k = E.client()

    def running():
        return [j for j in k.call("job.list", {})["jobs"] if j["kind"] == "preview.start" and j["state"] == "running"]
    job = wait_for(running)[0]
    wait_for(lambda: processes_of(p), 20)
    assert failure(stop, k, w).name == "busy"
    k.call("job.cancel", {"job": job["job"]})
    try:
        c.answer(asked)
        raise AssertionError("it was not cancelled")
    except RpcError as e:
        assert e.name == "cancelled", e.name
    assert status(k, w)["state"] == "stopped"
    gone(p)


def a_forgotten_workspace_does_not_go_on_running():
    c, w, p = platform(LISTEN + GO)
    start(c, w)
    c.call("workspace.forget", {"workspace": w})
    gone(p)
    wait_for(lambda: said(c, w, "preview.stopped"))
    assert w not in json.dumps(c.call("preview.list", {}))
    assert failure(status, c, w).name == "not_found"
    assert failure(start, c, w).name == "not_found"


def a_directory_that_is_gone_is_said():
    c, w, p = platform(LISTEN + GO)
    os.rename(p, p + ".away")
    e = failure(start, c, w)
    assert e.name == "not_found" and "not there any more" in str(e), str(e)
    os.symlink(p + ".away", p)
    e = failure(c.call, "preview.start", {"workspace": w})
    assert e.name == "sandbox" and "leads to" in str(e), (e.name, str(e))


def an_engine_killed_while_it_starts_one_leaves_no_orphan():
    c, w, p = platform("setInterval(() => {}, 1000);\n")
    c.send("preview.start", {"workspace": w})
    wait_for(lambda: processes_of(p), 20)
    E.kill()
    E.start()
    gone(p)
    c = E.client()
    assert status(c, w)["state"] == "stopped"
    assert not said(c, w, "preview.started")
    wait_for(lambda: not [j for j in c.call("job.list", {})["jobs"] if j["state"] == "running"], 20)


def an_engine_killed_while_one_runs_takes_it_over():
    c, w, p = platform(LISTEN + GO)
    s = start(c, w)
    E.kill()
    assert urllib.request.urlopen(s["url"], timeout=10).read() == b"hello"
    E.start()
    c = E.client()
    assert status(c, w)["url"] == s["url"]
    assert stop(c, w)["state"] == "stopped"
    gone(p)


def one_that_ended_while_no_engine_ran_is_told_once():
    c, w, p = platform(LISTEN + GO)
    start(c, w)
    E.kill()
    for pid in processes_of(p):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    gone(p)
    E.start()
    c = E.client()
    wait_for(lambda: said(c, w, "preview.failed"))
    assert status(c, w)["state"] == "failed"
    E.kill()
    E.start()
    c = E.client()
    c.call("engine.info", {})
    assert len(said(c, w, "preview.failed")) == 1


def the_box_sees_nothing_of_the_engines_environment():
    c, w, p = platform(LISTEN.replace("return 'hello'", """
let out = JSON.stringify(process.env);
for (const d of fs.readdirSync('/proc')) try { out += fs.readFileSync('/proc/' + d + '/environ', 'latin1'); } catch (e) {}
return out""") + GO)
    s = start(c, w)
    out = urllib.request.urlopen(s["url"], timeout=10).read().decode()
    stop(c, w)
    assert "SOCKET_PATH" in out and CANARY not in out and E.directory not in out.replace(p, ""), out


def what_serves_gets_the_workspaces_secrets_and_nobody_sees_them():
    value = b"in-the-box-\xd8\xb3"
    c, w, p = platform(LISTEN.replace("'hello'", "require('crypto').createHash('sha256').update(process.env.TOKEN || '').digest('hex')") + GO)
    at = {"workspace": w, "environment": "development"}
    c.call("secret.set", {**at, "name": "TOKEN"}, value)
    c.call("secret.set", {**at, "name": "PATH"}, b"/elsewhere")  # what the box needs is not theirs to change
    s = start(c, w)
    assert urllib.request.urlopen(s["url"], timeout=10).read().decode() == hashlib.sha256(value).hexdigest()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                assert value not in f.read(), pid
        except OSError:
            pass
    r = subprocess.run(["grep", "-rlaF", value.decode(), E.directory], capture_output=True, text=True, check=False)
    assert r.returncode == 1, r.stdout
    stop(c, w)
    gone(p)


def what_serves_finds_the_workspaces_own_database():
    c, w, p = platform(LISTEN.replace("'hello'", """JSON.stringify({ url: process.env.DATABASE_URL.replace(/:[0-9a-f]{32}@/, ':x@'),
socket: fs.existsSync('/run/webnova-db/.s.PGSQL.5432') })""") + GO)
    at = {"workspace": w, "environment": "development"}
    try:
        c.call("database.create", {**at, "server": "postgresql"})
    except RpcError as e:
        raise Skip(str(e)) if e.name in ("tool", "sandbox") else e
    c.call("database.stop", at)
    s = start(c, w)  # and the database with it
    said = json.loads(urllib.request.urlopen(s["url"], timeout=10).read())
    assert said == {"url": "postgresql://app:x@/app?host=/run/webnova-db", "socket": True}, said
    stop(c, w)
    c.call("database.delete", {**at, "confirm": "development"})
    gone(p)


def npm_sees_nothing_of_the_engines_keys():
    with Engine(env=dict(ENV, PATH=fake_npm() + ":" + os.environ["PATH"]), args=["--set", "preview.node_version=999.0.0"]) as e:
        e.stop()
        e.env["XDG_CACHE_HOME"] = os.path.join(e.directory, "cache")
        os.makedirs(os.path.join(e.env["XDG_CACHE_HOME"], "webnova", "preview", "deps-0.new-1"))
        e.start()
        w = os.path.join(e.directory, "w")
        os.mkdir(w)
        for name in ("package.json", "package-lock.json"):
            with open(os.path.join(w, name), "w", encoding="ascii") as f:
                f.write("{}")
        c = e.client()
        failed = failure(start, c, c.call("workspace.open", {"path": w})["workspace"]["id"])
        assert failed.name == "process" and "npm" in str(failed), str(failed)
        with open(os.path.join(e.env["HOME"], "npm.env"), encoding="utf-8", errors="replace") as f:
            seen = f.read()
        assert "HOME=" in seen and CANARY not in seen, seen
        # the stage of an engine that was killed, and the one that failed now, are gone
        assert not [n for n in os.listdir(os.path.join(e.env["XDG_CACHE_HOME"], "webnova", "preview")) if ".new-" in n]


def fake_npm():
    path = os.path.join(E.directory, "bin")
    os.makedirs(path, exist_ok=True)
    program = os.path.join(path, "npm")
    with open(program, "w", encoding="ascii") as f:
        f.write("#!/bin/sh\nenv >\"$HOME/npm.env\"\nexit 1\n")
    os.chmod(program, stat.S_IRWXU)
    return path


ENV = {"OPENAI_API_KEY": CANARY, "MY_MODEL_LOGIN": CANARY}
with Engine(env=ENV, args=["--set", "preview.start_seconds=4"]) as E:
    try:
        run_tests([it_runs_answers_and_stops, a_port_that_was_taken_since_is_given_up, two_stops_at_once_are_one_stop, one_that_ignores_the_term_signal_is_killed,
                   what_it_started_ends_with_it, a_flood_of_output_holds_nobody_up,
                   one_that_never_answers_is_given_up_and_ended,
                   one_that_takes_the_connection_and_says_nothing_is_given_up,
                   one_that_dies_at_once_is_told_with_its_last_words, a_cancelled_start_leaves_nothing,
                   a_forgotten_workspace_does_not_go_on_running, a_directory_that_is_gone_is_said,
                   an_engine_killed_while_it_starts_one_leaves_no_orphan,
                   an_engine_killed_while_one_runs_takes_it_over,
                   one_that_ended_while_no_engine_ran_is_told_once,
                   the_box_sees_nothing_of_the_engines_environment,
               what_serves_gets_the_workspaces_secrets_and_nobody_sees_them,
               what_serves_finds_the_workspaces_own_database, npm_sees_nothing_of_the_engines_keys])
    finally:
        last = E.client()
        for row in last.call("preview.list", {})["previews"]:
            try:
                last.call("preview.stop", {"workspace": row["workspace"]})
            except RpcError:
                pass
