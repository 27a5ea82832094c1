#!/usr/bin/env python3
"""The manual pages: every command and option has its place in one, and a reader of pages finds no fault in them."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import BUILD, TOP, run_tests  # noqa: E402

CLIENT = os.path.join(BUILD, "webnova")
ENGINE_PAGE = os.path.join(TOP, "docs", "man", "webnovad.1")


def out(*argv):
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


def commands():
    return [json.loads(line)["name"] for line in out(CLIENT, "--json", "help").splitlines()]


def pages():
    yield "webnova", out(CLIENT, "help", "--man")
    for name in commands():
        yield name, out(CLIENT, "help", "--man", name)
    with open(ENGINE_PAGE, encoding="utf-8") as f:
        yield "webnovad", f.read()


def plain(page):
    """A page's text as a person reads it."""
    r = subprocess.run(["mandoc", "-T", "utf8"], input=page, capture_output=True, text=True, check=True)
    return re.sub(".\b", "", r.stdout)


def a_reader_of_pages_finds_no_fault():
    for name, page in pages():
        r = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=page, capture_output=True, text=True, check=False)
        faults = [l for l in r.stdout.splitlines() if "missing date" not in l]
        assert not faults, (name, faults)


def every_command_is_in_the_programs_page():
    text = plain(out(CLIENT, "help", "--man"))
    assert [c for c in commands() if "webnova-%s(1)" % c not in text] == []


def what_help_offers_is_in_the_page():
    for name in commands():
        text = plain(out(CLIENT, "help", "--man", name))
        for flag in re.findall(r"--[a-z][a-z-]*", out(CLIENT, "help", name)):
            assert flag in text, (name, flag)


def the_engines_page_has_every_option():
    with open(ENGINE_PAGE, encoding="utf-8") as f:
        text = plain(f.read())
    flags = re.findall(r"--[a-z][a-z-]*", out(os.path.join(BUILD, "webnovad"), "--help"))
    assert [f for f in flags if f not in text] == []


if __name__ == "__main__":
    run_tests([
        a_reader_of_pages_finds_no_fault,
        every_command_is_in_the_programs_page,
        what_help_offers_is_in_the_page,
        the_engines_page_has_every_option,
    ])
