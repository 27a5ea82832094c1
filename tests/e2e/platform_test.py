#!/usr/bin/env python3
"""The shop, generated and judged: same bytes, its own tests, its contract, its pages in a browser."""
import gzip
import json
import os
import re
import shutil
import stat
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import platform_lib as lib  # noqa: E402

tap = lib.Tap("shop")
room = tempfile.mkdtemp(prefix="wn-shop-")
shop = os.path.join(room, "shop")


def same_bytes():
    lib.generate("shop", shop)
    first = lib.tree(shop)
    assert len(first) > 60, len(first)
    for name in ("C", "ar_SA.UTF-8", "tr_TR.UTF-8", "en_US.UTF-8"):
        other = os.path.join(room, "other-" + name)
        lib.generate("shop", other, dict(os.environ, LC_ALL=name, LANG=name, TZ="Asia/Riyadh" if "ar" in name else "America/Lima"))
        assert lib.tree(other) == first, name


def again_keeps_hand_work():
    hook = os.path.join(shop, "hooks", "product.ts")
    with open(hook, "a") as f:
        f.write("// mine\n")
    before = lib.tree(shop)
    lib.generate("shop", shop)
    assert lib.tree(shop) == before
    shutil.copy(os.path.join(room, "other-C", "hooks", "product.ts"), hook)


def manifest_is_true():
    import hashlib
    files = lib.tree(shop)
    manifest = json.loads(files.pop(".webnova/manifest.json"))
    listed = {f["path"]: f for f in manifest["files"]}
    assert set(listed) == set(files), set(listed) ^ set(files)
    for path, content in files.items():
        assert listed[path]["sha256"] == hashlib.sha256(content).hexdigest(), path
    assert listed["hooks/product.ts"]["kind"] == "once"
    assert "ent_product" in listed["server/entities/product.ts"]["ids"]


def no_secrets_no_places():
    for path, content in lib.tree(shop).items():
        text = content.decode("utf-8")
        assert not re.search(r"scrypt\$\d|BEGIN [A-Z ]*PRIVATE KEY|/root/|/home/|/tmp/", text), path
        if path == "package-lock.json":
            assert '"resolved"' not in text and "hasInstallScript" not in text


def refused(change, word):
    with open(os.path.join(lib.ROOT, "docs", "examples", "shop.blueprint.json")) as f:
        blueprint = json.load(f)
    change(blueprint)
    file, out = os.path.join(room, "bad.json"), os.path.join(room, "bad")
    with open(file, "w") as f:
        json.dump(blueprint, f)
    text = lib.run([lib.CODEGEN, file, out], ok=(1,))
    assert word in text, text
    assert not os.path.exists(out), "files were written"


def refusals():
    refused(lambda b: b["target"].update(stack="cobol"), "/target/stack")
    refused(lambda b: b["operations"][6].update(access="role:emperor"), "role:emperor")
    refused(lambda b: b["operations"][6].update(kind="custom"), "custom")
    refused(lambda b: b["views"][2]["fields"].append("nonsense"), "nonsense")
    refused(lambda b: b["views"][0]["fields"].append("password"), "password")
    refused(lambda b: b["relations"][0].update(input={"by": "fld_category_name"}), "by another field")
    refused(lambda b: b["entities"][2]["checks"].append(["eval", "stock"]), "eval")


def own_tests(directory):
    out = lib.run([lib.node(), "--test", "--test-reporter=tap", *tests(directory)], cwd=directory)
    passed = int(re.search(r"^# pass (\d+)", out, re.M).group(1))
    assert passed > 100 and re.search(r"^# fail 0$", out, re.M), out[-1500:]


def tests(directory):
    return sorted("test/" + f for f in os.listdir(os.path.join(directory, "test")) if f.endswith(".test.ts"))


