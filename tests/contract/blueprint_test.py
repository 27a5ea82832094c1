#!/usr/bin/env python3
"""Blueprints and platforms over the wire: what is said about a good one, a bad one, and a place that will not do. The
long way to a running platform is tests/e2e/main_job_test.py."""
import copy
import json
import os
import sys

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
    refused("schema", "blueprint.diff", {"from": SHOP, "to": {}})


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
    assert c.call("preview.stop", {"workspace": w})["preview"]["state"] == "stopped"
    assert c.call("preview.last_log", {"workspace": w})["lines"] == []
    refused("state", "preview.logs", {"workspace": w, "credit": 10})


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


def a_server_that_ends_at_once_is_a_failure_with_its_words():
    """Everything but the server is as generated; nothing is fetched."""
    c = E.client()
    w = c.call("workspace.list")["workspaces"]
    shop = [x for x in w if x["platform"]][0]
    os.remove(os.path.join(shop["path"], "package-lock.json"))
    try:
        c.call("preview.start", {"workspace": shop["id"]})
        raise AssertionError("it started")
    except RpcError as e:
        assert e.name in ("process", "tool", "not_found", "sandbox"), (e.name, str(e))
    kinds = {e["type"] for e in c.call("event.list", {"subject": shop["id"], "limit": 1000})["events"]}
    assert "preview.failed" in kinds, kinds


def a_second_start_waits_for_nobody():
    """The first one is held up by a program; the second one is told at once."""
    c, other = E.client(), E.client()
    shop = [x for x in c.call("workspace.list")["workspaces"] if x["platform"]][0]
    n = c.send("preview.start", {"workspace": shop["id"]})
    m = c.send("preview.start", {"workspace": shop["id"]})
    names = []
    for i in (n, m):
        try:
            c.answer(i)
            names.append("")
        except RpcError as e:
            names.append(e.name)
    assert all(names) and "internal" not in names, names
    other.call("preview.status", {"workspace": shop["id"]})


with E:
    run_tests([a_good_blueprint_is_valid, what_is_wrong_is_named_by_its_pointer,
               a_blueprint_is_explained_in_both_languages, a_change_is_named_with_its_class,
               a_place_that_will_not_do_is_refused, a_wrong_blueprint_leaves_nothing_behind,
               a_platform_is_made_and_made_again, a_preview_that_does_not_run_says_so, what_is_no_platform_does_not_start,
               a_server_that_ends_at_once_is_a_failure_with_its_words])
