#!/usr/bin/env python3
"""platform.create and platform.generate against races, links and engines that are killed at every moment of the job."""
import json
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, TOP, run_tests, wait_for  # noqa: E402

E = None
COUNT = 0
with open(os.path.join(TOP, "docs", "examples", "shop.blueprint.json"), encoding="utf-8") as f:
    SHOP = json.load(f)


def place():
    """A directory of this test's own."""
    global COUNT
    COUNT += 1
    path = os.path.join(E.directory, "d%d" % COUNT)
    os.mkdir(path)
    return path


def create(c, path):
    return c.call("platform.create", {"path": path, "blueprint": SHOP})


def failure(fn, *args):
    try:
        fn(*args)
    except RpcError as e:
        assert str(e)
        return e
    raise AssertionError("it did not fail")


def known(c):
    return {w["path"]: w for w in c.call("workspace.list", {})["workspaces"]}


def leftovers(top):
    return [n for n in os.listdir(top) if n.startswith(".webnova-new-")]


def cards():
    path = os.path.join(E.state, "platform")
    return os.listdir(path) if os.path.isdir(path) else []


def it_is_made_whole_and_leaves_nothing_beside_it():
    c, top = E.client(), place()
    r = create(c, os.path.join(top, "shop"))
    assert r["workspace"]["platform"] and r["files"] > 10, r
    assert os.listdir(top) == ["shop"] and not cards()
    assert oct(os.stat(os.path.join(top, "shop")).st_mode & 0o777) == "0o755"
    listed = c.call("snapshot.list", {"workspace": r["workspace"]["id"]})["snapshots"]
    assert [s["id"] for s in listed] == [r["snapshot"]]


