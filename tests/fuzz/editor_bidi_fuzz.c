/*
 * The order of a row of any bytes: every cluster gets its own columns, none outside the row.
 */
#include <assert.h>
#include <stdlib.h>

#include "editor/bidi/bidi.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define CELLS 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ed_bidi_cell cells[CELLS];
	int x[CELLS], width = 0;
	bool odd[CELLS], seen[CELLS * 2] = { false }, rtl;
	struct ed_bidi *b = ed_bidi_new();
	struct wn_str s = wn_strn((const char *)data, n);
	size_t count = 0;

	for (size_t i = 0; i < n && count < CELLS; count++) {
		cells[count] = (struct ed_bidi_cell){ i, 1 + (data[i] & 1) };
		width += cells[count].width;
		i += wn_utf8_cluster(s.p + i, n - i, &(int){ 0 });
	}
	(void)ed_bidi_needed(s);
	if (ed_bidi_place(b, s, n & 1 ? ED_BIDI_AUTO : ED_BIDI_LTR, cells, count, x, odd, &rtl)) {
		for (size_t i = 0; i < count; i++) {
			assert(x[i] >= 0 && x[i] + cells[i].width <= width);
			for (int k = x[i]; k < x[i] + cells[i].width; k++) {
				assert(!seen[k]);
				seen[k] = true;
			}
		}
	}
	ed_bidi_free(b);
	return 0;
}
