/*
 * Any pattern of a .gitignore on any path: it ends, soon, and a pattern without signs matches
 * itself only.
 */
#include <stdlib.h>

#include "tui/pane/search/ignore.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	size_t n = size > 0 ? data[0] % size : 0;
	struct wn_str pattern, path;
	bool plain = true, match;

	if (size < 2)
		return 0;
	pattern = wn_strn((const char *)data + 1, n);
	path = wn_strn((const char *)data + 1 + n, size - 1 - n);
	match = ignore_match(pattern, path);
	for (size_t i = 0; i < pattern.len; i++)
		plain = plain && pattern.p[i] != 0 && strchr("*?[\\", pattern.p[i]) == NULL;
	if (plain && match != wn_str_eq(pattern, path))
		abort();
	return 0;
}
