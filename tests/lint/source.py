"""What the lint checks share: the files of the project and a way to report."""
import os
import re
import subprocess
import sys

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
ROOMS = ("runtime", "editor", "tui", "ai", "deploy", "schemas")
errors = []


def report(path, line, text):
    errors.append("%s:%d: %s" % (os.path.relpath(path, TOP), line, text))


def files(rooms=ROOMS, suffixes=(".c", ".h")):
    for room in rooms:
        for directory, names, found in os.walk(os.path.join(TOP, room)):
            names[:] = [n for n in names if n not in ("node_modules", "build")]
            for f in sorted(found):
                if f.endswith(suffixes):
                    yield os.path.join(directory, f)


def rel(path):
    return os.path.relpath(path, TOP)


def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def without_comments(text, strings=True):
    """Comments (and string contents) become blanks; line numbers stay."""
    def blank(m):
        s = m.group(0)
        if s.startswith("/"):
            return re.sub(r"[^\n]", " ", s)
        return s if not strings else s[0] + re.sub(r"[^\n]", " ", s[1:-1]) + s[-1]
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def module_dirs():
    for directory, _, found in os.walk(TOP):
        r = os.path.relpath(directory, TOP)
        if "module.json" in found and r.split(os.sep)[0] in ("runtime", "ai", "deploy"):
            yield r


def tool(argv, **kw):
    return subprocess.run(argv, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kw)


def finish(what):
    for e in errors:
        print(e)
    print("lint %s: %s" % (what, "%d problems" % len(errors) if errors else "ok"))
    sys.exit(1 if errors else 0)
