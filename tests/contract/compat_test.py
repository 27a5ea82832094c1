#!/usr/bin/env python3
"""The compatibility gate on small pairs: what breaks whom, in each direction; and on the real contracts."""
import copy
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
sys.path.insert(0, os.path.join(HERE, "..", "lint"))
import compat  # noqa: E402
from engine import BUILD, run_tests  # noqa: E402

OBJECT = {"type": "object", "additionalProperties": False, "required": ["a"],
          "properties": {"a": {"type": "string", "maxLength": 10}, "b": {"enum": ["x", "y"]},
                         "c": {"type": "array", "items": {"$ref": "#/components/schemas/m.t"}},
                         "n": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3}}}


def copies(value):
    """A copy in which nothing is shared, unlike deepcopy()."""
    if isinstance(value, dict):
        return {k: copies(v) for k, v in value.items()}
    return [copies(v) for v in value] if isinstance(value, list) else value


BASE = copies({"protocol": 1, "errors": {"invalid": {"code": -3, "rpc": -32602, "http": 400}},
        "methods": {"m.do": {"params": OBJECT, "result": OBJECT, "attachment": "none", "permission": "m.read"}},
        "notifications": {"m.note": {"params": OBJECT, "attachment": "out"}},
        "events": {"m.done": {"version": 1, "stream": "m/{id}", "data": OBJECT}},
        "settings": {"m.size": {"schema": {"type": "integer", "maximum": 9}, "env": None, "flag": None}},
        "addresses": {"GET /m": {}},
        "schemas": {"m.t": {"type": "object", "additionalProperties": False, "properties": {"z": {"type": "integer"}}}}})


def changed(change):
    new = copy.deepcopy(BASE)
    change(new)
    return new


def breaks(change):
    found = [t for b, t in compat.compare(BASE, changed(change)) if b]
    assert found, "not seen as breaking: %r" % compat.compare(BASE, changed(change))
    return found


def fits(change):
    changes = compat.compare(BASE, changed(change))
    assert changes and not [t for b, t in changes if b], changes


def properties(new, what):
    """Of what clients say ("in") or what the engine says ("out", "note", "event")."""
    return {"in": new["methods"]["m.do"]["params"], "out": new["methods"]["m.do"]["result"],
            "note": new["notifications"]["m.note"]["params"], "event": new["events"]["m.done"]["data"]}[what]["properties"]


def schema(new, what):
    return {"in": new["methods"]["m.do"]["params"], "out": new["methods"]["m.do"]["result"],
            "note": new["notifications"]["m.note"]["params"], "event": new["events"]["m.done"]["data"]}[what]


SAID = ("out", "note", "event")


def no_change_is_no_change():
    assert compat.compare(BASE, copy.deepcopy(BASE)) == []


def what_is_gone_breaks():
    for kind, name in (("methods", "m.do"), ("notifications", "m.note"), ("events", "m.done"), ("errors", "invalid"),
                       ("settings", "m.size"), ("addresses", "GET /m")):
        assert "gone" in breaks(lambda new: new[kind].pop(name))[0]


def what_is_new_fits():
    fits(lambda new: new["methods"].update({"m.more": BASE["methods"]["m.do"]}))
    fits(lambda new: new["events"].update({"m.more": BASE["events"]["m.done"]}))
    fits(lambda new: new["errors"].update({"more": {"code": -99, "rpc": -1, "http": 500}}))


def a_new_required_parameter_breaks_and_an_optional_one_fits():
    def required(new):
        properties(new, "in")["d"] = {"type": "string"}
        schema(new, "in")["required"].append("d")
    breaks(required)
    fits(lambda new: properties(new, "in").update(d={"type": "string"}))


def a_member_the_engine_stops_saying_breaks_and_a_new_one_fits():
    for what in SAID:
        breaks(lambda new: properties(new, what).pop("b"))
        fits(lambda new: properties(new, what).update(d={"type": "string"}))
        breaks(lambda new: schema(new, what)["required"].remove("a"))
        fits(lambda new: schema(new, what)["required"].append("b"))


def a_parameter_that_is_gone_or_became_required_breaks():
    breaks(lambda new: properties(new, "in").pop("b"))
    breaks(lambda new: schema(new, "in")["required"].append("b"))
    fits(lambda new: schema(new, "in")["required"].remove("a"))


def another_type_breaks_both_ways():
    for what in ("in",) + SAID:
        breaks(lambda new: properties(new, what).update(a={"type": "integer"}))


