#!/usr/bin/env python3
"""What only the objects show: modules link alone, modules have no writable globals. Usage: objects.py BUILD [MODULE_DIR...]"""
import glob
import os
import sys
import tempfile

from source import TOP, finish, module_dirs, report, tool

build = os.path.abspath(sys.argv[1])
flags = tool(["pkg-config", "--libs", "libcjson", "libutf8proc", "libsodium", "libxxhash", "libpcre2-8", "sqlite3", "libseccomp"]).stdout.split()
KERNEL_OWN = {"runtime/kernel"}

for directory in sorted(module_dirs()):
    if directory in KERNEL_OWN or (sys.argv[2:] and directory not in sys.argv[2:]):
        continue
    name = os.path.basename(directory)
    nested = [d for d in module_dirs() if d != directory and d.startswith(directory + "/")]
    objects = [o for o in glob.glob(os.path.join(build, "obj", directory, "**", "*.o"), recursive=True)
               if not any(o.startswith(os.path.join(build, "obj", d) + "/") for d in nested)]
    own = [p for p in (os.path.join(build, "obj", "gen", name + ".o"), os.path.join(build, "obj", "gen", "model.o")) if os.path.exists(p)]
    # Structs of contracts, its own and those of the events it hears: data over base, no module's code.
    own += glob.glob(os.path.join(build, "obj", "gen", "*_types.o"))
    if directory == "ai/codegen":
        own.append(os.path.join(build, "obj", "codegen_pack.o"))
    if not objects:
        report(os.path.join(TOP, directory), 1, "no objects under %s: build first" % build)
        continue
    with tempfile.TemporaryDirectory() as place:
        p = tool(["gcc", "-shared", "-Wl,-z,defs", "-o", os.path.join(place, "alone.so")] + objects + own + [os.path.join(build, "libbase.a")] + flags + ["-lm", "-lpthread", "-ldl"])
        for line in p.stdout.splitlines():
            if "undefined reference" in line:
                report(os.path.join(TOP, directory), 1, "does not link alone: " + line.split("undefined reference to ")[1])
        if p.returncode and "undefined reference" not in p.stdout:
            report(os.path.join(TOP, directory), 1, "does not link alone: " + p.stdout.strip()[:300])
    for o in objects + own:
        for line in tool(["nm", "-f", "posix", o]).stdout.splitlines():
            f = line.split()
            if len(f) >= 2 and f[1] in "dDbBC" and not f[0].startswith(("__", ".L")):
                # Relocated tables (const pointers to functions) sit in .data.rel.ro, which nm also calls d.
                section = tool(["objdump", "-t", "-j", ".data", "-j", ".bss", o]).stdout
                if any(l.split() and l.split()[-1] == f[0] for l in section.splitlines()):
                    report(os.path.join(TOP, directory), 1, "writable global %s in %s" % (f[0], os.path.basename(o)))
finish("objects")
