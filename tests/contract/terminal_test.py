#!/usr/bin/env python3
"""Terminals through the engine: typing, frames at the client's pace, and outliving clients and engine."""
import json
import os
import select
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Engine, RpcError, run_tests, wait_for  # noqa: E402

E = None


def terminal(c, argv=("/bin/sh",), **kw):
    return c.call("terminal.open", {"rows": 24, "cols": 80, "cwd": E.directory, "argv": list(argv), **kw})["terminal"]["id"]


def path(name):
    return os.path.join(E.directory, name)


def type_line(c, t, text):
    c.call("terminal.input", {"terminal": t}, attachment=text.encode() + b"\n")


def read(name):
    def ready():
        return os.path.exists(path(name)) and open(path(name), encoding="utf-8").read()
    return wait_for(ready)


def what_is_typed_reaches_the_program():
    c = E.client()
    t = terminal(c)
    type_line(c, t, "echo 'مرحبا' >typed")
    assert read("typed") == "مرحبا\n"
    c.call("terminal.close", {"terminal": t})


def the_program_knows_the_size_also_after_a_resize():
    c = E.client()
    t = terminal(c)
    type_line(c, t, "stty size >size1")
    assert read("size1") == "24 80\n"
    c.call("terminal.resize", {"terminal": t, "rows": 40, "cols": 132})
    type_line(c, t, "stty size >size2")
    assert read("size2") == "40 132\n"
    c.call("terminal.close", {"terminal": t})


def frames(c, n):
    """The next n frames; a note that is no frame is kept."""
    got = [m for m in c.notes if m[0].get("method") == "terminal.frame"]
    c.notes = [m for m in c.notes if m[0].get("method") != "terminal.frame"]
    while len(got) < n:
        m, a = c.read()
        (got if m.get("method") == "terminal.frame" else c.notes).append((m, a))
    return got


def quiet(c, seconds):
    return not select.select([c.sock], [], [], seconds)[0]


def frames_come_at_the_pace_of_the_credit():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "while :; do date; done"))
    s = c.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 3})["stream"]
    assert all(a for _, a in frames(c, 3))
    assert quiet(c, 0.5), "more frames than the credit allows"
    c.send("stream.credit", {"stream": s, "credit": 2}, notify=True)
    frames(c, 2)
    assert quiet(c, 0.5)
    c.call("terminal.close", {"terminal": t})


def a_client_that_does_not_read_holds_nobody_up():
    slow, c = E.client(), E.client()
    t = terminal(c, ("/bin/sh", "-c", "while :; do date; done"))
    slow.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 100})
    c.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 100})
    frames(c, 30)
    c.call("terminal.close", {"terminal": t})


def the_end_of_a_program_is_told_with_its_code():
    c = E.client()
    t = terminal(c)
    s = c.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 100})["stream"]
    type_line(c, t, "exit 7")
    while True:
        m, _ = c.read()
        if m.get("method") == "terminal.exit":
            break
    assert m["params"] == {"stream": s, "terminal": t, "exit_code": 7}, m
    row = [x for x in c.call("terminal.list")["terminals"] if x["id"] == t][0]
    assert not row["running"] and row["exit_code"] == 7, row


def news_of(c, stream, kind):
    """The next news of a kind; whatever comes before it gives its credit back."""
    while True:
        m, a = c.notes.pop(0) if c.notes else c.read()
        c.send("stream.credit", {"stream": stream, "credit": 1}, notify=True)
        if m.get("method") == "terminal.news" and m["params"]["kind"] == kind:
            return m["params"], a


def what_a_program_says_beside_its_screen_is_told():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "read x; printf '\\033]2;a title\\a\\033]7;file:///tmp\\a\\a\\033]52;c;aGk=\\a'; "
                                      "printf '\\033]133;A\\a$ \\033]133;C\\aout\\n\\033]133;D;3\\a'; read x"))
    s = c.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 100})["stream"]
    type_line(c, t, "go")
    said, _ = news_of(c, s, "title")
    assert said == {"stream": s, "terminal": t, "kind": "title", "text": "a title"}, said
    said, _ = news_of(c, s, "directory")
    assert said["text"] == "file:///tmp", said
    news_of(c, s, "bell")
    _, copied = news_of(c, s, "clipboard")
    assert copied == b"aGk=", copied
    said, _ = news_of(c, s, "command")
    assert said["exit_code"] == 3 and said["ms"] >= 0, said
    c.call("terminal.close", {"terminal": t})


def news_come_also_to_a_client_of_little_credit():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "read x; printf '\\033]2;later\\adone\\n'; read x"))
    s = c.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 1})["stream"]
    type_line(c, t, "go")
    said, _ = news_of(c, s, "title")
    assert said["text"] == "later", said
    c.call("terminal.close", {"terminal": t})


