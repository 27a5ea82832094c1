#!/usr/bin/env python3
"""Generating again over hand edits: the laws of design, each on the files that an engine really wrote."""
import copy
import json
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, TOP, run_tests  # noqa: E402

E = None
COUNT = 0
with open(os.path.join(TOP, "docs", "examples", "shop.blueprint.json"), encoding="utf-8") as f:
    SHOP = json.load(f)
HISTORY = ("migrations/", ".webnova/", "blueprint.json")


class Shop:
    def __init__(self):
        global COUNT
        COUNT += 1
        self.c = E.client()
        made = self.c.call("platform.create", {"path": os.path.join(E.directory, "m%d" % COUNT), "blueprint": SHOP})
        self.id, self.dir, self.doc = made["workspace"]["id"], made["workspace"]["path"], copy.deepcopy(SHOP)

    def generate(self, change=None):
        if change:
            self.doc["revision"] += 1
            change(self.doc)
        return self.c.call("platform.generate", {"workspace": self.id, "blueprint": self.doc})

    def path(self, name):
        return os.path.join(self.dir, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def edit(self, name, old, new):
        text = self.read(name)
        assert old in text, (name, old)
        self.write(name, text.replace(old, new, 1))

    def tree(self):
        """What was generated, without what says how it came to be."""
        out = {}
        for base, _, files in os.walk(self.dir):
            for f in files:
                name = os.path.relpath(os.path.join(base, f), self.dir)
                if not name.startswith(HISTORY):
                    with open(os.path.join(base, f), "rb") as handle:
                        out[name] = handle.read()
        return out


def differing(a, b):
    return sorted(n for n in set(a) | set(b) if a.get(n) != b.get(n))


def entity(doc, id):
    return next(e for e in doc["entities"] if e["id"] == id)


def add_field(doc):
    entity(doc, "ent_product")["fields"].append(
        {"id": "fld_product_pages", "name": "pages", "type": "int", "min": 1, "label": {"en": "Pages", "ar": "الصفحات"}})


def rename_entity(doc):
    entity(doc, "ent_product")["name"] = "article"


def idempotent():
    s = Shop()
    before = s.tree()
    r = s.generate()
    assert r["written"] == 0 and r["removed"] == 0 and not r["kept"] and s.tree() == before, r


def without_edits_it_is_as_new_whatever_the_way():
    a, b = Shop(), Shop()
    a.generate(add_field)
    a.generate(rename_entity)
    b.generate(lambda d: (add_field(d), rename_entity(d), d.update(revision=a.doc["revision"])))
    assert a.tree() == b.tree()


def there_and_back_is_nothing():
    s = Shop()
    before = s.tree()
    s.generate(rename_entity)
    assert s.tree() != before
    s.doc = copy.deepcopy(SHOP)
    s.generate()
    assert differing(s.tree(), before) == [], differing(s.tree(), before)


def an_edit_elsewhere_in_the_file_is_merged():
    s = Shop()
    s.edit("server/entities/product.ts", "export function remove(", "// my note\nexport function remove(")
    r = s.generate(add_field)
    text = s.read("server/entities/product.ts")
    assert "// my note" in text and "pages" in text, r
    assert "server/entities/product.ts" in r["merged"] and not r["review"], r


def both_changed_the_same_place():
    s = Shop()
    name = "server/entities/product.ts"
    line = next(x for x in s.read(name).splitlines() if x.startswith("\t\trun(db, `INSERT INTO product"))
    s.edit(name, line, line + " // mine")
    mine = s.read(name)
    r = s.generate(add_field)
    assert s.read(name) == mine and r["review"] == [name] and name in r["kept"], r
    theirs = s.read(".webnova/review/" + name)
    assert "pages" in theirs and "// mine" not in theirs and "<<<<" not in theirs
    # It waits on, with the newest text, until it is settled.
    r = s.generate(lambda d: entity(d, "ent_product")["fields"].append({"id": "fld_product_isbn", "name": "isbn", "type": "string"}))
    assert name in r["review"] and "isbn" in s.read(".webnova/review/" + name), r
    s.write(name, s.read(".webnova/review/" + name))
    r = s.generate()
    assert not os.path.exists(s.path(".webnova/review/" + name)) and not r["review"], r


def json_is_merged_by_structure():
    s = Shop()
    package = json.loads(s.read("package.json"))
    package["scripts"]["mine"] = "true"
    s.write("package.json", json.dumps(package))  # every line is another one
    model = json.loads(s.read("web/src/model.json"))
    model["mine"] = 1
    s.write("web/src/model.json", json.dumps(model))
    r = s.generate(add_field)
    merged = json.loads(s.read("web/src/model.json"))
    assert merged["mine"] == 1 and "pages" in json.dumps(merged) and "web/src/model.json" in r["merged"], r
    assert json.loads(s.read("package.json"))["scripts"]["mine"] == "true"


def an_edit_follows_what_was_renamed():
    s = Shop()
    s.edit("server/entities/product.ts", "export function remove(", "// my note\nexport function remove(")
    s.edit("hooks/product.ts", "export const hooks: Hooks = {};", "export const hooks: Hooks = { beforeDelete() {} };")
    r = s.generate(rename_entity)
    assert not os.path.exists(s.path("server/entities/product.ts")) and not os.path.exists(s.path("hooks/product.ts"))
    assert "// my note" in s.read("server/entities/article.ts") and "article" in s.read("server/entities/article.ts"), r
    assert "beforeDelete() {}" in s.read("hooks/article.ts") and not r["review"], r


def hooks_are_never_written_again():
    s = Shop()
    s.write("hooks/product.ts", "export const hooks = {}; // all mine\n")
    r = s.generate(add_field)
    assert s.read("hooks/product.ts") == "export const hooks = {}; // all mine\n" and not r["kept"], r


def deleted_by_hand_stays_deleted():
    s = Shop()
    for name in ("README.md", "hooks/user.ts", "server/entities/category.ts"):
        os.unlink(s.path(name))
    s.generate(add_field)
    s.generate(rename_entity)
    for name in ("README.md", "hooks/user.ts", "server/entities/category.ts"):
        assert not os.path.exists(s.path(name)), name


def a_user_file_in_the_way_stays():
    s = Shop()
    os.makedirs(s.path("server/entities"), exist_ok=True)
    s.write("server/entities/article.ts", "// mine\n")
    r = s.generate(rename_entity)
    assert s.read("server/entities/article.ts") == "// mine\n" and r["review"] == ["server/entities/article.ts"], r


def restoring_brings_back_the_base():
    s = Shop()
    first = s.c.call("snapshot.list", {"workspace": s.id})["snapshots"][-1]["id"]
    s.generate(rename_entity)
    s.c.call("snapshot.restore", {"workspace": s.id, "snapshot": first})
    s.doc = copy.deepcopy(SHOP)
    s.edit("server/entities/product.ts", "export function remove(", "// my note\nexport function remove(")
    r = s.generate(add_field)
    assert "server/entities/product.ts" in r["merged"], r
    assert os.listdir(s.path("migrations")).count("0002_revision_2.up.sql") == 1


def a_dry_run_writes_nothing():
    s = Shop()
    s.edit("server/entities/product.ts", "export function remove(", "// my note\nexport function remove(")
    before = s.tree()
    s.doc["revision"] += 1
    add_field(s.doc)
    r = s.c.call("platform.generate", {"workspace": s.id, "blueprint": s.doc, "dry_run": True})
    assert s.tree() == before and r["written"] > 3 and r["migration"] == "0002_revision_2" and r["changes"], r
    assert not os.path.exists(s.path("migrations/0002_revision_2.up.sql"))


def what_rows_may_break_is_refused_and_nothing_is_written():
    s = Shop()
    before = s.tree()
    try:
        s.generate(lambda d: entity(d, "ent_product")["fields"].append(
            {"id": "fld_product_code", "name": "code", "type": "string", "required": True, "label": {"en": "C", "ar": "ر"}}))
    except RpcError as e:
        assert e.name in ("state", "schema") and "fld_product_code" in str(e) or "required" in str(e), str(e)
    else:
        raise AssertionError("it was not refused")
    assert s.tree() == before


def operators(rnd):
    """Ways a person edits: each gives the text and a piece of it that must be found again."""
    mark = "mine%d" % rnd.randint(0, 10**6)

    def insert(lines):
        lines.insert(rnd.randint(0, len(lines)), "// %s" % mark)

    def modify(lines):
        at = [i for i, x in enumerate(lines) if x.strip()]
        lines[rnd.choice(at)] += " // %s" % mark

    def append(lines):
        lines.append("// %s" % mark)
    return rnd.choice([insert, modify, append]), mark


def no_edit_is_ever_lost():
    s, rnd = Shop(), random.Random(4)
    changes = [add_field, rename_entity,
               lambda d: entity(d, "ent_order").update(softDelete=True),
               lambda d: d["theme"].update(accent="#0a7d52"),
               lambda d: entity(d, "ent_product").update(name="product")]
    marks, merged, waiting = {}, 0, 0
    for change in changes:
        names = [n for n in sorted(s.tree()) if n.endswith((".ts", ".css", ".svelte", ".js")) and not n.endswith("lock.json")]
        for name in rnd.sample(names, 12):
            work, mark = operators(rnd)
            lines = s.read(name).split("\n")
            work(lines)
            s.write(name, "\n".join(lines))
            marks[mark] = name
        r = s.generate(change)
        merged, waiting = merged + len(r["merged"]), waiting + len(r["review"])
        everything = b"\n".join(s.tree().values()).decode("utf-8")
        for mark, name in marks.items():
            assert mark in everything, "%s in %s is lost" % (mark, name)
        assert "<<<<<<<" not in everything and ">>>>>>>" not in everything
    assert merged > 0, "the edits met no change of the generator"
    print("# %d edits, %d merges, %d for review" % (len(marks), merged, waiting))


with Engine() as E:
    run_tests([idempotent, without_edits_it_is_as_new_whatever_the_way, there_and_back_is_nothing,
               an_edit_elsewhere_in_the_file_is_merged, both_changed_the_same_place, json_is_merged_by_structure,
               an_edit_follows_what_was_renamed, hooks_are_never_written_again, deleted_by_hand_stays_deleted,
               a_user_file_in_the_way_stays, restoring_brings_back_the_base, a_dry_run_writes_nothing,
               what_rows_may_break_is_refused_and_nothing_is_written, no_edit_is_ever_lost])