# What, where, how, and which of the generated tests must find it.
DEFECTS = [
    ("an access rule", "server/operations/op_product_delete.ts", r"allow: .*", "allow: () => true,", "operations"),
    ("the owner of an order", "server/operations/op_order.ts", r"allow: .*", "allow: (ctx) => ctx.viewer !== null,", "operations"),
    ("the parent in a path", "server/operations/op_line_delete.ts", r"return row && row.order_id === .*", "return row;", "operations"),
    ("a role that nobody may choose", "openapi.json", None, None, "identity"),
    ("a secret in an answer", "server/views/user.ts", r"name: row.name,", "name: 'scrypt' + row.name,", "operations"),
    ("a constraint's field", "server/entities/user.ts", r"fields: \{ email: 'email' \}", "fields: {}", "identity"),
    ("the end of a session", "server/operations/op_logout.ts", r"closeSession\(.*\);", "", "identity"),
]


def finds_defects():
    """The generated tests are judged: each planted defect must make them fail."""
    missed = []
    for what, file, pattern, text, judge in DEFECTS:
        path = os.path.join(shop, file)
        with open(path) as f:
            good = f.read()
        if pattern is None:
            doc = json.loads(good)
            body = doc["paths"]["/api/auth/register"]["post"]["requestBody"]["content"]["application/json"]["schema"]
            body["properties"]["role"] = {"type": "string"}
            bad = json.dumps(doc)
        else:
            bad = re.sub(pattern, text, good, count=1)
        assert bad != good, what
        try:
            with open(path, "w") as f:
                f.write(bad)
            out = lib.run([lib.node(), "--test", "--test-reporter=tap", "test/%s.test.ts" % judge], cwd=shop, ok=(0, 1))
            if re.search(r"^# fail 0$", out, re.M):
                missed.append(what)
        finally:
            with open(path, "w") as f:
                f.write(good)
    assert not missed, "not found: %s" % missed


def first_start_makes_passwords():
    p = lib.Platform(shop, password=None)
    try:
        file = os.path.join(p.data, "credentials.json")
        assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
        with open(file) as f:
            people = json.load(f)
        assert len({c["password"] for c in people}) == len(people) == 2
        login = {"email": people[0]["login"], "password": people[0]["password"]}
        status, _, body = p.call("POST", "/api/auth/login", login)
        assert status == 200, body
        assert people[0]["password"] not in p.text(), "a password is in the log"
        assert p.stop() == 0, p.text()[-1000:]
        assert '"stopping"' in p.text()
    finally:
        p.remove()


class Judge:
    """Checks answers against the platform's own OpenAPI with an independent validator."""

    def __init__(self, platform):
        try:
            import jsonschema
            jsonschema.Draft202012Validator
        except (ImportError, AttributeError):
            raise lib.Skip("python3-jsonschema with draft 2020-12 is not installed")
        self.platform, self.seen = platform, set()
        self.doc = platform.call("GET", "/openapi.json")[2]
        self.validator = jsonschema.Draft202012Validator

    def call(self, method, template, values=None, query="", body=None, token=None):
        path = template
        for k, v in (values or {}).items():
            path = path.replace("{%s}" % k, v)
        status, headers, answer = self.platform.call(method, "/api" + path + query, body, token)
        operation = self.doc["paths"]["/api" + template][method.lower()]
        response = operation["responses"].get(str(status))
        assert response, "%s %s: %d is not in the contract: %r" % (method, path, status, answer)
        kind = headers.get("content-type", "").split(";")[0]
        if "content" in response:
            schema = dict(response["content"][kind]["schema"], components=self.doc["components"])
            errors = [e.message for e in self.validator(schema).iter_errors(answer)]
            assert not errors, "%s %s: %s" % (method, path, errors)
        self.seen.add(operation["operationId"])
        return status, answer


