#!/usr/bin/env python3
"""Databases of a workspace's own, on real servers: made, asked, kept through kills, backed up, put back, branched, deleted."""
import csv
import io
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import BUILD, Engine, RpcError, run_tests  # noqa: E402

E = None
COUNT = 0
SERVERS = ("postgresql", "mariadb")
MADE = {}


def workspace():
    global COUNT
    COUNT += 1
    path = os.path.join(E.directory, "w%d" % COUNT)
    os.mkdir(path)
    c = E.client(timeout=300)
    return c, {"workspace": c.call("workspace.open", {"path": path})["workspace"]["id"], "environment": "development"}


def fails(name, fn, *args):
    try:
        fn(*args)
    except RpcError as e:
        assert e.name == name, (e.name, str(e))
        return str(e)
    raise AssertionError("it did not fail")


def query(c, at, sql):
    r = c.call("database.query", {**at, "sql": sql})
    text = c.attachment.decode()
    return list(csv.reader(io.StringIO(text), delimiter="," if r["format"] == "csv" else "\t"))


def made(server):
    """The database of that server all tests share; running and empty."""
    if server not in MADE:
        c, MADE[server] = workspace()
        c.call("database.create", {**MADE[server], "server": server})
    c, at = E.client(timeout=300), MADE[server]
    c.call("database.start", at)
    query(c, at, "DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS later;")
    return c, at


def both(test):
    for server in SERVERS:
        test(*made(server), server)


def rows_come_back():
    def check(c, at, _):
        query(c, at, "CREATE TABLE t (id int primary key, name varchar(40)); INSERT INTO t VALUES (1, 'مرحبا'), (2, 'x,y');")
        assert query(c, at, "SELECT id, name FROM t ORDER BY id") == [["id", "name"], ["1", "مرحبا"], ["2", "x,y"]]
        said = fails("process", query, c, at, "SELECT nothing FROM nowhere")
        assert "nowhere" in said or "app.nowhere" in said, said
        fails("exists", c.call, "database.create", {**at, "server": "postgresql"})
        c.call("database.stop", at)  # and what is there stays
        c.call("database.start", at)
        assert query(c, at, "SELECT count(*) FROM t")[1] == ["2"]
    both(check)


def what_is_written_outlives_a_killed_engine():
    def check(c, at, _):
        query(c, at, "CREATE TABLE t (id int); INSERT INTO t VALUES (7);")
        E.kill()
        E.start()
        c = E.client(timeout=300)
        assert [d["state"] for d in c.call("database.list", {"workspace": at["workspace"]})["databases"]] == ["running"]
        assert query(c, at, "SELECT id FROM t")[1] == ["7"]
        assert c.call("database.stop", at)["database"]["state"] == "stopped"
        fails("state", query, c, at, "SELECT 1")
        assert c.call("database.start", at)["database"]["state"] == "running"
        assert query(c, at, "SELECT id FROM t")[1] == ["7"]
    both(check)


def a_backup_puts_back_what_was():
    def check(c, at, _):
        query(c, at, "CREATE TABLE t (id int); INSERT INTO t VALUES (1);")
        first = c.call("database.backup", at)["backup"]
        query(c, at, "DELETE FROM t; CREATE TABLE later (id int);")
        before = c.call("database.restore", {**at, "backup": first["id"]})["before"]
        assert query(c, at, "SELECT id FROM t")[1] == ["1"]
        assert [b["id"] for b in c.call("database.backups", at)["backups"]] == [before["id"], first["id"]]
        c.call("database.restore", {**at, "backup": before["id"]})
        assert query(c, at, "SELECT count(*) FROM t")[1] == ["0"]
        fails("not_found", c.call, "database.restore", {**at, "backup": at["workspace"]})
    both(check)


def a_branch_is_a_copy_with_passwords_of_its_own():
    def check(c, at, _):
        query(c, at, "CREATE TABLE t (id int); INSERT INTO t VALUES (1);")
        other = {**at, "environment": "try-out"}
        c.call("database.branch", {**at, "to": "try-out"})
        query(c, other, "INSERT INTO t VALUES (2);")
        assert query(c, at, "SELECT count(*) FROM t")[1] == ["1"]
        assert query(c, other, "SELECT count(*) FROM t")[1] == ["2"]
        names = c.call("secret.list", {"workspace": at["workspace"]})["secrets"]
        assert [(s["environment"], s["name"]) for s in names] == [("development", "DATABASE_URL"), ("try-out", "DATABASE_URL")]
        fails("consent", c.call, "database.delete", other)
        c.call("database.delete", {**other, "confirm": "try-out"})
        fails("not_found", c.call, "database.start", other)
        assert len(c.call("secret.list", {"workspace": at["workspace"]})["secrets"]) == 1
    both(check)


