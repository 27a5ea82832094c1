#!/usr/bin/env python3
"""The other examples (blog, help desk, booking, inventory): generated, their own tests, attacked, opened in a browser.
One dependency folder and one Chromium for all of them."""
import concurrent.futures
import json
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import platform_lib as lib  # noqa: E402

tap = lib.Tap("examples")
room = tempfile.mkdtemp(prefix="wn-examples-")
EVIL = '<img src=x onerror="globalThis.attacked=1;alert(1)"><script>globalThis.attacked=2</script>'
INJECTIONS = ["' OR 1=1 --", "\"; DROP TABLE user; --", "%' OR '%'='", "\\' UNION SELECT password_hash FROM user --", "{\"$ne\":1}", "../../etc/passwd"]
EXAMPLES = {
    "blog": {"admin": "admin@blog.example", "routes": ["/", "/a/new", "/feed"],
             "evil": ("/api/articles", {"title": EVIL, "body": EVIL, "tags": ["<b>x"]}), "evil_route": "/"},
    "helpdesk": {"admin": "admin@desk.example", "routes": ["/", "/t/new", "/mine"],
                 "evil": ("/api/tickets", {"subject": EVIL, "text": EVIL}), "evil_route": "/"},
    "booking": {"admin": "admin@rooms.example", "routes": ["/", "/rooms/new", "/stays/new"],
                "evil": ("/api/rooms", {"name": EVIL[:80], "beds": 1, "price": "1"}), "evil_route": "/"},
    "inventory": {"admin": "admin@stock.example", "routes": ["/", "/items/new", "/suppliers"],
                  "evil": ("/api/items", {"code": "EVIL-1", "name": EVIL[:120], "low": 1}), "evil_route": "/"},
}


def make(name):
    directory = os.path.join(room, name)
    lib.generate(name, directory)
    lib.dependencies(directory)
    return directory


def own_tests(name):
    directory = os.path.join(room, name)
    files = sorted("test/" + f for f in os.listdir(os.path.join(directory, "test")) if f.endswith(".test.ts"))
    out = lib.run([lib.node(), "--test", "--test-reporter=tap", *files], cwd=directory, ok=(0, 1))
    failures = re.findall(r"^ *not ok .*", out, re.M)
    assert re.search(r"^# fail 0$", out, re.M) and int(re.search(r"^# pass (\d+)", out, re.M).group(1)) > 80, "\n".join(failures) or out[-2000:]


def build(name):
    lib.run([lib.node(), "--run", "build"], cwd=os.path.join(room, name))


def sign_in(p, who):
    return p.call("POST", "/api/auth/login", {"email": who, "password": lib.PASSWORD})[2]["token"]


def sign_up(p, name):
    status, _, body = p.call("POST", "/api/auth/register", {"name": name, "email": name + "@example.test", "password": "long enough it is"})
    assert status == 201, body
    return body["token"]


# ---- attacks that every platform must stand ----------------------------------------------------------------------

def injection(p, doc, token):
    """Every parameter of every reading operation takes hostile text: no answer of 500, no row too many."""
    for path, item in doc["paths"].items():
        if "get" not in item:
            continue
        for text in INJECTIONS:
            target = re.sub(r"\{\w+\}", lambda _: text.replace("/", "%2f"), path)
            assert p.call("GET", target, token=token)[0] < 500, target
            for q in item["get"].get("parameters", []):
                if q["in"] == "query":
                    target = re.sub(r"\{\w+\}", "x", path) + "?%s=%s" % (q["name"], text.replace("&", "%26"))
                    status, _, body = p.call("GET", target, token=token)
                    assert status < 500, (target, status)
                    assert "scrypt" not in json.dumps(body), target


def forgery(p, who):
    """What a page of another site can make a browser send with the cookie: refused."""
    status, headers, _ = p.call("POST", "/api/auth/login", {"email": who, "password": lib.PASSWORD})
    cookie = headers["set-cookie"].split(";")[0]
    assert "HttpOnly" in headers["set-cookie"] and "SameSite" in headers["set-cookie"]
    path, body = CURRENT["evil"]
    for more in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert p.call("POST", path, body, headers=dict(more, cookie=cookie))[0] == 403, more
    assert p.call("GET", "/api/me", headers={"cookie": cookie})[0] == 200


