#!/bin/sh
# All of lint over the build directory $1, which must hold a built tree. Every part runs, whatever the one
# before it found; the exit code is 1 when any of them found something.
set -u
cd "$(dirname "$0")/../.."
B=${1:-build}
jobs=$(nproc)
failed=
part() {
	name=$1
	shift
	"$@" || failed="$failed $name"
}

# What is checked in, or would be; without git (an unpacked archive) all there is.
sources() {
	if ! git ls-files --cached --others --exclude-standard '*.c' '*.h' 2>/dev/null; then
		find runtime editor tui ai schemas tests -name node_modules -prune -o -name '*.[ch]' -print
	fi | grep -vE '/pack/' | sort -u | while read -r f; do [ -f "$f" ] && echo "$f"; done
}

format() {
	# Each batch names its files in one write, so that those of two do not mix.
	bad=$(sources | xargs -P "$jobs" -n 20 sh -c \
		'clang-format --dry-run --Werror "$@" 2>&1 | sed -n "s/^\([^:]*\):.*error:.*/\1/p" | sort -u' format | sort -u)
	[ -z "$bad" ] && echo "lint format: ok" && return
	echo "$bad" | sed 's/$/:1: not formatted: run clang-format -i on it/'
	echo "lint format: $(echo "$bad" | wc -l) problems"
	return 1
}

check_cpp() {
	mkdir -p "$B/cppcheck"
	sources | grep '\.c$' | grep -vE '^tests/' >"$B/cppcheck.list"
	# The build directory remembers what each file gave, so only what changed is checked again.
	if cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,portability \
		--suppress=missingInclude --suppress=unusedFunction --suppress=normalCheckLevelMaxBranches \
		--suppressions-list=tests/lint/cppcheck.txt --cppcheck-build-dir="$B/cppcheck" -j "$jobs" \
		-I. -I"$B" -D_GNU_SOURCE '-DWN_VERSION="lint"' '-DSLIST_HEAD(name,type)=struct name{struct type*first;}' --file-list="$B/cppcheck.list"; then
		echo "lint cppcheck: ok"
	else
		echo "lint cppcheck: problems, above; a wrong finding goes into tests/lint/cppcheck.txt with its reason"
		return 1
	fi
}

part layers python3 tests/lint/layers.py
part rules python3 tests/lint/rules.py
part objects python3 tests/lint/objects.py "$B"
part map python3 tests/lint/map.py
part errors "$B/wn-gen" --check-errors
part compat python3 tests/lint/compat.py "$B"
part format format
part cppcheck check_cpp
part tidy python3 tests/lint/tidy.py "$B"
[ -z "$failed" ] || echo "lint: failed:$failed"
[ -z "$failed" ]