def of_many_creates_at_one_path_one_wins():
    top = place()
    target, results = os.path.join(top, "shop"), []

    def one():
        c = E.client()
        try:
            results.append(create(c, target)["workspace"]["id"])
        except RpcError as e:
            results.append(e.name)
        c.close()
    threads = [threading.Thread(target=one) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    won = [r for r in results if len(r) == 26]
    assert len(won) == 1 and set(results) - set(won) <= {"exists"}, results
    assert known(E.client())[target]["id"] == won[0]
    assert os.listdir(top) == ["shop"] and not cards()


def a_target_that_is_taken_is_left_alone():
    c, top = E.client(), place()
    for name, make in (("file", lambda p: open(p, "w", encoding="ascii").close()),
                       ("full", lambda p: os.makedirs(os.path.join(p, "x"))),
                       ("link", lambda p: os.symlink("/nowhere/at/all", p)),
                       ("link2", lambda p: os.symlink(top, p))):
        path = os.path.join(top, name)
        make(path)
        e = failure(create, c, path)
        assert e.name == "exists" and path in str(e), (name, e.name, str(e))
    assert failure(create, c, "relative/path").name == "invalid"
    assert failure(create, c, os.path.join(top, "no", "parent")).name == "not_found"
    assert failure(create, c, "/").name == "exists"
    assert sorted(os.listdir(top)) == ["file", "full", "link", "link2"] and not cards()
    assert not [p for p in known(c) if p.startswith(top)]


def an_empty_directory_is_taken_over_and_a_link_above_is_resolved():
    c, top = E.client(), place()
    os.mkdir(os.path.join(top, "real"))
    os.mkdir(os.path.join(top, "real", "empty"))
    os.symlink(os.path.join(top, "real"), os.path.join(top, "by"))
    r = create(c, os.path.join(top, "by", "empty"))
    assert r["workspace"]["path"] == os.path.join(top, "real", "empty"), r


def a_cancelled_create_leaves_nothing():
    c, top = E.client(), place()
    target = os.path.join(top, "shop")
    os.mkdir(target)
    for _ in range(5):
        asked = c.send("platform.create", {"path": target, "blueprint": SHOP})
        k = E.client()
        jobs = [j for j in k.call("job.list", {})["jobs"] if j["kind"] == "platform.create" and j["state"] == "running"]
        for j in jobs:
            try:
                k.call("job.cancel", {"job": j["job"]})
            except RpcError as e:
                assert e.name in ("not_found", "state"), e.name
        k.close()
        try:
            done = c.answer(asked)
            c.call("workspace.forget", {"workspace": done["workspace"]["id"]})
            break
        except RpcError as e:
            assert e.name == "cancelled", (e.name, str(e))
            assert os.listdir(top) == ["shop"] and os.listdir(target) == [], os.listdir(top)
            assert target not in known(E.client()) and not cards()


def an_engine_killed_at_any_moment_leaves_all_or_nothing():
    for delay in (0.0, 0.02, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55):
        c, top = E.client(), place()
        target = os.path.join(top, "shop")
        c.send("platform.create", {"path": target, "blueprint": SHOP})
        time.sleep(delay)  # the moment is the point: any is as good as another
        E.kill()
        E.start()
        c = E.client()
        wait_for(lambda: not cards())
        wait_for(lambda: not [j for j in c.call("job.list", {})["jobs"] if j["state"] == "running"])  # noqa: B023
        assert not leftovers(top), (delay, os.listdir(top))
        w = known(c).get(target)
        assert (w is not None) == os.path.exists(target), (delay, w, os.listdir(top))
        if w:
            assert w["platform"] and w["blueprint_revision"] > 0, (delay, w)
            assert c.call("snapshot.list", {"workspace": w["id"]})["snapshots"], delay
        else:
            create(c, target)


def a_card_never_removes_a_directory_that_is_not_the_one_it_made():
    top = place()
    target = os.path.join(top, "mine")
    os.mkdir(target)
    with open(os.path.join(target, "kept"), "w", encoding="ascii") as out:
        out.write("kept")
    ident = "01J00000000000000000000000"
    E.stop()
    os.makedirs(os.path.join(E.state, "platform"), exist_ok=True)
    with open(os.path.join(E.state, "platform", ident + ".json"), "w", encoding="ascii") as out:
        json.dump({"tenant": "local", "path": target, "stage": os.path.join(top, ".webnova-new-" + ident),
                   "dev": str(os.stat(target).st_dev), "ino": str(os.stat(target).st_ino + 1)}, out)
    with open(os.path.join(E.state, "platform", "01J00000000000000000000001.json"), "w", encoding="ascii") as out:
        out.write("{not json")
    E.start()
    wait_for(lambda: not cards())
    assert os.path.exists(os.path.join(target, "kept"))


def generating_does_not_write_through_links():
    c, top = E.client(), place()
    r = create(c, os.path.join(top, "shop"))
    w, path = r["workspace"]["id"], r["workspace"]["path"]
    outside = os.path.join(top, "outside")
    os.mkdir(outside)
    new = json.loads(json.dumps(SHOP))
    new["revision"] = SHOP.get("revision", 1) + 1
    # a file that is a link, a directory that is a link, and the blueprint itself
    new["entities"][0]["fields"].append({"id": "fld_user_nick", "name": "nick", "label": {"en": "Nick", "ar": "لقب"},
                                         "type": "string", "max": 40})
    os.rename(os.path.join(path, "server"), os.path.join(top, "server.away"))
    os.symlink(outside, os.path.join(path, "server"))
    r = c.call("platform.generate", {"workspace": w, "blueprint": new})
    assert os.listdir(outside) == [] and any(k.startswith("server/") for k in r["kept"]), r
    os.unlink(os.path.join(path, "blueprint.json"))
    os.symlink(os.path.join(outside, "victim"), os.path.join(path, "blueprint.json"))
    assert failure(c.call, "platform.generate", {"workspace": w, "blueprint": new}).name == "state"
    assert os.listdir(outside) == []
    os.rename(os.path.join(path, ".webnova"), os.path.join(top, "webnova.away"))
    os.symlink(os.path.join(top, "webnova.away"), os.path.join(path, ".webnova"))
    assert failure(c.call, "platform.generate", {"workspace": w, "blueprint": new}).name == "state"


def a_workspace_whose_directory_is_gone_is_said():
    c, top = E.client(), place()
    r = create(c, os.path.join(top, "shop"))
    w, path = r["workspace"]["id"], r["workspace"]["path"]
    os.rename(path, path + ".away")
    for method, params in (("platform.generate", {}), ("snapshot.create", {}), ("preview.start", {}),
                           ("terminal.open", {"rows": 24, "cols": 80})):
        e = failure(c.call, method, dict(params, workspace=w))
        assert e.name == "not_found" and path in str(e), (method, e.name, str(e))
    assert known(c)[path]["id"] == w
    again = create(c, path)["workspace"]["id"]
    assert known(c)[path]["id"] == again != w


def a_directory_opened_by_many_at_once_is_one_workspace():
    path, ids = place(), []

    def one():
        c = E.client()
        ids.append(c.call("workspace.open", {"path": path})["workspace"]["id"])
        c.close()
    threads = [threading.Thread(target=one) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(set(ids)) == 1, ids
    made = [e for e in E.client().call("event.list", {"types": ["workspace.created"], "limit": 1000})["events"]
            if e["data"]["path"] == path]
    assert len(made) == 1, made


def damaged(v, p, chance):
    """v with random parts put out of shape."""
    if chance.random() < p:
        return chance.choice([None, {}, [], "", 0, -1, "x", [None], {"a": 1}, True, 1e300])
    if isinstance(v, dict):
        return {k: damaged(x, p, chance) for k, x in v.items() if chance.random() > p}
    return [damaged(x, p, chance) for x in v] if isinstance(v, list) else v


def damaged_blueprints_get_answers():
    c, top, chance = E.client(), place(), random.Random(7)
    for _ in range(150):
        d = damaged(SHOP, chance.choice([0.001, 0.01, 0.1]), chance)
        for method, params in (("blueprint.diff", {"from": SHOP, "to": d}), ("blueprint.diff", {"from": d, "to": SHOP}),
                               ("blueprint.check", {"blueprint": d}), ("blueprint.explain", {"blueprint": d})):
            try:
                c.call(method, params)
            except RpcError as e:
                assert e.name in ("schema", "invalid", "parse", "limit"), (method, e.name, str(e))
    assert os.listdir(top) == []


with Engine() as E:
    run_tests([damaged_blueprints_get_answers, it_is_made_whole_and_leaves_nothing_beside_it, of_many_creates_at_one_path_one_wins,
               a_target_that_is_taken_is_left_alone, an_empty_directory_is_taken_over_and_a_link_above_is_resolved,
               a_cancelled_create_leaves_nothing, an_engine_killed_at_any_moment_leaves_all_or_nothing,
               a_card_never_removes_a_directory_that_is_not_the_one_it_made, generating_does_not_write_through_links,
               a_workspace_whose_directory_is_gone_is_said, a_directory_opened_by_many_at_once_is_one_workspace])
