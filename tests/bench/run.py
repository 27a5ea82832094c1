#!/usr/bin/env python3
"""Ratios against peers measured in the same run, interleaved, medians. Never a bare time. Usage: run.py BUILD

A ratio is ours / peer for times and sizes (below 1: better than the peer) unless its name ends in _rate (peer / ours,
above 1: better). The targets are in the third column; a bench asserts nothing.
"""
import glob
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")
os.environ["WEBNOVA_BUILD"] = BUILD
import editor_pty  # noqa: E402
from engine import ENGINE, TOP, Client, Engine  # noqa: E402

ROUNDS = 11
TARGETS = {
    "sandbox_start_full_profile_to_bare_bwrap": "<= 1.3",
    "append_one_vs_sqlite_rate": ">= 0.9",
    "append_100_vs_sqlite_rate": ">= 0.9",
    "append_one_vs_raw_fdatasync_rate": "(floor)",
    "append_100_vs_raw_fdatasync_rate": "(floor)",
    "rebuild_vs_sequential_read_rate": "(floor)",
    "rebuild_vs_200k_events_a_second": ">= 1",
    "rpc_200b_p50_vs_uv_echo": "<= 1.5",
    "rpc_64k_forwarded_p50_vs_uv_echo": "<= 1.2",
    "rpc_64k_attached_p50_vs_uv_echo": "<= 1.2",
    "rpc_64k_string_parsed_and_printed_p50_vs_uv_echo": "<= 6",
    "rpc_64k_objects_parsed_and_printed_p50_vs_uv_echo": "<= 6",
    "append_to_subscriber_p50_vs_sqlite_and_socket": "<= 1.2",
}


def row(name, value, target):
    print("%-52s %8s   %s" % (name, "%.2f" % value if isinstance(value, float) else value, target), flush=True)


def timed(f):
    t = time.monotonic()
    f()
    return time.monotonic() - t


def interleaved(*functions):
    """Medians of functions that take turns."""
    times = [[] for _ in functions]
    for _ in range(ROUNDS):
        for t, f in zip(times, functions):
            t.append(timed(f))
    return [statistics.median(t) for t in times]


def until_socket(path, process):
    while True:
        try:
            s = socket.socket(socket.AF_UNIX)
            s.connect(path)
            return s
        except OSError:
            if process.poll() is not None:
                raise RuntimeError("%s ended" % process.args[0])


def start_to_ready():
    """From fork to the first connection that is accepted; ending it is outside the time."""
    d = tempfile.mkdtemp(prefix="wn-")
    env = dict(os.environ, XDG_RUNTIME_DIR=d, XDG_STATE_HOME=d + "/s", HOME=d)
    times = {"ours": [], "nvim": []}

    def once(name, argv, path):
        t = time.monotonic()
        p = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until_socket(path, p).close()
        times[name].append(time.monotonic() - t)
        p.terminate()
        p.wait()
        if os.path.exists(path):
            os.unlink(path)
    if shutil.which("nvim"):
        for _ in range(ROUNDS):
            once("ours", [ENGINE, "--foreground"], d + "/webnova/engine.sock")
            once("nvim", ["nvim", "--headless", "--clean", "--listen", d + "/nvim.sock"], d + "/nvim.sock")
        row("engine start to ready / nvim --headless", statistics.median(times["ours"]) / statistics.median(times["nvim"]),
            "<= 0.86 (30 of 35 ms)")
    else:
        print("(nvim is not installed: engine start to ready is not compared)")
    shutil.rmtree(d, ignore_errors=True)


def shop_files():
    """The whole answer of the engine, beside writing the same bytes with cp."""
    blueprint = json.load(open(os.path.join(TOP, "docs/examples/shop.blueprint.json"), encoding="utf-8"))
    with Engine() as e:
        c = e.client()
        made = []

        def ours():
            made.append(os.path.join(e.directory, "p%d" % len(made)))
            c.call("platform.create", {"path": made[-1], "blueprint": blueprint})

        def copy():
            subprocess.run(["cp", "-R", made[-1], made[-1] + "-copy"], check=True)
        a, b = interleaved(ours, copy)
        row("shop blueprint to files and first snapshot / cp -R", a / b, "files on disk <= 100 ms")
        row("  as a share of 100 ms", a / 0.1, "<= 1")


def idle():
    def switches(pid):
        total = 0
        for t in os.listdir("/proc/%d/task" % pid):
            for line in open("/proc/%d/task/%s/status" % (pid, t), encoding="ascii"):
                if "ctxt_switches" in line:
                    total += int(line.split()[1])
        return total

    def rss(pid):
        return [int(line.split()[1]) for line in open("/proc/%d/status" % pid, encoding="ascii") if line.startswith("VmRSS")][0]
    with Engine() as e:
        Client(e.socket).close()
        time.sleep(1)  # a bench may: what is measured is that nothing happens
        pid = e.process.pid
        before = switches(pid)
        time.sleep(5)
        row("engine idle: wakeups in 5 s", switches(pid) - before, "0")
        row("engine idle RSS / 12 MB", rss(pid) / 12288, "<= 1")


def programs():
    for path in sorted(glob.glob(os.path.join(BUILD, "tests", "bench", "*_bench"))):
        p = subprocess.run([path], cwd=TOP, stdout=subprocess.PIPE, text=True, timeout=600)
        name = os.path.basename(path)[:-6]
        if p.returncode:
            row(name, "failed", "")
            continue
        for line in p.stdout.splitlines():
            if line.startswith("{"):
                for k, v in json.loads(line).items():
                    row("%s: %s" % (name, k.replace("_", " ")), float(v) if isinstance(v, (int, float)) else v, TARGETS.get(k, ""))
            else:
                m = re.match(r"\s*(\S+).*\bshim/tmux\s+([\d.]+)", line)
                if m:
                    row("%s: %s, shim / tmux%s" % (name, m.group(1), "" if m.group(1) == "key" else " rate"),
                        float(m.group(2)), "")


print("%-52s %8s   %s" % ("", "ratio", "target"))
start_to_ready()
shop_files()
idle()
editor_pty.rows(BUILD, row)
programs()
