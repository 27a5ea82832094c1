#!/usr/bin/env python3
"""Makes a module from the template: new_module.py NAME [DIR]. Writes nothing when any of it exists already."""
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.normpath(os.path.join(HERE, "..", ".."))
TEMPLATE = os.path.join(HERE, "new_module")
DIRS = ("runtime/modules", "runtime/extensions", "runtime/adapter", "ai", "ai/provider")
# Names of generated files, of the kernel's own module, and words of C.
TAKEN = {"model", "client", "modules", "config", "permissions", "contracts", "schemas", "engine", "auto", "break", "case",
         "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
         "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
         "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "job", "event", "signal", "stream", "call", "rpc"}


def fail(text):
    print("new-module: " + text, file=sys.stderr)
    sys.exit(1)


def files_of(name, directory):
    own = os.path.join(directory, name)
    return {
        "module.json.in": os.path.join(own, "module.json"),
        "module.c.in": os.path.join(own, "module.c"),
        "header.h.in": os.path.join(own, name + ".h"),
        "part.c.in": os.path.join(own, name + "_add.c"),
        "migration.sql.in": os.path.join(own, "migrations", "0001_items.sql"),
        "README.md.in": os.path.join(own, "README.md"),
        "rpc.json.in": os.path.join("schemas", "rpc", name + ".json"),
        "event.json.in": os.path.join("schemas", "event", name + ".json"),
        "test.c.in": os.path.join("tests", "unit", directory, name + "_test.c"),
    }


def check(name, directory, files):
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or not 2 <= len(name) <= 30:
        fail("NAME is 2 to 30 of a-z, 0-9 and _, and begins with a letter: %r" % name)
    if name in TAKEN:
        fail("%s is taken: by C, by the kernel or by a generated file" % name)
    if directory not in DIRS:
        fail("DIR is one of %s" % ", ".join(DIRS))
    for d in DIRS:
        if os.path.exists(os.path.join(TOP, d, name)):
            fail("there is a module %s/%s already" % (d, name))
    for path in files.values():
        if os.path.exists(os.path.join(TOP, path)):
            fail("%s exists already" % path)


def fill(text, name, directory):
    guard = re.sub(r"[/.]", "_", "%s/%s/%s.h" % (directory, name, name)).upper()
    for mark, value in (("@name@", name), ("@NAME@", name.upper()), ("@dir@", directory), ("@GUARD@", guard)):
        text = text.replace(mark, value)
    return text


def main():
    if len(sys.argv) not in (2, 3) or not sys.argv[1]:
        fail("usage: make new-module NAME=x [DIR=runtime/modules]")
    name, directory = sys.argv[1], (sys.argv[2] if len(sys.argv) == 3 else DIRS[0]).rstrip("/")
    files = files_of(name, directory)
    check(name, directory, files)
    for template, path in files.items():
        with open(os.path.join(TEMPLATE, template), encoding="utf-8") as f:
            text = fill(f.read(), name, directory)
        os.makedirs(os.path.dirname(os.path.join(TOP, path)), exist_ok=True)
        with open(os.path.join(TOP, path), "w", encoding="utf-8") as f:
            f.write(text)
    sources = [p for p in files.values() if p.endswith((".c", ".h"))]
    if shutil.which("clang-format"):
        subprocess.run(["clang-format", "-i"] + sources, cwd=TOP, check=True)
    else:
        print("clang-format is not installed: run it over the new files before `make lint`")
    for path in files.values():
        print("made " + path)
    print("next: say what it is in %s and the schemas, then `make check`" % files["module.json.in"])


main()
