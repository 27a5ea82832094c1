#!/usr/bin/env python3
"""Following migrations on real databases with rows in them: revisions change at random, and each step must keep the
rows, lead to the tables that a fresh platform has, go back exactly, and leave the migrations before it alone."""
import copy
import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import platform_lib as lib  # noqa: E402

tap = lib.Tap("migrations")
room = tempfile.mkdtemp(prefix="wn-migrate-")
ROUNDS = int(os.environ.get("WEBNOVA_MIGRATION_ROUNDS", "6"))


def label(text):
    return {"en": text, "ar": text}


def start():
    def field(id, name, type, **more):
        return dict({"id": id, "name": name, "type": type}, **more)
    return {
        "blueprint": "1.0", "id": "bp_m", "revision": 1, "name": label("M"), "locales": ["en", "ar"],
        "conventions": {"currency": "SAR", "moneyScale": 2},
        "identity": {"entity": "ent_user", "login": ["fld_mail"], "secret": "fld_pass"},
        "roles": [{"id": "rol_one", "name": "one", "default": True}],
        "entities": [
            {"id": "ent_user", "name": "user", "timestamps": True, "fields": [
                field("fld_mail", "email", "email", required=True, unique=True),
                field("fld_pass", "password", "secret", required=True)]},
            {"id": "ent_box", "name": "box", "timestamps": True, "fields": [
                field("fld_title", "title", "string", required=True, max=40, search=True),
                field("fld_kind", "kind", "enum", required=True, default="red",
                      values=[{"value": v} for v in ("red", "green", "blue")]),
                field("fld_price", "price", "money", min=0),
                field("fld_count", "count", "int", required=True, min=0, max=1000)],
             "checks": [["le", "price", 100000]]},
            {"id": "ent_item", "name": "item", "fields": [
                field("fld_group", "group", "string", index=True),
                field("fld_when", "at", "datetime", required=True)]}],
        "relations": [
            {"id": "rel_keeper", "kind": "belongsTo", "from": "ent_box", "to": "ent_user", "name": "keeper", "required": True},
            {"id": "rel_in", "kind": "belongsTo", "from": "ent_item", "to": "ent_box", "name": "holder", "required": True,
             "onDelete": "cascade"}],
        "operations": [
            {"id": "op_login", "kind": "login", "http": "POST /login", "access": "public", "entity": "ent_user"},
            {"id": "op_boxes", "kind": "list", "http": "GET /boxes", "access": "member", "entity": "ent_box",
             "sort": {"default": "-createdAt"}}],
    }


# ---- a platform's directory and its database ---------------------------------------------------------------------

class Place:
    def __init__(self, name):
        self.dir = os.path.join(room, name)
        self.db = sqlite3.connect(os.path.join(room, name + ".db"), isolation_level=None)
        self.applied = []

    def generate(self, doc):
        file = os.path.join(room, "blueprint.json")
        with open(file, "w") as f:
            json.dump(doc, f)
        before = self.files()
        out = lib.run([lib.CODEGEN, file, self.dir, "migrations/"])
        after = self.files()
        for path, content in before.items():
            assert after.get(path) == content, "%s was changed by a later generation" % path
        return out

    def refuse(self, doc):
        file = os.path.join(room, "blueprint.json")
        with open(file, "w") as f:
            json.dump(doc, f)
        return lib.run([lib.CODEGEN, file, self.dir, "migrations/"], ok=(1,))

    def files(self):
        d = os.path.join(self.dir, "migrations")
        return {f: open(os.path.join(d, f)).read() for f in sorted(os.listdir(d)) if f.endswith(".sql")} \
            if os.path.isdir(d) else {}

    def schema(self):
        with open(os.path.join(self.dir, "migrations", "schema.json")) as f:
            return json.load(f)

    def run(self, file):
        """As server/lib/migrate.ts does it."""
        self.db.execute("PRAGMA foreign_keys = OFF")
        try:
            self.db.executescript("BEGIN IMMEDIATE;\n" + self.files()[file])
            broken = self.db.execute("PRAGMA foreign_key_check").fetchall()
            assert not broken, (file, broken)
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise
        finally:
            self.db.execute("PRAGMA foreign_keys = ON")

    def up(self):
        """Applies what is new; returns the names."""
        names = [f[:-7] for f in self.files() if f.endswith(".up.sql") and f[:-7] not in self.applied]
        for name in names:
            self.run(name + ".up.sql")
            self.applied.append(name)
        return names

    def down(self):
        self.run(self.applied.pop() + ".down.sql")

    def tables(self):
        return [r[0] for r in self.db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]

    def columns(self, table):
        return {r[1]: (r[2], r[3], r[4]) for r in self.db.execute('PRAGMA table_info("%s")' % table)}

    def rows(self):
        out = {}
        for t in self.tables():
            names = sorted(set(self.columns(t)) - {"_search"})  # that one the server makes again
            out[t] = (names, sorted(self.db.execute(
                "SELECT %s FROM \"%s\"" % (", ".join('"%s"' % n for n in names), t)).fetchall(), key=repr))
        return out

    def checksum(self):
        return hashlib.sha256(repr(self.rows()).encode()).hexdigest()


