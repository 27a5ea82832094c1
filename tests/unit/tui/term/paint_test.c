/*
 * The writer against curses: a picture reached by differences must look as one painted whole.
 * Both are read by the terminal emulator of runtime/shim.
 */
#include "tests/unit/runtime/shim/screen_help.h"

#include "tui/term/paint.h"

#define ROWS 14
#define COLS 50

struct bench {
	struct tui_term *t, *whole; /* both live: curses forgets a screen when another is deleted */
	struct tui_grid g;
	struct wn_buf out;
	struct fake shown;
	uint32_t seed;
};

static uint32_t
dice(struct bench *b, uint32_t n)
{
	b->seed = b->seed * 1664525u + 1013904223u;
	return (b->seed >> 8) % n;
}

static struct tui_term *
open_term(const char *name, int colors, bool margins)
{
	struct tui_term_opts o = { name, NULL, colors, false, ROWS, COLS };
	struct tui_reply r = { .kind = TUI_REPLY_CSI,
			       .prefix = '?',
			       .inter = '$',
			       .final = 'y',
			       .param = { 69, 2 },
			       .n = 2 };
	struct tui_term *t = NULL;
	struct wn_diag d = { 0 };
	struct wn_buf none;

	if (tui_term_new(&o, &t, &d) != 0)
		fail_msg("%s: %s", name, d.text);
	tui_term_resize(t, ROWS, COLS);
	wn_buf_init(&none, 1 << 10);
	if (margins)
		tui_term_reply(t, &r, &none);
	wn_buf_fini(&none);
	return t;
}

static void
bench_init(struct bench *b, const char *name, int colors, bool margins)
{
	memset(b, 0, sizeof *b);
	b->t = open_term(name, colors, margins);
	b->whole = open_term(name, colors, false);
	tui_grid_init(&b->g, ROWS, COLS);
	wn_buf_init(&b->out, 1 << 20);
	fake_init(&b->shown, ROWS, COLS, 0);
	b->seed = 7;
}

static void
bench_fini(struct bench *b)
{
	tui_term_free(b->t);
	tui_term_free(b->whole);
	tui_grid_fini(&b->g);
	wn_buf_fini(&b->out);
	fake_fini(&b->shown);
}

static size_t
draw(struct bench *b, const struct tui_rect *rects, size_t n, int row, int col)
{
	wn_buf_clear(&b->out);
	tui_term_rects(b->t, rects, n);
	tui_term_frame(b->t, &b->g, row, col, &b->out);
	vt_feed(&b->shown.vt, b->out.p, b->out.len);
	return b->out.len;
}

static bool
looks_blank(const struct cell *c)
{
	return c->ch == 0 || c->ch == ' ';
}

static bool
same_cell(const struct fake *fa, const struct cell *a, const struct fake *fb, const struct cell *b)
{
	char ta[CLUSTER_BYTES_MAX], tb[CLUSTER_BYTES_MAX];
	size_t na, nb;

	if (looks_blank(a) && looks_blank(b))
		return a->style.bg == b->style.bg;
	if (a->ch == CELL_TAIL || b->ch == CELL_TAIL)
		return a->ch == b->ch;
	na = grid_cell_text(&fa->grid, a, ta);
	nb = grid_cell_text(&fb->grid, b, tb);
	return na == nb && memcmp(ta, tb, na) == 0 && a->style.fg == b->style.fg &&
	       a->style.bg == b->style.bg && a->style.attrs == b->style.attrs;
}

/* What is shown is what a new terminal would be painted with. */
static void
check(struct bench *b, const char *name, int colors, int step)
{
	struct fake whole;
	struct wn_buf out;

	fake_init(&whole, ROWS, COLS, 0);
	wn_buf_init(&out, 1 << 20);
	tui_term_spoil(b->whole);
	tui_term_frame(b->whole, &b->g, 0, 0, &out);
	vt_feed(&whole.vt, out.p, out.len);
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLS; x++)
			if (!same_cell(&whole, &grid_row(&whole.grid, y)->cells[x], &b->shown,
				       &grid_row(&b->shown.grid, y)->cells[x]))
				fail_msg(
					"%s, %d colours, step %d: row %d column %d differs in\n%s\n"
					"after %s",
					name, colors, step, y, x, fake_screen(&b->shown), b->out.p);
	wn_buf_fini(&out);
	fake_fini(&whole);
}

