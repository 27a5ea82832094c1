/* The undo tree: kept over restarts, going back in time, and what happens to a damaged file. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "editor/document/document.h"
#include "editor/document/history.h"
#include "editor/undo/store.h"
#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

struct world {
	char dir[64], path[96], keep[96];
	struct wn_clock_fake clock;
};

static int
setup(void **state)
{
	struct world *w = WN_NEW(struct world);

	snprintf(w->dir, sizeof w->dir, "/tmp/wn-history-XXXXXX");
	if (mkdtemp(w->dir) == NULL)
		return -1;
	snprintf(w->path, sizeof w->path, "%s/file.txt", w->dir);
	snprintf(w->keep, sizeof w->keep, "%s/undo", w->dir);
	wn_clock_fake_init(&w->clock, 1700000000000);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	int err = wn_file_rmtree(w->dir, NULL);

	wn_free(w);
	return err;
}

static struct ed_doc *
open_doc(struct world *w, wn_err want)
{
	struct ed_doc_opts opts = { .clock = &w->clock.clock };
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	if (ed_doc_open(w->path, &opts, &doc, &d) != 0)
		fail_msg("%s", d.text);
	assert_int_equal(ed_history_read(doc, w->keep, &d), want);
	return doc;
}

static void
save(struct world *w, struct ed_doc *doc)
{
	struct ed_history *h = ed_history_take(doc);

	assert_int_equal(ed_doc_save(doc, true, NULL), 0);
	assert_int_equal(ed_history_write(h, w->keep, w->path, NULL), 0);
	ed_history_free(h);
}

static void
add(struct ed_doc *doc, const char *text)
{
	assert_int_equal(ed_doc_edit(doc, ed_text_len(ed_doc_text(doc)), 0, wn_str(text)), 0);
}

static void
undo(struct ed_doc *doc)
{
	const struct ed_step *s;

	assert_int_equal(ed_doc_step(doc, -1, &s), 0);
}

static void
assert_text(const struct ed_doc *doc, const char *want)
{
	char buf[512];
	size_t n = ed_text_read(ed_doc_text(doc), 0, buf, sizeof buf - 1);

	buf[n] = 0;
	assert_string_equal(buf, want);
}

/* The file kept; there is one. */
static char *
kept_file(struct world *w)
{
	char name[WN_SHA256_HEX], *file;

	wn_sha256_hex(w->path, strlen(w->path), name);
	name[24] = '\0';
	file = wn_path_join(w->keep, name);
	assert_true(wn_file_exists(file));
	return file;
}

static void
undo_goes_on_after_a_restart_over_branches(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND);

	add(doc, "one ");
	add(doc, "two ");
	undo(doc);
	add(doc, "three ");
	save(w, doc);
	ed_doc_free(doc);

	doc = open_doc(w, 0);
	assert_false(ed_doc_dirty(doc));
	assert_text(doc, "one three ");
	undo(doc);
	assert_text(doc, "one ");
	assert_true(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_goto_step(doc, 2), 0); /* the branch that was left */
	assert_text(doc, "one two ");
	assert_int_equal(ed_doc_goto_step(doc, 0), 0);
	assert_text(doc, "");
	assert_int_equal(ed_doc_goto_step(doc, 3), 0);
	assert_false(ed_doc_dirty(doc));
	ed_doc_free(doc);
}

static void
a_text_that_changed_elsewhere_has_no_history(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND);

	add(doc, "one");
	save(w, doc);
	ed_doc_free(doc);
	assert_int_equal(wn_file_write(w->path, WN_STR("two"), 0644, NULL), 0);
	doc = open_doc(w, WN_E_CONFLICT);
	assert_int_equal(ed_undo_count(ed_doc_undo(doc)), 1);
	ed_doc_free(doc);
}

static void
a_damaged_file_is_ignored_and_told(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND);
	char *file;
	struct wn_buf b;

	add(doc, "one");
	save(w, doc);
	ed_doc_free(doc);
	file = kept_file(w);
	wn_buf_init(&b, 1 << 20);
	assert_int_equal(wn_file_read(file, &b, NULL), 0);
	for (size_t i = 0; i < b.len; i += 3) { /* any byte */
		b.p[i] ^= 0x20;
		assert_int_equal(wn_file_write(file, wn_buf_view(&b), 0600, NULL), 0);
		doc = open_doc(w, WN_E_CORRUPT);
		assert_text(doc, "one");
		ed_doc_free(doc);
		b.p[i] ^= 0x20;
	}
	assert_int_equal(truncate(file, 20), 0);
	doc = open_doc(w, WN_E_CORRUPT);
	ed_doc_free(doc);
	wn_buf_fini(&b);
	wn_free(file);
}

