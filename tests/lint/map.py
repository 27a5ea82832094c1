#!/usr/bin/env python3
"""docs/MAP.md says in one line what each directory and file is; it is made from the files' own heads, so it stays true.

    map.py          fails when docs/MAP.md is not what the heads say
    map.py --write  writes it
"""
import json
import os
import re
import subprocess
import sys

from source import TOP, finish, report, text_of

SKIP = re.compile(r"(^|/)(node_modules|build|\.git)/|/golden/|/corpus/|^docs/contracts/|/pack/|/fixture/|package-lock\.json$|^docs/MAP\.md$")
FIXED = {
    "Makefile": "Builds, tests, installs: `make help`.", "LICENSE": "MIT.", "package.json": "The pinned tree-sitter core and grammars.",
    ".gitignore": "What git leaves out.", ".clang-format": "How the C is laid out.", ".clang-tidy": "Which checks clang-tidy runs.",
    "tests/skips.txt": "Tests that may be skipped, with the reason.", "tests/lint/cppcheck.txt": "Findings of cppcheck that are wrong, with the reason.",
}


def first_sentence(text):
    text = re.sub(r"\s+", " ", text).strip()
    # A colon ends it too, unless what stands before it is but a name ("Jobs: code that runs ...").
    m = re.match(r"(.+?[.;]|.{30,}?:)(\s|$)", text)
    s = (m.group(1) if m else text).rstrip(":;")
    return s if s.endswith(".") else s + "."


def head_of(path):
    name, full = os.path.basename(path), os.path.join(TOP, path)
    if path in FIXED:
        return FIXED[path]
    if path.endswith(".in"):
        return "Template of a new module's %s." % name[:-3]
    text = text_of(full)
    if path.endswith((".c", ".h")):
        m = re.match(r"/\*(.*?)\*/", text, re.S)
        if m:
            body = re.sub(r"^\s*\*? ?", "", m.group(1), flags=re.M)
            return first_sentence(body)
        if name.endswith("_test.c"):
            return "Tests of %s." % os.path.join(os.path.dirname(path).replace("tests/unit/", ""), name[:-7])
    elif path.endswith(".py"):
        m = re.search(r'"""(.*?)("""|\n\n)', text, re.S)
        if m:
            return first_sentence(m.group(1))
    elif path.endswith(".json"):
        try:
            j = json.loads(text)
        except ValueError:
            return None
        if name == "module.json":
            return "Manifest: " + first_sentence(j.get("summary", ""))
        for key in ("title", "description", "$comment", "summary"):
            if isinstance(j.get(key), str):
                return first_sentence(j[key])
        for kind in ("methods", "events", "settings"):
            if isinstance(j.get(kind), dict):
                names = sorted(j[kind])
                more = " and %d more" % (len(names) - 8) if len(names) > 8 else ""
                return "%s: %s%s." % (kind.capitalize(), ", ".join(names[:8]), more)
        if "blueprint" in j:
            return "Blueprint of %s." % j.get("name", {}).get("en", name)
        return "Data."
    elif path.endswith(".md"):
        m = re.search(r"^#+\s*(.+)$", text, re.M)
        if name == "README.md":
            return None if "/" in path else "What WebNova is and how to start."
        return m.group(1).rstrip(".") + "." if m else None
    else:
        block = []
        for line in text.splitlines()[:12]:
            m = re.match(r"\s*(?:#|;;?|--|//|\.\\.|\x22 |/\*)\s*(?!!|inherits:)(.+?)\s*(?:\*/)?$", line)
            if m:
                block.append(m.group(1))
            elif block:
                break
        if block:
            return first_sentence(" ".join(block))
    if path.endswith(".sql"):
        m = re.search(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", text)
        return "Makes the table `%s`." % m.group(1) if m else "A migration."
    return {".scm": "Highlight queries.", ".svg": "Picture.", ".html": "Page.", ".txt": "Text."}.get(os.path.splitext(path)[1])


def directory_head(path):
    readme = os.path.join(TOP, path, "README.md")
    if not os.path.exists(readme):
        return ""
    for block in re.split(r"\n\s*\n", text_of(readme)):
        block = block.strip()
        if block and not block.startswith(("#", "|", "```")):
            # A link is its text, emphasis its words.
            return first_sentence(re.sub(r"\[([^\]]*)\]\([^)\s]*\)|\*+", r"\1", block))
    return ""


def tracked():
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=TOP, stdout=subprocess.PIPE, text=True).stdout
    return sorted(p for p in out.splitlines() if not SKIP.search(p) and os.path.isfile(os.path.join(TOP, p)))


def make():
    lines = ["# Map", "", "A line for every directory and file, made from their own heads by `tests/lint/map.py --write`; `make lint` proves it current.", ""]
    directory = None
    files = tracked()
    pairs = set(files)
    for p in sorted(files, key=lambda p: (os.path.dirname(p), os.path.basename(p))):
        d = os.path.dirname(p)
        if d != directory:
            directory = d
            head = directory_head(d) if d else ""
            lines += ["", "## %s" % (d or "/"), ""] + ([head, ""] if head else [])
        if p.endswith(".c") and p[:-2] + ".h" in pairs:
            continue  # its header stands for both
        if os.path.basename(p) == "README.md" and d:
            continue
        head = head_of(p)
        if not head:
            report(os.path.join(TOP, p), 1, "no head says what this file is (docs/MAP.md is made from it)")
            continue
        name = os.path.basename(p)
        if p.endswith(".h") and p[:-2] + ".c" in pairs:
            name = name[:-2] + ".h .c"
        lines.append("- `%s` %s" % (name, head))
    return "\n".join(lines) + "\n"


text = make()
path = os.path.join(TOP, "docs", "MAP.md")
if "--write" in sys.argv:
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
elif not os.path.exists(path) or text_of(path) != text:
    report(path, 1, "not current: run python3 tests/lint/map.py --write")
finish("map")
