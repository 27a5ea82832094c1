#!/usr/bin/env python3
"""One engine a user: racing starters, the bridge on standard input and output, signals, bad directories, the
configuration as the program reads it, and rebuild with and without a running engine."""
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import ENGINE, Client, Engine, run_tests, wait_for  # noqa: E402

HELLO = '{"jsonrpc":"2.0","id":0,"method":"engine.hello","params":{"protocol":1}}\n'


def gone(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as f:
            return ") Z " in f.read()
    except FileNotFoundError:
        return True


class Home(Engine):
    """Directories for an engine that the test starts in its own way; ends what it started."""

    def __enter__(self):
        return self

    def __exit__(self, *a):
        try:
            c = Client(self.socket)
            pid = c.call("engine.info")["pid"]
            c.call("engine.stop")
            wait_for(lambda: gone(pid))
        except (OSError, ConnectionError):
            pass
        super().__exit__(*a)


def racing_starters_start_one():
    with Home() as h:
        starters = [subprocess.Popen([ENGINE], env=h.env, stdin=subprocess.DEVNULL) for _ in range(8)]
        assert [p.wait(30) for p in starters] == [0] * 8
        pids = {Client(h.socket).call("engine.info")["pid"] for _ in range(5)}
        assert len(pids) == 1, pids


def a_second_one_in_the_foreground_says_so_and_ends_well():
    with Engine() as e:
        p = e.run("--foreground", timeout=20)
        assert "runs already" in p.stdout, p.stdout


def the_bridge_starts_an_engine_and_answers_after_the_input_ended():
    with Home() as h:
        p = subprocess.run([ENGINE, "--stdio"], env=h.env, timeout=30, capture_output=True, text=True,
                           input=HELLO + '{"jsonrpc":"2.0","id":1,"method":"event.list"}\n')
        answers = [json.loads(x) for x in p.stdout.splitlines()]
        assert [a["id"] for a in answers] == [0, 1], p.stdout + p.stderr
        assert p.returncode == 0
        assert Client(h.socket).call("engine.info")["store"] == "ok"


def the_bridge_carries_large_attachments_unchanged():
    with Engine() as e:
        data = bytes(range(256)) * 4096
        m = '{"jsonrpc":"2.0","id":1,"method":"stream.data","params":{"stream":1},"bytes":%d}\n' % len(data)
        p = subprocess.run([ENGINE, "--stdio"], env=e.env, timeout=30, capture_output=True,
                           input=HELLO.encode() + m.encode() + data + b'{"jsonrpc":"2.0","id":2,"method":"engine.ping"}\n')
        ids = [json.loads(x)["id"] for x in p.stdout.splitlines()]
        assert ids == [0, 1, 2], p.stdout


def sigterm_ends_it_cleanly_and_takes_the_socket_away():
    with Engine() as e:
        assert e.stop() == 0
        assert not os.path.exists(e.socket)


def a_killed_engine_leaves_a_socket_that_is_replaced():
    with Engine() as e:
        e.kill()
        assert os.path.exists(e.socket)
        e.start()
        e.client().call("engine.ping")


def hangup_reopens_the_log():
    with Engine() as e:
        log = os.path.join(e.state, "log", "engine.log")
        os.rename(log, log + ".away")
        e.process.send_signal(signal.SIGHUP)
        wait_for(lambda: os.path.exists(log))


def a_task_that_was_running_when_it_was_killed_is_declared_failed():
    with Engine() as e:
        c = e.client()
        for _ in range(50):
            c.send("engine.rebuild", {})
        c.read()
        e.kill()
        e.start()
        c = e.client()
        wait_for(lambda: not c.call("job.list", {"state": "running"})["jobs"])


def a_directory_open_to_others_is_refused():
    with Home() as h:
        os.makedirs(os.path.dirname(h.socket))
        os.chmod(os.path.dirname(h.socket), 0o755)
        p = h.run("--foreground", check=False, timeout=20)
        assert p.returncode == 1 and "open to others" in p.stderr, p.stderr


def a_directory_that_is_a_link_is_refused():
    with Home() as h:
        os.makedirs(h.directory + "/elsewhere", mode=0o700)
        os.symlink(h.directory + "/elsewhere", os.path.dirname(h.socket))
        p = h.run("--foreground", check=False, timeout=20)
        assert p.returncode == 1 and "no directory" in p.stderr, p.stderr


def the_background_start_tells_why_it_failed():
    with Home() as h:
        os.makedirs(os.path.dirname(h.state))
        with open(h.state, "w", encoding="ascii") as f:
            f.write("a file where the directory should be")
        p = h.run(check=False, timeout=20)
        assert p.returncode == 1 and p.stderr.strip(), p


def write_config(h, name, text):
    d = os.path.join(h.directory, "c", "webnova")
    os.makedirs(d, exist_ok=True)
    with open(os.path.join(d, name), "w", encoding="utf-8") as f:
        f.write(text)


def value_of(printed, name):
    return [x.split(" = ")[1] for x in printed.splitlines() if x.startswith(name + " = ")][0]


def flags_win_over_the_environment_and_that_over_the_file():
    with Home(env={"WEBNOVA_ENGINE_RPC_RATE": "200"}) as h:
        write_config(h, "config.toml", '[engine.log]\nlevel = "warn"\nkeep = 7\n[engine.rpc]\nrate = 100\n')
        p = h.run("--print-config", "--log-level", "debug").stdout
        assert value_of(p, "level") == '"debug"'
        assert value_of(p, "rate") == "200"
        assert value_of(p, "keep") == "7"


def a_bad_configuration_is_told_with_its_line():
    with Home() as h:
        write_config(h, "config.toml", '[engine.log]\nlevle = "warn"\n')
        p = h.run("--foreground", check=False, timeout=20)
        assert p.returncode == 2 and "engine.log.level" in p.stderr and "line 2" in p.stderr, p.stderr


def an_unknown_flag_is_told():
    with Home() as h:
        p = h.run("--frobnicate", check=False)
        assert p.returncode == 2 and "--frobnicate" in p.stderr


def check_finds_all_in_order():
    with Home() as h:
        assert "in order" in h.run("check").stdout


def rebuild_works_without_and_through_a_running_engine():
    with Engine() as e:
        e.client().call("engine.rebuild")
        assert "running engine" in e.run("rebuild").stdout
        e.stop()
        assert e.run("rebuild").stdout.startswith("rebuilt from "), "offline"


def idle_wakes_nobody():
    """No thread of an idle engine runs; looked at over one second."""
    def switches(pid):
        total = 0
        for t in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/status" % (pid, t), encoding="ascii") as f:
                total += sum(int(x.split()[1]) for x in f if x.startswith("voluntary_ctxt"))
        return total
    with Engine() as e:
        pid = e.process.pid
        state = {"last": -1, "same": 0}

        def quiet():
            now = switches(pid)
            state["same"] = state["same"] + 1 if now == state["last"] else 0
            state["last"] = now
            return state["same"] >= 100  # 100 looks, 10 ms apart
        wait_for(quiet, 30)


if __name__ == "__main__":
    run_tests([racing_starters_start_one, a_second_one_in_the_foreground_says_so_and_ends_well,
               the_bridge_starts_an_engine_and_answers_after_the_input_ended,
               the_bridge_carries_large_attachments_unchanged, sigterm_ends_it_cleanly_and_takes_the_socket_away,
               a_killed_engine_leaves_a_socket_that_is_replaced, hangup_reopens_the_log,
               a_task_that_was_running_when_it_was_killed_is_declared_failed, a_directory_open_to_others_is_refused,
               a_directory_that_is_a_link_is_refused, the_background_start_tells_why_it_failed,
               flags_win_over_the_environment_and_that_over_the_file, a_bad_configuration_is_told_with_its_line,
               an_unknown_flag_is_told, check_finds_all_in_order, rebuild_works_without_and_through_a_running_engine,
               idle_wakes_nobody])
