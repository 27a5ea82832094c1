#!/usr/bin/env python3
"""Blueprints and platforms over the wire: what is said about a good one, a bad one, and a place that will not do. The
long way to a running platform is tests/e2e/main_job_test.py."""
import copy
import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import TOP, Engine, RpcError, run_tests, wait_for  # noqa: E402

E = Engine()
NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
with open(os.path.join(TOP, "docs", "examples", "shop.blueprint.json"), encoding="utf-8") as f:
    SHOP = json.load(f)


def refused(name, method, params, client=None):
    try:
        result = (client or E.client()).call(method, params)
    except RpcError as e:
        assert e.name == name, (method, e.name, str(e))
        return e
    raise AssertionError("%s answered %r" % (method, result))


def place(name):
    return os.path.join(E.directory, name)


def a_good_blueprint_is_valid():
    r = E.client().call("blueprint.check", {"blueprint": SHOP})
    assert r["valid"] is True and not [x for x in r["findings"] if x["severity"] == "error"], r


def what_is_wrong_is_named_by_its_pointer():
    r = E.client().call("blueprint.check", {"blueprint": {"name": 7}})
    assert r["valid"] is False and r["findings"] and all(x["text"] for x in r["findings"]), r


def a_blueprint_is_explained_in_both_languages():
    c = E.client()
    english = c.call("blueprint.explain", {"blueprint": SHOP})["text"]
    arabic = c.call("blueprint.explain", {"blueprint": SHOP, "locale": "ar"})["text"]
    assert english and any("\u0600" <= x <= "\u06ff" for x in arabic)
    refused("schema", "blueprint.explain", {"blueprint": {}})


def a_change_is_named_with_its_class():
    changed = copy.deepcopy(SHOP)
    gone = changed["entities"].pop()
    c = E.client()
    assert c.call("blueprint.diff", {"from": SHOP, "to": SHOP})["changes"] == []
    try:
        changes = c.call("blueprint.diff", {"from": SHOP, "to": changed})["changes"]
        assert [x for x in changes if x["kind"] == "remove" and x["class"] == "destructive"], changes
    except RpcError as e:  # what still refers to it makes the new revision wrong
        assert e.name == "schema", (gone["id"], e.name)
    refused("invalid", "blueprint.diff", {"from": SHOP, "to": {}})


def a_place_that_will_not_do_is_refused():
    with open(place("file"), "w", encoding="ascii") as f:
        f.write("mine")
    os.makedirs(place("full"))
    with open(place("full/mine"), "w", encoding="ascii") as f:
        f.write("mine")
    for path, name in ((place("file"), "exists"), (place("full"), "exists"), ("relative", "invalid")):
        refused(name, "platform.create", {"path": path, "blueprint": SHOP})
    assert os.listdir(place("full")) == ["mine"]


def a_wrong_blueprint_leaves_nothing_behind():
    refused("schema", "platform.create", {"path": place("never"), "blueprint": {"name": "x"}})
    assert not os.path.exists(place("never"))


def a_platform_is_made_and_made_again():
    c = E.client()
    r = c.call("platform.create", {"path": place("shop"), "blueprint": SHOP})
    w = r["workspace"]["id"]
    assert r["files"] > 10 and r["workspace"]["platform"] is True
    again = c.call("platform.generate", {"workspace": w, "dry_run": True})
    assert again["written"] == 0 and again["kept"] == [], again
    refused("schema", "platform.generate", {"workspace": w, "blueprint": {"name": "x"}})
    types = [e["type"] for e in c.call("event.list", {"subject": w, "limit": 1000})["events"]]
    assert "codegen.generated" in types, types


def a_preview_that_does_not_run_says_so():
    c = E.client()
    os.makedirs(place("plain"))
    w = c.call("workspace.open", {"path": place("plain")})["workspace"]["id"]
    assert c.call("preview.status", {"workspace": w})["preview"]["state"] == "stopped"
    assert c.call("preview.list")["previews"] == []
    refused("not_found", "preview.logs", {"workspace": w, "credit": 10})
    assert c.call("preview.stop", {"workspace": w})["preview"]["state"] == "stopped"
    assert "no log" in str(refused("not_found", "preview.last_log", {"workspace": w}))


