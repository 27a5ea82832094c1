#!/usr/bin/env python3
"""Programs that take more than they may: each is held or stopped, and the reason is a sentence that names a setting.

All of them run at the same time, each in a workspace of its own, in an engine with small limits; a test then looks at its own.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, Skip, run_tests, wait_for  # noqa: E402

PYTHON = "/usr/bin/python3"
SMALL = {"WEBNOVA_SANDBOX_MEMORY_MB": "96", "WEBNOVA_SANDBOX_PIDS": "64", "WEBNOVA_SANDBOX_CPU_PERCENT": "100",
         "WEBNOVA_SANDBOX_TMP_MB": "8", "WEBNOVA_SANDBOX_FILE_MB": "8", "WEBNOVA_SANDBOX_OPEN_FILES": "128",
         "WEBNOVA_SANDBOX_DISK_MB": "48", "WEBNOVA_SANDBOX_DISK_FILES": "3000"}
# Each writes `start` before it begins and `end` when it was not stopped.
PROGRAMS = {
    "fork bomb": "import os,time\nwhile True:\n try:\n  if os.fork()==0: time.sleep(600)\n except OSError: pass",
    "memory": "b=[]\nwhile True: b.append(bytearray(1<<20))",
    "memory without a name": "import os\nfor i in range(100000): os.write(os.memfd_create('x'),bytes(4<<20))",
    "disk": "import time\nfor i in range(10000):\n open('f%d'%i,'wb').write(b'x'*(4<<20)); time.sleep(0.02)",
    "file bomb": "import time\nfor i in range(1000000):\n open('n%d'%i,'wb').write(b'x')\n if i%500==0: time.sleep(0.02)",
    "one big file": "import signal\nsignal.signal(signal.SIGXFSZ,signal.SIG_IGN)\ntry:\n f=open('big','wb')\n while True: f.write(b'x'*(1<<20))\n"
                    "except OSError as e: print(e.errno,f.tell()>>20)",
    "tmp": "n=0\nfor place in ('/tmp','/dev/shm'):\n try:\n  for i in range(100):\n   with open('%s/%d'%(place,i),'wb',0) as f: f.write(b'x'*(1<<20))\n"
           "   n+=1\n except OSError as e: print(e.errno)\nprint(n)",
    "open files": "f=[]\ntry:\n while True: f.append(open('/dev/null'))\nexcept OSError as e: print(e.errno,len(f))",
    "busy": "import time\nt=time.monotonic()\nimport os\nfor i in range(3): os.fork()\nwhile time.monotonic()-t<6: pass",
}
LATER = {"memory": "sleep 15"}  # the box goes on when its program was ended
E = None
SPACE = {}  # program: its workspace
FACTS = {}


def start_all():
    c = E.client()
    for name, text in PROGRAMS.items():
        path = os.path.join(E.directory, name.replace(" ", "-"))
        os.mkdir(path)
        SPACE[name] = c.call("workspace.open", {"path": path})["workspace"]
        with open(os.path.join(path, "p.py"), "w", encoding="ascii") as f:
            f.write(text + "\n")
        c.call("terminal.open", {"workspace": SPACE[name]["id"], "sandbox": True, "rows": 24, "cols": 80,
                                 "argv": ["/bin/sh", "-c", "%s p.py >said 2>&1; echo $? >end; %s" % (PYTHON, LATER.get(name, ":"))]})


def said(name):
    path = os.path.join(SPACE[name]["path"], "said")
    wait_for(lambda: os.path.exists(os.path.join(SPACE[name]["path"], "end")), 60)
    with open(path, encoding="ascii", errors="replace") as f:
        return f.read().split()


def told(name, kinds=("sandbox.stopped", "sandbox.limited")):
    """The first event about a program's workspace."""
    def found():
        events = E.client().call("event.list", {"types": list(kinds), "limit": 200})["events"]
        return [e for e in events if e["data"]["workspace"] == SPACE[name]["id"]]
    e = wait_for(found, 60)[0]
    assert e["data"]["setting"] in e["data"]["reason"], e
    return e["type"], e["data"]["rule"], e["data"]["reason"]


def a_fork_bomb_is_stopped():
    kind, rule, reason = told("fork bomb")
    assert (kind, rule) == ("sandbox.stopped", "processes") and "processes" in reason, reason


def a_memory_hog_is_ended_and_told():
    kind, rule, reason = told("memory")
    assert rule == "memory" and kind == ("sandbox.limited" if FACTS["memory limit"] else "sandbox.stopped"), (kind, reason)


def memory_without_a_name_is_memory_too():
    if not FACTS["memory limit"]:
        raise Skip("no control group for memory can be made here: what no process has mapped is not counted")
    assert told("memory without a name")[1] == "memory"


