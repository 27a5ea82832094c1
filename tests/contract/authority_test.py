#!/usr/bin/env python3
"""Every method against bad callers, made from the engine's own OpenRPC document, so a new method is covered when it is
declared: an id that is not there is not_found whatever it names, and what breaks the contract is refused by name. The
engine is asked for a ping after each and lives on. (Another tenant's ids: tests/contract/tenant_test.c.)"""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, run_tests  # noqa: E402

E = Engine()
NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
REFUSED = ("invalid", "parse", "limit", "request")
# An id that only bounds a list: it is compared, never looked up.
BOUNDS = {("snapshot.list", "before")}
HERE = {}
DOC = {}


def resolve(schema):
    while "$ref" in schema:
        node = DOC
        for part in schema["$ref"][2:].split("/"):
            node = node[part]
        schema = node
    return schema


def sample(name, schema):
    """A value that keeps the contract; ids of things that are there."""
    schema = resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "string":
        if schema.get("format") == "ulid":
            return HERE.get(name, HERE["snapshot"])
        if schema.get("format") == "int64":
            return "0"
        return "x" * max(1, schema.get("minLength", 0))
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    if kind == "array":
        return []
    if kind == "object":
        return {n: sample(n, s) for n, s in schema.get("properties", {}).items() if n in schema.get("required", [])}
    return None


def valid(method):
    return {p["name"]: sample(p["name"], p["schema"]) for p in method["params"] if p["required"]}


def methods():
    for m in DOC["methods"]:
        if m["name"] != "engine.hello":
            yield m["name"], m, valid(m)


def answer(c, method, params_text):
    """One request given as text; the error's name, or None for a result."""
    c.next += 1
    head = '{"jsonrpc":"2.0","id":%d,"method":"%s","params":' % (c.next, method)
    c.sock.sendall(head.encode() + params_text + b"}\n")
    while True:
        m, _ = c.read()
        assert m is not None, "the engine closed the connection after %s %s" % (method, params_text[:200])
        if "method" in m or m.get("id") not in (c.next, None):
            continue
        return m["error"]["data"]["name"] if "error" in m else None


def each_is_refused(cases, names=REFUSED):
    """cases: (method, params as JSON text). All on one connection, with a ping after each."""
    c = E.client()
    wrong, n = [], 0
    for method, text in cases:
        n += 1
        name = answer(c, method, text)
        if name not in names:
            wrong.append("%s %s: %s" % (method, text[:160].decode("utf-8", "replace"), name or "was answered"))
        if answer(c, "engine.ping", b"{}") is not None:
            wrong.append("%s %s: no ping after it" % (method, text[:160]))
        if n % 20 == 0:  # garbage is counted for each connection, which is ended in the end
            c.close()
            c = E.client()
    c.close()
    assert n > 0 and not wrong, "\n".join(wrong)


def dump(value):
    return json.dumps(value).encode()


def an_id_that_is_not_there_is_not_found():
    cases = []
    for name, m, params in methods():
        for p in m["params"]:
            if resolve(p["schema"]).get("format") == "ulid" and (name, p["name"]) not in BOUNDS:
                cases.append((name, dump(dict(params, **{p["name"]: NOBODY}))))
    assert len(cases) > 25, len(cases)
    each_is_refused(cases, ("not_found",))


def a_missing_parameter_is_invalid():
    each_is_refused([(name, dump({k: v for k, v in params.items() if k != gone}))
                     for name, _, params in methods() for gone in params], ("invalid",))


def an_unknown_parameter_is_invalid():
    each_is_refused([(name, dump(dict(params, surprise=1))) for name, _, params in methods()], ("invalid",))


def a_name_in_other_case_is_unknown():
    each_is_refused([(name, dump({k.upper() if k == one else k: v for k, v in params.items()}))
                     for name, _, params in methods() for one in params], ("invalid",))


def a_wrong_type_is_invalid():
    others = {"string": [7, None, [], {}, True], "integer": ["7", 1.5, None, [], True], "boolean": [0, "true", None],
              "array": [{}, "x", 1], "object": [[], "x", 1], "number": ["1", None]}
    cases = []
    for name, m, params in methods():
        for p in m["params"]:
            s = resolve(p["schema"])
            for bad in others.get(s.get("type") or ("string" if "enum" in s else None), []):
                cases.append((name, dump(dict(params, **{p["name"]: bad}))))
    assert len(cases) > 300, len(cases)
    each_is_refused(cases, ("invalid",))


def parameters_by_position_are_invalid():
    each_is_refused([(name, text) for name, _, _ in methods() for text in (b"[]", b'["x"]')], ("invalid",))


def parameters_that_are_no_object_are_refused():
    each_is_refused([(name, text) for name, _, _ in methods() for text in (b"1", b'"x"', b"true")])


