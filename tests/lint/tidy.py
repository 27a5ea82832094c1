#!/usr/bin/env python3
"""clang-tidy over every source file, in parallel; the checks are in .clang-tidy. Usage: tidy.py BUILD"""
import concurrent.futures
import os
import sys

from source import TOP, errors, files, finish, rel, tool

build = sys.argv[1]
FLAGS = ["--", "-std=c11", "-I.", "-I" + build, "-D_GNU_SOURCE", '-DWN_VERSION="lint"',
         "-Inode_modules/tree-sitter/vendor/tree-sitter/lib/include"]


def check(path):
    out = tool(["clang-tidy", "--quiet", rel(path)] + FLAGS).stdout
    return [l for l in out.splitlines() if "warning:" in l or "error:" in l]


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for found in pool.map(check, list(files(suffixes=(".c",)))):
        errors.extend(l.replace(TOP + "/", "") for l in found)
errors[:] = sorted(set(errors))
finish("tidy")
