#!/usr/bin/env python3
"""What a client can do to the engine: nothing, but to itself. Each abuse runs beside a good client that must be
answered, and the engine's memory must stay small."""
import json
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import Client, Engine, RpcError, run_tests, sanitized, wait_for  # noqa: E402

HELLO = b'{"jsonrpc":"2.0","id":0,"method":"engine.hello","params":{"protocol":1}}\n'


def raw(e, data=b""):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(20)
    s.connect(e.socket)
    if data:
        s.sendall(data)
    return s


def rss_mb(e):
    with open("/proc/%d/status" % e.process.pid, encoding="ascii") as f:
        return [int(x.split()[1]) for x in f if x.startswith("VmRSS")][0] / 1024


def holds_at_most(e, mb):
    """A sanitizer keeps what was freed, so its build says nothing about memory."""
    assert sanitized() or rss_mb(e) < mb, rss_mb(e)


def served(e, rounds=50):
    """A good client is answered, each time within a second."""
    c = e.client()
    for i in range(rounds):
        start = time.monotonic()
        assert c.call("engine.ping", {"data": i})["data"] == i
        assert time.monotonic() - start < 1, "a good client waited"
    c.close()


def connections(e):
    c = e.client()
    n = c.call("engine.info")["connections"]
    c.close()
    return n


def alone(e):
    """Only the asking client is connected."""
    wait_for(lambda: connections(e) == 1)


def drain(s):
    try:
        while s.recv(65536):
            pass
    except OSError:
        pass


def a_client_that_stops_reading_is_ended_and_harms_nobody():
    with Engine(args=["--set", "engine.rpc.stall_ms=500"]) as e:
        s = raw(e, HELLO)
        s.setblocking(False)
        ask = b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"rpc.discover"}\n' % i for i in range(1, 200))
        for _ in range(50):
            try:
                s.send(ask)
            except (BlockingIOError, ConnectionError):
                pass
            served(e, 2)
        served(e)
        alone(e)
        holds_at_most(e, 120)
        s.close()


def half_a_message_waits_and_harms_nobody():
    with Engine() as e:
        s = raw(e, HELLO + b'{"jsonrpc":"2.0","id":1,"meth')
        served(e)
        s.sendall(b'od":"engine.ping"}\n')
        f = s.makefile("rb")
        assert json.loads(f.readline())["id"] == 0
        assert json.loads(f.readline())["id"] == 1
        f.close()
        s.close()
        alone(e)


def half_a_message_and_gone_leaves_nothing():
    with Engine() as e:
        for tail in (b'{"jsonrpc', b'{"jsonrpc":"2.0","id":1,"method":"engine.ping","bytes":100}\nabc'):
            raw(e, HELLO + tail).close()
        served(e)
        alone(e)


def a_line_of_one_gigabyte_is_refused_early():
    with Engine() as e:
        s = raw(e, HELLO)
        block, sent = b"x" * (1 << 20), 0
        try:
            while sent < 1 << 30:
                s.sendall(block)
                sent += len(block)
        except OSError:
            pass
        assert sent < 64 << 20, "the engine read %d bytes of one line" % sent
        drain(s)
        served(e)
        alone(e)
        holds_at_most(e, 60)


def an_attachment_over_the_limit_is_refused_before_it_is_read():
    with Engine() as e:
        s = raw(e, HELLO + b'{"jsonrpc":"2.0","id":1,"method":"engine.ping","bytes":1000000000}\n')
        f = s.makefile("rb")
        json.loads(f.readline())
        assert json.loads(f.readline())["error"]["data"]["name"] == "limit"
        assert f.read() == b""
        served(e)


def garbage_is_answered_and_then_ended():
    with Engine() as e:
        for data in (b"\x00" * 100000, os.urandom(200000), b"\n" * 100000, b"[" * 100000 + b"\n", b"\xff\xfe\n" * 1000,
                     b'{"jsonrpc":"2.0","id":1,"method":"engine.ping","params":' + b"[" * 5000 + b"\n"):
            s = raw(e, HELLO)
            try:
                s.sendall(data)
            except OSError:
                pass
            s.shutdown(socket.SHUT_WR) if s.fileno() >= 0 else None
            drain(s)
            s.close()
            served(e, 5)
        alone(e)