def numbers_out_of_range_are_refused():
    cases = []
    for name, m, params in methods():
        for p in m["params"]:
            s = resolve(p["schema"])
            if s.get("type") != "integer":
                continue
            rest = dump({k: v for k, v in params.items() if k != p["name"]})[:-1]
            for bad in (b"1e400", b"-1e400", b"9223372036854775808", b"01", b"0x10", b"NaN"):
                cases.append((name, rest + (b"," if len(rest) > 1 else b"") + dump(p["name"]) + b":" + bad + b"}"))
            for bound, step in (("minimum", -1), ("maximum", 1)):
                if bound in s:
                    cases.append((name, dump(dict(params, **{p["name"]: s[bound] + step}))))
    each_is_refused(cases)


def strings():
    for name, m, params in methods():
        for p in m["params"]:
            s = resolve(p["schema"])
            if s.get("type") == "string":
                rest = dump({k: v for k, v in params.items() if k != p["name"]})[:-1]
                yield name, rest + (b"," if len(rest) > 1 else b"") + dump(p["name"]) + b":", s


def a_string_that_is_too_long_is_refused():
    each_is_refused([(name, head + dump("x" * (s.get("maxLength", 26) + 1)) + b"}") for name, head, s in strings()])


def what_no_text_may_hold_is_refused():
    bad = (b'"a\\u0000b"', b'"\\ud800"', b'"\xff\xfe"', b'"\xc0\x80"', b'"a\x00b"', b'"\x01"', b'"\\x"')
    each_is_refused([(name, head + text + b"}") for name, head, _ in strings() for text in bad])


def a_member_that_is_there_twice_is_refused():
    each_is_refused([(name, head + b'"x",' + head.rsplit(b",", 1)[-1].lstrip(b"{") + b'"x"}') for name, head, _ in strings()])


def deep_nesting_is_refused():
    deep = b"[" * 5000 + b"]" * 5000
    objects = b'{"a":' * 5000 + b"1" + b"}" * 5000
    each_is_refused([(name, b'{"surprise":' + x + b"}") for name, _, _ in methods() for x in (deep, objects)])
    each_is_refused([("engine.ping", b'{"data":' + x + b"}") for x in (deep, objects)])


def a_message_that_is_too_large_costs_only_its_sender():
    c = E.client()
    c.sock.sendall(b'{"jsonrpc":"2.0","id":1,"method":"engine.ping","params":{"data":"')
    try:
        for _ in range(64):
            c.sock.sendall(b"x" * 65536)
        c.sock.sendall(b'"}}\n')
    except OSError:
        pass
    try:
        m, _ = c.read()
        assert m is None or m["error"]["data"]["name"] == "limit", m
    except OSError:
        pass
    assert E.client().call("engine.ping", {"data": 1}) == {"data": 1}


def another_user_of_the_machine_is_not_let_in():
    """The socket's directory is closed; a process that gets to the socket all the same is told that it is not its own."""
    mode = os.stat(os.path.dirname(E.socket)).st_mode & 0o777
    assert mode == 0o700, oct(mode)
    if os.geteuid() != 0:
        return
    script = ("import os, socket, sys\nos.chdir(%r)\nos.setgid(65534)\nos.setuid(65534)\ns = socket.socket(socket.AF_UNIX)\n"
              "s.connect('engine.sock')\nprint(s.recv(4096).decode())" % os.path.dirname(E.socket))
    os.chmod(E.socket, 0o666)
    try:
        p = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           timeout=30)
    finally:
        os.chmod(E.socket, 0o600)
    assert '"denied"' in p.stdout or "PermissionError" in p.stderr, (p.stdout, p.stderr)


def make_what_is_there():
    c = E.client()
    DOC.update(c.call("rpc.discover")["openrpc"])
    path = os.path.join(E.directory, "w")
    os.makedirs(path)
    with open(os.path.join(path, "a"), "w", encoding="ascii") as f:
        f.write("a\n")
    HERE["workspace"] = c.call("workspace.open", {"path": path})["workspace"]["id"]
    HERE["snapshot"] = c.call("snapshot.create", {"workspace": HERE["workspace"]})["snapshot"]["id"]
    HERE["from"] = HERE["to"] = HERE["snapshot"]
    HERE["job"] = c.call("job.list")["jobs"][0]["job"]
    HERE["terminal"] = c.call("terminal.open", {"rows": 2, "cols": 20, "cwd": path, "argv": ["/bin/cat"]})["terminal"]["id"]
    c.close()


with E:
    make_what_is_there()
    try:
        run_tests([an_id_that_is_not_there_is_not_found, a_missing_parameter_is_invalid, an_unknown_parameter_is_invalid,
                   a_name_in_other_case_is_unknown, a_wrong_type_is_invalid, parameters_by_position_are_invalid,
                   parameters_that_are_no_object_are_refused, numbers_out_of_range_are_refused,
                   a_string_that_is_too_long_is_refused, what_no_text_may_hold_is_refused,
                   a_member_that_is_there_twice_is_refused, deep_nesting_is_refused,
                   a_message_that_is_too_large_costs_only_its_sender, another_user_of_the_machine_is_not_let_in])
    finally:
        try:
            E.client().call("terminal.close", {"terminal": HERE["terminal"]})
        except (OSError, RpcError):
            pass