def assignment(p):
    """Members that the server decides, sent along."""
    for more in ({"role": "admin"}, {"id": "00000000-0000-7000-8000-000000000000"}, {"createdAt": "2020-01-01T00:00:00.000Z"},
                 {"password_hash": "x"}, {"_owner": "x"}):
        body = dict({"name": "x", "email": "mass@example.test", "password": "long enough it is"}, **more)
        assert p.call("POST", "/api/auth/register", body)[0] == 422, more


CURRENT = None


def attack(name):
    global CURRENT
    CURRENT = EXAMPLES[name]
    p = lib.Platform(os.path.join(room, name))
    try:
        doc = p.call("GET", "/openapi.json")[2]
        admin = sign_in(p, CURRENT["admin"])
        people = p.call("GET", "/api/me", token=admin)[2]
        injection(p, doc, admin)
        forgery(p, CURRENT["admin"])
        assignment(p)
        globals()["rules_" + name](p, admin)
        assert p.call("GET", "/api/me", token=admin)[2] == people, "the database was harmed"
        assert '"request failed"' not in p.text(), "an error reached the log:\n" + p.text()[-1500:]
    finally:
        p.remove()


# ---- what each of them is for, and whose rows are whose -----------------------------------------------------------

def rules_blog(p, admin):
    one, two = sign_up(p, "one"), sign_up(p, "two")
    status, _, made = p.call("POST", "/api/articles", {"title": "عن البحر", "body": "ماء", "tags": ["sea", "sea"]}, one)
    assert status == 422, "the same tag twice"
    status, _, made = p.call("POST", "/api/articles", {"title": "عن البحر", "body": "ماء", "tags": [" Sea", "travel", "sea"]}, one)
    assert status == 201 and made["article"]["tags"] == ["sea", "travel"], made
    slug, author = made["article"]["slug"], made["article"]["author"]["id"]
    path = "/api/articles/" + slug
    assert p.call("PATCH", path, {"title": "x"}, two)[0] == 403 and p.call("DELETE", path, token=two)[0] == 403
    assert p.call("PATCH", path, {"summary": "s"}, one)[2]["article"]["tags"] == ["sea", "travel"], "absent leaves alone"
    assert p.call("PATCH", path, {"tags": None}, one)[0] == 422
    assert p.call("POST", path + "/favorite")[0] == 401
    assert p.call("POST", path + "/favorite", token=two)[2]["article"]["favoritesCount"] == 1
    again = p.call("POST", path + "/favorite", token=two)[2]["article"]
    assert again["favoritesCount"] == 1 and again["isFavorite"] is True
    assert p.call("GET", path, token=one)[2]["article"]["isFavorite"] is False
    assert [a["slug"] for a in p.call("GET", "/api/articles?tag=sea")[2]["articles"]] == [slug]
    assert p.call("GET", "/api/articles?tag=nothing")[2]["articles"] == []
    counted = p.call("GET", "/api/articles?limit=1")[2]
    assert counted["articlesCount"] == 3 and len(counted["articles"]) == 1, counted
    taken = p.call("POST", "/api/auth/register", {"name": "x", "email": "one@example.test", "password": "long enough it is"})
    assert taken[0] == 409 and taken[2]["errors"] == {"email": ["Somebody has this already."]}, taken
    assert p.call("GET", "/api/feed", token=two)[2]["articles"] == []
    assert p.call("POST", "/api/profiles/%s/follow" % author, token=two)[2]["profile"] == {
        "id": author, "name": "one", "isFollowed": True, "followersCount": 1}
    assert [a["slug"] for a in p.call("GET", "/api/feed", token=two)[2]["articles"]] == [slug]
    assert p.call("GET", "/api/feed", token=one)[2]["articles"] == []
    assert p.call("DELETE", "/api/profiles/%s/follow" % author, token=two)[2]["profile"]["isFollowed"] is False
    assert p.call("GET", "/api/feed", token=two)[2]["articles"] == []
    assert p.call("PATCH", path, {"tags": []}, one)[2]["article"]["tags"] == [], "an empty list clears"
    assert p.call("GET", "/api/tag-names")[2]["names"] == ["sea", "travel"]
    comment = p.call("POST", "/api/articles/%s/comments" % made["article"]["id"], {"text": EVIL}, two)[2]["comment"]
    other = p.call("POST", "/api/articles", {"title": "another", "body": "b"}, two)[2]["article"]["id"]
    assert p.call("DELETE", "/api/articles/%s/comments/%s" % (other, comment["id"]), token=two)[0] == 404, "under a wrong parent"
    assert p.call("DELETE", "/api/articles/%s/comments/%s" % (made["article"]["id"], comment["id"]), token=one)[0] == 403
    assert p.call("DELETE", path, token=one)[0] == 204