def contract():
    p = lib.Platform(shop)
    try:
        j = Judge(p)
        login = lambda who: j.call("POST", "/auth/login", body={"email": who, "password": lib.PASSWORD})[1]["token"]
        admin, customer = login("admin@shop.example"), login("customer@shop.example")
        assert j.call("POST", "/auth/login", body={"email": "admin@shop.example", "password": "x"})[0] == 401
        status, made = j.call("POST", "/auth/register", body={"name": "ليلى", "email": "layla@example.test", "password": "long enough"})
        assert status == 201 and made["user"]["role"] == "customer"
        assert j.call("POST", "/auth/register", body={"name": "x", "email": "layla@example.test", "password": "long enough"})[0] == 409
        j.call("GET", "/me", token=customer)
        j.call("GET", "/me")
        j.call("GET", "/users", token=admin)
        user = j.call("GET", "/users", token=admin, query="?q=%D9%84%D9%8A%D9%84%D9%8A")[1]["users"]
        assert [u["name"] for u in user] == ["ليلى"], user
        j.call("GET", "/users/{id}", {"id": user[0]["id"]}, token=admin)
        j.call("PATCH", "/users/{id}", {"id": user[0]["id"]}, body={"role": "admin"}, token=admin)
        j.call("GET", "/users", token=customer)
        status, c = j.call("POST", "/categories", body={"name": "تاريخ"}, token=admin)
        category = c["category"]["id"]
        j.call("GET", "/categories")
        j.call("GET", "/categories/{id}", {"id": category})
        j.call("PATCH", "/categories/{id}", {"id": category}, body={"name": "تاريخ وسير"}, token=admin)
        status, made = j.call("POST", "/products", body={"title": "مقدمة ابن خلدون", "price": "55.25", "cost": "20", "stock": 2, "categoryId": category}, token=admin)
        assert status == 201 and made["product"]["slug"] == "مقدمة-ابن-خلدون" and made["product"]["cost"] == "20.00", made
        slug = made["product"]["slug"]
        again = j.call("POST", "/products", body={"title": "مقدمة ابن خلدون", "price": "1"}, token=admin)[1]["product"]
        assert again["slug"] == slug + "-2", again
        seen = j.call("GET", "/products/{slug}", {"slug": slug})[1]["product"]
        assert "cost" not in seen and seen["price"] == "55.25" and seen["category"]["label"] == "تاريخ وسير", seen
        assert j.call("PATCH", "/products/{slug}", {"slug": slug}, body={"price": "-1"}, token=admin)[0] == 422
        status, answer = j.call("PATCH", "/products/{slug}", {"slug": slug}, body={"categoryId": "00000000-0000-7000-8000-000000000000"}, token=admin)
        assert status == 422 and answer["fields"] == {"categoryId": ["unknown"]}, answer
        kept = j.call("PATCH", "/products/{slug}", {"slug": slug}, body={"title": "المقدمة"}, token=admin)[1]["product"]
        assert kept["slug"] == slug, "the address moved with the title"
        for query in ("?q=%D8%A7%D9%84%D9%85%D9%82%D8%AF%D9%85%D9%87", "?category=" + category, "?maxPrice=40", "?sort=price&limit=2"):
            status, found = j.call("GET", "/products", query=query)
            assert status == 200 and found["products"], query
        assert j.call("POST", "/products", body={"title": "x", "price": "1"}, token=customer)[0] == 403
        assert j.call("POST", "/products", body={"title": "x", "price": "1"})[0] == 401
        product = seen["id"]
        order = j.call("POST", "/orders", body={"address": "جدة"}, token=customer)[1]["order"]
        oid = {"id": order["id"]}
        lines = {"order": order["id"]}
        line = j.call("POST", "/orders/{order}/lines", lines, body={"productId": product, "quantity": 2}, token=customer)[1]["line"]
        assert line["unitPrice"] == "55.25"
        extra = j.call("POST", "/orders/{order}/lines", lines, body={"productId": product, "quantity": 1}, token=customer)[1]["line"]
        assert j.call("GET", "/orders/{id}", oid, token=customer)[1]["order"]["total"] == "165.75"
        status, answer = j.call("POST", "/orders/{id}/place", oid, token=customer)
        assert status == 409 and j.call("GET", "/products/{slug}", {"slug": slug})[1]["product"]["stock"] == 2, "half an order was placed"
        j.call("DELETE", "/orders/{order}/lines/{id}", {**lines, "id": extra["id"]}, token=customer)
        j.call("GET", "/orders/{order}/lines", lines, token=customer)
        j.call("PATCH", "/orders/{id}", oid, body={"deliverOn": "2026-05-01"}, token=customer)
        assert j.call("POST", "/orders/{id}/place", oid, token=customer)[0] == 200
        assert j.call("POST", "/orders/{id}/place", oid, token=customer)[0] == 200, "placing twice is one placing"
        assert j.call("GET", "/products/{slug}", {"slug": slug})[1]["product"]["stock"] == 0
        assert j.call("PATCH", "/orders/{id}", oid, body={"address": "x"}, token=customer)[0] == 403
        assert j.call("DELETE", "/orders/{id}", oid, token=customer)[0] == 403
        assert j.call("POST", "/orders/{id}/ship", oid, token=admin)[0] == 409
        assert j.call("POST", "/orders/{id}/pay", oid, token=customer)[0] == 403
        assert j.call("POST", "/orders/{id}/pay", oid, token=admin)[0] == 200
        assert j.call("POST", "/orders/{id}/ship", oid, token=admin)[0] == 200
        assert j.call("POST", "/orders/{id}/cancel", oid, token=customer)[0] == 409
        assert j.call("GET", "/orders/{id}", oid)[0] == 401
        assert len(j.call("GET", "/orders", token=admin)[1]["orders"]) == 2
        assert len(j.call("GET", "/orders", query="?status=shipped", token=customer)[1]["orders"]) == 1
        spare = j.call("POST", "/orders", body={"address": "x"}, token=customer)[1]["order"]["id"]
        assert j.call("DELETE", "/orders/{id}", {"id": spare}, token=customer)[0] == 204
        assert j.call("GET", "/orders/{id}", {"id": spare}, token=customer)[0] == 404
        assert j.call("DELETE", "/products/{slug}", {"slug": slug}, token=admin)[0] == 204
        assert j.call("GET", "/orders/{id}", oid, token=customer)[1]["order"]["lines"][0]["product"]["label"] == "المقدمة"
        assert j.call("DELETE", "/categories/{id}", {"id": category}, token=admin)[0] == 204
        assert j.call("POST", "/auth/logout", token=customer)[0] == 204
        assert j.call("GET", "/me", token=customer)[0] == 401
        for _ in range(12):
            status, _ = j.call("POST", "/auth/login", body={"email": "x", "password": "y"})
        assert status == 429
        every = {o["operationId"] for path in j.doc["paths"].values() for o in path.values()}
        assert j.seen == every, "not asked: %s" % (every - j.seen)
    finally:
        p.remove()