def value(rnd, c, place, n):
    if c["kind"] == "ref":
        to = next(t for t in place.schema()["tables"] if t["id"] == c["to"] and not t.get("removed"))
        ids = [r[0] for r in place.db.execute('SELECT id FROM "%s"' % to["name"])]
        return rnd.choice(ids)
    if not c.get("notNull") and rnd.random() < 0.3:
        return None
    if "values" in c:
        return rnd.choice(c["values"].split())
    if c["kind"] == "bool":
        return rnd.randint(0, 1)
    if c["type"] in ("INTEGER", "REAL"):
        low, high = int(float(c.get("min", "0"))), int(float(c.get("max", "900")))
        return rnd.randint(low, min(high, low + 900)) if c["type"] == "INTEGER" else float(rnd.randint(low, low + 9))
    if c["kind"] == "datetime" or c["id"].endswith("_at"):
        return "2026-01-%02dT10:00:00.000Z" % rnd.randint(1, 28)
    return ("قيمة %d '%s" % (n, rnd.random()))[:int(float(c.get("max", "30")))]


def fill(rnd, place, count):
    for t in place.schema()["tables"]:
        if t["id"].startswith("_") or t.get("removed"):
            continue
        for i in range(count):
            n = rnd.randint(0, 10**9)
            cols = [c for c in t["columns"] if not c.get("removed")]
            if t["id"].startswith("rel_") and i > 0:
                continue  # a pair is there once: one for each filling is enough
            row = {c["name"]: "%08d-%d" % (n, i) if c["kind"] == "key" else value(rnd, c, place, n + i) for c in cols}
            place.db.execute("INSERT OR IGNORE INTO \"%s\" (%s) VALUES (%s)" % (
                t["name"], ", ".join('"%s"' % k for k in row), ", ".join("?" * len(row))), list(row.values()))


def balanced(text, i):
    """Where the bracket before i is closed."""
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        i += 1
    return i - 1