def texts_and_prompts_are_found_in_the_scrollback():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; "
                                      "printf '\\033]133;A\\a$ Needle HERE\\n\\033]133;C\\aout\\n'; echo ok >found0; read x"))
    read("found0")

    def find(**kw):
        return c.call("terminal.find", {"terminal": t, **kw})
    at = wait_for(lambda: (lambda f: f if f["row"] >= 0 else None)(find(**{"from": 0, "text": "needle"})))
    assert (at["col"], at["cols"]) == (2, 6), at
    assert find(**{"from": 0, "text": "NEEDLE"})["row"] == -1, "a capital is meant"
    assert find(**{"from": 0, "text": "line 7"})["row"] == 7
    back = find(**{"from": 700, "text": "line 7", "back": True})
    assert back["row"] == 79, back
    assert find(**{"from": 0, "mark": "prompt"})["row"] == at["row"]
    assert find(**{"from": 0, "mark": "output"})["row"] == at["row"] + 1
    assert find(**{"from": at["row"] + 1, "mark": "prompt", "back": True})["row"] == at["row"]
    assert find(**{"from": at["row"] + 1, "mark": "prompt"})["row"] == -1
    try:
        find(**{"from": 0})
        raise AssertionError("nothing to look for")
    except RpcError as e:
        assert e.name == "invalid", e.name
    c.call("terminal.close", {"terminal": t})


def a_link_in_the_output_is_told():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "printf '\\033]8;;https://example.org/a\\033\\\\text\\033]8;;\\033\\\\'; echo ok >link0; read x"))
    read("link0")

    def told():
        try:
            return c.call("terminal.link", {"terminal": t, "link": 1})["uri"]
        except RpcError as e:
            assert e.name == "not_found", e.name  # not read yet
    assert wait_for(told) == "https://example.org/a"
    try:
        c.call("terminal.link", {"terminal": t, "link": 2})
        raise AssertionError("no such link")
    except RpcError as e:
        assert e.name == "not_found", e.name
    c.call("terminal.close", {"terminal": t})


def a_key_is_encoded_as_the_program_asks():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "stty raw -echo; printf ready >k0; head -c 3 | od -An -c >k1; mv k1 key"))
    read("k0")
    c.call("terminal.key", {"terminal": t, "key": "Up"})
    assert read("key").split() == ["033", "[", "A"]


def a_key_with_ctrl_is_a_control():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "stty raw -echo; printf ready >c0; head -c 3 | od -An -c >c1; mv c1 ctrl"))
    read("c0")
    c.call("terminal.key", {"terminal": t, "key": "c", "ctrl": True})
    c.call("terminal.key", {"terminal": t, "key": "x", "alt": True})
    assert read("ctrl").split() == ["003", "033", "x"]


def the_mouse_is_told_to_a_program_that_asked():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "stty raw -echo; printf '\\033[?1002h\\033[?1006h'; printf ready >m0; "
                                      "head -c 28 | od -An -c >m1; mv m1 mouse"))
    read("m0")
    s = c.call("terminal.attach", {"terminal": t, "rows": 24, "cols": 80, "credit": 100})
    assert s["stream"]

    def asked():
        try:
            c.call("terminal.mouse", {"terminal": t, "row": 4, "col": 2, "button": 1, "pressed": True})
            c.call("terminal.mouse", {"terminal": t, "row": 5, "col": 2, "button": 1, "pressed": False, "moved": True})
            c.call("terminal.mouse", {"terminal": t, "row": 5, "col": 2, "button": 1, "pressed": False})
        except RpcError as e:
            assert e.name == "state", e.name  # it has read enough and ended
        return os.path.exists(path("mouse"))
    wait_for(asked)
    got = "".join(read("mouse").split())
    assert got.startswith("033[<0;3;5M033[<32;3;6M033[<0;3;6m"), got


def terminals_go_on_when_the_client_and_the_engine_are_killed():
    c = E.client()
    t = terminal(c)
    type_line(c, t, "X=kept; echo started >before")
    read("before")
    E.kill()
    E.start()
    c = E.client()
    rows = [x for x in c.call("terminal.list")["terminals"] if x["id"] == t]
    assert rows and rows[0]["running"], rows
    type_line(c, t, "echo $X >after")
    assert read("after") == "kept\n"
    c.call("terminal.close", {"terminal": t})
    wait_for(lambda: not [x for x in c.call("terminal.list")["terminals"] if x["id"] == t and x["running"]])