def numbers_may_widen_for_clients_only():
    fits(lambda new: properties(new, "in").update(n={"type": "number", "minimum": 1, "maximum": 9, "default": 3}))
    breaks(lambda new: properties(new, "out").update(n={"type": "number", "minimum": 1, "maximum": 9}))


def values_of_an_enum():
    breaks(lambda new: properties(new, "in").update(b={"enum": ["x"]}))
    fits(lambda new: properties(new, "in").update(b={"enum": ["x", "y", "z"]}))
    for what in SAID:
        breaks(lambda new: properties(new, what).update(b={"enum": ["x", "y", "z"]}))
        fits(lambda new: properties(new, what).update(b={"enum": ["x"]}))
    breaks(lambda new: properties(new, "out").update(b={"type": "string"}))


def bounds_tighten_for_the_engine_and_widen_for_clients():
    breaks(lambda new: properties(new, "in")["a"].update(maxLength=9))
    fits(lambda new: properties(new, "in")["a"].update(maxLength=11))
    breaks(lambda new: properties(new, "out")["a"].update(maxLength=11))
    fits(lambda new: properties(new, "out")["a"].update(maxLength=9))
    breaks(lambda new: properties(new, "in")["n"].update(minimum=2))
    fits(lambda new: properties(new, "in")["n"].pop("minimum"))
    breaks(lambda new: properties(new, "out")["n"].pop("maximum"))


def patterns_and_formats():
    breaks(lambda new: properties(new, "in")["a"].update(format="ulid"))
    fits(lambda new: properties(new, "out")["a"].update(format="ulid"))


def another_default_breaks():
    breaks(lambda new: properties(new, "in")["n"].update(default=4))


def a_change_behind_a_reference_is_found_in_every_use():
    found = breaks(lambda new: new["schemas"]["m.t"]["properties"].pop("z"))
    assert {t.split(":")[0].split("/")[0] for t in found} == {"params of m.do", "result of m.do", "params of m.note",
                                                             "data of m.done"}, found


def more_permission_or_another_attachment_breaks():
    breaks(lambda new: new["methods"]["m.do"].update(permission="m.write"))
    breaks(lambda new: new["notifications"]["m.note"].update(attachment="none"))


def an_error_keeps_its_code():
    breaks(lambda new: new["errors"]["invalid"].update(rpc=-1))


def a_setting_that_takes_less_breaks():
    breaks(lambda new: new["settings"]["m.size"]["schema"].update(maximum=8))
    fits(lambda new: new["settings"]["m.size"]["schema"].update(maximum=10))


def an_event_breaks_with_a_new_version_only():
    def moved(new):
        properties(new, "event").pop("b")
        new["events"]["m.done"]["version"] = 2
    fits(moved)


def another_protocol_may_break():
    def moved(new):
        new["methods"].pop("m.do")
        new["protocol"] = 2
    fits(moved)
    breaks(lambda new: new.update(protocol=0))


def a_schema_that_holds_itself_ends():
    def loop(doc):
        doc["schemas"]["m.t"]["properties"]["z"] = {"$ref": "#/components/schemas/m.t"}
        return doc
    assert compat.compare(loop(copy.deepcopy(BASE)), loop(copy.deepcopy(BASE))) == []


def the_real_contracts_compare_with_themselves():
    now = compat.contract(BUILD)
    assert len(now["methods"]) > 40 and len(now["events"]) > 10 and compat.compare(now, copy.deepcopy(now)) == []
    broken = copy.deepcopy(now)
    del broken["methods"]["snapshot.restore"]
    assert [b for b, _ in compat.compare(now, broken)] == [True]


run_tests([no_change_is_no_change, what_is_gone_breaks, what_is_new_fits,
           a_new_required_parameter_breaks_and_an_optional_one_fits,
           a_member_the_engine_stops_saying_breaks_and_a_new_one_fits, a_parameter_that_is_gone_or_became_required_breaks,
           another_type_breaks_both_ways, numbers_may_widen_for_clients_only, values_of_an_enum,
           bounds_tighten_for_the_engine_and_widen_for_clients, patterns_and_formats, another_default_breaks,
           a_change_behind_a_reference_is_found_in_every_use, more_permission_or_another_attachment_breaks,
           an_error_keeps_its_code, a_setting_that_takes_less_breaks, an_event_breaks_with_a_new_version_only,
           another_protocol_may_break, a_schema_that_holds_itself_ends, the_real_contracts_compare_with_themselves])
