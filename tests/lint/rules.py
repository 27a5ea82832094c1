#!/usr/bin/env python3
"""Rules of the language: banned calls, include guards, file heads, sizes, words, SQL tables."""
import json
import os
import re

from source import TOP, files, finish, module_dirs, rel, report, text_of, tool, without_comments

BANNED = {
    "system": "an argv vector and exec", "popen": "an argv vector and exec", "gets": "fgets", "strcpy": "wn_buf",
    "strcat": "wn_buf", "sprintf": "snprintf", "vsprintf": "vsnprintf", "strtok": "wn_str_split", "atoi": "wn_str_i64",
    "atol": "wn_str_i64", "atoll": "wn_str_i64", "malloc": "wn_alloc", "calloc": "wn_alloc", "realloc": "wn_realloc",
    "free": "wn_free", "strdup": "wn_strdup", "strndup": "wn_strndup", "asprintf": "wn_asprintf", "tmpnam": "mkstemp",
    "mktemp": "mkstemp", "alloca": "the arena", "setjmp": "an error code", "longjmp": "an error code", "rand": "wn_random",
    "srand": "wn_random", "localtime": "localtime_r", "gmtime": "gmtime_r", "strerror": "strerror_r",
    "strncpy": "wn_buf", "strncat": "wn_buf",
}
# Places with a right of their own, and why.
EXEMPT = {("runtime/base/mem.c", n) for n in ("malloc", "calloc", "realloc", "free")}
CALL = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(BANNED))
GENERATED = re.compile(r"/\*\s*Generated\b")  # a file's first word
TABLE = re.compile(r"/\*[\s*]*(?:The )?table of\b", re.I)
FILE_MAX, HEADER_MAX, FUNCTION_MAX, COMPLEXITY_MAX = 1000, 200, 100, 20


def check_calls(path, text):
    for n, line in enumerate(text.splitlines(), 1):
        for m in CALL.finditer(line):
            if (rel(path), m.group(1)) not in EXEMPT:
                report(path, n, "%s() is banned: use %s" % (m.group(1), BANNED[m.group(1)]))


def check_guard(path, raw):
    want = re.sub(r"[/.-]", "_", rel(path)).upper()
    m = re.search(r"^#ifndef (\w+)\n#define (\w+)$", raw, re.M)
    if not m or m.group(1) != want or m.group(2) != want:
        report(path, 1, "the include guard must be %s" % want)


def check_words(path, raw):
    for n, line in enumerate(raw.splitlines(), 1):
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
            report(path, n, "unfinished work does not go in as a note")


def check_file(path):
    raw = text_of(path)
    code = without_comments(raw)
    lines = raw.count("\n")
    limit = HEADER_MAX if path.endswith(".h") else FILE_MAX
    # Tables are data: a head that begins with "Generated" or "Table of" may be long.
    if lines > limit and not GENERATED.match(raw) and not TABLE.match(raw):
        report(path, 1, "%d lines (wall: %d)" % (lines, limit))
    if not raw.startswith("/*"):
        report(path, 1, "a file starts with a comment: what it owns, what it may not do")
    check_calls(path, code)
    check_words(path, raw)
    if path.endswith(".h"):
        check_guard(path, raw)


def check_functions():
    sources = [p for p in files(suffixes=(".c",)) if not GENERATED.match(text_of(p))]
    for i in range(0, len(sources), 100):
        p = tool(["pmccabe"] + [rel(p) for p in sources[i:i + 100]])
        if p.returncode:
            report(TOP, 1, "pmccabe: " + p.stdout.strip()[:300])
        for row in p.stdout.splitlines():
            f = row.split("\t")
            m = re.match(r"(.*)\((\d+)\):", f[5]) if len(f) > 5 and f[1].isdigit() else None
            if not m:
                continue
            path, line = m.groups()
            # The comment over it says why this one may be long.
            marked = "wall: table" in "\n".join(text_of(os.path.join(TOP, path)).splitlines()[max(0, int(line) - 5):int(line)])
            if int(f[1]) > COMPLEXITY_MAX and not marked:
                report(os.path.join(TOP, path), int(line), "complexity %s of %s (at most %d)" % (f[1], f[5].split()[-1], COMPLEXITY_MAX))
            if int(f[4]) > FUNCTION_MAX and not marked:
                report(os.path.join(TOP, path), int(line), "%s lines in %s (wall: %d)" % (f[4], f[5].split()[-1], FUNCTION_MAX))


SQL = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN|TABLE(?:\s+IF\s+(?:NOT\s+)?EXISTS)?)\s+\"?([a-z_][a-z0-9_]*)", re.I)
SQL_WORDS = {"select", "set", "conflict", "do", "values", "the", "a", "of", "it", "or"}


def check_tables():
    """A module's SQL names only its own tables: <module>_something."""
    for directory in module_dirs():
        manifest = json.loads(text_of(os.path.join(TOP, directory, "module.json")))
        if directory == "ai/codegen":
            continue  # its SQL is the generated platform's, not the engine's
        own = set(manifest.get("tables", []))
        prefixes = [manifest["name"] + "_"] + (["store_"] if "/adapter/store_" in directory else []) + \
            (["job", "engine_"] if manifest.get("kind") == "kernel" else [])
        for d, _, found in os.walk(os.path.join(TOP, directory)):
            for f in found:
                path = os.path.join(d, f)
                if f.endswith(".sql"):
                    body = text_of(path)
                elif f.endswith(".c"):
                    text = without_comments(text_of(path), strings=False)
                    body = " ; ".join(s for s in re.findall(r'"((?:\\.|[^"\\])*)"', text)
                                     if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|FROM|WHERE|JOIN)\b", s))
                else:
                    continue
                for name in SQL.findall(body):
                    n = name.lower()
                    if n in SQL_WORDS or n in own or any(n.startswith(p) for p in prefixes):
                        continue
                    report(path, 1, "SQL names a table that is not the module's own: %s" % name)


for p in files():
    check_file(p)
check_functions()
check_tables()
finish("rules")
