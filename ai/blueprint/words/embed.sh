#!/bin/sh
# embed.sh DIRECTORY: C source on standard output that holds every JSON file under DIRECTORY, sorted by
# path in the C locale. Needs nothing but POSIX tools.
set -eu
LC_ALL=C
export LC_ALL
cd "$1"
files=$(find . -type f -name '*.json' | sed 's|^\./||' | sort)
printf '/* Made by ai/blueprint/words/embed.sh; do not edit. */\n#include "ai/blueprint/words/data.h"\n\n'
n=0
for f in $files; do
	printf 'static const unsigned char f%d[] = {\n' "$n"
	od -An -v -tu1 "$f" | sed 's/[0-9][0-9]*/&,/g; s/ //g'
	printf '0 };\n'
	n=$((n + 1))
done
printf 'const struct blueprint_data_file blueprint_data_files[] = {\n'
n=0
for f in $files; do
	printf '\t{ "%s", f%d, sizeof(f%d) - 1 },\n' "$f" "$n" "$n"
	n=$((n + 1))
done
printf '};\nconst size_t blueprint_data_count = %d;\n' "$n"