def what_is_not_there_is_said():
    c = E.client()
    for method, params, name in (
            ("terminal.open", {"rows": 24, "cols": 80, "argv": ["/no/such/program"]}, None),
            ("terminal.open", {"rows": 24, "cols": 80, "cwd": "/no/such/dir"}, "not_found"),
            ("terminal.open", {"rows": 0, "cols": 80}, "invalid"),
            ("terminal.attach", {"terminal": "01J00000000000000000000000", "rows": 1, "cols": 1, "credit": 1}, "not_found"),
            ("terminal.key", {"terminal": "01J00000000000000000000000", "key": "a"}, "not_found")):
        try:
            r = c.call(method, params)
            assert name is None, (method, r)
        except RpcError as e:
            assert name is None or e.name == name, (method, params, e.name, str(e))
            assert str(e)


def arguments_are_in_no_event():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "sleep 0 # canary-2718"))
    events = c.call("event.list", {"types": ["terminal.*"], "limit": 1000})
    assert "canary-2718" not in json.dumps(events) and t in json.dumps(events)


def the_limit_holds_also_for_many_at_once():
    with Engine(args=["--set", "terminal.max=3"]) as e:
        results = []

        def one():
            c = e.client()
            try:
                results.append(c.call("terminal.open", {"rows": 24, "cols": 80, "argv": ["/bin/cat"]})["terminal"]["id"])
            except RpcError as x:
                results.append(x.name)
            c.close()
        threads = [threading.Thread(target=one) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        ids = [r for r in results if len(r) == 26]
        assert len(ids) == 3 and set(results) - set(ids) == {"limit"}, results
        c = e.client()
        for t in ids:
            c.call("terminal.close", {"terminal": t})
        wait_for(lambda: not c.call("terminal.list")["terminals"])
        assert os.listdir(os.path.join(e.directory, "webnova", "terminal")) == []


def closing_ends_what_the_program_started():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "sleep 4242 & sleep 4242 & echo $! >child; wait"))
    child = int(read("child"))
    c.call("terminal.close", {"terminal": t})
    wait_for(lambda: not os.path.exists("/proc/%d" % child), 15)


def an_end_while_no_engine_ran_is_told_with_its_code():
    c = E.client()
    t = terminal(c, ("/bin/sh", "-c", "echo up >up; while [ ! -e go ]; do sleep 0.05; done; exit 5"))
    read("up")
    E.kill()
    open(path("go"), "w", encoding="ascii").close()
    E.start()
    c = E.client()

    def closed():
        return [x for x in c.call("event.list", {"types": ["terminal.closed"], "limit": 1000})["events"]
                if x["data"]["terminal"] == t]
    assert wait_for(closed)[0]["data"].get("exit_code") == 5


def a_directory_without_a_card_is_cleared_away():
    left = os.path.join(E.directory, "webnova", "terminal", "01J00000000000000000000000")
    os.makedirs(left)
    E.kill()
    E.start()
    assert not os.path.exists(left)


def a_sandboxed_terminal_stays_in_its_workspace():
    c = E.client()
    os.makedirs(path("ws/sub"), exist_ok=True)
    w = c.call("workspace.open", {"path": path("ws")})["workspace"]["id"]
    os.symlink(E.directory, path("ws/out"))
    for cwd in (E.directory, path("ws/out"), path("ws") + "/..", "/"):
        try:
            c.call("terminal.open", {"rows": 24, "cols": 80, "workspace": w, "sandbox": True, "cwd": cwd})
            raise AssertionError(cwd)
        except RpcError as e:
            assert e.name in ("invalid", "sandbox"), (cwd, e.name, str(e))


with Engine() as E:
    try:
        run_tests([what_is_typed_reaches_the_program, the_program_knows_the_size_also_after_a_resize,
                   frames_come_at_the_pace_of_the_credit, a_client_that_does_not_read_holds_nobody_up,
                   the_end_of_a_program_is_told_with_its_code, a_key_is_encoded_as_the_program_asks,
                   a_key_with_ctrl_is_a_control, the_mouse_is_told_to_a_program_that_asked,
                   terminals_go_on_when_the_client_and_the_engine_are_killed, what_is_not_there_is_said,
                   arguments_are_in_no_event, the_limit_holds_also_for_many_at_once,
                   what_a_program_says_beside_its_screen_is_told, news_come_also_to_a_client_of_little_credit,
                   texts_and_prompts_are_found_in_the_scrollback, a_link_in_the_output_is_told,
                   closing_ends_what_the_program_started, an_end_while_no_engine_ran_is_told_with_its_code,
                   a_directory_without_a_card_is_cleared_away, a_sandboxed_terminal_stays_in_its_workspace])
    finally:
        c = E.client()
        for row in c.call("terminal.list")["terminals"]:
            c.call("terminal.close", {"terminal": row["id"]})