def sql_that_runs_programs_runs_them_in_the_box():
    c, at = made("postgresql")
    mark = os.path.join(E.directory, "escaped")
    for sql in ("\\! touch %s\n" % mark, "\\o |cat >%s\nSELECT 1;\n" % mark, "\\copy (SELECT 1) TO '%s'\n" % mark,
                "COPY (SELECT 1) TO PROGRAM 'touch %s';" % mark, "\\! cat %s/*\n" % E.state):
        try:
            c.call("database.query", {**at, "sql": sql})
        except RpcError:
            pass
        assert not os.path.exists(mark), sql
    c.call("database.query", {**at, "sql": "\\! cat /backup/../admin /data/PG_VERSION /etc/shadow; id\n"})
    assert b"uid=0" not in c.attachment, c.attachment
    fails("process", query, c, at, "DROP DATABASE postgres")
    fails("process", query, c, at, "SELECT rolpassword FROM pg_authid")


def nobody_comes_in_without_a_password():
    c, at = made("mariadb")
    top = os.path.join(E.state, "database", at["workspace"], "development", "owner")
    with open(top, encoding="ascii") as f:
        word = f.read()
    with open(top, "w", encoding="ascii") as f:
        f.write("")
    fails("process", query, c, at, "SELECT 1")
    with open(top, "w", encoding="ascii") as f:
        f.write(word)
    assert query(c, at, "SELECT CURRENT_USER()")[1] == ["app@localhost"]


def a_query_that_takes_too_long_is_ended():
    c, at = made("postgresql")
    fails("deadline", query, c, at, "SELECT pg_sleep(60)")
    assert query(c, at, "SELECT 1")[1] == ["1"]


def passwords_are_in_no_argument_and_no_event():
    c, at = made("postgresql")
    top = os.path.join(E.state, "database", at["workspace"], "development")
    for name in ("admin", "owner"):
        path = os.path.join(top, name)
        assert os.stat(path).st_mode & 0o77 == 0
        with open(path, "rb") as f:
            word = f.read()
        assert len(word) == 32
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as f:
                    assert word not in f.read(), pid
            except OSError:
                pass
        for f in os.listdir(E.state):
            if f.startswith(("store", "engine", "webnova")) and os.path.isfile(os.path.join(E.state, f)):
                with open(os.path.join(E.state, f), "rb") as g:
                    assert word not in g.read(), f


def the_command_line_does_it_too():
    _, at = workspace()
    path = os.path.join(E.directory, "w%d" % COUNT)

    def cli(*argv, **kw):
        return E.run("db", *argv, "-C", path, program=os.path.join(BUILD, "webnova"), **kw)
    cli("create", "postgresql")
    assert cli("query", "SELECT 41 + 1 AS n").stdout == "n\n42\n"
    assert cli("query", "-", input="SELECT 'ok' AS said").stdout == "said\nok\n"
    assert "running" in cli().stdout
    r = cli("delete", check=False)
    assert r.returncode == 3 and "--yes" in r.stderr, (r.returncode, r.stderr)
    cli("delete", "--yes")
    r = cli()
    assert "no database" in r.stdout + r.stderr


with Engine(args=["--set", "database.query_seconds=2"]) as E:
    try:
        run_tests([rows_come_back, what_is_written_outlives_a_killed_engine, a_backup_puts_back_what_was,
                   a_branch_is_a_copy_with_passwords_of_its_own, sql_that_runs_programs_runs_them_in_the_box, nobody_comes_in_without_a_password,
                   a_query_that_takes_too_long_is_ended, passwords_are_in_no_argument_and_no_event,
                   the_command_line_does_it_too])
    finally:
        last = E.client(timeout=300)
        for w in last.call("workspace.list")["workspaces"]:
            for d in last.call("database.list", {"workspace": w["id"]})["databases"]:
                if d["state"] == "running":
                    last.call("database.stop", {"workspace": w["id"], "environment": d["environment"]})