def shape(place):
    """What the database demands, without what is only put aside and without the order of columns."""
    out = {}
    for t in place.tables():
        if t.startswith("_removed_"):
            continue
        columns = {k: v for k, v in place.columns(t).items() if not k.startswith("_removed_")}
        keys = sorted((r[2], r[3], r[6]) for r in place.db.execute('PRAGMA foreign_key_list("%s")' % t))
        indexes = sorted(r[0] for r in place.db.execute(
            "SELECT replace(replace(sql, '\"', ''), ', ', ',') FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (t,)))
        sql = place.db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (t,)).fetchone()[0].replace('"', "")
        rules = set()
        for m in re.finditer(r"CONSTRAINT (\w+) CHECK \(", sql):
            end = balanced(sql, m.end())
            rules.add((m.group(1), sql[m.end():end]))
        out[t] = (columns, keys, indexes, rules)
    return out


# ---- revisions at random -----------------------------------------------------------------------------------------

class World:
    def __init__(self, seed):
        self.rnd, self.doc, self.n = random.Random(seed), start(), 0

    def new(self, prefix):
        self.n += 1
        return "%s_x%d" % (prefix, self.n)

    def hint(self, kind, of, **more):
        self.doc.setdefault("migrations", []).append(
            {"revision": self.doc["revision"], "changes": [dict({"kind": kind, "of": of}, **more)]})

    def fields(self):
        return [(e, f) for e in self.doc["entities"] if e["id"] != "ent_user" for f in e["fields"]]

    def step(self):
        """One change; the ids whose values it may alter."""
        self.doc["revision"] += 1
        return self.rnd.choice([
            self.rename_field, self.rename_entity, self.add_optional, self.add_with_default, self.add_required,
            self.add_entity, self.remove_field, self.remove_entity, self.widen, self.narrow, self.lose_value, self.gain_value,
            self.require, self.relax, self.toggle_index, self.toggle_soft, self.toggle_times, self.to_text, self.swap,
            self.new_relation, self.purge, self.search, self.new_link, self.rename_link])()

    def rename_field(self):
        e, f = self.rnd.choice(self.fields())
        f["name"] = self.rnd.choice(["value", "order", "select", "title"]) + "N%d" % self.doc["revision"]
        for c in e.get("checks", []):
            for i, word in enumerate(c):
                if f["id"] == "fld_price" and i == 1:
                    c[1] = f["name"]
        return []

    def rename_entity(self):
        e = self.rnd.choice(self.doc["entities"][1:])
        e["name"] = self.rnd.choice(["table", "thing", "group"]) + "R%d" % self.doc["revision"]
        return []

    def add(self, **more):
        e = self.rnd.choice(self.doc["entities"][1:])
        f = dict({"id": self.new("fld"), "name": "new%d" % self.n}, **more)
        e["fields"].append(f)
        return f

    def add_optional(self):
        self.add(type=self.rnd.choice(["string", "int", "money", "bool", "date"]), index=self.rnd.random() < 0.5)
        return []

    def add_with_default(self):
        self.rnd.choice([
            lambda: self.add(type="int", required=True, default=7, min=1, max=50),
            lambda: self.add(type="bool", required=True, default=False),
            lambda: self.add(type="enum", required=True, default="b", values=[{"value": "a"}, {"value": "b"}])])()
        return []

    def add_required(self):
        f = self.add(type="string", required=True, max=30)
        if self.rnd.random() < 0.5:
            self.hint("backfill", f["id"], value="it's nothing")
        else:
            self.hint("backfill", f["id"], expr=["add", "id"])
        return []

    def add_entity(self):
        self.doc["entities"].append({"id": self.new("ent"), "name": "extra%d" % self.n, "timestamps": True, "fields": [
            {"id": self.new("fld"), "name": "name", "type": "string", "required": True}]})
        return []

    def remove_field(self):
        e, f = self.rnd.choice(self.fields())
        if f["id"] != "fld_price" and len(e["fields"]) > 1:
            e["fields"].remove(f)
        return []

    def remove_entity(self):
        last = self.doc["entities"][-1]
        if last["id"].startswith("ent_x"):
            self.doc["entities"].remove(last)
            self.doc["relations"] = [r for r in self.doc["relations"] if last["id"] not in (r["from"], r["to"])]
        return []

    def widen(self):
        for e, f in self.fields():
            if "max" in f:
                f["max"] += 10
        return []

    def narrow(self):
        e, f = self.rnd.choice([x for x in self.fields()])
        if f["type"] != "int" or f.get("max", 99) < 10:
            return []
        f["max"] = max(f.get("max", 500) // 2, f.get("min", 0) + 1)
        self.hint("backfill", f["id"], value=f["max"])
        return [f["id"]]

    def lose_value(self):
        for e, f in self.fields():
            if f["type"] == "enum" and len(f["values"]) > 1:
                gone = f["values"].pop()["value"]
                if f.get("default") == gone:
                    f["default"] = f["values"][0]["value"]
                self.hint("backfill", f["id"], value=f["values"][0]["value"])
                return [f["id"]]
        return []

    def gain_value(self):
        for e, f in self.fields():
            if f["type"] == "enum":
                f["values"].append({"value": "v%d" % self.doc["revision"]})
        return []

    def require(self):
        for e, f in self.fields():
            if f["type"] in ("string", "int") and not f.get("required") and "default" not in f:
                f["required"] = True
                self.hint("backfill", f["id"], value="x" if f["type"] == "string" else f.get("min", 3))
                return [f["id"]]
        return []

    def relax(self):
        e, f = self.rnd.choice(self.fields())
        f["required"] = False
        return []

    def toggle_index(self):
        e, f = self.rnd.choice(self.fields())
        f["index"] = not f.get("index", False)
        return []

    def toggle_soft(self):
        e = self.rnd.choice(self.doc["entities"][1:])
        e["softDelete"] = not e.get("softDelete", False)
        if not e["softDelete"]:
            self.hint("backfill", e["id"], approved=True)
        return []

    def toggle_times(self):
        e = self.rnd.choice(self.doc["entities"][2:])
        e["timestamps"] = not e.get("timestamps", False)
        return []

    def to_text(self):
        for e, f in self.fields():
            if f["type"] == "string" and not f.get("search"):
                f["type"] = "text"
                return []
        return []

    def swap(self):
        e = self.rnd.choice(self.doc["entities"][1:])
        if len(e["fields"]) > 1 and e["id"] != "ent_box":
            a, b = e["fields"][0], e["fields"][1]
            a["name"], b["name"] = b["name"], a["name"]
        elif len(self.doc["entities"]) > 3:
            a, b = self.doc["entities"][-1], self.doc["entities"][-2]
            a["name"], b["name"] = b["name"], a["name"]
        return []

    def new_relation(self):
        self.doc["relations"].append({
            "id": self.new("rel"), "kind": "belongsTo", "from": self.rnd.choice(self.doc["entities"][1:])["id"], "to": "ent_box",
            "name": "link%d" % self.n, "onDelete": "setNull"})
        return []

    def new_link(self):
        self.doc["relations"].append({
            "id": self.new("rel"), "kind": "manyToMany", "from": self.rnd.choice(self.doc["entities"])["id"],
            "to": self.rnd.choice(self.doc["entities"])["id"], "name": "many%d" % self.n, "ordered": self.rnd.random() < 0.5})
        return []

    def rename_link(self):
        for r in self.doc["relations"]:
            if r["kind"] == "manyToMany" and self.rnd.random() < 0.5:
                r["name"] = "named%d" % self.doc["revision"]
        return []

    def purge(self):
        for t in self.place.schema()["tables"]:
            for c in [t] + t["columns"]:
                if c.get("removed") and c["id"][:4] in ("fld_", "rel_", "ent_"):
                    self.hint("purge", c["id"], approved=True)
                    return []
        return []

    def search(self):
        for e, f in self.fields():
            if f["type"] == "string" and self.rnd.random() < 0.5:
                f["search"] = not f.get("search", False)
        return []


def same(wanted, found, what):
    for t in sorted(set(wanted) | set(found)):
        for a, b in zip(wanted.get(t, ("no table",)), found.get(t, ("no table",))):
            assert a == b, "%s: %s\n  wanted %s\n  found  %s" % (what, t, a, b)


def values_by_id(place):
    out = {}
    for t in place.schema()["tables"]:
        for c in t["columns"]:
            if c["kind"] in ("key", "own") or t["id"].startswith("rel_") or c.get("removed") or t.get("removed"):
                continue
            out[c["id"]] = (c["type"], dict(place.db.execute('SELECT id, "%s" FROM "%s"' % (c["name"], t["name"])))
                            if not t["id"].startswith("_") else {})
    return out


def walk(seed):
    world, place = World(seed), Place("walk%d" % seed)
    world.place = place
    place.generate(world.doc)
    place.up()
    fill(world.rnd, place, 5)
    steps = 0
    for n in range(14):
        asked = copy.deepcopy(world.doc)
        altered = world.step()
        try:
            one_step(world, place, altered)
        except BaseException:
            print("# seed %d step %d: revision before\n#  %s\n# after\n#  %s" % (
                seed, n, json.dumps(asked), json.dumps(world.doc)))
            raise
        steps += len(place.applied)
    assert len(place.applied) > 3
    shutil.rmtree(place.dir)


def one_step(world, place, altered):
    before, before_values = place.rows(), values_by_id(place)
    place.generate(world.doc)
    new = place.up()
    assert len(new) <= 1, new
    after_values = values_by_id(place)
    for id in set(before_values) & set(after_values) - set(altered):
        assert before_values[id] == after_values[id], "values of %s changed" % id
    fresh = Place("fresh%d" % len(os.listdir(room)))
    fresh.generate(world.doc)
    fresh.up()
    same(shape(fresh), shape(place), "not what a fresh platform has")
    shutil.rmtree(fresh.dir)
    if new:
        mid = place.rows()
        place.down()
        again = place.rows()
        if not any("is purged" in line for line in place.files()[new[0] + ".up.sql"].splitlines()):
            same(before, again, "down did not bring the rows back")
        place.up()
        same(without_now(mid), without_now(place.rows()), "up again gave other rows")
        with_newer_rows(world, place, new[0])
    fill(world.rnd, place, 1)
    before_values = place.checksum()
    place.generate(world.doc)
    assert place.up() == [] and place.checksum() == before_values


def without_now(rows):
    return {t: (names, [[v for n, v in zip(names, r) if n not in ("created_at", "updated_at")] for r in data])
            for t, (names, data) in rows.items()}


def with_newer_rows(world, place, name):
    """Rows made after the change must not keep it from being taken back."""
    copy_db = sqlite3.connect(":memory:", isolation_level=None)
    place.db.backup(copy_db)
    real, place.db, applied = place.db, copy_db, list(place.applied)
    try:
        fill(world.rnd, place, 2)
        place.down()
    except AssertionError:
        raise
    except sqlite3.IntegrityError as e:
        # Only a reference that the old tables demand cannot be made up.
        assert "NOT NULL constraint failed" in str(e) and "_id" in str(e), e
    finally:
        place.db, place.applied = real, applied


# ---- what must be refused ----------------------------------------------------------------------------------------

def refusals():
    def change(what):
        doc = start()
        doc["revision"] = 2
        what(doc)
        return doc
    place = Place("refused")
    place.generate(start())
    box = lambda d: d["entities"][1]["fields"]  # noqa: E731
    cases = [
        ("/entities/1/fields/4", lambda d: box(d).append({"id": "fld_new", "name": "fresh", "type": "string", "required": True})),
        ("/entities/1/fields/2", lambda d: box(d)[2].update(required=True)),
        ("/entities/1/fields/1", lambda d: box(d)[1].update(values=[{"value": "red"}])),
        ("/entities/1/fields/3", lambda d: box(d)[3].update(max=10)),
        ("/entities/1/fields/0", lambda d: box(d)[0].update(unique=True)),
        ("/entities/1/fields/0", lambda d: box(d)[0].update(type="int")),
        ("/entities/1", lambda d: d["entities"][1]["checks"].append(["ge", "count", 3])),
        ("/relations/2", lambda d: d["relations"].append({
            "id": "rel_new", "kind": "belongsTo", "from": "ent_item", "to": "ent_user", "name": "maker", "required": True})),
        ("/id", lambda d: d.update(id="bp_other")),
    ]
    tree = lib.tree(place.dir)
    for where, what in cases:
        out = place.refuse(change(what))
        assert "at " + where in out, (where, out)
        assert "backfill" in out or where == "/id", out
    for kind, bad in (("value", 4), ("sql", "DROP TABLE box")):
        doc = change(cases[0][1])
        doc["migrations"] = [{"revision": 2, "changes": [{"kind": "backfill", "of": "fld_new", kind: bad}]}]
        assert "fld_new" in place.refuse(doc)
    assert lib.tree(place.dir) == tree, "a refused revision wrote something"


def purging_waits():
    place, doc = Place("purge"), start()
    place.generate(doc)
    place.up()
    fill(random.Random(1), place, 3)
    doc["revision"] = 2
    gone = doc["entities"][2]["fields"].pop(0)
    doc["migrations"] = [{"revision": 2, "changes": [{"kind": "purge", "of": gone["id"], "approved": True}]}]
    place.generate(doc)
    place.up()
    assert "_removed_2_group" in place.columns("item"), "purged in the step that removes it"
    doc["revision"] = 3
    place.generate(doc)
    assert place.up() == []
    doc["migrations"].append({"revision": 3, "changes": [{"kind": "purge", "of": gone["id"], "approved": True}]})
    place.generate(doc)
    place.up()
    assert "_removed_2_group" not in place.columns("item")


def damaged_record():
    place = Place("damaged")
    place.generate(start())
    path = os.path.join(place.dir, "migrations", "schema.json")
    good = open(path).read()
    doc = start()
    doc["entities"][1]["name"] = "crate"
    for bad in (good[:-40], "{}", "[]", good.replace('"box"', '"box (x); DROP TABLE user; --"'),
                good.replace("'red'", "'red') ; DROP TABLE user; --'"), good.replace('"TEXT"', '"TEXT, x"')):
        with open(path, "w") as f:
            f.write(bad)
        place.refuse(doc)


def same_history_same_bytes():
    trees = []
    for name in ("one", "two"):
        place, world = Place("same" + name), World(77)
        world.place = place
        place.generate(world.doc)
        for _ in range(8):
            world.step()
            place.generate(world.doc)
        trees.append(lib.tree(place.dir))
    assert trees[0] == trees[1]


# ---- the platform itself -----------------------------------------------------------------------------------------

def running_platform_keeps_its_data():
    """The shop with people and products in it, stopped, changed, and started again on the same data."""
    with open(os.path.join(lib.ROOT, "docs", "examples", "shop.blueprint.json")) as f:
        doc = json.load(f)
    shop, file = os.path.join(room, "shop"), os.path.join(room, "shop.json")
    lib.generate("shop", shop)
    lib.dependencies(shop)
    platform = lib.Platform(shop)
    data = platform.data
    login = {"email": "admin@shop.example", "password": lib.PASSWORD}
    token = platform.call("POST", "/api/auth/login", login)[2]["token"]
    before = platform.call("GET", "/api/products?limit=100", token=token)[2]["products"]
    assert before
    assert platform.stop() == 0

    doc["revision"] = 2
    fields = {f["id"]: f for e in doc["entities"] for f in e["fields"]}
    next(e for e in doc["entities"] if e["id"] == "ent_product")["name"] = "article"
    fields["fld_product_stock"]["max"] = 2000000
    fields["fld_product_about"]["search"] = True
    next(e for e in doc["entities"] if e["id"] == "ent_product")["fields"].append(
        {"id": "fld_product_weight", "name": "weight", "type": "int", "required": True, "min": 1})
    doc["migrations"] = [{"revision": 2, "changes": [{"kind": "backfill", "of": "fld_product_weight", "value": 250}]}]
    for row in next(s for s in doc["seed"] if s["entity"] == "ent_product")["rows"]:
        row["values"]["weight"] = 100
    with open(file, "w") as f:
        json.dump(doc, f)
    lib.generate(file, shop)
    assert os.path.exists(os.path.join(shop, "migrations", "0002_revision_2.up.sql"))
    platform = lib.Platform(shop, data=data)
    after = platform.call("GET", "/api/products?limit=100", token=token)
    assert after[0] == 200, after  # the session is still good
    rows = list(after[2].values())[0]
    assert [(p["id"], p["title"], p["price"]) for p in rows] == [(p["id"], p["title"], p["price"]) for p in before]
    assert {p["weight"] for p in rows if "weight" in p} <= {250}
    word = next(r["values"]["about"] for s in doc["seed"] for r in s["rows"] if "about" in r["values"]).split()[0]
    found = platform.call("GET", "/api/products?q=" + word, token=token)
    assert found[0] == 200 and list(found[2].values())[0], found
    lib.run([lib.node(), "--test"] + sorted(
        os.path.join("test", f) for f in os.listdir(os.path.join(shop, "test")) if f.endswith(".test.ts")), cwd=shop)
    platform.remove()


for seed in range(ROUNDS):
    tap.test("fourteen revisions at random, seed %d" % seed, walk, seed)
tap.test("what rows may break is refused, with where and what to write", refusals)
tap.test("what was removed is purged by a later, approved revision only", purging_waits)
tap.test("a damaged record of the tables is refused", damaged_record)
tap.test("the same history gives the same bytes", same_history_same_bytes)
tap.test("a running platform keeps its rows, sessions and search across a revision", running_platform_keeps_its_data)
shutil.rmtree(room, ignore_errors=True)
tap.end()
