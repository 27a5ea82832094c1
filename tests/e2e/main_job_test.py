#!/usr/bin/env python3
"""The main job through the command line, against real programs: webnova, webnovad, npm, bubblewrap, sshd.

Every test has its own directory under /tmp (short: the path of a unix socket may have 107 bytes) with its own
HOME and engine. WEBNOVA_BUILD names the build; WEBNOVA_TEST_CACHE a directory that keeps what npm fetched
(default ~/.cache/webnova).
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, os.environ.get("WEBNOVA_BUILD", "build"))
CACHE = os.environ.get("WEBNOVA_TEST_CACHE", os.path.join(os.path.expanduser("~"), ".cache", "webnova"))
EXAMPLES = os.path.join(TOP, "docs", "examples")
PATIENCE = 240  # seconds for one command; a cold cache fetches from npm


class Skip(Exception):
    pass


class Failed(Exception):
    pass


def check(ok, what):
    if not ok:
        raise Failed(what)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def objects(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return "exit %d\n%s\n%s" % (self.code, self.out, self.err)


class Place:
    """A person's own world: home, run, state and cache directories, and the engine in it."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="wn-", dir="/tmp")
        os.mkdir(self.path("run"), 0o700)
        os.mkdir(self.path("home"))
        os.makedirs(CACHE, exist_ok=True)
        os.mkdir(self.path("cache"))
        os.symlink(CACHE, self.path("cache/webnova"))
        self.env = {k: v for k, v in os.environ.items() if k == "WEBNOVA_RECORD" or not k.startswith(("XDG_", "WEBNOVA_"))}
        self.env.update(HOME=self.path("home"), XDG_RUNTIME_DIR=self.path("run"), XDG_CACHE_HOME=self.path("cache"),
                        XDG_STATE_HOME=self.path("state"), XDG_CONFIG_HOME=self.path("config"), LC_ALL="C.UTF-8",
                        TERM="xterm", NO_COLOR="1", PATH=BUILD + ":" + os.environ["PATH"])

    def path(self, *parts):
        return os.path.join(self.top, *parts)

    def start(self, *args, **kw):
        return subprocess.Popen([os.path.join(BUILD, "webnova"), *args], env=dict(self.env, **kw.pop("env", {})),
                                stdin=kw.pop("stdin", subprocess.DEVNULL), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, cwd=kw.pop("cwd", self.top), text=True, **kw)

    def run(self, *args, code=0, given=None, **kw):
        p = self.start(*args, stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL, **kw)
        try:
            out, err = p.communicate(given, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            p.kill()
            raise Failed("webnova %s: no end after %d s" % (" ".join(args), PATIENCE))
        r = Result(p.returncode, out, err)
        if code is not None and r.code != code:
            raise Failed("webnova %s: expected exit %d, got %s" % (" ".join(args), code, r))
        return r

    def json(self, *args, **kw):
        return self.run(*args, "--json", **kw).objects()

    def rpc(self, method, params=None, **kw):
        return json.loads(self.run("rpc", method, json.dumps(params or {}), **kw).out)

    def new(self, name, blueprint):
        self.run("new", self.path(name), "--blueprint", os.path.join(EXAMPLES, blueprint + ".blueprint.json"))
        return self.path(name)

    def engine_pid(self):
        return self.json("engine", "status")[0]["pid"]

    def end(self):
        for p in self.run("ps", "--json", code=None).out.splitlines():
            if '"workspace"' in p:
                self.run("stop", json.loads(p)["workspace"], "--quiet", code=None)
        if os.environ.get("WEBNOVA_RECORD"):  # every event that happened is held against its contract
            self.run("rpc", "event.list", '{"limit": 1000}', code=None)
        self.run("engine", "stop", "--quiet", code=None)
        wait(lambda: not os.path.exists(self.path("run/webnova/engine.sock")), 10)
        shutil.rmtree(self.top, ignore_errors=True)


def wait(condition, seconds):
    """Until a condition that nobody announces holds (the end of a process, a file)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = condition()
        if value:
            return value
        threading.Event().wait(0.02)
    return condition()


def get(url, timeout=10):
    with urllib.request.urlopen(url, timeout=timeout) as r:
        return r.read().decode()


def answers(url):
    try:
        return "ok" in get(url + "health", 2)
    except (OSError, urllib.error.URLError):
        return False


def is_alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


# ---- the main job ----

def main_job(name, blueprint, listing, expected):
    p = Place()
    try:
        shop = p.new(name, blueprint)
        first = p.json("history", shop)
        check(len(first) == 1 and first[0]["kind"] == "first", "one first snapshot: %s" % first)
        preview = p.json("run", shop)[0]
        check(preview["state"] == "running" and preview["isolation"] == "sandbox", "it runs in its sandbox: %s" % preview)
        url = preview["url"]
        check(json.loads(get(url + "health"))["status"] == "ok", "the health check")
        check(expected in get(url + listing), "%s lists %s" % (listing, expected))
        check("/health" in p.run("logs", shop).out, "the log names the request")
        check(p.json("diff", shop) == [], "running changes no file that is kept")
        with open(os.path.join(shop, "README.md"), "a") as f:
            f.write("ساعات العمل\n")
        p.run("snapshot", shop, "-m", "hours")
        history = p.json("history", shop)
        check([h["label"] for h in history][0] == "hours" and len(history) == 2, "the history: %s" % history)
        changed = p.json("diff", shop, "first", "last")
        check([c["path"] for c in changed] == ["README.md"], "the difference: %s" % changed)
        check("+ساعات العمل" in p.run("diff", shop, "first", "last", "README.md").out, "the lines that differ")
        before = p.json("restore", shop, "first")[0]["before"]
        with open(os.path.join(shop, "README.md")) as f:
            check("ساعات" not in f.read(), "the file is as it was")
        p.run("restore", shop, before)
        with open(os.path.join(shop, "README.md")) as f:
            check("ساعات" in f.read(), "restoring was undone")
        p.run("stop", shop)
        check(not answers(url), "nothing answers after stop")
        check(p.json("ps") == [], "nothing runs after stop")
        check("SIGTERM" in p.run("logs", shop).out, "it was asked to end and did, not killed")
        check(p.run("logs", shop, "-n", "3").out.count("\n") == 3, "the log outlives the service")
    finally:
        p.end()


def test_the_shop_goes_from_blueprint_to_service_and_back():
    main_job("shop", "shop", "api/products", "Cosmos")


def test_the_clinic_answers_in_arabic():
    main_job("clinic", "clinic", "api/doctors", "ليلى الشامي")


def test_events_tell_what_led_to_what():
    p = Place()
    try:
        shop = p.new("shop", "shop")
        p.run("snapshot", shop)
        events = p.json("events", "--workspace", shop, "--after", "0")
        by_id = {e["id"]: e for e in events}
        for kind in ("workspace.created", "codegen.generated", "snapshot.created"):
            e = [e for e in events if e["type"] == kind][0]
            cause = by_id.get(e.get("causation"))
            check(cause is not None and cause["type"] == "job.started" and cause["data"]["kind"] == "platform.create",
                  "%s follows from the job that made the platform, not from %s" % (kind, cause))
            check(e["correlation"] == cause["correlation"], "%s belongs to the job's request" % kind)
        seqs = [int(e["seq"]) for e in events]
        check(seqs == sorted(set(seqs)), "in order, none twice")
        text = p.run("events", "--workspace", shop).out
        check(re.search(r"^#\d+ .*  workspace\.created .* after #\d+", text, re.M), "people read it too:\n" + text)
    finally:
        p.end()


def test_following_events_shows_them_as_they_come():
    p = Place()
    try:
        p.run("engine", "start")
        f = p.start("events", "--follow", "--type", "workspace.created", "--json", "--after", "0")
        shop = p.new("shop", "shop")
        line = read_line(f.stdout, 30)
        check(json.loads(line)["data"]["path"] == shop, "the event of the new workspace: %s" % line)
        f.send_signal(signal.SIGINT)
        check(f.wait(10) == 0, "^C ends following as asked")
    finally:
        p.end()


def read_line(stream, seconds):
    box = []
    t = threading.Thread(target=lambda: box.append(stream.readline()), daemon=True)
    t.start()
    t.join(seconds)
    check(box and box[0], "a line within %d s" % seconds)
    return box[0]


# ---- what goes wrong ----

def test_a_directory_with_something_in_it_is_left_alone():
    p = Place()
    try:
        os.mkdir(p.path("full"))
        with open(p.path("full/mine"), "w") as f:
            f.write("mine")
        r = p.run("new", p.path("full"), "-b", os.path.join(EXAMPLES, "shop.blueprint.json"), code=1)
        check("not empty" in r.err or "not an empty" in r.err, "it says why: %s" % r)
        check(os.listdir(p.path("full")) == ["mine"], "nothing was put in")
        check(p.rpc("workspace.list")["workspaces"] == [], "no workspace was made")
    finally:
        p.end()


def test_a_platform_that_was_removed_makes_room_for_another():
    p = Place()
    try:
        shop = p.new("shop", "shop")
        shutil.rmtree(shop)
        p.new("shop", "clinic")
        known = p.rpc("workspace.list")["workspaces"]
        check([w["path"] for w in known] == [shop], "one workspace at that place: %s" % known)
    finally:
        p.end()


def test_a_wrong_blueprint_is_answered_with_its_places():
    p = Place()
    try:
        doc = json.load(open(os.path.join(EXAMPLES, "shop.blueprint.json"), encoding="utf-8"))
        doc["entities"][0]["fields"][0]["type"] = "strin"
        with open(p.path("bad.json"), "w") as f:
            json.dump(doc, f)
        r = p.run("new", p.path("shop"), "--blueprint", p.path("bad.json"), code=1)
        check("/entities/0/fields/0" in r.out, "the pointer is named: %s" % r)
        check(not os.path.exists(p.path("shop")), "no directory was made")
        found = p.json("blueprint", "check", p.path("bad.json"), code=1)
        check(found[0]["severity"] == "error" and found[0]["pointer"].startswith("/entities/0"), "as JSON: %s" % found)
    finally:
        p.end()


def test_a_file_that_is_no_json_is_said_so():
    p = Place()
    try:
        for name, data in (("empty", b""), ("binary", bytes(range(256))), ("half", b'{"blueprint": "1.0", "ent'), ("utf8", b'{"a": "\xff\xfe"}')):
            with open(p.path(name), "wb") as f:
                f.write(data)
            r = p.run("blueprint", "check", p.path(name), code=1)
            # What is text is a finding at its place; what is none is a failure. Nothing else is said.
            if name in ("empty", "half"):
                place = "error    %s:1:" % p.path(name)
                check(r.out.startswith(place) and "This is no JSON" in r.out and not r.err, "%s: %s" % (name, r))
            else:
                check(r.err.startswith("webnova: ") and p.path(name) in r.err and not r.out, "%s: %s" % (name, r))
        r = p.run("blueprint", "check", p.path("nowhere"), code=1)
        check("nowhere" in r.err, "a missing file: %s" % r)
    finally:
        p.end()


def test_exit_codes_and_suggestions():
    p = Place()
    try:
        check("did you mean snapshot" in p.run("snapshto", code=2).err, "the nearest command")
        p.run("run", "--colour", code=2)
        p.run("run", "--port", "99999", code=2)
        p.run("cancel", "nonsense", code=2)
        p.run("new", code=2)
        r = p.run("ps", "--engine", "unix:" + p.path("nobody.sock"), code=4)
        check("no engine answers" in r.err, "who does not answer: %s" % r)
        r = p.run("ps", "--engine", "carrier:pigeon", code=2)
        r = p.run("history", p.path("home"), code=1)
        check("webnova open" in r.err, "what to do about it: %s" % r)
        p.run("help")
        for c in [o["name"] for o in p.json("help")]:
            check("usage: webnova " + c in p.run(c, "--help").out, "help of " + c)
    finally:
        p.end()


def test_escape_sequences_never_reach_the_terminal():
    p = Place()
    try:
        bad = p.path("a\x1b[2J\x07b")
        os.mkdir(bad)
        p.run("open", bad)
        r = p.run("open", bad)
        check("\x1b" not in r.out and "\x07" not in r.out and "␛" in r.out, "pictures instead: %r" % r.out)
        r = p.run("history", p.path("x\x1b]0;t\x07"), code=1)
        check("\x1b" not in r.err, "also in failures: %r" % r.err)
    finally:
        p.end()


def test_cancelling_new_leaves_nothing():
    p = Place()
    try:
        for attempt in range(6):
            target = p.path("shop%d" % attempt)
            q = p.start("new", target, "-b", os.path.join(EXAMPLES, "shop.blueprint.json"))
            read_line(q.stderr, 30)  # the first step has begun
            q.send_signal(signal.SIGINT)
            q.communicate(timeout=PATIENCE)
            left = [d for d in os.listdir(p.top) if d.startswith(".webnova-new")]
            check(left == [], "nothing half made: %s" % left)
            known = [w["path"] for w in p.rpc("workspace.list")["workspaces"]]
            check((target in known) == os.path.exists(target), "made and known, or neither")
            if q.returncode != 0:
                check(q.returncode == 1 and not os.path.exists(target), "cancelled: exit %d" % q.returncode)
                check(p.json("jobs", "-n", "1")[0]["state"] == "cancelled", "the job is recorded as cancelled")
                return
        raise Skip("six platforms were made before the cancel could land")
    finally:
        p.end()


def test_cancelling_run_leaves_it_stopped_and_able_to_run():
    p = Place()
    try:
        shop = p.new("shop", "shop")
        q = p.start("run", shop)
        for line in q.stderr:
            if "building" in line:
                break
        q.send_signal(signal.SIGINT)
        q.communicate(timeout=PATIENCE)
        check(q.returncode == 1, "a cancelled run exits with 1, not %d" % q.returncode)
        check(p.json("ps") == [], "nothing runs: %s" % p.run("ps"))
        check(p.json("jobs", "-n", "1")[0]["state"] == "cancelled", "the job is recorded as cancelled")
        check(answers(p.json("run", shop)[0]["url"]), "it runs when asked again")
    finally:
        p.end()


def test_a_platform_outlives_its_engine():
    p = Place()
    try:
        shop = p.new("shop", "shop")
        url = p.json("run", shop)[0]["url"]
        pid = p.engine_pid()
        os.kill(pid, signal.SIGKILL)
        check(wait(lambda: not is_alive(pid), 10), "the engine is gone")
        check(answers(url), "the platform answers without an engine")
        listed = p.json("ps")
        check(p.engine_pid() != pid, "a new engine was started")
        check(len(listed) == 1 and listed[0]["url"] == url and listed[0]["state"] == "running",
              "the new engine has it: %s" % listed)
        check("/health" in p.run("logs", shop).out, "with its log")
        check(p.json("diff", shop, "first") == [], "and its snapshots")
        p.run("stop", shop)
        check(not answers(url), "and can end it")
    finally:
        p.end()


def test_a_platform_that_ends_by_itself_is_said_to_have_failed():
    p = Place()
    try:
        shop = p.new("shop", "shop")
        preview = p.json("run", shop)[0]
        f = p.start("events", "--follow", "--type", "preview.failed", "--json")
        wait(lambda: p.rpc("engine.info")["connections"] >= 2, 10)
        os.kill(preview["pid"], signal.SIGKILL)
        e = json.loads(read_line(f.stdout, 30))
        check(e["data"]["step"] == "running", "the event says so: %s" % e)
        f.kill()
        f.wait()
        row = p.json("ps")
        check(len(row) == 1 and row[0]["state"] == "failed" and row[0]["reason"], "ps says so: %s" % row)
        check(answers(p.json("run", shop)[0]["url"]), "it starts again")
    finally:
        p.end()


def test_racing_clients_start_one_engine():
    p = Place()
    try:
        racing = [p.start("engine", "start", "--json") for _ in range(8)]
        pids = set()
        for q in racing:
            out, err = q.communicate(timeout=60)
            check(q.returncode == 0, "every client gets an engine: %s" % err)
            pids.add(json.loads(out)["pid"])
        check(len(pids) == 1, "it is the same one: %s" % pids)
    finally:
        p.end()


def test_a_state_directory_that_cannot_be_is_a_clear_error():
    p = Place()
    try:
        with open(p.path("file"), "w"):
            pass
        before = time.monotonic()
        r = p.run("ps", code=4, env={"XDG_STATE_HOME": p.path("file")})
        check("did not start" in r.err and p.path("file") in r.err, "what and where: %s" % r)
        check(time.monotonic() - before < 8, "at once")
        r = p.run("doctor", code=1, env={"XDG_STATE_HOME": p.path("file")})
        check("needed" in r.out and p.path("file") in r.out, "the doctor sees it: %s" % r)
    finally:
        p.end()


def in_small_disk(p, script, options="size=1m"):
    """Runs a shell script in a mount namespace of its own, where $TOP/small is a disk of 1 MiB."""
    os.mkdir(p.path("small"))
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", p.path("small")], capture_output=True).returncode:
        raise Skip("no mount namespaces here")
    text = "mount -t tmpfs -o %s none '%s'\n%s" % (options, p.path("small"), script)
    return subprocess.run(["unshare", "-rm", "sh", "-c", text], env=dict(p.env, XDG_STATE_HOME=p.path("small")),
                          capture_output=True, text=True, timeout=PATIENCE)


def test_a_full_disk_is_a_clear_error():
    p = Place()
    try:
        r = in_small_disk(p, "dd if=/dev/zero of='%s/fill' bs=4k 2>/dev/null\nwebnova open .; echo exit $?\nwebnova engine stop >/dev/null 2>&1"
                          % p.path("small"))
        check(re.search(r"exit [14]", r.stdout), "it fails: %s %s" % (r.stdout, r.stderr))
        check(re.search("full|No space|space", r.stderr), "and says that the disk is full: %s" % r.stderr)
    finally:
        p.end()


def test_a_read_only_disk_is_a_clear_error():
    p = Place()
    try:
        r = in_small_disk(p, "webnova open .; echo exit $?\nwebnova engine stop >/dev/null 2>&1", "size=1m,ro")
        check(re.search(r"exit [14]", r.stdout), "it fails: %s %s" % (r.stdout, r.stderr))
        check("ead-only" in r.stderr or "only be read" in r.stderr, "and says why: %s" % r.stderr)
    finally:
        p.end()


# ---- another machine ----

def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def sshd_for(p):
    """A real sshd on the loopback address with keys of its own. (process, port, ssh command)"""
    sshd = shutil.which("sshd") or ("/usr/sbin/sshd" if os.path.exists("/usr/sbin/sshd") else None)
    if sshd is None or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        raise Skip("sshd or ssh is not installed")
    d = p.path("ssh")
    os.mkdir(d, 0o700)
    for key in ("host", "mine"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", os.path.join(d, key)], check=True)
    shutil.copy(os.path.join(d, "mine.pub"), os.path.join(d, "authorized"))
    port = free_port()
    env = " ".join('%s="%s"' % (k, p.env[k]) for k in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "PATH"))
    with open(os.path.join(d, "sshd_config"), "w") as f:
        f.write("Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nPidFile %s/pid\nAuthorizedKeysFile %s/authorized\n"
                "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nSetEnv %s\n"
                % (port, d, d, d, env))
    with open(os.path.join(d, "known"), "w") as f:
        f.write("[127.0.0.1]:%d %s" % (port, open(os.path.join(d, "host.pub")).read()))
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
    q = subprocess.Popen([sshd, "-D", "-e", "-f", os.path.join(d, "sshd_config")], stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=open(os.path.join(d, "log"), "w"))
    ssh = "ssh -F none -i %s/mine -o IdentitiesOnly=yes -o UserKnownHostsFile=%s/known -o StrictHostKeyChecking=yes" % (d, d)

    def up():
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0
    if not wait(lambda: q.poll() is not None or up(), 10) or q.poll() is not None:
        raise Skip("sshd does not start here: %s" % open(os.path.join(d, "log")).read().strip()[-200:])
    if subprocess.run(ssh.split() + ["-o", "BatchMode=yes", "-p", str(port), "127.0.0.1", "true"], capture_output=True).returncode:
        why = [line for line in open(os.path.join(d, "log")).read().splitlines() if "not allowed" in line or "denied" in line]
        q.terminate()
        q.wait()
        raise Skip("sshd does not let this account in: %s" % (why[-1] if why else "no reason given"))
    return q, port, ssh


def test_an_engine_over_ssh_does_the_same():
    p = Place()
    q = None
    try:
        q, port, ssh = sshd_for(p)
        far = ("--engine", "ssh://127.0.0.1:%d" % port)
        here = {"WEBNOVA_SSH": ssh, "XDG_RUNTIME_DIR": p.path("ssh"), "XDG_STATE_HOME": p.path("near")}
        shop = p.path("shop")
        p.run("new", shop, "-b", os.path.join(EXAMPLES, "shop.blueprint.json"), *far, env=here)
        check(os.path.exists(os.path.join(shop, "package.json")), "the far engine made it")
        preview = p.json("run", shop, *far, env=here)[0]
        check(answers(preview["url"]), "the far engine runs it")
        check(not os.path.exists(p.path("near")), "no engine was started on this side")
        check(p.json("ps", *far, env=here)[0]["url"] == preview["url"], "ps over ssh")
        check("/health" in p.run("logs", shop, *far, env=here).out, "logs over ssh")
        p.run("stop", shop, *far, env=here)
        r = p.run("history", "relative", *far, env=here, code=2)
        check("absolute" in r.err, "a relative directory has no meaning there: %s" % r)
        r = p.run("ps", "--engine", "ssh://127.0.0.1:%d" % free_port(), env=here, code=4)
        check("refused" in r.err, "who does not answer: %s" % r)
    finally:
        p.end()
        if q is not None:
            q.terminate()
            q.wait()


def main():
    only = sys.argv[1:]
    tests = [(n[5:].replace("_", " "), f) for n, f in globals().items() if n.startswith("test_") and (not only or any(o in n for o in only))]
    if not os.access(os.path.join(BUILD, "webnova"), os.X_OK):
        print("1..1\nnot ok 1 - there is no %s/webnova" % BUILD)
        return 1
    print("1..%d" % len(tests))
    failed = 0
    for i, (name, fn) in enumerate(tests, 1):
        try:
            fn()
            print("ok %d - %s" % (i, name), flush=True)
        except Skip as why:
            print("ok %d - %s # SKIP %s" % (i, name, why), flush=True)
        except Exception as e:  # a test that breaks must not hide the others
            failed += 1
            text = str(e) if isinstance(e, Failed) else traceback.format_exc()
            print("not ok %d - %s\n%s" % (i, name, "\n".join("# " + l for l in text.splitlines())), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