static void
what_is_kept_is_bounded(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND);
	char *big = wn_alloc(ED_STORE_BYTES + 2);
	struct ed_undo_image *im;
	struct wn_buf b;

	memset(big, 'x', ED_STORE_BYTES + 1);
	add(doc, big);
	assert_int_equal(ed_doc_edit(doc, 0, ED_STORE_BYTES + 1, WN_STR("a")), 0);
	add(doc, "b");
	add(doc, "c");
	save(w, doc);
	ed_doc_free(doc);
	doc = open_doc(w, 0); /* the step that took the big text away is the root now */
	assert_int_equal(ed_undo_count(ed_doc_undo(doc)), 3);
	assert_int_equal(ed_doc_goto_step(doc, 0), 0);
	assert_text(doc, "a");
	for (size_t i = 0; i < ED_STORE_STEPS + 5; i++)
		assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("y")), 0);
	assert_int_equal(ed_doc_goto_step(doc, 0), 0);
	im = ed_undo_image_new(ed_doc_undo(doc)); /* all of it can be redone: too much as well */
	wn_buf_init(&b, ED_STORE_BYTES * 2);
	assert_int_equal(ed_undo_image_print(im, &b), 0);
	struct ed_undo *u = ed_undo_parse(wn_buf_view(&b), 1);
	assert_non_null(u);
	assert_int_equal(ed_undo_count(u), ED_STORE_STEPS);
	ed_undo_free(u);
	ed_undo_image_free(im);
	wn_buf_fini(&b);
	wn_free(big);
	ed_doc_free(doc);
}

static void
time_travel_goes_over_branches(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND);

	add(doc, "a");
	wn_clock_fake_advance(&w->clock, 60000);
	add(doc, "b");
	undo(doc);
	wn_clock_fake_advance(&w->clock, 60000);
	add(doc, "c");
	wn_clock_fake_advance(&w->clock, 600000);
	assert_text(doc, "ac");
	/* As it was ten and a half minutes ago: on the other branch. */
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_MS, -630000), 0);
	assert_text(doc, "ab");
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_MS, -1000), 0);
	assert_text(doc, "a");
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_MS, 3600000), 0);
	assert_text(doc, "ac");
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_STEPS, 5), WN_E_NOT_FOUND);
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_STEPS, -1), 0);
	assert_text(doc, "ab");
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_STEPS, -99), 0);
	assert_text(doc, "");
	ed_doc_free(doc);
}

static void
saves_can_be_travelled_to(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND);

	add(doc, "1");
	save(w, doc);
	add(doc, "2");
	add(doc, "3");
	save(w, doc);
	add(doc, "4");
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_SAVES, -1), 0);
	assert_text(doc, "123");
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_SAVES, -1), 0);
	assert_text(doc, "1");
	assert_int_equal(ed_doc_travel(doc, ED_UNDO_SAVES, 1), 0);
	assert_text(doc, "123");
	ed_doc_free(doc);
}

static void
steps_tell_their_sizes_and_branches(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND);
	struct ed_step_info i;

	add(doc, "abc");
	assert_int_equal(ed_doc_edit(doc, 0, 2, WN_STR("x")), 0);
	undo(doc);
	add(doc, "d");
	i = ed_undo_describe(ed_doc_undo(doc), 2);
	assert_int_equal(i.parent, 1);
	assert_int_equal(i.inserted, 1);
	assert_int_equal(i.removed, 2);
	assert_false(i.done);
	i = ed_undo_describe(ed_doc_undo(doc), 3);
	assert_int_equal(i.parent, 1);
	assert_int_equal(i.inserted, 1);
	assert_true(i.now && i.done && i.time_ms == 1700000000000);
	ed_doc_free(doc);
}

/* A random tree comes back as it was: every step leads to the same text. */
static void
every_step_of_a_kept_tree_leads_where_it_did(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w, WN_E_NOT_FOUND), *again;
	unsigned seed = 5;
	size_t n;

	for (int i = 0; i < 300; i++) {
		size_t len = ed_text_len(ed_doc_text(doc)), pos, cut;

		seed = seed * 1664525u + 1013904223u;
		pos = (seed >> 8) % (len + 1);
		cut = (seed >> 20) % (len - pos + 1) % 8;
		assert_int_equal(ed_doc_edit(doc, pos, cut, WN_STR("wxyz")), 0);
		if ((seed >> 12) % 7 == 0)
			assert_int_equal(
				ed_doc_goto_step(doc,
						 (seed >> 9) % ed_undo_count(ed_doc_undo(doc))),
				0);
	}
	save(w, doc);
	again = open_doc(w, 0);
	n = ed_undo_count(ed_doc_undo(doc));
	assert_int_equal(ed_undo_count(ed_doc_undo(again)), n);
	for (size_t i = 0; i < n; i++) {
		struct wn_buf x, y;

		wn_buf_init(&x, 1 << 20);
		wn_buf_init(&y, 1 << 20);
		assert_int_equal(ed_doc_goto_step(doc, i * 7 % n), 0);
		assert_int_equal(ed_doc_goto_step(again, i * 7 % n), 0);
		assert_int_equal(ed_text_copy(ed_doc_text(doc), 0, SIZE_MAX, &x), 0);
		assert_int_equal(ed_text_copy(ed_doc_text(again), 0, SIZE_MAX, &y), 0);
		assert_true(wn_str_eq(wn_buf_view(&x), wn_buf_view(&y)));
		wn_buf_fini(&x);
		wn_buf_fini(&y);
	}
	ed_doc_free(doc);
	ed_doc_free(again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(undo_goes_on_after_a_restart_over_branches, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_text_that_changed_elsewhere_has_no_history, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_damaged_file_is_ignored_and_told, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_is_kept_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(time_travel_goes_over_branches, setup, teardown),
		cmocka_unit_test_setup_teardown(saves_can_be_travelled_to, setup, teardown),
		cmocka_unit_test_setup_teardown(steps_tell_their_sizes_and_branches, setup,
						teardown),
		cmocka_unit_test_setup_teardown(every_step_of_a_kept_tree_leads_where_it_did, setup,
						teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