static struct tui_style
some_style(struct bench *b)
{
	static const uint32_t colors[] = { 0, 0, TUI_RGB(0xF27983), TUI_RGB(0x6CB6FF),
					   TUI_INDEX(3) };
	static const uint32_t attrs[] = {
		0, 0, 0, TUI_BOLD, TUI_ITALIC, TUI_UNDERLINE, TUI_REVERSE
	};

	return (struct tui_style){ colors[dice(b, 5)], colors[dice(b, 12) < 8 ? 0 : 3],
				   attrs[dice(b, 7)] };
}

static void
scribble(struct bench *b)
{
	static const char *const words[] = {
		"a",	      "return x;",	    "漢字", "é",    "          ",
		"0123456789", "👨‍👩‍👧", "🇩🇪",   "سلام", "if (x) {"
	};
	struct tui_view v = tui_view_all(&b->g);
	uint32_t n = dice(b, 6);

	for (uint32_t i = 0; i < n; i++)
		tui_puts(v, (int)dice(b, ROWS), (int)dice(b, COLS), words[dice(b, 10)],
			 some_style(b));
	if (dice(b, 4) == 0)
		tui_fill(v, (int)dice(b, ROWS), (int)dice(b, COLS), (int)dice(b, 5),
			 (int)dice(b, 40), some_style(b));
}

/* Moves the rows of a rectangle by hand, as a pane that scrolls draws it. */
static void
roll(struct bench *b, const struct tui_rect *r, int by)
{
	struct tui_cell *copy = malloc((size_t)(ROWS * COLS) * sizeof *copy);
	struct tui_view v = tui_view_all(&b->g);

	assert_non_null(copy);
	memcpy(copy, b->g.cells, (size_t)(ROWS * COLS) * sizeof *copy);
	for (int y = r->y; y < r->y + r->rows; y++)
		for (int x = r->x; x < r->x + r->cols; x++) {
			const struct tui_cell *c = y + by >= r->y && y + by < r->y + r->rows
							   ? &copy[(y + by) * COLS + x]
							   : NULL;

			if (c == NULL)
				tui_puts(v, y, x, "z", some_style(b));
			else if (c->width > 0)
				tui_put_cluster(v, y, x, wn_strn(c->text, c->len), c->width,
						c->style);
		}
	free(copy);
}

static void
walk(const char *name, int colors, bool margins)
{
	static const struct tui_rect rects[] = { { 1, 0, 11, 20 }, { 1, 22, 11, 28 } };
	struct bench b;

	bench_init(&b, name, colors, margins);
	draw(&b, NULL, 0, 0, 0);
	for (int i = 0; i < 120; i++) {
		const struct tui_rect *r = &rects[dice(&b, 2)];
		int row = (int)dice(&b, ROWS + 3) - 3, col = (int)dice(&b, COLS),
		    gone = (int)dice(&b, 9) - 4;

		if (dice(&b, 3) == 0)
			roll(&b, r, gone);
		if (dice(&b, 3) != 0)
			scribble(&b);
		if (dice(&b, 40) == 0)
			tui_term_spoil(b.t);
		draw(&b, rects, 2, row, col);
		check(&b, name, colors, i);
		if (row >= 0) {
			assert_int_equal(b.shown.vt.row, row);
			assert_int_equal(b.shown.vt.col, col);
		}
		assert_int_equal(!!(b.shown.vt.modes & VT_CURSOR), row >= 0);
	}
	bench_fini(&b);
}

static void
differences_look_as_whole_pictures(void **state)
{
	static const struct {
		const char *name;
		int colors;
	} terms[] = { { "xterm", 256 }, { "xterm", 1 << 24 }, { "xterm", 8 }, { "xterm", 1 },
		      { "tmux", 256 },	{ "linux", 8 },	      { "vt220", 1 }, { "screen", 16 } };

	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
		walk(terms[i].name, terms[i].colors, false);
	walk("xterm", 256, true);
}

