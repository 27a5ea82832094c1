/*
 * The frame reader with any bytes: no crash, no endless loop, pieces inside the input.
 */
#include <stdlib.h>

#include "runtime/base/termframe.h"
#include "runtime/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wn_tframe_reader r;
	struct wn_tframe_row row;
	struct wn_trow_reader ops;
	struct wn_tframe f;
	struct wn_tpiece p;
	size_t pieces = 0;

	if (wn_tframe_read(&r, wn_strn((const char *)data, size), &f) != 0)
		return 0;
	while (wn_tframe_next(&r, &row) == 1) {
		wn_trow_read(&ops, row.ops);
		while (wn_trow_next(&ops, &p) == 1) {
			if (p.count == 0 || ++pieces > size)
				abort();
			if (p.text.len && (p.text.p < (const char *)data ||
					   p.text.p + p.text.len > (const char *)data + size ||
					   !wn_utf8_valid(p.text)))
				abort();
		}
	}
	return 0;
}
