#!/usr/bin/env python3
"""The sandbox from the attacker's side: a program in it tries to get out, to see, to stay, and to take everything."""
import glob
import hashlib
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import BUILD, ENGINE, Engine, Skip, run_tests, wait_for  # noqa: E402

E = None
WORKSPACE = None


def boxed(script, shell="/bin/sh"):
    """Runs a script in the sandbox of the workspace; what it wrote to `out`."""
    c = E.client()
    out = os.path.join(WORKSPACE["path"], "out")
    if os.path.exists(out):
        os.unlink(out)
    t = c.call("terminal.open", {"workspace": WORKSPACE["id"], "sandbox": True, "rows": 24, "cols": 200,
                                 "argv": [shell, "-c", "{ %s\n} >out.new 2>&1; mv out.new out" % script]})["terminal"]
    assert t["sandboxed"]
    wait_for(lambda: os.path.exists(out), 30)
    c.call("terminal.close", {"terminal": t["id"]})
    c.close()
    with open(out, encoding="utf-8", errors="replace") as f:
        return f.read()


def features():
    return {f["name"]: f["present"] for f in E.client().call("sandbox.probe")["features"]}


def it_sees_its_workspace_and_can_write_there():
    assert "hello" in boxed("echo hello >new; cat new; pwd")
    assert os.path.exists(os.path.join(WORKSPACE["path"], "new"))


def it_sees_neither_home_nor_engine_nor_other_directories():
    secret = os.path.join(E.directory, "secret")
    with open(secret, "w", encoding="ascii") as f:
        f.write("canary-3141")
    out = boxed("cat %s; ls -la %s /root /home %s; cat %s" % (secret, E.env["HOME"], E.directory,
                                                            os.path.join(E.state, "store", "engine.db")))
    assert "canary-3141" not in out and "engine.sock" not in out and "SQLite" not in out


def git_of_the_workspace_is_read_only():
    git = os.path.join(WORKSPACE["path"], ".git")
    os.makedirs(os.path.join(git, "hooks"), exist_ok=True)
    out = boxed("echo evil >.git/hooks/pre-commit; rm -rf .git; ls .git")
    assert "hooks" in out and not os.path.exists(os.path.join(git, "hooks", "pre-commit"))


def there_is_no_network_but_its_own_loopback():
    out = boxed("cat /proc/net/dev | tail -n +3 | cut -d: -f1; cat /proc/net/route | tail -n +2")
    assert out.split() == ["lo"], out


def dangerous_system_calls_are_refused():
    out = boxed("mount -t tmpfs none /tmp && echo MOUNTED; unshare -U true && echo UNSHARED; chroot / true && echo CHROOT; "
                "dmesg >/dev/null 2>&1 && echo SYSLOG; true")
    for word in ("MOUNTED", "UNSHARED", "CHROOT", "SYSLOG"):
        assert word not in out, out


def a_user_namespace_by_clone3_is_refused():
    probe = ("import ctypes,os\n"
             "libc=ctypes.CDLL(None,use_errno=True)\n"
             "a=(ctypes.c_uint64*11)(0x10000000,0,0,0,17)\n"
             "r=libc.syscall(435,ctypes.byref(a),88)\n"
             "os._exit(0) if r==0 else print('clone3',r,ctypes.get_errno())\n"
             "r=libc.unshare(0x10000000)\nprint('unshare',r,ctypes.get_errno())\n"
             "r=libc.syscall(101,0,0,0,0)\nprint('ptrace',r,ctypes.get_errno())\n"
             "r=libc.syscall(321,0,0,0)\nprint('bpf',r,ctypes.get_errno())\n"
             "r=libc.syscall(425,8,0)\nprint('io_uring',r,ctypes.get_errno())\n")
    if not os.path.exists("/usr/bin/python3"):
        raise Skip("no /usr/bin/python3 to make raw system calls with")
    with open(os.path.join(WORKSPACE["path"], "probe.py"), "w", encoding="ascii") as f:
        f.write(probe)
    out = boxed("/usr/bin/python3 probe.py")
    assert "clone3 -1 38" in out, out
    for word in ("unshare -1 1", "ptrace -1 1", "bpf -1 1", "io_uring -1 1"):
        assert word in out, out


def it_cannot_type_into_the_terminal_it_runs_on():
    if not os.path.exists("/usr/bin/python3"):
        raise Skip("no /usr/bin/python3 to make raw system calls with")
    with open(os.path.join(WORKSPACE["path"], "sti.py"), "w", encoding="ascii") as f:
        f.write("import fcntl,os\nfd=os.open('/dev/tty',os.O_RDWR)\n"
                "try:\n fcntl.ioctl(fd,0x5412,b'x'); print('TYPED')\nexcept OSError as e: print('refused',e.errno)\n")
    out = boxed("/usr/bin/python3 sti.py")
    assert "TYPED" not in out and "refused" in out, out


