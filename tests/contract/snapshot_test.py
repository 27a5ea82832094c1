#!/usr/bin/env python3
"""Snapshots through the engine: what they keep, what they leave alone, and that restoring can always be undone."""
import os
import shutil
import stat
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, Skip, run_tests  # noqa: E402

E = None
COUNT = 0


def workspace():
    """A new workspace: its id, its directory, a client."""
    global COUNT
    COUNT += 1
    path = os.path.join(E.directory, "w%d" % COUNT)
    os.mkdir(path)
    c = E.client()
    return c, c.call("workspace.open", {"path": path})["workspace"]["id"], path


def write(path, name, data=b"x\n", mode=None):
    full = os.path.join(path, name)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as f:
        f.write(data)
    if mode is not None:
        os.chmod(full, mode)


def tree(path):
    """Everything there is, as a comparable value."""
    out = {}
    for d, dirs, files in os.walk(path):
        for n in files + [x for x in dirs if os.path.islink(os.path.join(d, x))]:
            full = os.path.join(d, n)
            rel = os.path.relpath(full, path)
            if os.path.islink(full):
                out[rel] = ("link", os.readlink(full))
            else:
                out[rel] = (bool(os.stat(full).st_mode & 0o100), open(full, "rb").read())
    return out


def take(c, w, label="t"):
    return c.call("snapshot.create", {"workspace": w, "label": label})


def what_was_written_comes_back_byte_by_byte():
    c, w, p = workspace()
    write(p, "a.txt", b"one\r\ntwo\n")
    write(p, "d/e/run.sh", b"#!/bin/sh\n", 0o755)
    write(p, "bin", bytes(range(256)) * 40)
    write(p, "عربي/ملف.txt", "مرحبا\n".encode())
    write(p, "empty", b"")
    os.symlink("a.txt", os.path.join(p, "link"))
    os.symlink("/etc", os.path.join(p, "outside"))
    before = tree(p)
    s = take(c, w)["snapshot"]
    assert s["files"] == 7, s
    write(p, "a.txt", b"changed\n")
    os.unlink(os.path.join(p, "bin"))
    shutil.rmtree(os.path.join(p, "d"))
    write(p, "d", b"a file where a directory was\n")
    write(p, "new/deep/file", b"new\n")
    os.unlink(os.path.join(p, "link"))
    r = c.call("snapshot.restore", {"workspace": w, "snapshot": s["id"]})
    assert tree(p) == before, "restored tree differs"
    assert not os.path.exists(os.path.join(p, "new")), "a directory that became empty stays"
    assert r["written"] >= 4 and r["removed"] >= 1, r


def a_restore_is_undone_by_restoring_the_snapshot_before_it():
    c, w, p = workspace()
    write(p, "a", b"1\n")
    first = take(c, w)["snapshot"]["id"]
    write(p, "a", b"2\n")
    write(p, "b", b"unsaved by any snapshot\n")
    present = tree(p)
    before = c.call("snapshot.restore", {"workspace": w, "snapshot": first})["before"]
    assert tree(p) != present
    c.call("snapshot.restore", {"workspace": w, "snapshot": before})
    assert tree(p) == present


def nothing_changed_makes_no_snapshot():
    c, w, p = workspace()
    write(p, "a")
    a, b = take(c, w), take(c, w)
    assert a["created"] and not b["created"] and a["snapshot"]["id"] == b["snapshot"]["id"]


def a_change_within_the_same_second_and_size_is_seen():
    c, w, p = workspace()
    write(p, "a", b"one\n")
    take(c, w)
    st = os.stat(os.path.join(p, "a"))
    write(p, "a", b"two\n")
    os.utime(os.path.join(p, "a"), ns=(st.st_atime_ns, st.st_mtime_ns))
    assert take(c, w)["created"]


def git_node_modules_and_ignored_files_are_left_alone():
    c, w, p = workspace()
    write(p, ".git/config", b"theirs\n")
    write(p, "node_modules/x/index.js")
    write(p, ".gitignore", b"*.log\nbuild/\n")
    write(p, "app.log")
    write(p, "build/out")
    write(p, "src.c")
    s = take(c, w)["snapshot"]
    assert s["files"] == 2, s
    write(p, "src.c", b"changed\n")
    c.call("snapshot.restore", {"workspace": w, "snapshot": s["id"]})
    for n in (".git/config", "node_modules/x/index.js", "app.log", "build/out"):
        assert os.path.exists(os.path.join(p, n)), n


