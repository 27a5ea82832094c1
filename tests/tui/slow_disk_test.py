#!/usr/bin/env python3
"""A disk that hangs in fsync must not hold the keyboard: typing goes on during a save, quitting waits for it and can be called
off, a second WebNova on the file is told. The hang is a preloaded fsync() that waits for a byte from a named pipe; nothing sleeps."""
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Skip, run_tests  # noqa: E402

GATE_C = r"""
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int fsync(int fd)
{
	char link[64] = "/proc/self/fd/", to[4096] = "", c;
	char *p = link + strlen(link), digits[12];
	int n = 0, gate;
	do digits[n++] = (char)('0' + fd % 10); while (fd /= 10);
	while (n > 0) *p++ = digits[--n];
	*p = 0;
	if (readlink(link, to, sizeof to - 1) < 0 || !strstr(to, getenv("SLOW_DIR")) || !strstr(to, ".wn-"))
		return 0;
	gate = open(getenv("SLOW_GATE"), O_RDONLY);
	if (gate < 0 || read(gate, &c, 1) < 0)
		return -1;
	close(gate);
	return 0;
}
"""
PATIENCE = 20


class Ide:
    """The IDE on a pty, read as bytes."""

    def __init__(self, folder, env, name="a.txt"):
        program = os.path.join(os.environ.get("WEBNOVA_BUILD", "build"), "webnova")
        program = os.path.abspath(program)
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(program, ["webnova", "--engine", "none", name], env)

    def pump(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += data
        return bool(data)

    def keys(self, data):
        self.seen = b""
        os.write(self.fd, data)

    def sees(self, text):
        while text not in self.seen:
            assert self.pump(PATIENCE), "%r never came: %r" % (text, self.seen[-400:])

    def exit_code(self):
        while self.pump(PATIENCE):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class World:
    def __init__(self, slow=True):
        self.dir = tempfile.mkdtemp(prefix="wn-slow-")
        self.folder = os.path.join(self.dir, "shop")
        os.makedirs(self.folder)
        self.path = os.path.join(self.folder, "a.txt")
        with open(self.path, "w") as f:
            f.write("one\n")
        self.env = {"PATH": os.environ["PATH"], "HOME": self.dir, "TERM": "xterm", "LANG": "C.UTF-8",
                    "WEBNOVA_GRAMMARS": "/nonexistent"}
        if slow:
            self.make_gate()

    def make_gate(self):
        if shutil.which("cc") is None:
            raise Skip("no C compiler to make a slow disk with")
        source, library = os.path.join(self.dir, "gate.c"), os.path.join(self.dir, "gate.so")
        with open(source, "w") as f:
            f.write(GATE_C)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
        self.gate = os.path.join(self.dir, "gate")
        os.mkfifo(self.gate)
        self.env.update(LD_PRELOAD=library, SLOW_DIR=self.folder, SLOW_GATE=self.gate)

    def open_gate(self):
        with open(self.gate, "wb", buffering=0) as f:
            f.write(b"x")

    def text(self):
        with open(self.path) as f:
            return f.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)


def typing_goes_on_while_a_save_hangs():
    with World() as w:
        ide = Ide(w.folder, w.env)
        ide.sees(b"one")
        ide.keys(b"qqq\x13")
        ide.sees("saving …".encode())
        ide.keys(b"zzz")
        ide.sees(b"z")
        assert w.text() == "one\n", "the old file must stay until the new one is whole"
        w.open_gate()
        ide.keys(b"")
        ide.sees(b"Saved")
        assert w.text() == "qqqone\n"
        ide.keys(b"\x11")
        ide.sees(b"Not saved")
        ide.keys(b"d")
        assert ide.exit_code() == 0


def quitting_waits_for_a_save_and_can_be_called_off():
    with World() as w:
        ide = Ide(w.folder, w.env)
        ide.sees(b"one")
        ide.keys(b"q\x13")
        ide.sees("saving …".encode())
        ide.keys(b"\x11")
        ide.sees(b"Saving, then quitting")
        ide.keys(b"\x1b")
        ide.sees("saving …".encode())
        ide.keys(b"\x11")
        ide.sees(b"Saving, then quitting")
        w.open_gate()
        assert ide.exit_code() == 0
        assert w.text() == "qone\n"


def a_second_ide_on_a_file_is_told():
    with World(slow=False) as w:
        first, second = Ide(w.folder, w.env), None
        first.sees(b"one")
        first.keys(b"q")
        first.sees(b"+")
        second = Ide(w.folder, w.env)
        second.sees(b"is open in another WebNova")
        second.sees(str(first.pid).encode())
        second.sees(b"read-only")
        second.keys(b"rx\x11")
        assert second.exit_code() == 0
        first.keys(b"\x13\x11")
        assert first.exit_code() == 0
        assert w.text() == "qone\n"


run_tests([typing_goes_on_while_a_save_hangs, quitting_waits_for_a_save_and_can_be_called_off,
           a_second_ide_on_a_file_is_told])
