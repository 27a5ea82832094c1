"""Drives a real engine from a test: its own directories, its socket, JSON-RPC, TAP.

    with Engine() as e:
        c = e.client()
        c.call("engine.info", {})

Nothing here sleeps to wait for a state: a wait is a poll of the thing waited for, with an end.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.path.join(TOP, os.environ.get("WEBNOVA_BUILD", "build"))
ENGINE = os.path.join(BUILD, "webnovad")
CLIENT = os.path.join(BUILD, "webnova")


def sanitized():
    """Whether the engine was built with AddressSanitizer."""
    with open(ENGINE, "rb") as f:
        return b"__asan_init" in f.read()


class RpcError(Exception):
    def __init__(self, error):
        super().__init__(error.get("message"))
        self.code, self.data = error.get("code"), error.get("data") or {}
        self.name = self.data.get("name")


class Skip(Exception):
    """A test that this machine cannot run, with the reason."""


def wait_for(what, seconds=20.0):
    """Polls until what() is true; its value."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited %g s for %s" % (seconds, getattr(what, "__name__", "it")))
        time.sleep(0.01)


class Client:
    def __init__(self, path, hello=True, timeout=240):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(timeout)
        self.sock.connect(path)
        self.file = self.sock.makefile("rb")
        self.next, self.notes = 0, []
        if hello:
            self.call("engine.hello", {"client": "test", "version": "1", "protocol": 1})

    def send(self, method, params, attachment=b"", notify=False):
        m = {"jsonrpc": "2.0", "method": method, "params": params}
        if not notify:
            self.next += 1
            m["id"] = self.next
        if attachment:
            m["bytes"] = len(attachment)
        self.sock.sendall(json.dumps(m).encode() + b"\n" + attachment)
        return m.get("id")

    def read(self):
        """The next message and its attachment; (None, b"") at the end."""
        line = self.file.readline()
        if not line:
            return None, b""
        m = json.loads(line)
        return m, self.file.read(m["bytes"]) if m.get("bytes") else b""

    def answer(self, wanted):
        while True:
            m, attachment = self.read()
            if m is None:
                raise ConnectionError("the engine closed the connection")
            if m.get("id") != wanted or "method" in m:
                self.notes.append((m, attachment))
                continue
            self.attachment = attachment
            if "error" in m:
                raise RpcError(m["error"])
            return m["result"]

    def call(self, method, params=None, attachment=b""):
        return self.answer(self.send(method, params or {}, attachment))

    def close(self):
        self.file.close()
        self.sock.close()


class Engine:
    def __init__(self, env=None, directory=None, args=()):
        self.directory = directory or tempfile.mkdtemp(prefix="wn-")
        self.own = directory is None
        cache = os.environ.get("WEBNOVA_TEST_CACHE") or os.path.join(os.path.expanduser("~"), ".cache")
        self.env = dict(os.environ, HOME=os.path.join(self.directory, "h"), XDG_RUNTIME_DIR=self.directory,
                        XDG_STATE_HOME=os.path.join(self.directory, "s"), XDG_CACHE_HOME=cache,
                        XDG_CONFIG_HOME=os.path.join(self.directory, "c"), **(env or {}))
        os.makedirs(self.env["HOME"], exist_ok=True)
        self.args, self.process = list(args), None
        self.socket = os.path.join(self.directory, "webnova", "engine.sock")
        self.state = os.path.join(self.directory, "s", "webnova")

    def start(self):
        self.process = subprocess.Popen([ENGINE, "--foreground"] + self.args, env=self.env, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

        def ready():
            if self.process.poll() is not None:
                raise AssertionError("the engine ended: " + self.process.stderr.read().decode("utf-8", "replace"))
            try:
                Client(self.socket).close()
                return True
            except (OSError, ConnectionError):
                return False
        wait_for(ready)
        return self

    def client(self, **kw):
        return Client(self.socket, **kw)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stderr.close()

    def tell_all(self):
        """While the wire is recorded: lists the log, so that every event of a test is held against its contract."""
        if not os.environ.get("WEBNOVA_RECORD"):
            return
        try:
            c, after = Client(self.socket, timeout=10), "0"
            while True:
                found = c.call("event.list", {"after": after, "limit": 200})["events"]
                if not found:
                    break
                after = found[-1]["seq"]
            c.close()
        except (OSError, RpcError):
            pass  # some tests make engines that cannot answer

    def stop(self, seconds=20):
        """A clean end; the exit code."""
        if self.process and self.process.poll() is None:
            self.tell_all()
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError("the engine did not end in %d s" % seconds)
        if self.process and not self.process.stderr.closed:
            self.process.stderr.close()
        return self.process.returncode if self.process else None

    def run(self, *argv, program=ENGINE, check=True, **kw):
        if "input" not in kw:
            kw["stdin"] = subprocess.DEVNULL
        p = subprocess.run([program] + list(argv), env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           timeout=kw.pop("timeout", 300), **kw)
        if check and p.returncode != 0:
            raise AssertionError("%s: exit %d: %s%s" % (" ".join(argv), p.returncode, p.stdout, p.stderr))
        return p

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        try:
            if self.process and self.process.poll() is None:
                self.stop()
        finally:
            if self.own:
                shutil.rmtree(self.directory, ignore_errors=True)


def run_tests(tests):
    """Runs functions, named by their names, as TAP; a Skip carries its reason."""
    failed = 0
    for n, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            test()
            print("ok %d - %s" % (n, name), flush=True)
        except Skip as s:
            print("ok %d - %s # SKIP %s" % (n, name, s), flush=True)
        except BaseException as e:  # a failed test must not hide the others
            failed += 1
            print("not ok %d - %s" % (n, name), flush=True)
            print("".join("# " + l + "\n" for l in traceback.format_exc().splitlines()), flush=True)
            if isinstance(e, KeyboardInterrupt):
                break
    print("1..%d" % len(tests))
    sys.exit(1 if failed else 0)
