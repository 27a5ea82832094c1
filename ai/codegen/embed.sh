#!/bin/sh
# embed.sh DIRECTORY: writes C source to standard output that holds every file under
# DIRECTORY, sorted by path in the C locale, with its hash. Needs POSIX tools and sha256sum.
set -eu
LC_ALL=C
export LC_ALL
cd "$1"
files=$(find . -type f ! -name '.*.sw?' | sed 's|^\./||' | sort)
printf '/* Made by ai/codegen/embed.sh; do not edit. */\n#include "ai/codegen/pack.h"\n\n'
n=0
for f in $files; do
	printf 'static const unsigned char f%d[] = {\n' "$n"
	od -An -v -tu1 "$f" | sed 's/[0-9][0-9]*/&,/g; s/ //g'
	printf '0 };\n'
	n=$((n + 1))
done
printf 'const struct codegen_pack_file codegen_pack_files[] = {\n'
n=0
for f in $files; do
	hash=$(sha256sum <"$f" | cut -c1-64)
	printf '\t{ "%s", f%d, sizeof(f%d) - 1, "%s" },\n' "$f" "$n" "$n" "$hash"
	n=$((n + 1))
done
printf '};\nconst size_t codegen_pack_count = %d;\n' "$n"
