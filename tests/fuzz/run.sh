#!/bin/sh
# Fuzzes every target, or those named, with clang's libFuzzer, AddressSanitizer and UBSan.
#
#	run.sh BUILD SECONDS [NAME...]
#
# Seeds come from tests/fuzz/corpus/<name>; what is found is kept in BUILD/found/<name> and tried again
# the next time. A target that crashed is named with its input, the others run on.
set -eu
cd "$(dirname "$0")/../.."

if [ "$1" = --one ]; then
	B=$2 seconds=$3 name=$4
	seeds=tests/fuzz/corpus/$name
	[ -d "$seeds" ] || seeds=
	mkdir -p "$B/found/$name"
	# shellcheck disable=SC2086
	if "$B/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$B/found/$name-" "$B/found/$name" $seeds >"$B/$name.log" 2>&1; then
		echo "fuzz $name: ok, $(sed -n 's/stat::number_of_executed_units: *//p' "$B/$name.log") inputs," \
			"$(sed -n 's/stat::peak_rss_mb: *//p' "$B/$name.log") MB"
		exit 0
	fi
	echo "fuzz $name: FAILED, all of it is in $B/$name.log"
	grep -E 'runtime error|ERROR: |SUMMARY: |Test unit written' "$B/$name.log" || tail -n 20 "$B/$name.log"
	exit 1
fi

B=${1:-build/fuzz}
seconds=${2:-60}
[ $# -le 2 ] && shift $# || shift 2
names=$*
if [ -z "$names" ]; then
	for source in tests/fuzz/*_fuzz.c; do
		names="$names $(basename "$source" _fuzz.c)"
	done
fi
targets=
for name in $names; do
	targets="$targets $B/fuzz/$name"
done
jobs=$(nproc)
# shellcheck disable=SC2086
make --no-print-directory -j"$jobs" B="$B" CC=clang \
	OPT="-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
	LDSAN="-fsanitize=address,undefined" $targets
# shellcheck disable=SC2086
printf '%s\n' $names | xargs -P "$jobs" -I '{}' sh tests/fuzz/run.sh --one "$B" "$seconds" '{}'
