#!/usr/bin/env python3
"""`make new-module` makes a module that builds, passes its tests and lint as it is. Done in a copy of the tree, with a
copy of the objects, so that only what is new is built."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import BUILD, TOP, Skip, run_tests  # noqa: E402

ENV = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
NAME = "wishlist"
TREE = tempfile.mkdtemp(prefix="wn-tree-")
MINE = ("runtime/modules/%s/" % NAME, "tests/unit/runtime/modules/%s_test.c" % NAME)


def run(*argv, check=True):
    p = subprocess.run(argv, cwd=TREE, env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True, errors="replace", timeout=280)
    if check and p.returncode != 0:
        raise AssertionError("%s: exit %d\n%s" % (" ".join(argv), p.returncode, p.stdout))
    return p


def make(*argv, check=True):
    with open(os.path.join(BUILD, "libbase.a"), "rb") as f:
        sanitized = b"__asan_init" in f.read()
    return run("make", "--no-print-directory", "-s", "B=build", *(["SAN=1"] if sanitized else []), *argv, check=check)


def copy_objects():
    """The build directory as `build`; dependency files name objects by the directory they were made in."""
    to = os.path.join(TREE, "build")
    os.makedirs(to)
    for name in ("obj", "gen", "gen.list", "gen.stamp", "wn-gen", "libbase.a", "libkernel.a", "libshim.a", "libgen.a",
                 "libtest.a", "libmodules.a", "codegen_pack.c"):
        if os.path.exists(os.path.join(BUILD, name)):
            subprocess.run(["cp", "-a", os.path.join(BUILD, name), to], check=True)
    made_in = os.environ.get("WEBNOVA_BUILD", "build").rstrip("/")
    if made_in == "build":
        return
    for directory, _, found in os.walk(to):
        for name in found:
            if name.endswith(".d"):
                path = os.path.join(directory, name)
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                stat = os.stat(path)
                with open(path, "w", encoding="utf-8") as f:
                    f.write(text.replace(made_in + "/", "build/"))
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def the_tree_is_copied():
    for name in os.listdir(TOP):
        full, to = os.path.join(TOP, name), os.path.join(TREE, name)
        if name in (".git", "build"):
            continue
        if name == "node_modules":
            os.symlink(full, to)
        elif os.path.isdir(full):
            shutil.copytree(full, to, symlinks=True, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            shutil.copy2(full, to)
    copy_objects()


def a_bad_name_makes_nothing():
    for arguments in (["NAME="], ["NAME=Upper"], ["NAME=a b"], ["NAME=../x"], ["NAME=snapshot"], ["NAME=static"],
                      ["NAME=fine", "DIR=elsewhere"]):
        p = make("new-module", *arguments, check=False)
        assert p.returncode != 0 and "new-module: " in p.stdout, (arguments, p.stdout)
    assert not os.path.exists(os.path.join(TREE, "runtime/modules/fine"))


def a_module_is_made_whole():
    make("new-module", "NAME=" + NAME)
    for path in ("module.json", "module.c", NAME + ".h", NAME + "_add.c", "migrations/0001_items.sql", "README.md"):
        assert os.path.exists(os.path.join(TREE, MINE[0], path)), path
    for path in ("schemas/rpc/%s.json" % NAME, "schemas/event/%s.json" % NAME, MINE[1]):
        assert os.path.exists(os.path.join(TREE, path)), path


def making_it_again_is_refused():
    p = make("new-module", "NAME=" + NAME, check=False)
    assert p.returncode != 0 and "already" in p.stdout, p.stdout


def it_builds_and_passes_its_tests():
    binary = "build/tests/unit/runtime/modules/%s_test" % NAME
    make("-j2", binary)
    out = run(os.path.join(TREE, binary)).stdout
    assert "3 test(s) run" in out or out.count("\nok ") == 3 or "ok 3" in out, out


def lint_has_nothing_to_say():
    if not shutil.which("pmccabe"):
        raise Skip("pmccabe is not installed")
    for part in (["tests/lint/layers.py"], ["tests/lint/rules.py"], ["tests/lint/objects.py", "build", MINE[0].rstrip("/")]):
        out = run(sys.executable, *part, check=False).stdout
        assert "lint " in out, out
        about = [l for l in out.splitlines() if l.startswith(MINE) or NAME in l]
        assert not about, "\n".join(about)


def its_format_is_ours():
    if not shutil.which("clang-format"):
        raise Skip("clang-format is not installed")
    found = [os.path.join(MINE[0], f) for f in os.listdir(os.path.join(TREE, MINE[0])) if f.endswith((".c", ".h"))]
    run("clang-format", "--dry-run", "--Werror", MINE[1], *found)


try:
    run_tests([the_tree_is_copied, a_bad_name_makes_nothing, a_module_is_made_whole, making_it_again_is_refused,
               it_builds_and_passes_its_tests, lint_has_nothing_to_say, its_format_is_ours])
finally:
    shutil.rmtree(TREE, ignore_errors=True)