def ten_thousand_requests_at_once_are_all_answered():
    with Engine() as e:
        s = raw(e)
        s.settimeout(60)
        n = 10000
        data = HELLO + b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"engine.ping"}\n' % i for i in range(1, n + 1))
        t = threading.Thread(target=s.sendall, args=(data,))
        t.start()
        served(e)
        f = s.makefile("rb")
        ids = [json.loads(f.readline())["id"] for _ in range(n + 1)]
        t.join()
        assert ids == list(range(n + 1))
        s.close()


def ten_thousand_slow_requests_get_a_limit_not_a_queue():
    with Engine() as e:
        s = raw(e)
        s.settimeout(60)
        n = 10000
        data = HELLO + b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"event.list"}\n' % i for i in range(1, n + 1))
        t = threading.Thread(target=s.sendall, args=(data,))
        t.start()
        served(e)
        f = s.makefile("rb")
        answers = [json.loads(f.readline()) for _ in range(n + 1)]
        t.join()
        names = {a["error"]["data"]["name"] for a in answers if "error" in a}
        assert names <= {"limit", "busy"}, names
        assert len({a["id"] for a in answers}) == n + 1
        s.close()


def too_many_requests_a_second_are_told_to_wait():
    with Engine(args=["--set", "engine.rpc.rate=10", "--set", "engine.rpc.burst=20"]) as e:
        c = e.client()
        names = []
        for _ in range(40):
            try:
                c.call("engine.ping")
            except RpcError as err:
                names.append(err.name)
        assert names and set(names) == {"rate"}, names
        e.client().call("engine.ping")


def slow_lorises_are_dropped_and_the_rest_is_served():
    with Engine(args=["--set", "engine.rpc.hello_ms=300", "--set", "engine.rpc.connections=40"]) as e:
        lorises = [raw(e, b'{"jsonrpc"') for _ in range(30)]
        served(e, 5)
        alone(e)
        for s in lorises:
            drain(s)
            s.close()


def connections_are_limited_and_come_back():
    with Engine(args=["--set", "engine.rpc.connections=5"]) as e:
        good = [e.client() for _ in range(5)]
        s = raw(e)
        f = s.makefile("rb")
        assert json.loads(f.readline())["error"]["data"]["name"] == "limit"
        assert f.readline() == b""
        for c in good:
            c.close()

        def accepted():
            try:
                return e.client()
            except (OSError, ConnectionError, RpcError):
                return None
        wait_for(accepted).close()


def a_subscriber_that_grants_nothing_costs_nothing():
    with Engine() as e:
        lazy = e.client()
        lazy.call("event.subscribe", {"after": "0", "credit": 1})
        c = e.client()
        for _ in range(100):
            c.call("engine.rebuild")
        holds_at_most(e, 60)
        seqs = []
        lazy.call("stream.credit", {"stream": 1, "credit": 1000})
        while len(seqs) < 300:
            while lazy.notes:
                seqs.append(int(lazy.notes.pop(0)[0]["params"]["event"]["seq"]))
            if len(seqs) < 300:
                lazy.notes.append(lazy.read())
        assert seqs == list(range(1, len(seqs) + 1)), seqs[:20]


def the_socket_is_closed_to_others():
    with Engine() as e:
        assert os.stat(os.path.dirname(e.socket)).st_mode & 0o777 == 0o700
        assert os.stat(e.socket).st_mode & 0o777 == 0o600


if __name__ == "__main__":
    run_tests([a_client_that_stops_reading_is_ended_and_harms_nobody, half_a_message_waits_and_harms_nobody,
               half_a_message_and_gone_leaves_nothing, a_line_of_one_gigabyte_is_refused_early,
               an_attachment_over_the_limit_is_refused_before_it_is_read, garbage_is_answered_and_then_ended,
               ten_thousand_requests_at_once_are_all_answered, ten_thousand_slow_requests_get_a_limit_not_a_queue,
               too_many_requests_a_second_are_told_to_wait, slow_lorises_are_dropped_and_the_rest_is_served,
               connections_are_limited_and_come_back, a_subscriber_that_grants_nothing_costs_nothing,
               the_socket_is_closed_to_others])