def a_diff_names_each_file_and_its_lines():
    c, w, p = workspace()
    write(p, "keep")
    write(p, "a", b"1\n2\n3\n")
    write(p, "gone", b"x\n")
    s1 = take(c, w)["snapshot"]["id"]
    write(p, "a", b"1\nzwei\n3\n4\n")
    write(p, "new", b"n\n")
    write(p, "blob", bytes(range(256)))
    os.unlink(os.path.join(p, "gone"))
    d = {x["path"]: x for x in c.call("snapshot.diff", {"workspace": w})["changes"]}
    assert set(d) == {"a", "new", "gone", "blob"}, d
    assert (d["a"]["change"], d["a"]["added"], d["a"]["removed"]) == ("modified", 2, 1), d["a"]
    assert d["new"]["change"] == "added" and d["gone"]["change"] == "deleted" and d["blob"]["binary"]
    s2 = take(c, w)["snapshot"]["id"]
    between = c.call("snapshot.diff", {"workspace": w, "from": s1, "to": s2})["changes"]
    assert {x["path"] for x in between} == set(d)
    c.call("snapshot.diff", {"workspace": w, "from": s1, "to": s2, "path": "a"})
    assert b"-2\n+zwei\n" in c.attachment, c.attachment


def part_of_a_snapshot_can_be_restored():
    c, w, p = workspace()
    write(p, "src/a", b"1\n")
    write(p, "doc/a", b"1\n")
    s = take(c, w)["snapshot"]["id"]
    write(p, "src/a", b"2\n")
    write(p, "doc/a", b"2\n")
    c.call("snapshot.restore", {"workspace": w, "snapshot": s, "paths": ["src"]})
    assert open(os.path.join(p, "src/a")).read() == "1\n" and open(os.path.join(p, "doc/a")).read() == "2\n"


def a_link_planted_in_the_way_leads_nowhere():
    c, w, p = workspace()
    write(p, "d/f", b"inside\n")
    s = take(c, w)["snapshot"]["id"]
    outside = os.path.join(E.directory, "outside")
    os.makedirs(outside, exist_ok=True)
    write(outside, "f", b"precious\n")
    shutil.rmtree(os.path.join(p, "d"))
    os.symlink(outside, os.path.join(p, "d"))
    c.call("snapshot.restore", {"workspace": w, "snapshot": s})
    assert open(os.path.join(outside, "f"), "rb").read() == b"precious\n"
    assert not os.path.islink(os.path.join(p, "d")) and open(os.path.join(p, "d/f"), "rb").read() == b"inside\n"


def a_path_that_leaves_the_workspace_is_refused():
    c, w, p = workspace()
    write(p, "a")
    s = take(c, w)["snapshot"]["id"]
    for bad in ("../x", "/etc/passwd", "a/../../x", ""):
        try:
            c.call("snapshot.restore", {"workspace": w, "snapshot": s, "paths": [bad]})
            raise AssertionError("accepted " + repr(bad))
        except RpcError as e:
            assert e.name in ("invalid",), (bad, e.name)


def a_snapshot_of_another_workspace_is_not_found():
    c, w1, p1 = workspace()
    write(p1, "a")
    s = take(c, w1)["snapshot"]["id"]
    c, w2, p2 = workspace()
    write(p2, "b")
    try:
        c.call("snapshot.restore", {"workspace": w2, "snapshot": s})
        raise AssertionError("restored another workspace's snapshot")
    except RpcError as e:
        assert e.name == "not_found"
    assert open(os.path.join(p2, "b")).read() == "x\n"


def odd_files_are_skipped_and_counted():
    c, w, p = workspace()
    write(p, "a")
    os.mkfifo(os.path.join(p, "fifo"))
    s = take(c, w)["snapshot"]
    assert s["files"] == 1 and s["skipped"] == 1, s