static void
source_page(struct bench *b, int first)
{
	struct tui_view v = tui_view_sub(tui_view_all(&b->g), 1, 22, 11, 28);

	for (int y = 0; y < v.rows; y++) {
		tui_fill(v, y, 0, 1, v.cols, (struct tui_style){ 0 });
		tui_printf(v, y, 0, (struct tui_style){ TUI_RGB(0x6CB6FF), 0, 0 }, "%d", first + y);
		tui_printf(v, y, 5, (struct tui_style){ 0 }, "word %d of line", (first + y) * 7919);
	}
}

/* The price of the things people do all day. */
static void
a_line_scrolled_between_others_costs_little_with_margins(void **state)
{
	static const struct tui_rect rects[] = { { 1, 0, 12, 20 }, { 1, 22, 11, 28 } };
	struct bench b;
	size_t n;

	(void)state;
	bench_init(&b, "xterm-256color", 0, true);
	for (int y = 1; y < 13; y++)
		tui_printf(tui_view_all(&b.g), y, 0, (struct tui_style){ 0 }, "file number %d", y);
	source_page(&b, 100);
	draw(&b, rects, 2, 2, 30);
	source_page(&b, 101);
	n = draw(&b, rects, 2, 2, 30);
	check(&b, "xterm-256color", 0, 0);
	if (n > 110)
		fail_msg("%zu bytes: %s", n, b.out.p);
	bench_fini(&b);
}

static void
typing_with_a_status_line_costs_little(void **state)
{
	struct tui_style status = { TUI_RGB(0xD6DAE3), TUI_RGB(0x232A36), 0 };
	struct bench b;

	(void)state;
	bench_init(&b, "xterm-256color", 0, false);
	tui_fill(tui_view_all(&b.g), ROWS - 1, 0, 1, COLS, status);
	draw(&b, NULL, 0, 5, 10);
	for (int i = 0; i < 9; i++) {
		size_t n;

		tui_puts(tui_view_all(&b.g), 5, 10 + i, "x", (struct tui_style){ 0 });
		tui_printf(tui_view_all(&b.g), ROWS - 1, 8, status, "6:%d", i + 1);
		n = draw(&b, NULL, 0, 5, 11 + i);
		if (i > 1 && n > 16)
			fail_msg("%zu bytes: %s", n, b.out.p);
	}
	check(&b, "xterm-256color", 0, 0);
	bench_fini(&b);
}

static void
a_cursor_that_stays_costs_nothing(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, "xterm", 0, false);
	draw(&b, NULL, 0, 5, 10);
	assert_int_equal(draw(&b, NULL, 0, 5, 10), 0);
	assert_true(draw(&b, NULL, 0, 5, 11) <= 3);
	assert_true(draw(&b, NULL, 0, -1, 0) == strlen("\033[?25l"));
	assert_int_equal(draw(&b, NULL, 0, -1, 0), 0);
	bench_fini(&b);
}

static void
looks_change_by_the_shorter_way(void **state)
{
	static const struct {
		struct tui_pen from, to;
		const char *want;
	} t[] = {
		{ { -1, -1, 0 }, { -1, -1, 0 }, "" },
		{ { 75, -1, TUI_BOLD }, { -1, -1, 0 }, "\033[m" },
		{ { -1, -1, 0 }, { 75, -1, 0 }, "\033[38;5;75m" },
		{ { 75, -1, 0 }, { 75, -1, TUI_BOLD }, "\033[1m" },
		{ { 75, -1, TUI_BOLD | TUI_ITALIC }, { 75, -1, TUI_BOLD }, "\033[23m" },
		{ { 75, 236, 0 }, { 75, -1, 0 }, "\033[49m" },
		{ { 1, -1, 0 }, { 9, -1, 0 }, "\033[91m" },
		{ { 75, -1, TUI_BOLD }, { 75, -1, TUI_DIM }, "\033[22;2m" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct tui_seq s = { 0 };

		tui_pen_change(&s, &t[i].from, t[i].to);
		assert_int_equal(s.n, strlen(t[i].want));
		assert_memory_equal(s.p, t[i].want, s.n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences_look_as_whole_pictures),
		cmocka_unit_test(a_line_scrolled_between_others_costs_little_with_margins),
		cmocka_unit_test(typing_with_a_status_line_costs_little),
		cmocka_unit_test(a_cursor_that_stays_costs_nothing),
		cmocka_unit_test(looks_change_by_the_shorter_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
