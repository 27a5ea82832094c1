#!/usr/bin/env python3
"""The end of a test run: what the engines said is held against the contracts, and what no test provoked fails the run.

The record is what `make check` had every engine write (setting engine.record, here $WEBNOVA_RECORD); the judge is
tests/tools/contract_check.c. By hand, after some tests of your choice:

    WEBNOVA_RECORD=/tmp/wire tests/contract/engine_test.py; WEBNOVA_RECORD=/tmp/wire tests/contract/zz_coverage_check.py
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from engine import BUILD, TOP  # noqa: E402

RECORD = os.environ.get("WEBNOVA_RECORD", "")
UNPROVOKED = os.path.join(TOP, "tests", "contract", "unprovoked.txt")

if not RECORD or not os.path.exists(RECORD):
    print("not ok 1 - there is a record\n# WEBNOVA_RECORD names none: %r\n1..1" % RECORD)
    sys.exit(1)
sys.exit(subprocess.call([os.path.join(BUILD, "contract_check"), *sys.argv[1:], UNPROVOKED, RECORD]))
