/* Files in other character sets: what they are taken for, that they come back byte for byte, and
 * what is said when a text cannot be written in one. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "editor/document/charset.h"
#include "editor/document/document.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define FILES 10000

struct world {
	char dir[64];
	char path[96];
};

static int
setup(void **state)
{
	struct world *w = WN_NEW(struct world);
	bool shm = access("/dev/shm", W_OK) == 0; /* no disk to wait for, where there is one */

	snprintf(w->dir, sizeof w->dir, "%s/wn-charset-XXXXXX", shm ? "/dev/shm" : "/tmp");
	if (mkdtemp(w->dir) == NULL)
		return -1;
	snprintf(w->path, sizeof w->path, "%s/file.txt", w->dir);
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

static void
put_file(const char *path, struct wn_str s)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, s.p, s.len), s.len);
	close(fd);
}

static void
assert_file(const char *path, struct wn_str want)
{
	struct wn_buf b;

	wn_buf_init(&b, 1 << 20);
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	assert_int_equal(b.len, want.len);
	if (want.len > 0)
		assert_memory_equal(b.p, want.p, want.len);
	wn_buf_fini(&b);
}

static struct ed_doc *
open_as(const char *path, const char *charset)
{
	struct ed_doc_opts opts = { .charset = charset };
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	if (ed_doc_open(path, &opts, &doc, &d) != 0)
		fail_msg("%s", d.text);
	return doc;
}

static void
assert_text(const struct ed_doc *doc, const char *want)
{
	char buf[4096];
	size_t n = ed_text_read(ed_doc_text(doc), 0, buf, sizeof buf - 1);

	buf[n] = 0;
	assert_string_equal(buf, want);
}

/* A file is read as `name`, says `text`, and an edit at its end writes `behind`. */
static void
check_set(struct world *w, const char *charset, struct wn_str bytes, const char *name,
	  const char *text, const char *add, struct wn_str behind)
{
	char want[512];
	struct ed_doc *doc;

	put_file(w->path, bytes);
	doc = open_as(w->path, charset);
	assert_string_equal(ed_doc_info(doc)->charset, name);
	assert_text(doc, text);
	assert_false(ed_doc_info(doc)->read_only);
	assert_int_equal(ed_doc_edit(doc, ed_text_len(ed_doc_text(doc)), 0, wn_str(add)), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	memcpy(want, bytes.p, bytes.len);
	memcpy(want + bytes.len, behind.p, behind.len);
	assert_file(w->path, wn_strn(want, bytes.len + behind.len));
	ed_doc_free(doc);
}

static void
marked_files_are_decoded_and_edited(void **state)
{
	struct world *w = *state;

	check_set(w, NULL, WN_STR("\xFF\xFEh\0i\0"), "utf-16le", "hi", "\xE2\x82\xAC",
		  WN_STR("\xAC\x20"));
	check_set(w, NULL, WN_STR("\xFE\xFF\0h\0i"), "utf-16be", "hi", "\xF0\x9F\x8C\x8D",
		  WN_STR("\xD8\x3C\xDF\x0D"));
	check_set(w, NULL, WN_STR("\xFF\xFE\0\0h\0\0\0"), "utf-32le", "h", "\n",
		  WN_STR("\n\0\0\0"));
	check_set(w, NULL, WN_STR("\0\0\xFE\xFF\0\0\0h"), "utf-32be", "h", "x", WN_STR("\0\0\0x"));
	check_set(w, NULL, WN_STR("\xEF\xBB\xBFhi"), "utf-8", "hi", "x", WN_STR("x"));
}

static void
a_chosen_set_is_decoded_and_edited(void **state)
{
	struct world *w = *state;

	check_set(w, "iso-8859-1", WN_STR("caf\xE9\r\n"), "iso-8859-1", "caf\xC3\xA9\r\n",
		  "\xC3\xBC", WN_STR("\xFC"));
	check_set(w, "windows-1256", WN_STR("\xE3\xD1\xCD\xC8\xC7"), "windows-1256",
		  "\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7", "\xD8\xA7", WN_STR("\xC7"));
	check_set(w, "shift_jis", WN_STR("\x93\xFA\x96{"), "shift_jis", "\xE6\x97\xA5\xE6\x9C\xAC",
		  "\xE3\x81\x82", WN_STR("\x82\xA0"));
	check_set(w, "gb18030", WN_STR("\xC4\xE3"), "gb18030", "\xE4\xBD\xA0", "x", WN_STR("x"));
	check_set(w, "koi8-r", WN_STR("\xC4\xC1"), "koi8-r", "\xD0\xB4\xD0\xB0", "x", WN_STR("x"));
}

static void
a_lone_surrogate_and_a_byte_without_meaning_are_kept(void **state)
{
	struct world *w = *state;

	check_set(w, NULL, WN_STR("\xFF\xFE\x3C\xD8h\0"), "utf-16le", "\xED\xA0\xBCh", "i",
		  WN_STR("i\0"));
	/* 0x81 is nothing in windows-1252. */
	check_set(w, "windows-1252", WN_STR("a\x81\xE9z"), "windows-1252", "a\x81\xC3\xA9z", "\x9D",
		  WN_STR("\x9D"));
}

static void
a_mark_over_something_else_stays_bytes(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("\xFF\xFE"
				 "abc"));
	doc = open_as(w->path, NULL);
	assert_int_equal(ed_doc_info(doc)->encoding, ED_ENC_BINARY);
	assert_int_equal(ed_text_len(ed_doc_text(doc)), 5);
	ed_doc_free(doc);
}

