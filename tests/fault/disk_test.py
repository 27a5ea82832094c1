#!/usr/bin/env python3
"""A full disk and a read-only disk under the engine's state: a clear error, reading goes on, writing comes back by itself."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, Skip, run_tests, wait_for  # noqa: E402


class SmallDisk(Engine):
    """An engine whose state is on a small tmpfs of its own."""

    def __init__(self, size="12m"):
        super().__init__()
        self.mounted = os.path.join(self.directory, "s")
        os.makedirs(self.mounted)
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "none", self.mounted],
                                               stderr=subprocess.DEVNULL).returncode:
            raise Skip("needs root and mount")

    def remount(self, options):
        subprocess.run(["mount", "-o", "remount," + options, self.mounted], check=True)

    def __exit__(self, *a):
        try:
            if self.process and self.process.poll() is None:
                self.stop()
        finally:
            subprocess.run(["umount", self.mounted], check=False)
            super().__exit__(*a)


def add(e, c, n):
    path = os.path.join(e.directory, "w", str(n))
    os.makedirs(path)
    return c.call("workspace.open", {"path": path})["workspace"]["id"]


def until_refused(e, c):
    """Adds workspaces until the store says no; those acknowledged, and the error."""
    done = []
    for n in range(20000):
        try:
            done.append(add(e, c, n))
        except RpcError as error:
            return done, error
    raise AssertionError("the disk never filled")


def fill(e):
    """Leaves 256 KiB free."""
    with open(os.path.join(e.mounted, "filler"), "wb") as f:
        free = os.statvfs(e.mounted)
        f.truncate(0)
        os.posix_fallocate(f.fileno(), 0, (free.f_bavail - 64) * free.f_frsize)


def listed(c):
    return {w["id"] for w in c.call("workspace.list")["workspaces"]}


def a_full_disk_is_said_reading_goes_on_and_space_brings_writing_back():
    with SmallDisk() as e:
        c = e.client()
        fill(e)
        done, error = until_refused(e, c)
        assert error.name in ("no_space", "read_only"), (error.name, str(error))
        assert "full" in str(error) or "space" in str(error).lower(), str(error)
        assert listed(c) == set(done), "what was acknowledged is not what is there"
        assert c.call("engine.info")["store"] != "ok"
        os.unlink(os.path.join(e.mounted, "filler"))
        wait_for(lambda: c.call("engine.info")["store"] == "ok", 20)
        done.append(add(e, c, "after"))
        assert listed(c) == set(done)


def a_disk_that_becomes_read_only_and_writable_again():
    with SmallDisk("16m") as e:
        c = e.client()
        done = [add(e, c, "first")]
        e.stop()
        e.remount("ro")
        try:
            e.start()
        except AssertionError as error:
            raise AssertionError("the engine does not start on a read-only disk: %s" % error)
        c = e.client()
        assert listed(c) == set(done)
        try:
            add(e, c, "refused")
            raise AssertionError("it wrote to a read-only disk")
        except RpcError as error:
            assert error.name == "read_only", (error.name, str(error))
        e.remount("rw")
        wait_for(lambda: c.call("engine.info")["store"] == "ok", 20)
        done.append(add(e, c, "back"))
        assert listed(c) == set(done)


run_tests([a_full_disk_is_said_reading_goes_on_and_space_brings_writing_back,
           a_disk_that_becomes_read_only_and_writable_again])
