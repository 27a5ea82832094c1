#!/usr/bin/env python3
"""The engine is killed with SIGKILL in the middle of 10,000 appends, 50 times. Afterwards every acknowledged event
is in the log, none twice, none torn, positions and versions have no gap, and the projected tables equal a rebuild."""
import json
import os
import random
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Client, Engine, run_tests  # noqa: E402

ROUNDS = int(os.environ.get("WEBNOVA_CRASH_ROUNDS", "50"))
APPENDS = 10000
WINDOW = 100


class Writer(threading.Thread):
    """Opens and forgets workspaces as fast as it can until the link breaks; remembers what was acknowledged."""

    def __init__(self, path, directories):
        super().__init__()
        self.path, self.directories = path, directories
        self.opened, self.forgotten, self.sent = [], [], 0
        self.half = threading.Event()

    def run(self):
        c = Client(self.path)
        asked = {}
        try:
            todo, done = iter(self.directories), 0
            while done < APPENDS:
                while len(asked) < WINDOW and self.sent < APPENDS:
                    d = next(todo, None)
                    if d is None:
                        break
                    asked[c.send("workspace.open", {"path": d})] = ("open", None)
                    self.sent += 1
                m, _ = c.read()
                if m is None:
                    return
                what, workspace = asked.pop(m.get("id"), (None, None))
                if what is None or "error" in m:
                    continue
                done += 1
                if what == "open":
                    self.opened.append(m["result"]["workspace"]["id"])
                    asked[c.send("workspace.forget", {"workspace": self.opened[-1]})] = ("forget", self.opened[-1])
                    self.sent += 1
                else:
                    self.forgotten.append(workspace)
                if done >= self.at:
                    self.half.set()
        except (OSError, ValueError, ConnectionError):
            pass
        finally:
            self.half.set()


def rows(state, sql):
    db = sqlite3.connect("file:%s?mode=ro" % os.path.join(state, "store", "engine.db"), uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def check_log(state, opened, forgotten):
    events = rows(state, "SELECT e.seq, e.id, s.name, e.version, e.type, e.subject, e.data FROM store_event e "
                         "JOIN store_stream s ON s.id = e.stream_id ORDER BY e.seq")
    assert [e[0] for e in events] == list(range(1, len(events) + 1)), "positions have gaps"
    assert len({e[1] for e in events}) == len(events), "an event is there twice"
    versions = {}
    seen = {"workspace.created": {}, "workspace.forgotten": {}}
    for _, _, stream, version, kind, subject, data in events:
        assert version == versions.get(stream, 0) + 1, "versions of %s have gaps" % stream
        versions[stream] = version
        body = json.loads(data)
        if kind in seen:
            seen[kind][body["id"]] = seen[kind].get(body["id"], 0) + 1
    for kind, acknowledged in (("workspace.created", opened), ("workspace.forgotten", forgotten)):
        for workspace in acknowledged:
            n = seen[kind].get(workspace, 0)
            assert n == 1, "%s of %s is there %d times" % (kind, workspace, n)
    return len(events)


def projections(state):
    tables = [t for t, in rows(state, "SELECT name FROM sqlite_master WHERE type = 'table'")
              if not t.startswith(("store_", "sqlite_"))]
    return {t: sorted(map(repr, rows(state, 'SELECT * FROM "%s"' % t))) for t in tables}


def nothing_acknowledged_is_lost_in_fifty_kills():
    e = Engine(env={"WEBNOVA_RECORD": ""})  # half a million messages would say nothing new
    random.seed(1)
    opened, forgotten = [], []
    places = os.path.join(e.directory, "w")
    try:
        for k in range(ROUNDS):
            # A directory is a workspace once: each round has its own, and the last round's are gone.
            here = os.path.join(places, str(k))
            os.makedirs(here)
            directories = [os.path.join(here, str(i)) for i in range(APPENDS // 2)]
            for d in directories:
                os.mkdir(d)
            e.start()
            w = Writer(e.socket, directories)
            w.at = random.randrange(1, APPENDS * 3 // 4) if k else APPENDS // 2
            w.start()
            w.half.wait(120)
            e.kill()
            w.join()
            assert w.opened, "round %d: nothing was acknowledged before the kill" % k
            opened += w.opened
            forgotten += w.forgotten
            for d in directories:
                os.rmdir(d)
        total = check_log(e.state, opened, forgotten)
        assert total >= len(opened) + len(forgotten)
        # One clean start and stop: what the crashes left half-said (jobs) is declared, then nothing moves any more.
        e.start()
        e.stop()
        before = projections(e.state)
        assert before, "there are no projected tables"
        e.run("rebuild")
        after = projections(e.state)
        assert before.keys() == after.keys()
        for table in before:
            assert before[table] == after[table], "table %s differs after a rebuild" % table
        print("# %d kills, %d events, %d acknowledged" % (ROUNDS, total, len(opened) + len(forgotten)))
    finally:
        if e.process and e.process.poll() is None:
            e.kill()
        e.__exit__()


run_tests([nothing_acknowledged_is_lost_in_fifty_kills])