static void
a_choice_that_would_change_bytes_is_refused(void **state)
{
	struct world *w = *state;
	struct ed_doc_opts opts = { .charset = "utf-16be" };
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	put_file(w->path, WN_STR("odd"));
	assert_int_equal(ed_doc_open(w->path, &opts, &doc, &d), WN_E_INVALID);
	opts.charset = "klingon";
	wn_diag_clear(&d);
	assert_int_equal(ed_doc_open(w->path, &opts, &doc, &d), WN_E_UNSUPPORTED);
}

static void
saving_in_another_set_writes_it_or_names_what_it_has_not(void **state)
{
	struct world *w = *state;
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	put_file(w->path, WN_STR("caf\xC3\xA9\n\xD8\xA7\n"));
	doc = open_as(w->path, NULL);
	assert_int_equal(ed_doc_set_charset(doc, "iso-8859-1", false, NULL), 0);
	assert_true(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_save(doc, false, &d), WN_E_INVALID);
	assert_non_null(strstr(d.text, "line 2 holds \"\xD8\xA7\" (U+0627)"));
	assert_file(w->path, WN_STR("caf\xC3\xA9\n\xD8\xA7\n"));
	assert_int_equal(ed_doc_edit(doc, 6, 3, WN_STR("")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_file(w->path, WN_STR("caf\xE9\n"));
	assert_int_equal(ed_doc_set_charset(doc, "utf-16le", true, NULL), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_file(w->path, WN_STR("\xFF\xFE"
				    "c\0a\0f\0\xE9\0\n\0"));
	assert_false(ed_doc_dirty(doc));
	ed_doc_free(doc);
}

static void
reading_again_keeps_what_was_chosen(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("\xE9"));
	doc = open_as(w->path, "iso-8859-1");
	put_file(w->path, WN_STR("\xE9\xE8"));
	assert_int_equal(ed_doc_reload(doc, NULL), 0);
	assert_string_equal(ed_doc_info(doc)->charset, "iso-8859-1");
	assert_text(doc, "\xC3\xA9\xC3\xA8");
	ed_doc_free(doc);
	put_file(w->path, WN_STR("h\0")); /* no mark says it */
	doc = open_as(w->path, "utf-16le");
	put_file(w->path, WN_STR("h\0i\0"));
	assert_int_equal(ed_doc_reload(doc, NULL), 0);
	assert_text(doc, "hi");
	ed_doc_free(doc);
}

static void
only_clear_cases_are_guessed(void **state)
{
	(void)state;
	assert_null(ed_charset_guess(WN_STR("plain")));
	assert_string_equal(ed_charset_guess(WN_STR("un caf\xE9 cr\xE8me, d\xE9j\xE0 vu")),
			    "windows-1252");
	assert_string_equal(ed_charset_guess(WN_STR("\xC7\xE1\xD3\xE1\xC7\xE3 "
						    "\xDA\xE1\xED\xDF\xE3 \xC7\xE1\xDA\xC7\xE1\xE3"
						    "\xED\xE4")),
			    "windows-1256");
	assert_string_equal(ed_charset_guess(WN_STR("\x82\xB1\x82\xF1\x82\xC9\x82\xBF\x82\xCD"
						    "\x90\xA2\x8A\x45\x82\xB1\x82\xF1\x82\xC9")),
			    "shift_jis");
	/* Russian in KOI8-R, and bytes without words. */
	assert_null(ed_charset_guess(WN_STR("\xF0\xD2\xC9\xD7\xC5\xD4 \xCD\xC9\xD2, \xDC\xD4\xCF "
					    "\xD4\xC5\xCB\xD3\xD4")));
	assert_null(ed_charset_guess(WN_STR("\xFF\x01\xC0 tail \xE2\x82")));
}

static void
a_guess_is_labelled_and_saves_the_same_bytes(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("d\xE9j\xE0 vu"));
	doc = open_as(w->path, NULL);
	assert_true(ed_doc_info(doc)->guessed);
	assert_text(doc, "d\xC3\xA9j\xC3\xA0 vu");
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_file(w->path, WN_STR("xd\xE9j\xE0 vu"));
	ed_doc_free(doc);
}

/* ---- any bytes ---------------------------------------------------------------------------- */

static unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Noise, texts with noise in them, marks before either. */
static size_t
random_file(unsigned *seed, char *p, size_t max)
{
	static const struct wn_str marks[] = {
		{ "", 0 },	   { "\xEF\xBB\xBF", 3 }, { "\xFF\xFE", 2 },
		{ "\xFE\xFF", 2 }, { "\xFF\xFE\0\0", 4 }, { "\0\0\xFE\xFF", 4 }
	};
	const struct wn_str *mark = &marks[next_random(seed) % 12 < 6 ? next_random(seed) % 6 : 0];
	size_t n = next_random(seed) % (max - 8), way = next_random(seed) % 4, at = mark->len;

	memcpy(p, mark->p, mark->len);
	for (size_t i = 0; i < n; i++) {
		unsigned r = next_random(seed);

		if (way == 0 || r % 50 == 0)
			p[at++] = (char)(r >> 8);
		else if (way == 1)
			p[at++] = (char)(r % 3 == 0 ? 0xC0 + (r >> 8) % 64 : 'a' + (r >> 8) % 26);
		else if (way == 2)
			p[at++] = i % 2 == 0 ? (char)('a' + (r >> 8) % 26) : '\0';
		else
			p[at++] = "ab\r\n \t\xC3\xA9"[(r >> 8) % 8];
	}
	return at;
}

static void
check_round_trip(struct world *w, unsigned *seed)
{
	static const char *const sets[] = { NULL,	  NULL,		  NULL,
					    "iso-8859-1", "windows-1256", "shift_jis",
					    "utf-16le",	  "binary",	  "euc-jp" };
	char bytes[700];
	size_t n = random_file(seed, bytes, sizeof bytes), len, pos;
	struct ed_doc_opts opts = { .charset = sets[next_random(seed) % 9] };
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	put_file(w->path, wn_strn(bytes, n));
	if (ed_doc_open(w->path, &opts, &doc, &d) != 0) {
		assert_int_equal(d.code, WN_E_INVALID); /* not that set: nothing was touched */
		assert_non_null(opts.charset);
		return;
	}
	ed_doc_set_read_only(doc, false);
	len = ed_text_len(ed_doc_text(doc));
	pos = len > 0 ? next_random(seed) % len : 0;
	assert_int_equal(ed_doc_edit(doc, pos, 0, WN_STR("x")), 0);
	assert_int_equal(ed_doc_edit(doc, pos, 1, WN_STR("")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_file(w->path, wn_strn(bytes, n));
	assert_int_equal(ed_doc_edit(doc, len, 0, WN_STR("\n")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	/* Only something behind came to it. */
	struct wn_buf b;
	wn_buf_init(&b, 4096);
	assert_int_equal(wn_file_read(w->path, &b, NULL), 0);
	assert_true(b.len > n && b.len <= n + 4);
	if (n > 0)
		assert_memory_equal(b.p, bytes, n);
	wn_buf_fini(&b);
	ed_doc_free(doc);
}

static void
ten_thousand_random_files_come_back_byte_for_byte(void **state)
{
	unsigned seed = 11;

	for (int i = 0; i < FILES; i++)
		check_round_trip(*state, &seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(marked_files_are_decoded_and_edited, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_chosen_set_is_decoded_and_edited, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			a_lone_surrogate_and_a_byte_without_meaning_are_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(a_mark_over_something_else_stays_bytes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_choice_that_would_change_bytes_is_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			saving_in_another_set_writes_it_or_names_what_it_has_not, setup, teardown),
		cmocka_unit_test_setup_teardown(reading_again_keeps_what_was_chosen, setup,
						teardown),
		cmocka_unit_test(only_clear_cases_are_guessed),
		cmocka_unit_test_setup_teardown(a_guess_is_labelled_and_saves_the_same_bytes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(ten_thousand_random_files_come_back_byte_for_byte,
						setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
