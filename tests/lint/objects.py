#!/usr/bin/env python3
"""What only the objects show: modules link alone, modules have no writable globals. Usage: objects.py BUILD [MODULE_DIR...]"""
import concurrent.futures
import glob
import os
import sys
import tempfile

from source import TOP, errors, finish, module_dirs, rel, report, tool

build = os.path.abspath(sys.argv[1])
only = [os.path.normpath(d) for d in sys.argv[2:]]
LIBS = tool(["pkg-config", "--libs", "libcjson", "libutf8proc", "libsodium", "libxxhash", "libpcre2-8", "sqlite3", "libseccomp"]).stdout.split() + \
    ["-lm", "-lpthread", "-ldl"]
KERNEL_OWN = {"runtime/kernel"}
MODULES = sorted(module_dirs())
WRITABLE = (".data", ".bss", ".tdata", ".tbss", "COMMON", "*COM*")  # .data.rel.ro, const tables of pointers, is not


def objects_of(directory):
    """The objects of a module's sources as they are now, without those of a module inside its directory."""
    nested = [d + "/" for d in MODULES if d != directory and d.startswith(directory + "/")]
    for source in glob.glob(os.path.join(TOP, directory, "**", "*.c"), recursive=True):
        r = rel(source)
        if not any(r.startswith(d) for d in nested):
            yield os.path.join(build, "obj", r[:-2] + ".o")


def generated_for(directory):
    """Its own generated pair, and the contracts as structs and as text (data over base, no module's code)."""
    gen = os.path.join(build, "obj", "gen")
    own = [os.path.join(gen, n + ".o") for n in (os.path.basename(directory), "model", "schemas")]
    if directory == "ai/codegen":
        own.append(os.path.join(build, "obj", "codegen_pack.o"))
    if directory == "ai/blueprint":
        own.append(os.path.join(build, "obj", "blueprint_data.o"))
    if directory == "runtime/modules/sandbox":
        own.append(os.path.join(build, "obj", "sandbox_launcher.o"))
    return [p for p in own if os.path.exists(p)] + sorted(glob.glob(os.path.join(gen, "*_types.o")))


def links_alone(directory, objects):
    with tempfile.TemporaryDirectory() as place:
        p = tool(["gcc", "-shared", "-Wl,-z,defs", "-o", os.path.join(place, "alone.so")] + objects +
                 [os.path.join(build, "libbase.a")] + LIBS)
    missing = sorted({l.split("undefined reference to ")[1] for l in p.stdout.splitlines() if "undefined reference to " in l})
    for name in missing:
        report(os.path.join(TOP, directory), 1, "does not link alone: it needs " + name)
    if p.returncode and not missing:
        report(os.path.join(TOP, directory), 1, "does not link alone: " + p.stdout.strip()[:300])


def writable_globals(directory, objects):
    name = None
    for line in tool(["objdump", "-t"] + objects).stdout.splitlines():
        if ": " in line and "file format" in line:
            name = os.path.relpath(line.split(":")[0], build)
            continue
        # address, seven flag columns, section, size, symbol
        f = line[24:].split() if len(line) > 24 else []
        if len(f) < 3 or "d" in line[17:24]:
            continue
        section, symbol = f[0], f[-1]
        if section.startswith(".data.rel.ro"):
            continue
        if section.startswith(WRITABLE) and not symbol.startswith("__"):
            report(os.path.join(TOP, directory), 1, "writable global %s in %s" % (symbol, name))


def check(directory):
    objects = sorted(objects_of(directory))
    absent = [o for o in objects if not os.path.exists(o)]
    if absent or not objects:
        report(os.path.join(TOP, directory), 1, "no object %s: build first (make B=%s programs)" % (
            absent[0] if absent else "at all", sys.argv[1]))
        return
    objects += generated_for(directory)
    links_alone(directory, objects)
    writable_globals(directory, objects)


for d in only:
    if d not in MODULES:
        report(os.path.join(TOP, d), 1, "no module.json here")
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    list(pool.map(check, [d for d in MODULES if d not in KERNEL_OWN and (not only or d in only)]))
errors[:] = sorted(set(errors))
finish("objects")
