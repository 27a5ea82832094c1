#!/usr/bin/env python3
"""Our JSON Schema validator against python3-jsonschema, on random schemas and values.

Both must give the same verdict on every pair. The schemas are drawn from a fixed seed (SEED in
the environment draws others, COUNT sets how many), written in the official suite's format and
run by build/schema_suite. Speaks TAP; skips where python3-jsonschema cannot do draft 2020-12.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

BUILD = os.environ.get("WEBNOVA_BUILD", "build")
COUNT = int(os.environ.get("COUNT", "400"))
SEED = int(os.environ.get("SEED", "20201112"))
KEYS = ["a", "b", "c", "ab", "x1"]
PATTERNS = ["^a", "b$", "[0-9]", "^[a-c]+$", "a|x"]


def value(rnd, depth=0):
    kind = rnd.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return None
    if kind == 1:
        return rnd.random() < 0.5
    if kind == 2:
        return rnd.randrange(-3, 8)
    if kind == 3:
        return rnd.choice([0.5, 1.0, 2.5, -1.5, 0.1, 0.3, 1e-8, 3.0])
    if kind in (4, 5):
        return rnd.choice(["", "a", "ab", "abc", "x1", "é", "\U0001f600", "b", "12"])
    if kind in (6, 7):
        keys = rnd.sample(KEYS, rnd.randrange(len(KEYS)))
        return {k: value(rnd, depth + 1) for k in keys}
    return [value(rnd, depth + 1) for _ in range(rnd.randrange(4))]


class Schemas:
    """Draws one schema; keeps what may be referred to."""

    def __init__(self, rnd, without):
        self.rnd = rnd
        self.without = without
        self.defs = ["d%d" % i for i in range(3)]
        self.anchors = []
        self.can_ref = True

    def root(self):
        self.can_ref = False  # definitions refer to nothing: no endless circles
        defs = {}
        for i, name in enumerate(self.defs):
            defs[name] = self.draw(1)
            if isinstance(defs[name], dict) and self.rnd.random() < 0.4:
                word = "$dynamicAnchor" if self.rnd.random() < 0.5 else "$anchor"
                defs[name][word] = "n%d" % i
                self.anchors.append("n%d" % i)
        self.can_ref = True
        schema = self.draw(0)
        if not isinstance(schema, dict):
            schema = {"allOf": [schema]}
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["$defs"] = defs
        return schema

    def draw(self, depth):
        rnd = self.rnd
        if depth > 3 or rnd.random() < 0.08:
            return rnd.random() < 0.7
        words = [w for w in dir(self) if w.startswith("k_") and w not in self.without]
        schema = {}
        for _ in range(rnd.randrange(1, 4)):
            getattr(self, rnd.choice(words))(schema, depth + 1)
        return schema

    def several(self, depth):
        return [self.draw(depth) for _ in range(self.rnd.randrange(1, 4))]

    def k_type(self, s, d):
        names = ["null", "boolean", "integer", "number", "string", "array", "object"]
        s["type"] = self.rnd.sample(names, self.rnd.randrange(1, 4))

    def k_const(self, s, d):
        s["const"] = value(self.rnd, 2)

    def k_enum(self, s, d):
        s["enum"] = [value(self.rnd, 2) for _ in range(3)]

    def k_numbers(self, s, d):
        word = self.rnd.choice(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        s[word] = self.rnd.choice([0, 1, 2, 2.5, -1])

    def k_multiple(self, s, d):
        s["multipleOf"] = self.rnd.choice([1, 2, 3, 0.5])

    def k_lengths(self, s, d):
        s[self.rnd.choice(["minLength", "maxLength"])] = self.rnd.randrange(4)

    def k_pattern(self, s, d):
        s["pattern"] = self.rnd.choice(PATTERNS)

    def k_items(self, s, d):
        s[self.rnd.choice(["minItems", "maxItems"])] = self.rnd.randrange(4)

    def k_unique(self, s, d):
        s["uniqueItems"] = True

    def k_members(self, s, d):
        s[self.rnd.choice(["minProperties", "maxProperties"])] = self.rnd.randrange(4)

    def k_required(self, s, d):
        s["required"] = self.rnd.sample(KEYS, self.rnd.randrange(3))

    def k_dependent(self, s, d):
        s["dependentRequired"] = {self.rnd.choice(KEYS): [self.rnd.choice(KEYS)]}

    def k_dependent_schemas(self, s, d):
        s["dependentSchemas"] = {self.rnd.choice(KEYS): self.draw(d)}

    def k_prefix(self, s, d):
        s["prefixItems"] = self.several(d)

    def k_item(self, s, d):
        s["items"] = self.draw(d)

    def k_contains(self, s, d):
        s["contains"] = self.draw(d)
        if self.rnd.random() < 0.5:
            s["minContains"] = self.rnd.randrange(3)
        if self.rnd.random() < 0.5:
            s["maxContains"] = self.rnd.randrange(3)

    def k_properties(self, s, d):
        s["properties"] = {k: self.draw(d) for k in self.rnd.sample(KEYS, 2)}

    k_properties_again = k_properties

    def k_pattern_properties(self, s, d):
        s["patternProperties"] = {self.rnd.choice(PATTERNS): self.draw(d)}

    def k_additional(self, s, d):
        s["additionalProperties"] = self.draw(d)

    def k_names(self, s, d):
        s["propertyNames"] = self.draw(d)

    def k_all(self, s, d):
        s["allOf"] = self.several(d)

    def k_any(self, s, d):
        s["anyOf"] = self.several(d)

    def k_one(self, s, d):
        s["oneOf"] = self.several(d)

    def k_not(self, s, d):
        s["not"] = self.draw(d)

    def k_if(self, s, d):
        s["if"] = self.draw(d)
        s["then"] = self.draw(d)
        s["else"] = self.draw(d)

    def k_unevaluated_properties(self, s, d):
        s["unevaluatedProperties"] = self.draw(d) if self.rnd.random() < 0.5 else False

    def k_unevaluated_items(self, s, d):
        s["unevaluatedItems"] = self.draw(d) if self.rnd.random() < 0.5 else False

    def k_ref(self, s, d):
        if self.can_ref:
            s["$ref"] = "#/$defs/" + self.rnd.choice(self.defs)

    def k_anchor(self, s, d):
        if self.can_ref and self.anchors:
            word = self.rnd.choice(["$ref", "$dynamicRef"])
            s[word] = "#" + self.rnd.choice(self.anchors)


def too_hard():
    """What the judge of this machine is known to get wrong: before 4.18 it loses annotations."""
    import jsonschema
    try:
        from importlib.metadata import version
        numbers = version("jsonschema").split(".")
    except ImportError:
        numbers = jsonschema.__version__.split(".")
    if (int(numbers[0]), int(numbers[1])) >= (4, 18):
        return ()
    return ("k_unevaluated_properties", "k_unevaluated_items", "k_anchor")


def groups(validator, without):
    rnd = random.Random(SEED)
    for i in range(COUNT):
        schema = Schemas(rnd, without).root()
        judge = validator(schema)
        tests = []
        for k in range(8):
            data = value(rnd)
            tests.append({"description": json.dumps(data), "data": data,
                          "valid": judge.is_valid(data)})
        yield {"description": json.dumps(schema), "schema": schema, "tests": tests}


def main():
    print("TAP version 13\n1..1")
    name = "same verdicts as python3-jsonschema on %d random schemas" % COUNT
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        print("ok 1 - %s # SKIP python3-jsonschema with draft 2020-12 is not installed" % name)
        return 0
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, "random.json")
        with open(path, "w") as f:
            json.dump(list(groups(Draft202012Validator, too_hard())), f)
        run = subprocess.run([os.path.join(BUILD, "schema_suite"), path],
                             stdout=subprocess.PIPE, universal_newlines=True)
    for line in run.stdout.splitlines():
        print("# " + line)
    print("%s 1 - %s" % ("ok" if run.returncode == 0 else "not ok", name))
    return 0 if run.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
