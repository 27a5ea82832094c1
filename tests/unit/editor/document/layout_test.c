/* Columns and cells: tabs, wide and combining text, controls, broken bytes, very long lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/document/layout.h"
#include "runtime/base/mem.h"

static struct ed_doc *
doc_of(struct wn_str s)
{
	struct ed_doc *doc = ed_doc_new(NULL);

	assert_int_equal(ed_doc_edit(doc, 0, 0, s), 0);
	return doc;
}

static void
tabs_go_to_the_next_stop(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("\tab\tc"));

	(void)state;
	assert_int_equal(ed_col_of(doc, 1), 8);
	assert_int_equal(ed_col_of(doc, 3), 10);
	assert_int_equal(ed_col_of(doc, 4), 16);
	assert_int_equal(ed_pos_at_col(doc, 0, 7), 0);
	assert_int_equal(ed_pos_at_col(doc, 0, 12), 3);
	assert_int_equal(ed_pos_at_col(doc, 0, 99), 5);
	ed_doc_free(doc);
}

static void
wide_and_combining_clusters_count_as_shown(void **state)
{
	/* a, CJK, e + acute, family emoji, b */
	struct ed_doc *doc = doc_of(WN_STR("a\xE6\xBC\xA2"
					   "e\xCC\x81"
					   "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
					   "b"));
	struct ed_cell cells[8];
	size_t n = ed_line_cells(doc, 0, 0, 80, cells, 8);

	(void)state;
	assert_int_equal(n, 5);
	assert_int_equal(cells[1].width, 2);
	assert_int_equal(cells[2].len, 3);
	assert_int_equal(cells[2].col, 3);
	assert_int_equal(cells[3].len, 11);
	assert_int_equal(cells[4].col, 6);
	assert_int_equal(ed_pos_at_col(doc, 0, 2), 1);
	ed_doc_free(doc);
}

static void
controls_and_broken_bytes_have_their_kind(void **state)
{
	struct ed_doc *doc = doc_of(wn_strn("a\x01\x00\xFF\xC2\x85z\r\n", 9));
	struct ed_cell cells[8];
	size_t n = ed_line_cells(doc, 0, 0, 80, cells, 8);

	(void)state;
	assert_int_equal(n, 6);
	assert_int_equal(cells[0].kind, ED_CELL_TEXT);
	assert_int_equal(cells[1].kind, ED_CELL_CONTROL);
	assert_int_equal(cells[2].kind, ED_CELL_CONTROL);
	assert_int_equal(cells[3].kind, ED_CELL_BAD);
	assert_int_equal(cells[4].kind, ED_CELL_CONTROL);
	assert_int_equal(cells[5].kind, ED_CELL_TEXT);
	ed_doc_free(doc);
}

static void
a_slice_begins_at_the_cluster_that_covers_its_left(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("0123\t89"));
	struct ed_cell cells[8];

	(void)state;
	assert_int_equal(ed_line_cells(doc, 0, 6, 3, cells, 8), 2);
	assert_int_equal(cells[0].kind, ED_CELL_TAB);
	assert_int_equal(cells[0].col, 4);
	assert_int_equal(cells[1].col, 8);
	assert_int_equal(ed_line_cells(doc, 0, 50, 3, cells, 8), 0);
	ed_doc_free(doc);
}

/* A long line of all kinds of clusters. */
static char *
long_line(size_t n, size_t *len)
{
	static const char *const bits[] = { "plain text ",
					    "\t",
					    "\xE6\xBC\xA2\xE5\xAD\x97",
					    "e\xCC\x81",
					    "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",
					    "\xFF",
					    "\x02",
					    "\xD8\xB9\xD8\xB1\xD8\xA8" };
	char *p = wn_alloc(n + 32);
	uint64_t seed = 11;

	for (*len = 0; *len < n;) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		const char *b = bits[seed % 8];
		memcpy(p + *len, b, strlen(b));
		*len += strlen(b);
	}
	return p;
}

/* What checkpoints say must be what a walk from the start of the line says. */
static void
check_long(struct ed_doc *doc, size_t len)
{
	struct ed_cell *cells = wn_alloc_array(len, sizeof *cells);
	char *copy = wn_alloc(len);
	size_t got = ed_text_read(ed_doc_text(doc), 0, copy, len);
	struct ed_doc *fresh = doc_of(wn_strn(copy, got));
	size_t n = ed_line_cells(fresh, 0, 0, SIZE_MAX / 2, cells, len);

	for (size_t i = n; i-- > 0; i = i > 97 ? i - 96 : i) {
		assert_int_equal(ed_col_of(doc, cells[i].pos), cells[i].col);
		if (cells[i].width)
			assert_int_equal(ed_pos_at_col(doc, 0, cells[i].col), cells[i].pos);
	}
	ed_doc_free(fresh);
	wn_free(copy);
	wn_free(cells);
}

static void
long_lines_agree_with_a_plain_walk_also_after_edits(void **state)
{
	size_t len;
	char *line = long_line(60000, &len);
	struct ed_doc *doc = doc_of(wn_strn(line, len));

	(void)state;
	check_long(doc, len);
	assert_int_equal(ed_doc_edit(doc, 30000, 3, WN_STR("\t\xCC\x81x")), 0);
	check_long(doc, len + 1);
	assert_int_equal(ed_doc_edit(doc, 5, 0, WN_STR("\t")), 0);
	check_long(doc, len + 2);
	wn_free(line);
	ed_doc_free(doc);
}

static void
clusters_are_the_same_forward_and_backward(void **state)
{
	size_t len, n = 0;
	char *line = long_line(20000, &len);
	struct ed_doc *doc = doc_of(wn_strn(line, len));
	const struct ed_text *t = ed_doc_text(doc);
	size_t *at = wn_alloc_array(len + 1, sizeof *at);

	(void)state;
	for (size_t pos = 0; pos < len; pos = ed_next_cluster(t, pos))
		at[n++] = pos;
	for (size_t pos = len; pos > 0;) {
		pos = ed_prev_cluster(t, pos);
		assert_int_equal(pos, at[--n]);
	}
	assert_int_equal(n, 0);
	wn_free(at);
	wn_free(line);
	ed_doc_free(doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tabs_go_to_the_next_stop),
		cmocka_unit_test(wide_and_combining_clusters_count_as_shown),
		cmocka_unit_test(controls_and_broken_bytes_have_their_kind),
		cmocka_unit_test(a_slice_begins_at_the_cluster_that_covers_its_left),
		cmocka_unit_test(long_lines_agree_with_a_plain_walk_also_after_edits),
		cmocka_unit_test(clusters_are_the_same_forward_and_backward),
	};

	return cmocka_run_group_tests_name("editor/document/layout", tests, NULL, NULL);
}
