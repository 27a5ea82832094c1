#!/usr/bin/env python3
"""The clinic's appointment book, generated and judged: Arabic first, other roles, other rules."""
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import platform_lib as lib  # noqa: E402

tap = lib.Tap("clinic")
room = tempfile.mkdtemp(prefix="wn-clinic-")
clinic = os.path.join(room, "clinic")


def own_tests():
    tests = sorted("test/" + f for f in os.listdir(os.path.join(clinic, "test")) if f.endswith(".test.ts"))
    out = lib.run([lib.node(), "--test", "--test-reporter=tap", *tests], cwd=clinic)
    assert re.search(r"^# fail 0$", out, re.M), out[-1500:]


def rules():
    p = lib.Platform(clinic)
    try:
        def login(who):
            return p.call("POST", "/api/auth/login", {"email": who + "@clinic.example", "password": lib.PASSWORD})[2]["token"]
        patient, doctor, desk = login("patient"), login("layla"), login("reception")
        doctors = p.call("GET", "/api/doctors")[2]["doctors"]
        assert {d["name"] for d in doctors} == {"د. ليلى الشامي", "د. خالد العتيبي", "د. منى أبو زيد"}
        body = {"day": "2026-06-01", "slot": 9, "reason": "صداع", "doctorId": doctors[0]["id"]}
        status, _, made = p.call("POST", "/api/appointments", body, patient)
        assert status == 201 and made["appointment"]["patient"]["label"] == "يوسف إبراهيم", made
        path = "/api/appointments/" + made["appointment"]["id"]
        status, _, answer = p.call("POST", "/api/appointments", body, patient)
        assert status == 409 and set(answer["fields"]) == {"doctorId", "day", "slot"}, answer
        status, _, answer = p.call("POST", "/api/appointments", dict(body, slot=7), patient)
        assert status == 422 and answer["fields"] == {"slot": ["tooSmall"]}, answer
        # Only reception books for others; only a doctor writes notes; reception does not read them.
        assert p.call("POST", "/api/appointments", dict(body, slot=10, patientId=made["appointment"]["patient"]["id"]), patient)[0] == 403
        assert p.call("POST", "/api/appointments", dict(body, slot=10, patientId=made["appointment"]["patient"]["id"]), desk)[0] == 201
        assert p.call("PATCH", path, {"notes": "راحة"}, patient)[0] == 403
        assert p.call("PATCH", path, {"notes": "راحة"}, doctor)[0] == 200
        assert p.call("GET", path, token=patient)[2]["appointment"]["notes"] == "راحة"
        assert "notes" not in p.call("GET", path, token=desk)[2]["appointment"]
        assert p.call("POST", path + "/finish", token=doctor)[0] == 409
        assert p.call("POST", path + "/confirm", token=patient)[0] == 403
        assert p.call("POST", path + "/confirm", token=desk)[0] == 200
        assert p.call("PATCH", path, {"reason": "أخرى"}, patient)[0] == 403, "a confirmed visit is changed by its patient"
        assert p.call("POST", path + "/finish", token=doctor)[0] == 200
        other = p.call("POST", "/api/auth/register", {"fullName": "زائر", "email": "v@example.test", "password": "long enough it is"})[2]["token"]
        assert p.call("GET", path, token=other)[0] == 403
        assert p.call("GET", "/api/appointments", token=other)[2]["appointments"] == []
        assert p.call("GET", "/api/people", token=other)[0] == 403
        found = p.call("GET", "/api/appointments?from=2026-06-01&until=2026-06-30", token=desk)[2]["appointments"]
        assert len(found) == 2, found
    finally:
        p.remove()


def build():
    lib.run([lib.node(), "--run", "build"], cwd=clinic)


try:
    tap.test("generated", lib.generate, "clinic", clinic)
    if tap.test("dependencies from the lock file, linked", lib.dependencies, clinic):
        tap.test("its own tests pass", own_tests)
        tap.test("patient, doctor and reception may what the blueprint says", rules)
        if tap.test("the pages build", build):
            tap.pass_on(tap.test("a browser opens the pages", lib.browse, clinic, "clinic") or "")
finally:
    shutil.rmtree(room, ignore_errors=True)
tap.end()
