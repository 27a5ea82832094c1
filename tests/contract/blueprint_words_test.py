#!/usr/bin/env python3
"""Words to a blueprint over the wire and on the command line: what is understood, what is said about it, what is asked."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import CLIENT, Engine, RpcError, run_tests  # noqa: E402

E = Engine()


def draft(words="", **more):
    return E.client().call("blueprint.draft", dict(words=words, **more))


def refused(name, method, params):
    try:
        result = E.client().call(method, params)
    except RpcError as e:
        assert e.name == name, (method, e.name, str(e))
        return e
    raise AssertionError("%s answered %r" % (method, result))


def cli(*args, code=0, stdin=""):
    p = subprocess.run([CLIENT, *args], input=stdin, env=E.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    assert p.returncode == code, (args, p.returncode, p.stdout, p.stderr)
    return p


def words_become_a_valid_blueprint():
    for words in ("An online shop with reviews", "عيادة فيها أطباء ومواعيد وفواتير"):
        r = draft(words)
        assert r["understood"] and r["made_by"] == "built from templates, no AI" and r["unmatched"] == [], r
        checked = E.client().call("blueprint.check", {"blueprint": r["blueprint"]})
        assert checked["valid"] and checked["findings"] == [], checked
        assert {e["confidence"] for e in r["elements"]} == {"stated", "inferred", "default"}
        assert all(e["words"] for e in r["elements"] if e["confidence"] == "stated")


def every_question_has_a_default_and_takes_an_answer():
    r = draft("A shop")
    assert r["questions"] and all(q["answer"] == q["default"] and not q["answered"] for q in r["questions"])
    r = draft("A shop", answers=[{"id": "currency", "value": "EUR"}, {"id": "module:reviews", "value": "yes"}])
    assert r["blueprint"]["conventions"]["currency"] == "EUR"
    assert "review" in [e["name"] for e in r["blueprint"]["entities"]]
    assert [q["answered"] for q in r["questions"] if q["id"] == "currency"] == [True]


def what_is_not_understood_makes_nothing():
    r = draft("AI writing workspace with decision scores")
    assert not r["understood"] and "blueprint" not in r and "workspace" in " ".join(r["unmatched"]), r
    assert draft("")["understood"] is False
    refused("not_found", "blueprint.draft", {"template": "castle"})
    refused("invalid", "blueprint.draft", {"words": "x" * 20001})


def every_template_is_a_valid_blueprint():
    c = E.client()
    templates = c.call("blueprint.templates", {})["templates"]
    wanted = {"shop", "clinic", "school", "booking", "blog", "crm", "inventory", "helpdesk", "community", "marketplace", "courses", "jobs"}
    assert wanted <= {t["id"] for t in templates}, templates
    for t in templates:
        assert t["name_ar"] and t["summary_en"]
        answers = [{"id": "module:" + m, "value": "yes"} for m in t["modules"]]
        r = c.call("blueprint.draft", {"template": t["id"], "answers": answers})
        assert c.call("blueprint.check", {"blueprint": r["blueprint"]})["findings"] == [], t["id"]


def the_command_line_makes_a_platform_from_words():
    place = os.path.join(E.directory, "books")
    p = cli("new", place, "A book shop with reviews, without coupons")
    assert "no AI" in p.stderr and "stated" in p.stderr and "review" in p.stderr, p.stderr
    with open(os.path.join(place, "blueprint.json"), encoding="utf-8") as f:
        doc = json.load(f)
    assert doc["provenance"]["source"] == "rules" and doc["provenance"]["prompt"].startswith("A book shop")
    p = cli("new", os.path.join(E.directory, "no"), "gibberish of the finest", code=1)
    assert "not understood" in p.stderr and "shop" in p.stdout and not os.path.exists(os.path.join(E.directory, "no"))
    cli("new", os.path.join(E.directory, "no"), code=2)


def the_command_line_drafts_without_making():
    p = cli("blueprint", "draft", "a blog", "--answer", "name=Notes")
    assert "en: Notes" in p.stdout and "template blog" in p.stderr, p.stdout[:300]
    assert json.loads(cli("blueprint", "draft", "--template", "crm", "--json").stdout)["template"] == "crm"
    assert "helpdesk" in cli("blueprint", "templates").stdout
    cli("blueprint", "draft", code=2)
    cli("blueprint", "draft", "a blog", "--answer", "nothing", code=2)


SQL = "CREATE TABLE boats (id int primary key, name varchar(40) not null, spot point);\nCREATE VIEW v AS SELECT 1;\n"


def an_import_lists_what_it_lost():
    c = E.client()
    r = c.call("blueprint.import", {"format": "sql", "text": SQL, "name": "Harbour"})
    assert (r["entities"], r["fields"], r["relations"]) == (1, 2, 0), r
    assert [x for x in r["lost"] if x.get("line") == 2 and "CREATE VIEW" in x["text"]], r["lost"]
    checked = c.call("blueprint.check", {"blueprint": r["blueprint"]})
    assert checked["valid"], checked
    refused("invalid", "blueprint.import", {"format": "prisma", "text": "nothing"})
    refused("parse", "blueprint.import", {"format": "openapi", "text": "{"})
    refused("limit", "blueprint.import", {"format": "openapi", "text": "[" * 100})


def the_command_line_imports():
    path = os.path.join(E.directory, "harbour.sql")
    with open(path, "w", encoding="ascii") as f:
        f.write(SQL)
    p = cli("blueprint", "import", path, "--name", "Harbour")
    assert "en: Harbour" in p.stdout and "line 2" in p.stderr, (p.stdout[:200], p.stderr)
    cli("blueprint", "import", os.path.join(E.directory, "harbour"), code=2)


with E:
    run_tests([words_become_a_valid_blueprint, every_question_has_a_default_and_takes_an_answer,
               what_is_not_understood_makes_nothing, every_template_is_a_valid_blueprint,
               the_command_line_makes_a_platform_from_words, the_command_line_drafts_without_making,
               an_import_lists_what_it_lost, the_command_line_imports])