def rules_helpdesk(p, admin):
    one, two, agent = sign_up(p, "one"), sign_up(p, "two"), sign_in(p, "agent@desk.example")
    topics = [t["id"] for t in p.call("GET", "/api/topics", token=one)[2]["topics"]]
    made = p.call("POST", "/api/tickets", {"subject": "عطل", "text": "لا يعمل", "topicIds": topics[::-1]}, one)[2]["ticket"]
    path = "/api/tickets/" + made["id"]
    assert [t["id"] for t in made["topics"]] == topics[::-1], "an ordered list keeps its order"
    assert p.call("POST", "/api/tickets", {"subject": "x", "text": "y", "topicIds": [made["id"]]}, one)[0] == 422
    assert p.call("POST", "/api/tickets", {"subject": "x", "text": "y", "note": "z"}, one)[0] == 403, "a field of the desk"
    assert p.call("POST", "/api/tickets", {"subject": "x", "text": "y", "status": "closed"}, one)[0] == 422
    for method, more in (("GET", ""), ("POST", "/close"), ("GET", "/replies")):
        assert p.call(method, path + more, token=two)[0] == 403, (method, more)
    assert p.call("GET", "/api/tickets", token=two)[2]["tickets"] == []
    assert p.call("GET", "/api/my-tickets", token=two)[2]["tickets"] == []
    assert p.call("PATCH", path, {"note": "نظر"}, agent)[2]["ticket"]["note"] == "نظر"
    assert "note" not in p.call("GET", path, token=one)[2]["ticket"]
    assert p.call("POST", path + "/watch", token=one)[0] == 403
    assert p.call("POST", path + "/watch", token=agent)[2]["ticket"]["isWatched"] is True
    assert [t["id"] for t in p.call("GET", "/api/watched", token=agent)[2]["tickets"]] == [made["id"]]
    assert p.call("GET", "/api/watched", token=admin)[2]["tickets"] == []
    assert p.call("POST", path + "/solve", token=agent)[0] == 409
    assert p.call("POST", path + "/start", token=agent)[0] == 200 and p.call("POST", path + "/solve", token=agent)[0] == 200
    assert p.call("POST", path + "/close", token=one)[0] == 200
    assert p.call("GET", "/api/my-tickets", token=one)[2]["tickets"] == [], "closed ones are outside the scope"


def rules_booking(p, admin):
    one, two, host = sign_up(p, "one"), sign_up(p, "two"), sign_in(p, "host@rooms.example")
    rooms = p.call("GET", "/api/rooms?sort=name")[2]["rooms"]
    amenity = p.call("GET", "/api/amenities")[2]["amenities"][0]["id"]
    slug = rooms[0]["slug"]
    assert p.call("PATCH", "/api/rooms/" + slug, {"amenityIds": [amenity]}, one)[0] == 403
    linked = p.call("PATCH", "/api/rooms/" + slug, {"amenityIds": [amenity]}, host)[2]["room"]
    assert [a["id"] for a in linked["amenities"]] == [amenity]
    assert [r["slug"] for r in p.call("GET", "/api/rooms?amenity=" + amenity)[2]["rooms"]] == [slug]
    shown = next(a for a in p.call("GET", "/api/amenities")[2]["amenities"] if a["id"] == amenity)
    assert [r["id"] for r in shown["rooms"]] == [rooms[0]["id"]], "seen from the other side"
    stay = p.call("POST", "/api/stays", {"day": "2026-08-01", "nights": 3, "roomId": rooms[0]["id"]}, one)[2]["stay"]
    assert stay["rate"] == rooms[0]["price"] and float(stay["total"]) == 3 * float(rooms[0]["price"]), stay
    assert p.call("POST", "/api/stays", {"day": "2026-08-01", "roomId": rooms[0]["id"]}, two)[0] == 409, "the same night twice"
    assert p.call("POST", "/api/stays", {"day": "2026-08-02", "roomId": rooms[0]["id"], "rate": "0"}, two)[0] == 422
    path = "/api/stays/" + stay["id"]
    assert p.call("GET", path, token=two)[0] == 403 and p.call("POST", path + "/cancel", token=two)[0] == 403
    assert p.call("GET", "/api/stays", token=two)[2]["stays"] == []
    assert p.call("POST", path + "/confirm", token=one)[0] == 403
    assert p.call("POST", path + "/confirm", token=host)[0] == 200 and p.call("POST", path + "/cancel", token=one)[0] == 200
    assert p.call("DELETE", "/api/rooms/" + slug, token=admin)[0] == 204
    shown = next(a for a in p.call("GET", "/api/amenities")[2]["amenities"] if a["id"] == amenity)
    assert shown["rooms"] == [], "a removed row is not listed"


