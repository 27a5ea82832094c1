#!/usr/bin/env python3
"""Runs test programs that speak TAP and adds their results up.

    run.py [-j N] [--timeout S] [--skips FILE] [--last PROGRAM] PROGRAM...

A program that ends badly without having said "not ok" counts as one failure, and so does each program
of which, or of whose children, a sanitizer found something. With --skips FILE a test that is skipped but
not listed in FILE fails the run: something that used to run no longer does. --last names a program
that runs when all others have ended: it judges what they did.
The last line is `N passed, N failed, N skipped`.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# What a sanitizer says when it found something. A signal is no finding: tests crash children on purpose.
FOUND = re.compile(r"^.*(?:: runtime error: .*|==\d+==\s*ERROR: \w+Sanitizer: (?!SEGV|ABRT|FPE|BUS|ILL|TRAP).*)$", re.M)
LINE = re.compile(r"^(not ok|ok)\s+(\d+)\s*(?:-\s*)?(.*)$")


class Result:
    def __init__(self, program):
        self.program, self.passed, self.failed, self.skipped = program, [], [], []
        self.output, self.seconds = "", 0.0


def name_of(program):
    for marker in ("/tests/", "tests/"):
        if marker in program:
            return program.split(marker, 1)[1]
    return program


def run(program, timeout):
    r = Result(name_of(program))
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", LC_ALL="C.UTF-8", PYTHONUNBUFFERED="1")
    # A sanitizer's findings go to files, so that those of a child whose output is thrown away count too.
    place = tempfile.mkdtemp(prefix="wn-run-")
    for name, options in (("ASAN_OPTIONS", "detect_leaks=1"), ("UBSAN_OPTIONS", "print_stacktrace=1")):
        env[name] = "%s:log_path=%s" % (env.get(name) or options, os.path.join(place, "found"))
    argv = [sys.executable, program] if program.endswith(".py") else [program]
    start = time.monotonic()
    p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env=env, start_new_session=True)
    try:
        out, _ = p.communicate(timeout=timeout)
        ended = "exit %d" % p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, _ = p.communicate()
        ended = "no end after %d s" % timeout
    try:
        os.killpg(p.pid, signal.SIGKILL)  # what it left behind in its group
    except ProcessLookupError:
        pass
    r.seconds = time.monotonic() - start
    r.output = out.decode("utf-8", "replace")
    for f in sorted(os.listdir(place)):
        with open(os.path.join(place, f), encoding="utf-8", errors="replace") as log:
            r.output += log.read()
    shutil.rmtree(place, ignore_errors=True)
    for line in r.output.splitlines():
        m = LINE.match(line)
        if not m:
            continue
        name = m.group(3)
        if "# SKIP" in line.upper():
            r.skipped.append(re.sub(r"#\s*SKIP\s*", "", name, flags=re.I).strip())
        elif m.group(1) == "ok":
            r.passed.append(name)
        else:
            r.failed.append(name)
    found = FOUND.search(r.output)
    if found:
        r.failed.append("(sanitizer: %s)" % found.group(0).strip())
    if p.returncode != 0 and not r.failed:
        r.failed.append("(the program: %s)" % ended)
    elif not (r.passed or r.failed or r.skipped):
        r.failed.append("(the program said nothing)")
    return r


def main():
    a = argparse.ArgumentParser()
    a.add_argument("-j", type=int, default=max(1, os.cpu_count() or 1))
    a.add_argument("--timeout", type=int, default=900)
    a.add_argument("--skips")
    a.add_argument("--last")
    a.add_argument("programs", nargs="+")
    a = a.parse_args()
    results = []

    def ended():
        for f in concurrent.futures.as_completed([pool.submit(run, p, a.timeout) for p in a.programs]):
            yield f.result()
        if a.last:
            yield run(a.last, a.timeout)
    with concurrent.futures.ThreadPoolExecutor(a.j) as pool:
        for r in ended():
            results.append(r)
            mark = "FAIL" if r.failed else "ok"
            print("%-4s %-60s %3d passed%s%s  %.1f s" % (
                mark, r.program, len(r.passed), ", %d failed" % len(r.failed) if r.failed else "",
                ", %d skipped" % len(r.skipped) if r.skipped else "", r.seconds), flush=True)
            if r.failed:
                print(r.output, flush=True)
    known = set()
    if a.skips and os.path.exists(a.skips):
        known = {l.split("\t")[0].strip() for l in open(a.skips) if l.strip() and not l.startswith("#")}
    extra = 0
    for r in sorted(results, key=lambda r: r.program):
        for n in r.failed:
            print("failed: %s: %s" % (r.program, n))
        for n in r.skipped:
            key = "%s: %s" % (r.program, n)
            print("skipped: " + key)
            if a.skips and key not in known:
                print("failed: %s (skipped, but not listed in %s)" % (key, a.skips))
                extra += 1
    passed = sum(len(r.passed) for r in results)
    failed = sum(len(r.failed) for r in results) + extra
    skipped = sum(len(r.skipped) for r in results) - extra
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