def what_is_no_platform_does_not_start():
    c = E.client()
    os.makedirs(place("empty"))
    w = c.call("workspace.open", {"path": place("empty")})["workspace"]["id"]
    try:
        c.call("preview.start", {"workspace": w})
        raise AssertionError("it started")
    except RpcError as e:
        assert e.name not in ("internal", "contract") and str(e), e.name
    assert c.call("preview.status", {"workspace": w})["preview"]["state"] in ("failed", "stopped")


# ---- a preview whose tools fail: an engine with an npm of ours ----

def with_npm(script, work):
    """work(client, workspace) beside an engine whose npm is that script; None: there is none."""
    with tempfile.TemporaryDirectory() as d:
        os.makedirs(os.path.join(d, "bin"))
        for tool in ("sh", "sleep", "bwrap", "unshare", "mount"):
            full = shutil.which(tool)
            if full:
                os.symlink(full, os.path.join(d, "bin", tool))
        if script is not None:
            npm = os.path.join(d, "bin", "npm")
            with open(npm, "w", encoding="ascii") as f:
                f.write("#!/bin/sh\n" + script.replace("%s", d))
            os.chmod(npm, 0o755)
        env = {"PATH": os.path.join(d, "bin"), "XDG_CACHE_HOME": os.path.join(d, "cache")}
        e = Engine()
        e.env.update(env)
        with e:
            c = e.client()
            w = c.call("platform.create", {"path": os.path.join(e.directory, "shop"), "blueprint": SHOP})["workspace"]["id"]
            work(e, c, w, d)


def without_npm_the_missing_tool_is_named():
    def work(e, c, w, d):
        assert "npm" in str(refused("tool", "preview.start", {"workspace": w}, c))
        assert c.call("preview.status", {"workspace": w})["preview"]["state"] == "failed"
    with_npm(None, work)


def a_tool_that_fails_is_quoted():
    def work(e, c, w, d):
        said = str(refused("process", "preview.start", {"workspace": w}, c))
        assert "the moon is full" in said and "3" in said, said
        kinds = [x["type"] for x in c.call("event.list", {"stream": "workspace/" + w})["events"]]
        assert kinds[-1] == "preview.failed", kinds
    with_npm("echo the moon is full >&2\nexit 3\n", work)


def while_one_start_is_under_way_another_is_busy():
    def work(e, c, w, d):
        watcher = e.client()
        n = c.send("preview.start", {"workspace": w})
        wait_for(lambda: os.path.exists(os.path.join(d, "npm_runs")))
        refused("busy", "preview.start", {"workspace": w}, watcher)
        refused("busy", "preview.stop", {"workspace": w}, watcher)
        refused("state", "preview.logs", {"workspace": w, "credit": 1}, watcher)
        assert watcher.call("preview.list")["previews"][0]["state"] == "preparing"
        c.call("call.cancel", {"id": n})
        try:
            c.answer(n)
            raise AssertionError("it started")
        except RpcError as x:
            assert x.name == "cancelled", x.name
    with_npm("echo x >%s/npm_runs\nexec sleep 60\n", work)


with E:
    run_tests([a_good_blueprint_is_valid, what_is_wrong_is_named_by_its_pointer,
               a_blueprint_is_explained_in_both_languages, a_change_is_named_with_its_class,
               a_place_that_will_not_do_is_refused, a_wrong_blueprint_leaves_nothing_behind,
               a_platform_is_made_and_made_again, a_preview_that_does_not_run_says_so, what_is_no_platform_does_not_start,
               without_npm_the_missing_tool_is_named, a_tool_that_fails_is_quoted,
               while_one_start_is_under_way_another_is_busy])