def rules_inventory(p, admin):
    clerk = sign_in(p, "clerk@stock.example")
    supplier = p.call("GET", "/api/suppliers", token=clerk)[2]["suppliers"][0]["id"]
    assert p.call("POST", "/api/items", {"code": "A-1", "name": "مسمار", "supplierIds": [supplier]}, clerk)[0] == 403
    assert p.call("POST", "/api/items", {"code": "A-1", "name": "مسمار", "cost": "1"}, clerk)[0] == 403
    item = p.call("POST", "/api/items", {"code": "A-1", "name": "مسمار", "low": 5, "cost": "0.25", "supplierIds": [supplier]}, admin)[2]["item"]
    assert item["cost"] == "0.25" and item["suppliers"][0]["id"] == supplier and item["short"] is True, item
    assert "cost" not in p.call("GET", "/api/items/" + item["id"], token=clerk)[2]["item"]
    place = p.call("GET", "/api/places", token=clerk)[2]["places"][0]["id"]
    moves = "/api/items/%s/moves" % item["id"]
    assert p.call("POST", moves, {"quantity": 9, "placeId": place}, clerk)[0] == 201
    seen = p.call("GET", "/api/items/" + item["id"], token=clerk)[2]["item"]
    assert seen["stock"] == 9 and seen["short"] is False and seen["movesCount"] == 1, seen
    assert [i["id"] for i in p.call("GET", "/api/items?supplier=" + supplier, token=clerk)[2]["items"]] == [item["id"]]
    assert p.call("GET", "/api/items")[0] == 401
    assert p.call("DELETE", "/api/items/" + item["id"], token=clerk)[0] == 403


# ---- one browser for all ------------------------------------------------------------------------------------------

def browse():
    if not shutil.which("chromium"):
        raise lib.Skip("chromium is not installed")
    tools = lib.test_tools()
    script = os.path.join(tools, "platform_pages.mjs")
    if not os.path.exists(script):
        shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "platform_pages.mjs"), script)
    profile, running, plan = tempfile.mkdtemp(prefix="wn-profile-"), [], []
    try:
        for name, example in EXAMPLES.items():
            p = lib.Platform(os.path.join(room, name), port=True)
            running.append(p)
            plan.append({"name": name, "url": p.url, "login": example["admin"], "routes": example["routes"], "evilRoute": example["evil_route"]})
            seed_evil(p, example)
        file = os.path.join(room, "plan.json")
        with open(file, "w") as f:
            json.dump({"chromium": shutil.which("chromium"), "profile": profile, "password": lib.PASSWORD, "platforms": plan}, f)
        out = lib.run([lib.node(), script, file], cwd=tools, ok=(0, 1))
        assert "ok " in out, out[-2000:]
        return out
    finally:
        for p in running:
            p.remove()
        shutil.rmtree(profile, ignore_errors=True)


def seed_evil(p, example):
    import urllib.request
    path, body = example["evil"]

    def post(where, what, token=None):
        request = urllib.request.Request(p.url + where, json.dumps(what).encode(), {"content-type": "application/json"})
        if token:
            request.add_header("authorization", "Bearer " + token)
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.load(response)
    token = post("/api/auth/login", {"email": example["admin"], "password": lib.PASSWORD})["token"]
    post(path, body, token)


try:
    good = all([tap.test("%s: generated, dependencies linked" % name, make, name) for name in EXAMPLES])
    if good:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            builds = {name: pool.submit(build, name) for name in EXAMPLES}
            for name in EXAMPLES:
                tap.test("%s: its own tests pass" % name, own_tests, name)
            for name in EXAMPLES:
                tap.test("%s: stands injection, forgery, other people's rows, members sent along" % name, attack, name)
            built = all([tap.test("%s: the pages build" % name, builds[name].result) for name in EXAMPLES])
        if built:
            tap.pass_on(tap.test("one browser opens the pages of all", browse) or "")
finally:
    shutil.rmtree(room, ignore_errors=True)
tap.end()
