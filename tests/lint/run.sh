#!/bin/sh
# All of lint over the build directory $1. Every part runs; the first that failed decides the exit code.
set -u
cd "$(dirname "$0")/../.."
B=${1:-build}
status=0
part() {
	"$@" || status=1
}
part python3 tests/lint/layers.py
part python3 tests/lint/rules.py
part python3 tests/lint/objects.py "$B"
part python3 tests/lint/map.py
part "$B/wn-gen" --check-errors
sources=$(git ls-files '*.c' '*.h' 2>/dev/null || true)
[ -n "$sources" ] || sources=$(find runtime editor tui ai deploy schemas tests -name '*.[ch]')
sources=$(for f in $sources; do [ -f "$f" ] && echo "$f"; done)
# shellcheck disable=SC2086
if bad=$(clang-format --dry-run --Werror $sources 2>&1 | grep -E 'error:' | cut -d: -f1 | sort -u) && [ -n "$bad" ]; then
	echo "lint format: these are not formatted (clang-format -i):"
	echo "$bad"
	status=1
else
	echo "lint format: ok"
fi
own=$(echo "$sources" | grep '\.c$' | grep -vE '^tests/')
# shellcheck disable=SC2086
if cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,portability --suppress=missingInclude \
	--suppress=unusedFunction --suppress=normalCheckLevelMaxBranches --suppressions-list=tests/lint/cppcheck.txt -j "$(nproc)" -I. -I"$B" -D_GNU_SOURCE $own; then
	echo "lint cppcheck: ok"
else
	status=1
fi
part python3 tests/lint/tidy.py "$B"
exit $status
