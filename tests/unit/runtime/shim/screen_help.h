/*
 * For the shim's tests: an emulator on a grid, fed with bytes, read as text.
 */
#ifndef TESTS_UNIT_RUNTIME_SHIM_SCREEN_HELP_H
#define TESTS_UNIT_RUNTIME_SHIM_SCREEN_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/shim/vt.h"

struct fake {
	struct grid grid;
	struct vt vt;
	struct wn_buf replies;
	struct wn_buf text; /* of the last dump */
	int titles, cwds, bells;
	char marks[16]; /* kinds of OSC 133, the newest last */
	int mark_code;
	struct wn_buf clipboard;
};

static inline void
fake_reply(void *arg, const char *p, size_t n)
{
	wn_buf_add(&((struct fake *)arg)->replies, p, n);
}

static inline void
fake_title(void *arg)
{
	((struct fake *)arg)->titles++;
}

static inline void
fake_cwd(void *arg)
{
	((struct fake *)arg)->cwds++;
}

static inline void
fake_bell(void *arg)
{
	((struct fake *)arg)->bells++;
}

static inline void
fake_clipboard(void *arg, struct wn_str s)
{
	wn_buf_str(&((struct fake *)arg)->clipboard, s);
}

static inline void
fake_mark(void *arg, char kind, int code)
{
	struct fake *f = arg;
	size_t n = strlen(f->marks);

	if (n + 1 < sizeof f->marks)
		f->marks[n] = kind;
	f->mark_code = code;
}

static inline void
fake_init(struct fake *f, int rows, int cols, unsigned history)
{
	struct vt_events events = { fake_reply,	    fake_title, fake_cwd, fake_bell,
				    fake_clipboard, fake_mark,	f };

	memset(f, 0, sizeof *f);
	wn_buf_init(&f->replies, 1 << 20);
	wn_buf_init(&f->text, 1 << 26);
	wn_buf_init(&f->clipboard, 1 << 20);
	grid_init(&f->grid, rows, cols, history);
	vt_init(&f->vt, &f->grid, &events);
}

static inline void
fake_fini(struct fake *f)
{
	vt_fini(&f->vt);
	grid_fini(&f->grid);
	wn_buf_fini(&f->replies);
	wn_buf_fini(&f->text);
	wn_buf_fini(&f->clipboard);
}

static inline void
fake_row_text(struct fake *f, const struct row *row)
{
	size_t end = f->text.len;
	char tmp[CLUSTER_BYTES_MAX];

	for (int c = 0; c < f->grid.cols; c++) {
		const struct cell *cell = &row->cells[c];

		if (cell->ch == CELL_TAIL)
			continue;
		if (cell->ch == 0) {
			wn_buf_chr(&f->text, ' ');
			continue;
		}
		wn_buf_add(&f->text, tmp, grid_cell_text(&f->grid, cell, tmp));
		end = f->text.len;
	}
	wn_buf_cut(&f->text, end);
}

/* The screen: rows without trailing blanks, joined by newlines, without trailing empty rows. */
static inline const char *
fake_screen(struct fake *f)
{
	wn_buf_clear(&f->text);
	for (int r = 0; r < f->grid.rows; r++) {
		fake_row_text(f, grid_row(&f->grid, r));
		wn_buf_chr(&f->text, '\n');
	}
	while (f->text.len && f->text.p[f->text.len - 1] == '\n')
		wn_buf_cut(&f->text, f->text.len - 1);
	return f->text.p ? f->text.p : "";
}

/* All rows of scrollback as text, one a line. */
static inline const char *
fake_history(struct fake *f)
{
	struct wn_buf rows;
	struct wn_tframe_reader r;
	struct wn_tframe_row row;
	struct wn_trow_reader ops;
	struct wn_tpiece p;

	wn_buf_init(&rows, 1 << 26);
	wn_buf_clear(&f->text);
	history_rows(&f->grid.history, f->grid.history.dropped_rows, (uint32_t)f->grid.history.rows,
		     &rows);
	r.p = (const unsigned char *)rows.p;
	r.end = r.p + rows.len;
	while (wn_tframe_next(&r, &row) == 1) {
		wn_trow_read(&ops, row.ops);
		while (wn_trow_next(&ops, &p) == 1) {
			if (p.text.len)
				wn_buf_str(&f->text, p.text);
			for (uint32_t i = 0; !p.text.len && i < p.count; i++)
				wn_buf_chr(&f->text, ' ');
		}
		wn_buf_chr(&f->text, '\n');
	}
	wn_buf_fini(&rows);
	return f->text.p ? f->text.p : "";
}

static inline void
fake_feed(struct fake *f, const char *s)
{
	vt_feed(&f->vt, s, strlen(s));
}

#endif