def only_the_standard_descriptors_are_open():
    out = boxed("ls /proc/self/fd")
    # 0-2 and the one ls reads the directory through.
    assert set(out.split()) <= {"0", "1", "2", "3"}, out


def it_has_no_capability_and_is_not_root():
    out = boxed("id -u; grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status")
    assert out.splitlines()[0] == "1000"
    assert "CapEff:\t0000000000000000" in out and "NoNewPrivs:\t1" in out and "Seccomp:\t2" in out, out


def memory_is_limited():
    if not features()["memory limit"]:
        raise Skip("no control group for memory can be made here")
    if not os.path.exists("/usr/bin/python3"):
        raise Skip("no /usr/bin/python3 to use memory with")
    out = boxed("/usr/bin/python3 -c 'b=bytearray(3000000000); print(len(b))'; echo ended")
    assert "3000000000" not in out and "ended" in out, out


def a_fork_bomb_ends_with_its_box():
    if not features()["process limit"]:
        raise Skip("no control group for processes can be made here")
    c = E.client()
    limit = 512
    before = len(os.listdir("/proc"))
    # The shell dies of it; the box must hold, and closing the terminal must end everything.
    t = c.call("terminal.open", {"workspace": WORKSPACE["id"], "sandbox": True, "rows": 24, "cols": 80, "argv": [
        "/bin/sh", "-c", "sh -c 'while :; do sleep 60 & done'; sleep 60"]})["terminal"]
    wait_for(lambda: len(os.listdir("/proc")) > before + 200, 30)
    assert len(os.listdir("/proc")) < before + limit + 50
    c.call("terminal.close", {"terminal": t["id"]})
    wait_for(lambda: len(os.listdir("/proc")) < before + 50, 20)


def tmp_is_its_own_and_sized():
    canary = os.path.join(os.path.dirname(E.directory), os.path.basename(E.directory) + "-canary")
    with open(canary, "w", encoding="ascii") as f:
        f.write("x")
    out = boxed("test -e %s && echo SEEN; dd if=/dev/zero of=/tmp/x bs=1M count=2000 2>/dev/null; du -m /tmp/x | cut -f1" % canary)
    os.unlink(canary)
    assert "SEEN" not in out and int(out.split()[-1]) <= 257, out


def a_daemon_does_not_outlive_the_box():
    boxed("setsid sh -c 'exec -a wn-orphan-7 sleep 300' >/dev/null 2>&1 & true", "/bin/bash")

    def gone():
        for p in os.listdir("/proc"):
            try:
                if p.isdigit() and b"wn-orphan-7" in open("/proc/%s/cmdline" % p, "rb").read():
                    return False
            except OSError:
                pass
        return True
    wait_for(gone, 20)


def below(kind):
    """Names of files of the sandbox module: cards ("runs"), or specs on their way."""
    place = os.path.join(E.directory, "webnova", "sandbox")
    return os.listdir(os.path.join(place, "runs")) if kind == "runs" else [n for n in os.listdir(place) if n.endswith(".spec")]


def groups():
    """Every control group of this engine's boxes."""
    found = []
    tag = hashlib.sha256(os.path.join(E.directory, "webnova").encode()).hexdigest()[:16]
    for tree in glob.glob("/sys/fs/cgroup/*/webnova/" + tag) + glob.glob("/sys/fs/cgroup/webnova/" + tag):
        found += [d for d, _, _ in os.walk(tree) if d != tree]
    return found


def an_ended_box_leaves_nothing():
    boxed("true")
    wait_for(lambda: below("specs") == [] and below("runs") == [] and groups() == [], 30)


def a_killed_engine_leaves_what_lives_and_nothing_else():
    c = E.client()
    t = c.call("terminal.open", {"workspace": WORKSPACE["id"], "sandbox": True, "rows": 24, "cols": 80,
                                 "argv": ["/bin/sh", "-c", "echo $$ >started; sleep 1000"]})["terminal"]
    started = os.path.join(WORKSPACE["path"], "started")
    wait_for(lambda: os.path.exists(started) and below("runs"), 30)
    lives, = below("runs")
    E.kill()
    # What an engine leaves that is killed between writing a spec and running it, or with a box that ends after it.
    place = os.path.join(E.directory, "webnova", "sandbox")
    with open(os.path.join(place, "01ARZ3NDEKTSV4RRFFQ69G5FAV.spec"), "w", encoding="ascii") as f:
        f.write("canary-2718")
    dead = "01ARZ3NDEKTSV4RRFFQ69G5FAW"
    with open(os.path.join(place, "runs", dead), "w", encoding="ascii") as f:
        f.write('{"workspace":"%s","tenant":"local","kind":"service","began_ms":1}\n999999 (gone) S 1\n' % WORKSPACE["id"])
    own = [g for g in groups() if g.endswith(lives)]
    for g in own:
        os.mkdir(os.path.join(os.path.dirname(g), dead))
    E.start()
    c = E.client()
    assert below("specs") == [] and below("runs") == [lives], below("runs")
    assert [g for g in groups() if g.endswith(dead)] == [] and [g for g in groups() if g.endswith(lives)] == own
    assert t["id"] in [x["id"] for x in c.call("terminal.list")["terminals"]]
    c.call("terminal.close", {"terminal": t["id"]})
    wait_for(lambda: below("runs") == [] and groups() == [], 30)


