#!/usr/bin/env python3
"""Who may include whom (layers.txt), and the one home of each outside library (libraries.txt)."""
import fnmatch
import os
import re

from source import TOP, files, finish, rel, report, text_of

HERE = os.path.dirname(os.path.abspath(__file__))


def table(name):
    for line in open(os.path.join(HERE, name), encoding="utf-8"):
        line = line.split("#")[0].strip()
        if line:
            left, right = line.split(":", 1)
            yield left.split(), right.split()


LAYERS = [(left[0], right) for left, right in table("layers.txt")]
LIBRARIES = list(table("libraries.txt"))


def layer_of(path):
    """The row with the longest room that holds path, and the room itself."""
    best = None
    for room, may in LAYERS:
        want, have = room.split("/"), path.split("/")
        if len(have) > len(want) and \
                all(fnmatch.fnmatch(h, w) for h, w in zip(have, want)):
            literal = sum("*" not in w for w in want)
            key = (len(want), literal)
            if best is None or key > best[0]:
                best = (key, "/".join(have[:len(want)]), may)
    return best


def allowed(include, room, may):
    name = room.split("/")[-1]
    for m in may:
        m = m.replace("{self}", room).replace("{name}", name)
        if include == m or include == m + ".h" or include.startswith(m + "/"):
            return True
    return False


def check_library(path, n, header):
    for patterns, homes in LIBRARIES:
        if any(fnmatch.fnmatch(header, p) for p in patterns):
            if not any(path.startswith(h) for h in homes):
                report(os.path.join(TOP, path), n, "<%s> belongs to %s only" % (header, ", ".join(homes)))


for full in files():
    path = rel(full)
    layer = layer_of(path)
    if layer is None:
        report(full, 1, "no layer in tests/lint/layers.txt holds this file")
        continue
    _, room, may = layer
    for n, line in enumerate(text_of(full).splitlines(), 1):
        m = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
        if not m:
            continue
        if m.group(1) == "<":
            check_library(path, n, m.group(2))
        elif not allowed(m.group(2), room, may):
            report(full, n, '%s may not include "%s"' % (room, m.group(2)))
        elif room == "tui" and path.startswith("tui/pane/") and m.group(2).startswith("tui/pane/"):
            # A pane that outgrew one file is a directory of its own.
            parts = path.split("/")
            own = "/".join(parts[:3]) if len(parts) > 3 else "tui/pane/" + parts[2].split(".")[0].split("_")[0]
            shared = ("tui/pane/pane.h", "tui/pane/host.h", "tui/pane/command.h", "tui/pane/talk.h")
            if not (m.group(2).startswith(own) or m.group(2) in shared or path in shared):
                report(full, n, "a pane may not include another pane: %s" % m.group(2))
finish("layers")
