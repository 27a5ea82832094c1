/*
 * The emulator with any output of a child, cut anywhere, with resizes between; what it
 * then shows must be readable as a frame.
 */
#include <stdlib.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "runtime/shim/vt.h"

static void
on_reply(void *arg, const char *p, size_t n)
{
	(void)p;
	*(size_t *)arg += n;
}

static void
on_change(void *arg)
{
	++*(size_t *)arg;
}

static void
on_clipboard(void *arg, struct wn_str s)
{
	*(size_t *)arg += s.len;
}

static void
check(struct grid *g)
{
	struct wn_buf ops;
	struct wn_trow_reader r;
	struct wn_tpiece p;
	bool wide;

	wn_buf_init(&ops, 1 << 20);
	for (int i = 0; i < g->rows; i++) {
		uint32_t cols = 0;
		int got;

		wn_buf_clear(&ops);
		grid_row_ops(g, grid_row(g, i), &ops, &wide);
		wn_trow_read(&r, wn_buf_view(&ops));
		while ((got = wn_trow_next(&r, &p)) == 1)
			cols += p.count;
		if (got < 0 || cols > (uint32_t)g->cols)
			abort();
	}
	wn_buf_clear(&ops);
	history_rows(&g->history, g->history.dropped_rows, 100, &ops);
	wn_buf_fini(&ops);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t seen = 0;
	struct vt_events events = { on_reply,	  on_change, on_change, on_change,
				    on_clipboard, NULL,	     &seen };
	struct grid g;
	struct vt vt;

	grid_init(&g, 6, 20, 40);
	vt_init(&vt, &g, &events);
	while (size >= 2) { /* a byte of length, or of resize when it is 0 */
		size_t n = *data++;

		size--;
		if (n == 0) {
			vt_resize(&vt, 1 + (*data & 15), 1 + (*data >> 4) * 3);
			n = 1;
		} else {
			if (n > size)
				n = size;
			vt_feed(&vt, (const char *)data, n);
		}
		data += n;
		size -= n;
		if (vt.row < 0 || vt.row >= g.rows || vt.col < 0 || vt.col >= g.cols)
			abort();
	}
	check(&g);
	vt_fini(&vt);
	grid_fini(&g);
	return 0;
}