def a_disk_fill_is_stopped():
    kind, rule, reason = told("disk")
    assert (kind, rule) == ("sandbox.stopped", "disk") and "of the 48" in reason, reason
    assert not os.path.exists(os.path.join(SPACE["disk"]["path"], "end"))


def a_file_bomb_is_stopped():
    kind, rule, reason = told("file bomb")
    assert (kind, rule) == ("sandbox.stopped", "disk_files"), reason


def no_file_grows_beyond_its_limit():
    assert said("one big file") == ["27", "8"], said("one big file")


def tmp_and_shared_memory_have_their_sizes():
    first, second, mib = said("tmp")
    assert first == second == "28" and 8 <= int(mib) <= 16, (first, second, mib)


def open_files_have_an_end():
    number, n = said("open files")
    assert number == "24" and int(n) < 128, (number, n)


def a_busy_program_gets_its_share():
    if not FACTS["processor limit"]:
        raise Skip("no control group for the processor can be made here")
    said("busy")
    limit = [x for x in usage("busy")["limits"] if x["name"] == "processor"][0]
    assert limit["enforced"] == "kernel" and limit["value"] == 100, limit


def usage(name):
    return E.client().call("sandbox.usage", {"workspace": SPACE[name]["id"]})["workspaces"][0]


def a_limit_says_how_it_is_enforced():
    rows = {x["name"]: x for x in usage("busy")["limits"]}
    for name, feature in (("memory", "memory limit"), ("processes", "process limit")):
        assert rows[name]["enforced"] == ("kernel" if FACTS[feature] else "watched"), rows[name]
    assert rows["disk"]["enforced"] == "watched" and rows["wall_time"]["enforced"] == "none", rows
    assert rows["tmp"]["value"] == 8 << 20 and rows["open_files"]["setting"] == "sandbox.open_files", rows


def what_a_box_uses_is_told_while_it_runs():
    path = os.path.join(E.directory, "live")
    os.mkdir(path)
    c = E.client()
    w = c.call("workspace.open", {"path": path})["workspace"]
    c.call("signal.subscribe", {"topics": ["sandbox.usage"], "subject": w["id"], "credit": 100})
    t = c.call("terminal.open", {"workspace": w["id"], "sandbox": True, "rows": 24, "cols": 80, "argv": [
        PYTHON, "-c", "b=bytearray(20<<20)\nimport time\nwhile True: time.sleep(0.01); sum(range(5000))"]})["terminal"]

    def box():
        found = c.call("sandbox.usage", {"workspace": w["id"]})["workspaces"][0]
        return found["boxes"] and found["boxes"][0].get("memory_bytes", 0) > 20 << 20 and found
    found = wait_for(box, 30)
    assert found["boxes"][0]["kind"] == "terminal" and found["boxes"][0]["processes"] >= 1, found
    used = {x["name"]: x.get("used") for x in found["limits"]}
    assert used["memory"] > 20 << 20 and used["processes"] >= 1, used
    assert w["id"] in [x["workspace"] for x in c.call("sandbox.usage", {})["workspaces"]]
    assert wait_for(lambda: [n for n, _ in c.notes if n.get("method") == "signal.item"] or c.call("engine.info", {}) is None, 30)
    c.call("terminal.close", {"terminal": t["id"]})


def a_box_may_run_for_its_time():
    with Engine(env={"WEBNOVA_SANDBOX_WALL_SECONDS": "1"}) as e:
        path = os.path.join(e.directory, "w")
        os.mkdir(path)
        c = e.client()
        w = c.call("workspace.open", {"path": path})["workspace"]
        c.call("terminal.open", {"workspace": w["id"], "sandbox": True, "rows": 24, "cols": 80, "argv": ["/bin/sleep", "1000"]})
        found = wait_for(lambda: c.call("event.list", {"types": ["sandbox.stopped"], "limit": 10})["events"], 30)
        assert found[0]["data"]["rule"] == "wall_time" and "sandbox.wall_seconds" in found[0]["data"]["reason"], found


def main():
    global E
    with Engine(env=SMALL) as E:
        probe = E.client().call("sandbox.probe")
        FACTS.update({f["name"]: f["present"] for f in probe["features"]})
        if probe["tier"] == "none" or not os.path.exists(PYTHON):
            print("ok 1 - abuse # SKIP %s" % ("this machine allows no sandbox" if probe["tier"] == "none" else "no %s" % PYTHON))
            print("1..1")
            return
        start_all()
        run_tests([a_fork_bomb_is_stopped, a_memory_hog_is_ended_and_told, memory_without_a_name_is_memory_too, a_disk_fill_is_stopped,
                   a_file_bomb_is_stopped, no_file_grows_beyond_its_limit, tmp_and_shared_memory_have_their_sizes, open_files_have_an_end,
                   a_busy_program_gets_its_share, a_limit_says_how_it_is_enforced, what_a_box_uses_is_told_while_it_runs,
                   a_box_may_run_for_its_time])


main()
