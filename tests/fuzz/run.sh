#!/bin/sh
# Fuzzes every target for $1 seconds with clang's libFuzzer, AddressSanitizer and UBSan. Seeds come from
# tests/fuzz/corpus/<name>; what is found lands in build/fuzz. A crash ends the run with its input named.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
B=build/fuzz
make --no-print-directory B=$B CC=clang OPT="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" \
	LDSAN="-fsanitize=address,undefined" fuzz-libs
status=0
for source in tests/fuzz/*_fuzz.c; do
	name=$(basename "$source" _fuzz.c)
	make --no-print-directory -s B=$B CC=clang OPT="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" \
		LDSAN="-fsanitize=fuzzer,address,undefined" "$B/fuzz/$name"
	mkdir -p "$B/found/$name" "tests/fuzz/corpus/$name"
	echo "fuzz $name: $seconds s"
	if ! "$B/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$B/found/$name-" "$B/found/$name" "tests/fuzz/corpus/$name" >"$B/$name.log" 2>&1; then
		echo "fuzz $name: FAILED"
		tail -n 30 "$B/$name.log"
		status=1
	else
		grep -E 'stat::number_of_executed_units|stat::peak_rss_mb' "$B/$name.log"
	fi
done
exit $status
