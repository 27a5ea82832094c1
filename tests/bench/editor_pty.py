"""The editor on large files beside Vim, both through a pseudo terminal: spawn to first text, jump to the end, a key there. Ratios ours / vim."""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import tempfile
import termios
import time

ROUNDS = 3
MEGABYTES = int(os.environ.get("WN_BENCH_MB", "200"))


class Program:
    """One program on a pty of 200x50; what it writes is only kept, escapes and all."""

    def __init__(self, argv, home):
        self.out = b""
        self.start = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", HOME=home, XDG_STATE_HOME=home, XDG_RUNTIME_DIR=home)
            os.execvp(argv[0], argv)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            self.out += os.read(self.fd, 1 << 16)
        except OSError:
            return False
        return True

    def until(self, pattern, limit=120):
        """Seconds from the last key (or the start) until the pattern was written."""
        end = time.monotonic() + limit
        while not re.search(pattern, self.out):
            if not self.read(max(0.0, end - time.monotonic())):
                raise RuntimeError("never seen: %r" % pattern)
        return time.monotonic() - self.start

    def key(self, keys, pattern):
        while self.read(0.1):  # settled
            pass
        self.out = b""
        self.start = time.monotonic()
        os.write(self.fd, keys)
        return self.until(pattern)

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def make_log(path):
    line, n = "2026-01-01T00:00:00 host service[%d]: request took some time and went well, status 200\n", 0
    with open(path, "w", encoding="ascii") as f:
        f.write("FILESTART\n")
        while f.tell() < MEGABYTES * 1000000:
            f.write("".join(line % (n + i) for i in range(10000)))
            n += 10000
        f.write("EOFMARK")


def make_line(path):
    with open(path, "w", encoding="ascii") as f:
        f.write("FILESTART ")
        for _ in range(100):
            f.write("some words on one very long line, again and again; " * 20000)


def measure(argv, path, home, end_keys):
    p = Program(argv + [path], home)
    try:
        times = [p.until(rb"FILESTART")]
        if end_keys:
            times.append(p.key(end_keys, rb"EOFMARK"))
            times.append(statistics.median(p.key(c, re.escape(c)) for c in (b"q", b"z", b"j")))
        return times
    finally:
        p.end()


def rows(build, row):
    if shutil.which("vim") is None:
        row("editor beside vim", "no vim", "")
        return
    ours = [os.path.join(build, "webnova"), "--engine", "none"]
    vim = ["vim", "-u", "NONE", "-n", "-N"]
    with tempfile.TemporaryDirectory(prefix="wn-pty-") as d:
        log, line = os.path.join(d, "a.log"), os.path.join(d, "line.txt")
        make_log(log)
        make_line(line)
        for name, path, keys, what in (("%d MB log" % MEGABYTES, log, (b"\x1b[1;5F", b"GA"), ("first text", "jump to the end", "key there")),
                                       ("100 MB line", line, (None, None), ("first text",))):
            a, b = [], []
            for _ in range(ROUNDS):
                a.append(measure(ours, path, d, keys[0]))
                b.append(measure(vim, path, d, keys[1]))
            for i, w in enumerate(what):
                x, y = (statistics.median(t[i] for t in s) for s in (a, b))
                row("%s: %s / vim" % (name, w), x / y, "" if w.startswith("jump") else "<= 1")