def a_box_ends_with_its_keeper():
    c = E.client()
    c.call("terminal.open", {"workspace": WORKSPACE["id"], "sandbox": True, "rows": 24, "cols": 80,
                             "argv": ["/bin/bash", "-c", "exec -a wn-kept-11 sleep 1000"]})

    def find():
        found = []
        for p in os.listdir("/proc"):
            try:
                if p.isdigit() and open("/proc/%s/cmdline" % p, "rb").read().startswith(b"wn-kept-11\0"):
                    found.append(int(p))
            except OSError:
                pass
        return found
    boxed_pid, = wait_for(find, 30)
    parent = boxed_pid
    while True:  # the keeper is the ancestor that is no bwrap any more
        parent = int(open("/proc/%d/stat" % parent, encoding="ascii").read().rsplit(")", 1)[1].split()[1])
        if b"--shim" in open("/proc/%d/cmdline" % parent, "rb").read():
            break
    os.kill(parent, 9)
    wait_for(lambda: not find(), 30)


def a_launcher_that_cannot_do_all_of_its_spec_starts_nothing():
    place = os.path.join(E.directory, "spec")
    ran = os.path.join(E.directory, "ran")
    head = "bwrap /usr/bin/bwrap\nfilter %s\n" % os.path.join(E.directory, "webnova", "sandbox", "filter.bpf")
    for launcher in ([ENGINE, "--launch"], [os.path.join(BUILD, "launcher")]):
        for bad in ("join /nonexistent/tasks\nargs\n", "nofile many\nargs\n", "nofile -1\nargs\n", "colour red\nargs\n",
                    "args", "", "nofile\nargs\n", "x" * 9000 + "\nargs\n", "note /nonexistent/note text\nargs\n"):
            with open(place, "w", encoding="ascii") as f:
                f.write(head + bad + "--ro-bind\0/\0/\0--bind\0%s\0%s\0" % (E.directory, E.directory))
            p = subprocess.run(launcher + [place, "--", "/bin/touch", ran], stderr=subprocess.PIPE, text=True, check=False)
            assert p.returncode == 125 and len(p.stderr.splitlines()) == 1, (launcher, bad[:40], p)
            assert not os.path.exists(ran) and not os.path.exists(place), (launcher, bad[:40])
        with open(place, "w", encoding="ascii") as f:
            f.write(head + "nofile 77\ncore 0\nargs\n--seccomp\0004\0--ro-bind\0/\0/\0")
        p = subprocess.run(launcher + [place, "--", "/bin/sh", "-c", "ulimit -n; env; echo /proc/self/fd/*"], stdout=subprocess.PIPE,
                           text=True, check=True, pass_fds=[E.process.stderr.fileno()])
        assert p.stdout.splitlines()[0] == "77" and "HOME=" not in p.stdout and "/fd/4" not in p.stdout, p.stdout


def setup():
    global WORKSPACE
    path = os.path.join(E.directory, "w")
    os.mkdir(path)
    WORKSPACE = E.client().call("workspace.open", {"path": path})["workspace"]
    if E.client().call("sandbox.probe")["tier"] == "none":
        print("ok 1 - sandbox # SKIP this machine allows no sandbox: %s" % json.dumps(features()))
        print("1..1")
        sys.exit(0)


with Engine() as E:
    setup()
    run_tests([it_sees_its_workspace_and_can_write_there, it_sees_neither_home_nor_engine_nor_other_directories,
               git_of_the_workspace_is_read_only, there_is_no_network_but_its_own_loopback,
               dangerous_system_calls_are_refused, a_user_namespace_by_clone3_is_refused,
               it_cannot_type_into_the_terminal_it_runs_on, only_the_standard_descriptors_are_open,
               it_has_no_capability_and_is_not_root, memory_is_limited, a_fork_bomb_ends_with_its_box,
               tmp_is_its_own_and_sized, a_daemon_does_not_outlive_the_box, a_launcher_that_cannot_do_all_of_its_spec_starts_nothing,
               an_ended_box_leaves_nothing,
               a_killed_engine_leaves_what_lives_and_nothing_else, a_box_ends_with_its_keeper])
