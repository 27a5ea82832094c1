#!/usr/bin/env python3
"""The judge of the record must find what is wrong in it: small records, one fault each."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import BUILD, run_tests  # noqa: E402

ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
FINE = "ok 1 - every message keeps its contract"


def judge(messages, unprovoked=""):
    """messages: ("in" or "out", message). What the judge prints."""
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, "record"), "w", encoding="utf-8") as f:
            for direction, m in messages:
                f.write(json.dumps({"engine": ID, "conn": 1, "direction": direction, "message": m}, separators=(",", ":")) + "\n")
        with open(os.path.join(d, "unprovoked"), "w", encoding="utf-8") as f:
            f.write(unprovoked)
        p = subprocess.run([os.path.join(BUILD, "contract_check"), os.path.join(d, "unprovoked"), os.path.join(d, "record")],
                           stdout=subprocess.PIPE, text=True, timeout=60)
        assert p.returncode == 1, p.stdout  # such a small record never saw everything
        return p.stdout


def asked(method, params, n=1):
    return "in", {"jsonrpc": "2.0", "id": n, "method": method, "params": params}


def answered(result, n=1):
    return "out", {"jsonrpc": "2.0", "id": n, "result": result}


def failed(name, code, n=1, hint="Do so.", text="It is so."):
    return "out", {"jsonrpc": "2.0", "id": n, "error": {"code": code, "message": text,
                                                       "data": {"name": name, "hint": hint, "where": ""}}}


def event(type_, data, version=1):
    return "out", {"jsonrpc": "2.0", "method": "event.item", "params": {"stream": 1, "event": {
        "id": ID, "source": "x", "type": type_, "time": "2026-01-01T00:00:00.000Z", "data": data, "seq": "1",
        "dataschema": "urn:webnova:event:%s:%d" % (type_, version), "stream": "workspace/" + ID, "version": "1",
        "tenant": "local", "actor": "x"}}}


def wrong(words, *messages):
    out = judge(messages)
    assert "not " + FINE in out and words in out, out


def what_keeps_the_contract_is_fine():
    out = judge([asked("engine.ping", {"data": 1}), answered({"data": 1}), event("workspace.forgotten", {"id": ID})])
    assert out.splitlines()[1] == FINE, out
    assert "no test saw the method engine.ping" not in out and "no test saw the event workspace.forgotten" not in out
    assert "no test saw the method engine.info" in out and "no test saw the notification call.progress" in out


def a_result_with_another_member_is_found():
    wrong("engine.ping", asked("engine.ping", {}), answered({"data": 1, "more": 2}))


def accepted_params_that_break_the_contract_are_found():
    wrong("config.get:params", asked("config.get", {"name": ""}), answered({}))


def refused_params_may_break_the_contract():
    assert judge([asked("config.get", {"name": 7}), failed("invalid", -32602)]).splitlines()[1] == FINE


def a_result_without_a_request_is_found():
    wrong("nobody asked for", answered({}, 9))


def answers_find_their_requests_by_id():
    assert judge([asked("engine.ping", {}, 1), asked("workspace.list", {}, 2), answered({"workspaces": []}, 2),
                  answered({}, 1)]).splitlines()[1] == FINE


def an_error_the_method_does_not_declare_is_found():
    wrong("does not declare", asked("engine.ping", {}), failed("provider", -32030))


def an_error_with_another_code_is_found():
    wrong("not of the table", asked("engine.ping", {}), failed("invalid", -1))


def an_error_without_a_hint_or_text_is_found():
    wrong("without a text or hint", asked("engine.ping", {}), failed("invalid", -32602, hint=""))
    wrong("without a text or hint", asked("engine.ping", {}), failed("invalid", -32602, text=""))


def an_event_nobody_declares_is_found():
    wrong("no contract declares", event("workspace.eaten", {}))


def an_event_that_breaks_its_contract_is_found():
    wrong("workspace.forgotten", event("workspace.forgotten", {"id": "short", "more": 1}))


def a_notification_nobody_declares_is_found():
    wrong("no contract declares", ("out", {"jsonrpc": "2.0", "method": "engine.gossip", "params": {}}))


def an_excuse_needs_a_reason_and_an_error():
    out = judge([], "internal\tno\nwrongname\tA reason that is long enough to be one.\n")
    assert "internal has no reason" in out and "there is no error wrongname" in out, out


def an_excuse_for_what_was_provoked_is_found():
    out = judge([asked("engine.ping", {}), failed("invalid", -32602)], "invalid\tA reason that is long enough to be one.\n")
    assert "excuses invalid, which a test provoked" in out, out


run_tests([what_keeps_the_contract_is_fine, a_result_with_another_member_is_found,
           accepted_params_that_break_the_contract_are_found, refused_params_may_break_the_contract,
           a_result_without_a_request_is_found, answers_find_their_requests_by_id,
           an_error_the_method_does_not_declare_is_found, an_error_with_another_code_is_found,
           an_error_without_a_hint_or_text_is_found, an_event_nobody_declares_is_found,
           an_event_that_breaks_its_contract_is_found, a_notification_nobody_declares_is_found,
           an_excuse_needs_a_reason_and_an_error, an_excuse_for_what_was_provoked_is_found])
