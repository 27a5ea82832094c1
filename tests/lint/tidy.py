#!/usr/bin/env python3
"""clang-tidy over every source file, in parallel; the checks are in .clang-tidy.

    tidy.py BUILD [ROOM...]    ROOM: a directory or file; without one, all of them

A file that was found clean is remembered in the user's cache by what it and the headers it includes hold,
so only what changed is checked again, in whichever checkout.
"""
import concurrent.futures
import hashlib
import os
import re
import sys

from source import TOP, errors, files, finish, rel, report, text_of, tool

build = sys.argv[1]
rooms = [os.path.relpath(os.path.abspath(r), TOP) for r in sys.argv[2:]]
home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
cache = os.path.join(home, "webnova", "lint-tidy")
INCLUDE = ["-I.", "-I" + build, "-Inode_modules/tree-sitter/vendor/tree-sitter/lib/include"]
FLAGS = ["--", "-std=c11", "-D_GNU_SOURCE", '-DWN_VERSION="lint"'] + INCLUDE
ROOTS = [os.path.join(TOP, i[2:]) for i in INCLUDE]  # os.path.join keeps an absolute second part
QUOTED = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
digests = {}


def digest_of(path):
    """What one file holds, and which of our headers it includes (outside headers do not change here)."""
    if path not in digests:
        with open(path, "rb") as f:
            data = f.read()
        found = []
        for name in QUOTED.findall(data.decode("utf-8", "replace")):
            for root in [os.path.dirname(path)] + ROOTS:
                full = os.path.normpath(os.path.join(root, name))
                if os.path.isfile(full):
                    found.append(full)
                    break
        digests[path] = (hashlib.sha256(data).hexdigest(), found)
    return digests[path]


def key_of(path):
    """One hash of the checks, the flags, the file and all it includes."""
    seen, todo = set(), [path]
    while todo:
        p = todo.pop()
        if p not in seen:
            seen.add(p)
            todo.extend(digest_of(p)[1])
    h = hashlib.sha256(base)
    for p in sorted(seen):
        h.update(digest_of(p)[0].encode())
    return h.hexdigest()


def check(path):
    mark = os.path.join(cache, key_of(path))
    if os.path.exists(mark):
        os.utime(mark)
        return []
    p = tool(["clang-tidy", "--quiet", rel(path)] + FLAGS)
    found = [l.replace(TOP + "/", "") for l in p.stdout.splitlines() if "warning:" in l or "error:" in l]
    if p.returncode and not found:
        return ["%s:1: clang-tidy ended with %d: %s" % (rel(path), p.returncode, p.stdout.strip()[-300:])]
    if not found:
        open(mark, "w").close()
    return found


def inside(path):
    r = rel(path)
    return not rooms or any(r == room or r.startswith(room + "/") for room in rooms)


def forget():
    """Marks that no file reached for long are of old contents."""
    marks = sorted((os.path.join(cache, n) for n in os.listdir(cache)), key=os.path.getmtime)
    for m in marks[:-8000]:
        os.remove(m)


os.makedirs(cache, exist_ok=True)
base = repr((tool(["clang-tidy", "--version"]).stdout, [f for f in FLAGS if f != "-I" + build], text_of(os.path.join(TOP, ".clang-tidy")))).encode()
sources = [p for p in files(suffixes=(".c",)) if inside(p)]
if not sources:
    report(TOP, 1, "no source file in %s" % " ".join(rooms))
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for found in pool.map(check, sources):
        errors.extend(found)
errors[:] = sorted(set(errors))
forget()
finish("tidy")
