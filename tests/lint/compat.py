#!/usr/bin/env python3
"""What is published stays true: compares the contracts as they are with the published baseline and refuses a breaking
change unless the major version moved (the protocol for methods, notifications, errors and settings; an event's own
version for its payload). docs/adr/0004-compatibility.md says what breaks whom.

    compat.py BUILD            lint: no breaking change, and docs/contracts is what the schemas say
    compat.py --changes BUILD  every change since the baseline, with its class
    compat.py --publish BUILD  makes the contracts as they are the baseline (at a release); refuses a breaking change
"""
import json
import os
import sys

from source import TOP

DOCS = os.path.join(TOP, "docs", "contracts")
BASELINE = os.path.join(DOCS, "published.json")
LOWER, UPPER = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")


class Compare:
    """Collects the changes from one contract to the next: (breaking, sentence)."""

    def __init__(self, old, new):
        self.old, self.new, self.changes = old, new, []
        self.open = set()  # pairs being compared: a schema may hold itself

    def breaks(self, where, text):
        self.changes.append((True, "%s: %s" % (where, text)))

    def fits(self, where, text):
        self.changes.append((False, "%s: %s" % (where, text)))

    def tell(self, breaking, where, text):
        (self.breaks if breaking else self.fits)(where, text)

    # ---- schemas. says: the engine says such values; else clients do ----

    @staticmethod
    def resolve(doc, schema):
        while "$ref" in schema:
            schema = doc["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def schema(self, where, old, new, says):
        pair = (json.dumps(old, sort_keys=True), json.dumps(new, sort_keys=True), says)
        if pair in self.open:
            return
        self.open.add(pair)
        self.resolved(where, self.resolve(self.old, old), self.resolve(self.new, new), says)
        self.open.discard(pair)

    def resolved(self, where, old, new, says):
        if not self.types(where, old, new, says):
            return
        self.values(where, old, new, says)
        self.bounds(where, old, new, says)
        self.forms(where, old, new, says)
        if "items" in old and "items" in new:
            self.schema(where + "[]", old["items"], new["items"], says)
        self.members(where, old, new, says)

    @staticmethod
    def type_of(schema):
        if "type" not in schema and ("enum" in schema or "const" in schema):
            values = schema.get("enum", [schema.get("const")])
            return "string" if all(isinstance(v, str) for v in values) else None
        return schema.get("type")

    def types(self, where, old, new, says):
        a, b = self.type_of(old), self.type_of(new)
        if a == b:
            return True
        wider = b is None or (a, b) == ("integer", "number")
        narrower = a is None or (a, b) == ("number", "integer")
        self.tell(not (narrower if says else wider), where, "its type was %s and is %s" % (a or "any", b or "any"))
        return False

    @staticmethod
    def allowed(schema):
        if "const" in schema:
            return [schema["const"]]
        return schema.get("enum")

    def values(self, where, old, new, says):
        a, b = self.allowed(old), self.allowed(new)
        if a == b:
            return
        gone = b is not None and (a is None or any(v not in b for v in a))
        came = a is not None and (b is None or any(v not in a for v in b))
        if gone:
            self.tell(not says, where, "fewer values: %s became %s" % (a or "any", b))
        if came:
            self.tell(says, where, "more values: %s became %s" % (a, b or "any"))

    def bounds(self, where, old, new, says):
        for names, sign in ((LOWER, 1), (UPPER, -1)):
            for n in names:
                a, b = old.get(n), new.get(n)
                if a == b:
                    continue
                tighter = a is None or (b is not None and (b - a) * sign > 0)
                self.tell(tighter != says, where, "%s was %s and is %s" % (n, a, b))

    def forms(self, where, old, new, says):
        for n in ("pattern", "format"):
            a, b = old.get(n), new.get(n)
            if a != b:
                self.tell(not (a is None if says else b is None), where, "its %s was %s and is %s" % (n, a, b))
        if not says and "default" in old and old["default"] != new.get("default"):
            self.breaks(where, "what is meant when it is absent was %r and is %r" % (old["default"], new.get("default")))

    def members(self, where, old, new, says):
        a, b = old.get("properties", {}), new.get("properties", {})
        must_a, must_b = set(old.get("required", [])), set(new.get("required", []))
        for n in sorted(set(a) | set(b)):
            at = where + "/" + n
            if n not in b:
                self.tell(says or new.get("additionalProperties", True) is False, at, "the member is gone")
            elif n not in a:
                self.tell(not says and n in must_b, at, "a new %s member" % ("required" if n in must_b else "optional"))
            else:
                if (n in must_a) != (n in must_b):
                    self.tell((n in must_a) == says, at, "it %s required" % ("was" if n in must_a else "became"))
                self.schema(at, a[n], b[n], says)
        rest_a, rest_b = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if isinstance(rest_a, dict) and isinstance(rest_b, dict):
            self.schema(where + "/*", rest_a, rest_b, says)
        elif rest_a != rest_b:
            tighter = rest_b is False or rest_a is True
            self.tell(tighter != says, where, "other members were %s and are %s" % (rest_a, rest_b))

    # ---- what there is ----

    def names(self, what, old, new):
        """Those that are in both; the rest is told."""
        for n in sorted(set(old) - set(new)):
            self.breaks(what + " " + n, "it is gone")
        for n in sorted(set(new) - set(old)):
            self.fits(what + " " + n, "it is new")
        return sorted(set(old) & set(new))

    def facts(self, where, old, new, keys):
        for k in keys:
            if old.get(k) != new.get(k):
                self.breaks(where, "%s was %s and is %s" % (k, old.get(k), new.get(k)))

    def methods(self):
        old, new = self.old["methods"], self.new["methods"]
        for n in self.names("method", old, new):
            self.facts("method " + n, old[n], new[n], ("attachment", "permission"))
            self.schema("params of " + n, old[n]["params"], new[n]["params"], False)
            self.schema("result of " + n, old[n]["result"], new[n]["result"], True)

    def notifications(self):
        old, new = self.old["notifications"], self.new["notifications"]
        for n in self.names("notification", old, new):
            self.facts("notification " + n, old[n], new[n], ("attachment",))
            self.schema("params of " + n, old[n]["params"], new[n]["params"], True)

    def events(self):
        old, new = self.old["events"], self.new["events"]
        for n in self.names("event", old, new):
            if new[n]["version"] < old[n]["version"]:
                self.breaks("event " + n, "its version went back")
            inner = Compare(self.old, self.new)
            inner.facts("event " + n, old[n], new[n], ("stream",))
            inner.schema("data of " + n, old[n]["data"], new[n]["data"], True)
            moved = new[n]["version"] > old[n]["version"]
            self.changes += [(b and not moved, t) for b, t in inner.changes]

    def rest(self):
        for n in self.names("setting", self.old["settings"], self.new["settings"]):
            a, b = self.old["settings"][n], self.new["settings"][n]
            self.facts("setting " + n, a, b, ("env", "flag"))
            self.schema("setting " + n, a["schema"], b["schema"], False)
        for n in self.names("error", self.old["errors"], self.new["errors"]):
            self.facts("error " + n, self.old["errors"][n], self.new["errors"][n], ("code", "rpc", "http"))
        self.names("address", self.old["addresses"], self.new["addresses"])

    def all(self):
        self.methods()
        self.notifications()
        self.events()
        self.rest()
        return self.changes


def compare(old, new):
    """(breaking, sentence) of each change; nothing breaks when the protocol moved."""
    changes = Compare(old, new).all()
    if new["protocol"] > old["protocol"]:
        return [(False, t) for _, t in changes]
    if new["protocol"] < old["protocol"]:
        changes.append((True, "the protocol went back from %d to %d" % (old["protocol"], new["protocol"])))
    return changes


# ---- the contract as one value ----

def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def params_schema(params):
    return {"type": "object", "additionalProperties": False, "properties": {p["name"]: p["schema"] for p in params},
            "required": [p["name"] for p in params if p["required"]]}


def settings():
    found = {}
    directory = os.path.join(TOP, "schemas", "config")
    for name in sorted(os.listdir(directory)):
        if name.endswith(".json"):
            for n, s in load(os.path.join(directory, name))["settings"].items():
                found[n] = {"schema": s["schema"], "env": s.get("env"), "flag": s.get("flag")}
    return found


def contract(build):
    """What the schemas say now, from the documents in the build directory."""
    gen = os.path.join(build, "gen")
    rpc, events, rest = (load(os.path.join(gen, n + ".json")) for n in ("openrpc", "asyncapi", "openapi"))
    schemas = dict(rpc["components"]["schemas"], **events["components"]["schemas"])
    return {
        "protocol": rpc["x-protocol"],
        "methods": {m["name"]: {"params": params_schema(m["params"]), "result": m["result"]["schema"],
                                "attachment": m.get("x-attachment", "none"), "permission": m.get("x-permission", "")}
                    for m in rpc["methods"]},
        "notifications": {m["name"]: {"params": params_schema(m["params"]), "attachment": m.get("x-attachment", "none")}
                          for m in rpc["x-notifications"]},
        "events": {n: {"version": m["x-version"], "stream": events["channels"][n]["address"], "data": m["payload"]}
                   for n, m in events["components"]["messages"].items() if "x-version" in m},
        "settings": settings(),
        "errors": {e["name"]: {k: e[k] for k in ("code", "rpc", "http")}
                   for e in load(os.path.join(TOP, "schemas", "error.json"))["errors"]},
        "addresses": {"%s %s" % (verb.upper(), path): {} for path, verbs in rest["paths"].items() for verb in verbs},
        "schemas": schemas,
    }


def stale(build):
    """Files under docs/contracts that are not what the compiler writes."""
    gen, found = os.path.join(build, "gen"), []
    written = {n: os.path.join(gen, "contracts", n) for n in os.listdir(os.path.join(gen, "contracts"))}
    written.update({n: os.path.join(gen, n) for n in os.listdir(gen) if n.endswith(".json")})
    here = set(os.listdir(DOCS)) - {"published.json", "README.md"} if os.path.isdir(DOCS) else set()
    for n in sorted(here - set(written)):
        found.append("docs/contracts/%s: nothing writes it any more; remove it" % n)
    for n, path in sorted(written.items()):
        with open(path, "rb") as f:
            wanted = f.read()
        if n not in here or open(os.path.join(DOCS, n), "rb").read() != wanted:
            found.append("docs/contracts/%s: not what the schemas say; make contracts" % n)
    return found


def main():
    flag = sys.argv[1] if len(sys.argv) == 3 else ""
    build = os.path.join(TOP, sys.argv[-1])
    new = contract(build)
    old = load(BASELINE) if os.path.exists(BASELINE) else None
    changes = compare(old, new) if old else []
    broken = [t for b, t in changes if b]
    if flag == "--changes":
        for b, t in changes:
            print("%-10s %s" % ("breaking" if b else "compatible", t))
    if flag == "--publish" and not broken:
        os.makedirs(DOCS, exist_ok=True)
        with open(BASELINE, "w", encoding="utf-8") as f:
            f.write(json.dumps(new, indent=1, sort_keys=True) + "\n")
        print("published: protocol %d, %d methods, %d events" % (new["protocol"], len(new["methods"]), len(new["events"])))
    found = ["docs/contracts/published.json: breaking: " + t for t in broken]
    if not flag:
        found += stale(build) + ([] if old else ["docs/contracts/published.json: there is no baseline; make publish"])
    for t in found:
        print(t)
    if not flag or found:
        print("lint compat: " + ("%d found" % len(found) if found else "ok"))
    return 1 if found and flag != "--changes" else 0


if __name__ == "__main__":
    sys.exit(main())