def pages_are_light():
    lib.run([lib.node(), "--run", "build"], cwd=shop)
    total = 0
    for base, _, files in os.walk(os.path.join(shop, "web", "dist")):
        for f in files:
            if f.endswith((".html", ".js", ".css", ".svg")):
                with open(os.path.join(base, f), "rb") as handle:
                    total += len(gzip.compress(handle.read(), 9))
    assert total <= 40_000, "%d bytes, gzipped" % total


try:
    tap.test("same bytes in every language and time zone", same_bytes)
    tap.test("generating again changes nothing and keeps hand work", again_keeps_hand_work)
    tap.test("the manifest lists every file with its hash", manifest_is_true)
    tap.test("no secrets, no places, no install scripts", no_secrets_no_places)
    tap.test("what cannot be made is refused, with the place, and nothing is written", refusals)
    if tap.test("dependencies from the lock file, linked", lib.dependencies, shop):
        tap.test("its own tests pass", own_tests, shop)
        tap.test("its own tests find planted defects", finds_defects)
        tap.test("first start: passwords made up, readable by the owner; SIGTERM ends it well", first_start_makes_passwords)
        tap.test("every operation answers as its OpenAPI says", contract)
        if tap.test("the pages weigh at most 40 kB", pages_are_light):
            tap.pass_on(tap.test("a browser opens the pages", lib.browse, shop, "shop") or "")
finally:
    shutil.rmtree(room, ignore_errors=True)
tap.end()
