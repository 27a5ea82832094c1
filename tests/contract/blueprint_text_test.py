#!/usr/bin/env python3
"""Blueprints as text over the wire and on the command line: YAML and JSON, places of findings, includes, edits that keep
comments, pictures."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import CLIENT, TOP, Engine, RpcError, run_tests  # noqa: E402

E = Engine()
with open(os.path.join(TOP, "docs", "examples", "shop.blueprint.json"), encoding="utf-8") as f:
    SHOP = json.load(f)


def refused(name, method, params):
    try:
        result = E.client().call(method, params)
    except RpcError as e:
        assert e.name == name, (method, e.name, str(e))
        return e
    raise AssertionError("%s answered %r" % (method, result))


def place(name, text=None):
    path = os.path.join(E.directory, name)
    if text is not None:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    return path


def cli(*args, code=0, stdin=None):
    p = subprocess.run([CLIENT, *args], input=stdin, env=E.env,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    assert p.returncode == code, (args, p.returncode, p.stdout, p.stderr)
    return p.stdout


def yaml_of(doc):
    return E.client().call("blueprint.print", {"blueprint": doc, "format": "yaml"})["text"]


def yaml_and_json_are_the_same_blueprint():
    c = E.client()
    text = yaml_of(SHOP)
    r = c.call("blueprint.read", {"source": {"path": "shop.yaml", "text": text}})
    assert r["format"] == "yaml" and r["blueprint"] == SHOP and r["findings"] == [], r["findings"]
    text = c.call("blueprint.print", {"blueprint": SHOP, "format": "json"})["text"]
    r = c.call("blueprint.read", {"source": {"text": text}})
    assert r["format"] == "json" and r["blueprint"] == SHOP


def a_finding_says_line_and_column():
    c = E.client()
    lines = yaml_of(SHOP).split("\n")
    n = next(i for i, x in enumerate(lines) if "type: email" in x)
    lines[n] = lines[n].replace("type: email", "type: emial")
    r = c.call("blueprint.check", {"source": {"path": "a.yaml", "text": "\n".join(lines)}})
    hit = [x for x in r["findings"] if x.get("line") == n + 1]
    assert not r["valid"] and hit and hit[0]["column"] == lines[n].index("emial") + 1 and hit[0]["file"] == "a.yaml", r
    r = c.call("blueprint.check", {"source": {"path": "a.yaml", "text": "blueprint: 1.0\nid: bp_x\n"}})
    assert any('"1.0"' in x.get("hint", "") and x["line"] == 1 for x in r["findings"]), r


def a_text_that_cannot_be_read_is_an_answer():
    c = E.client()
    r = c.call("blueprint.check", {"source": {"path": "a.yaml", "text": "a: [1\nb: 2\n"}})
    assert not r["valid"] and len(r["findings"]) == 1 and r["findings"][0]["hint"], r
    r = c.call("blueprint.read", {"source": {"path": "a.json", "text": '{"a": 1,\n}'}})
    assert "blueprint" not in r and (r["findings"][0]["line"], r["findings"][0]["column"]) == (2, 1), r
    r = c.call("blueprint.read", {"source": {"path": "a.yaml", "text": "- 1\n"}})
    assert "blueprint" not in r and "object" in r["findings"][0]["text"], r
    refused("invalid", "blueprint.check", {})
    refused("invalid", "blueprint.check", {"blueprint": SHOP, "source": {"text": "{}"}})


def what_is_included_is_asked_for():
    c = E.client()
    doc = dict(SHOP, seed={"$include": "data/seed.yaml"})
    source = {"path": "b.yaml", "text": yaml_of(doc)}
    r = c.call("blueprint.read", {"source": source})
    assert r["missing"] == ["data/seed.yaml"] and "blueprint" not in r, r
    source["files"] = [{"path": "data/seed.yaml", "text": json.dumps(SHOP["seed"])}]
    r = c.call("blueprint.read", {"source": source})
    assert r["missing"] == [] and r["blueprint"] == SHOP, r["findings"]
    assert c.call("blueprint.check", {"source": source})["valid"]


def an_edit_keeps_comments_and_order():
    c = E.client()
    text = "# ours\nname:\n  en: Shop # short\n  ar: متجر\nlist:\n  - 1\n"
    edits = [{"op": "set", "pointer": "/name/en", "value": '"Books"'}, {"op": "add", "pointer": "/list/-", "value": "2"},
             {"op": "remove", "pointer": "/list/0"}]
    r = c.call("blueprint.edit", {"source": {"path": "a.yaml", "text": text}, "edits": edits})
    assert r["text"] == "# ours\nname:\n  en: Books # short\n  ar: متجر\nlist:\n  - 2\n", r["text"]


def an_edit_that_cannot_be_made_says_why():
    def edit(text, **e):
        return {"source": {"path": "a.yaml", "text": text}, "edits": [e]}
    refused("not_found", "blueprint.edit", edit("a: 1\n", op="remove", pointer="/b"))
    refused("invalid", "blueprint.edit", edit("a: 1\n", op="set", pointer="/a"))
    refused("parse", "blueprint.edit", edit("a: [\n", op="set", pointer="/a", value="1"))
    refused("unsupported", "blueprint.edit", edit("a: &x 1\nb: *x\n", op="set", pointer="/b", value="1"))
    refused("limit", "blueprint.edit", edit("[" * 100, op="set", pointer="/b", value="1"))


def a_blueprint_is_drawn_in_four_ways():
    c = E.client()

    def draw(**more):
        return c.call("blueprint.graph", dict(blueprint=SHOP, **more))["text"]
    text = draw(width=80)
    assert "│ orderLine" in text and max(len(x) for x in text.split("\n")) <= 80, text
    assert draw(of="pages").startswith("menu\n├── ")
    svg = draw(format="svg", locale="ar")
    assert svg.startswith("<svg ") and "متجر صغير" in svg and svg.rstrip().endswith("</svg>")
    assert "order ||--o{ orderLine" in draw(format="mermaid")
    assert len(json.loads(draw(format="json"))["nodes"]) == len(SHOP["entities"])
    assert "name: string" not in draw(fields=False)
    refused("schema", "blueprint.graph", {"blueprint": {}})


def a_breaking_change_is_named():
    after = json.loads(json.dumps(SHOP))
    after["operations"] = [o for o in after["operations"] if o["id"] != "op_order_cancel"]
    changes = E.client().call("blueprint.diff", {"from": SHOP, "to": after})["changes"]
    assert [x for x in changes if x["id"] == "op_order_cancel" and x["breaking"]], changes


def the_command_line_reads_yaml_with_includes():
    doc = dict(SHOP, seed={"$include": "parts/seed.json"})
    path = place("yaml/blueprint.yaml", yaml_of(doc))
    out = cli("blueprint", "check", path, code=1)
    assert path + ":" in out and "parts/seed.json" in out, out
    place("yaml/parts/seed.json", json.dumps(SHOP["seed"]))
    assert "is valid" in cli("blueprint", "check", os.path.dirname(path))
    outside = place("outside.json", json.dumps(SHOP["seed"]))
    os.unlink(place("yaml/parts/seed.json"))
    os.symlink(outside, place("yaml/parts/seed.json"))
    cli("blueprint", "check", path, code=1)


def the_command_line_edits_draws_and_converts():
    path = place("edit/shop.yaml", "# mine\n" + yaml_of(SHOP))
    cli("blueprint", "edit", path, "set", "/name/en", "Corner shop")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert text.startswith("# mine\n") and "en: Corner shop" in text
    assert json.loads(cli("blueprint", "convert", path, "--as", "json"))["name"]["en"] == "Corner shop"
    assert "┌" in cli("blueprint", "graph", path, "--short")
    assert cli("blueprint", "graph", path, "--pages").startswith("menu")
    assert "Corner shop" in cli("blueprint", "graph", path, "--as", "svg", "--locale", "en")
    assert "nothing changes" in cli("blueprint", "diff", path, path)
    assert "is valid" in cli("blueprint", "check", "-", stdin=text)
    cli("blueprint", "graph", path, "--as", "png", code=2)
    cli("blueprint", "edit", path, "frob", "/a", code=2)


with E:
    run_tests([yaml_and_json_are_the_same_blueprint, a_finding_says_line_and_column, a_text_that_cannot_be_read_is_an_answer,
               what_is_included_is_asked_for, an_edit_keeps_comments_and_order, an_edit_that_cannot_be_made_says_why,
               a_blueprint_is_drawn_in_four_ways, a_breaking_change_is_named, the_command_line_reads_yaml_with_includes,
               the_command_line_edits_draws_and_converts])