def a_file_that_cannot_be_written_leaves_the_files_as_they_were():
    if os.geteuid() != 0:
        raise Skip("needs root to make a file immutable")
    c, w, p = workspace()
    for i in range(20):
        write(p, "f%02d" % i, b"1\n")
    s = take(c, w)["snapshot"]["id"]
    for i in range(20):
        write(p, "f%02d" % i, b"2\n")
    present = tree(p)
    if subprocess.run(["chattr", "+i", os.path.join(p, "f13")], stderr=subprocess.DEVNULL).returncode:
        raise Skip("the file system has no immutable files")
    try:
        c.call("snapshot.restore", {"workspace": w, "snapshot": s})
        raise AssertionError("it worked")
    except RpcError:
        pass
    finally:
        subprocess.run(["chattr", "-i", os.path.join(p, "f13")], check=True)
    assert tree(p) == present


def a_home_directory_is_refused():
    c = E.client()
    w = c.call("workspace.open", {"path": E.env["HOME"]})["workspace"]["id"]
    try:
        take(c, w)
        raise AssertionError("it took a home directory")
    except RpcError as e:
        assert e.name == "unsupported", e.name


def many_at_once_wait_for_each_other():
    c, w, p = workspace()
    for i in range(50):
        write(p, "f%d" % i, os.urandom(100))
    errors = []

    def one(i):
        try:
            cc = E.client()
            write(p, "mine%d" % i, os.urandom(50))
            take(cc, w)
            cc.close()
        except BaseException as e:
            errors.append(e)
    threads = [threading.Thread(target=one, args=(i,)) for i in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors
    ids = [s["id"] for s in c.call("snapshot.list", {"workspace": w})["snapshots"]]
    assert ids == sorted(ids, reverse=True) and len(set(ids)) == len(ids)


def a_file_that_shrinks_while_it_is_read_does_no_harm():
    c, w, p = workspace()
    stop = threading.Event()

    def churn():
        n = 0
        while not stop.is_set():
            n += 1
            write(p, "busy", b"y" * (200000 if n % 2 else 10))
    t = threading.Thread(target=churn)
    write(p, "busy")
    t.start()
    end = time.monotonic() + 1.0
    while time.monotonic() < end:
        take(c, w)
    stop.set()
    t.join()
    write(p, "busy", b"calm\n")
    s = take(c, w)["snapshot"]["id"]
    write(p, "busy", b"other\n")
    c.call("snapshot.restore", {"workspace": w, "snapshot": s})
    assert open(os.path.join(p, "busy")).read() == "calm\n"


def modes_are_kept_but_for_odd_bits():
    c, w, p = workspace()
    write(p, "run", b"#!/bin/sh\n", 0o755)
    write(p, "plain", b"x\n", 0o600)
    s = take(c, w)["snapshot"]["id"]
    os.chmod(os.path.join(p, "run"), 0o644)
    c.call("snapshot.restore", {"workspace": w, "snapshot": s})
    assert os.stat(os.path.join(p, "run")).st_mode & stat.S_IXUSR


def names_that_are_not_utf8_are_kept_and_told_quoted():
    c, w, p = workspace()
    odd, quoted = os.fsencode(p) + b"/caf\xe9 \"x\".txt", '"caf\\351 \\"x\\".txt"'
    write(p, "plain")
    with open(odd, "wb") as f:
        f.write(b"one\n")
    write(p, '"q"', b"one\n")
    s = take(c, w)["snapshot"]
    assert s["files"] == 3 and s["skipped"] == 0, s
    with open(odd, "wb") as f:
        f.write(b"two\n")
    write(p, '"q"', b"two\n")
    changes = c.call("snapshot.diff", {"workspace": w})["changes"]
    assert sorted(x["path"] for x in changes) == ['"\\"q\\""', quoted], changes
    one = c.call("snapshot.diff", {"workspace": w, "path": quoted})
    assert [x["path"] for x in one["changes"]] == [quoted] and b"+two" in c.attachment, one
    c.call("snapshot.restore", {"workspace": w, "snapshot": s["id"], "paths": [quoted]})
    assert open(odd, "rb").read() == b"one\n" and open(os.path.join(p, '"q"'), "rb").read() == b"two\n"
    for bad in ('"', '"x', '"x\\9"', '"\\056\\056/x"', '"x"y'):
        try:
            c.call("snapshot.restore", {"workspace": w, "snapshot": s["id"], "paths": [bad]})
            raise AssertionError(bad)
        except RpcError as e:
            assert e.name == "invalid", (bad, e.name)


def a_name_git_has_no_place_for_is_skipped_not_fatal():
    c, w, p = workspace()
    write(p, "a")
    write(p, ".GIT/config")
    write(p, "d/.gIt", b"x\n")
    s = take(c, w)["snapshot"]
    assert s["files"] == 1 or s["skipped"] > 0, s
    write(p, "a", b"changed\n")
    c.call("snapshot.restore", {"workspace": w, "snapshot": s["id"]})
    assert open(os.path.join(p, "a")).read() == "x\n" and os.path.exists(os.path.join(p, ".GIT", "config"))


def what_no_snapshot_keeps_is_not_written_over():
    c, w, p = workspace()
    write(p, "data/log", b"old\n")
    write(p, "other", b"1\n")
    s = take(c, w)["snapshot"]["id"]
    write(p, ".gitignore", b"data/\n")
    take(c, w)
    write(p, "data/log", b"precious\n")
    os.unlink(os.path.join(p, "data", "log"))
    take(c, w)
    write(p, "data/log", b"precious\n")
    write(p, "other", b"2\n")
    before = tree(p)
    try:
        c.call("snapshot.restore", {"workspace": w, "snapshot": s})
        raise AssertionError("it was written over")
    except RpcError as e:
        assert e.name == "exists" and "data/log" in str(e), (e.name, str(e))
    assert tree(p) == before
    os.unlink(os.path.join(p, "data", "log"))
    c.call("snapshot.restore", {"workspace": w, "snapshot": s})
    assert open(os.path.join(p, "data", "log")).read() == "old\n"


def a_repository_that_was_deleted_begins_anew():
    c, w, p = workspace()
    write(p, "a", b"one\n")
    os.utime(os.path.join(p, "a"), (1, 1))
    take(c, w)
    shutil.rmtree(os.path.join(E.state, "snapshot", w + ".git"))
    write(p, "b", b"two\n")
    try:
        s = take(c, w)["snapshot"]["id"]
    except RpcError as e:
        assert str(e)
        return
    os.unlink(os.path.join(p, "a"))
    c.call("snapshot.restore", {"workspace": w, "snapshot": s})
    assert open(os.path.join(p, "a")).read() == "one\n"


def more_than_fits_into_memory_goes_in_pieces():
    c, w, p = workspace()
    for i in range(20):
        write(p, "big%d" % i, os.urandom(1 << 13) * 1000)
    s = take(c, w)["snapshot"]
    assert s["files"] == 20 and s["skipped"] == 0, s
    before = tree(p)
    for i in range(20):
        os.unlink(os.path.join(p, "big%d" % i))
    c.call("snapshot.restore", {"workspace": w, "snapshot": s["id"]})
    assert tree(p) == before


with Engine() as E:
    run_tests([what_was_written_comes_back_byte_by_byte, a_restore_is_undone_by_restoring_the_snapshot_before_it,
               nothing_changed_makes_no_snapshot, a_change_within_the_same_second_and_size_is_seen,
               git_node_modules_and_ignored_files_are_left_alone, a_diff_names_each_file_and_its_lines,
               part_of_a_snapshot_can_be_restored, a_link_planted_in_the_way_leads_nowhere,
               a_path_that_leaves_the_workspace_is_refused, a_snapshot_of_another_workspace_is_not_found,
               odd_files_are_skipped_and_counted, a_file_that_cannot_be_written_leaves_the_files_as_they_were,
               a_home_directory_is_refused, many_at_once_wait_for_each_other,
               a_file_that_shrinks_while_it_is_read_does_no_harm, modes_are_kept_but_for_odd_bits,
               names_that_are_not_utf8_are_kept_and_told_quoted, a_name_git_has_no_place_for_is_skipped_not_fatal,
               what_no_snapshot_keeps_is_not_written_over, a_repository_that_was_deleted_begins_anew,
               more_than_fits_into_memory_goes_in_pieces])
