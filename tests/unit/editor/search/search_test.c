/* Finding and replacing, across pieces and windows, in valid and broken text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/search/scan.h"
#include "editor/search/search.h"
#include "editor/undo/undo.h"
#include "runtime/base/mem.h"

static struct ed_search *
query(const char *q, unsigned flags)
{
	struct ed_search *s;
	struct wn_diag d = { 0 };

	if (ed_search_new(wn_str(q), flags, &s, &d))
		fail_msg("%s", d.text);
	return s;
}

/* Text in one-byte pieces, so that every match crosses pieces. */
static struct ed_text *
crumbs(const char *p)
{
	struct ed_text *t = ed_text_new();
	size_t n = strlen(p);

	for (size_t i = n; i-- > 0;)
		assert_int_equal(ed_text_replace(t, 0, 0, wn_strn(p + i, 1)), 0);
	return t;
}

static void
check_next(const char *text, const char *q, unsigned flags, size_t pos, int from, int to)
{
	struct ed_text *t = crumbs(text);
	struct ed_search *s = query(q, flags);
	struct ed_match m;
	wn_err err = ed_search_next(s, t, pos, NULL, &m);

	if (from < 0) {
		assert_int_equal(err, WN_E_NOT_FOUND);
	} else {
		assert_int_equal(err, 0);
		assert_int_equal(m.from, from);
		assert_int_equal(m.to, to);
	}
	ed_search_free(s);
	ed_text_free(t);
}

static void
literals(void **state)
{
	(void)state;
	check_next("one two one", "one", 0, 0, 0, 3);
	check_next("one two one", "one", 0, 1, 8, 11);
	check_next("one two one", "One", 0, 0, -1, 0);
	check_next("one two One", "ONE", ED_SEARCH_ICASE, 1, 8, 11);
	check_next("a.c abc", "a.c", 0, 1, -1, 0);
	check_next("A.C abc", "a.c", ED_SEARCH_ICASE, 0, 0, 3);
	check_next("caton cat", "cat", ED_SEARCH_WORD, 0, 6, 9);
	check_next("\xC3\x89t\xC3\xA9", "\xC3\xA9T", ED_SEARCH_ICASE, 0, 0, 3);
}

static void
a_literal_may_hold_nul_bytes(void **state)
{
	struct ed_text *t = ed_text_from(wn_strn("a\0bc\0d", 6));
	struct ed_search *s;
	struct ed_match m;

	(void)state;
	assert_int_equal(ed_search_new(wn_strn("c\0d", 3), 0, &s, NULL), 0);
	assert_int_equal(ed_search_next(s, t, 0, NULL, &m), 0);
	assert_int_equal(m.from, 3);
	ed_search_free(s);
	ed_text_free(t);
}

static void
smart_case(void **state)
{
	(void)state;
	check_next("xAb", "ab", ED_SEARCH_SMART_CASE, 0, 1, 3);
	check_next("xab", "Ab", ED_SEARCH_SMART_CASE, 0, -1, 0);
	check_next("x1", "\\S\\d", ED_SEARCH_SMART_CASE | ED_SEARCH_REGEX, 0, 0, 2);
}

static void
patterns(void **state)
{
	(void)state;
	check_next("foo\nbar\n", "^b.r$", ED_SEARCH_REGEX, 0, 4, 7);
	check_next("foo\r\nbar", "o$", ED_SEARCH_REGEX, 0, 2, 3);
	check_next("xfoo", "(?<=x)foo", ED_SEARCH_REGEX, 1, 1, 4);
	check_next("a\nb", "a\\nb", ED_SEARCH_REGEX, 0, 0, 3);
	check_next("abc", "x*", ED_SEARCH_REGEX, 1, 1, 1);
	check_next("bad \xFF\xFE then good", "g..d", ED_SEARCH_REGEX, 0, 12, 16);
	check_next("\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85", "\\w+", ED_SEARCH_REGEX, 0, 0, 8);
}

static void
backward(void **state)
{
	struct ed_text *t = crumbs("one two one");
	struct ed_search *s = query("one", 0);
	struct ed_match m;

	(void)state;
	assert_int_equal(ed_search_prev(s, t, 11, NULL, &m), 0);
	assert_int_equal(m.from, 8);
	assert_int_equal(ed_search_prev(s, t, 10, NULL, &m), 0);
	assert_int_equal(m.from, 0);
	assert_int_equal(ed_search_prev(s, t, 2, NULL, &m), WN_E_NOT_FOUND);
	ed_search_free(s);
	ed_text_free(t);
}

static void
bad_queries_say_where(void **state)
{
	struct ed_search *s;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(ed_search_new(WN_STR("a(b"), ED_SEARCH_REGEX, &s, &d), WN_E_PARSE);
	assert_non_null(strstr(d.text, "character 4"));
	assert_null(s);
	assert_int_equal(ed_search_new(WN_STR(""), 0, &s, NULL), WN_E_INVALID);
}

static void
endless_backtracking_is_stopped(void **state)
{
	struct ed_text *t = crumbs("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	struct ed_search *s = query("(a+)+$", ED_SEARCH_REGEX);
	struct ed_match m;

	(void)state;
	assert_int_equal(ed_search_next(s, t, 0, NULL, &m), WN_E_LIMIT);
	ed_search_free(s);
	ed_text_free(t);
}

/* ---- large -------------------------------------------------------------------------------- */

static struct ed_text *
large(size_t n, const char *at, const size_t *places, size_t count)
{
	char *p = wn_alloc(n);
	struct ed_text *t;

	memset(p, 'x', n);
	for (size_t i = 99; i < n; i += 100)
		p[i] = '\n';
	for (size_t i = 0; i < count; i++)
		memcpy(p + places[i], at, strlen(at));
	t = ed_text_from(wn_strn(p, n));
	wn_free(p);
	return t;
}

static void
hits_on_window_borders_are_found_once(void **state)
{
	static const size_t places[] = {
		0, 16380, 65530, 65600, 131070, 1048570, 2097150, 2999990
	};
	enum { N = sizeof places / sizeof *places };
	static const struct {
		const char *q;
		unsigned flags;
	} queries[] = { { "needle", 0 },
			{ "NEEDLE", ED_SEARCH_ICASE },
			{ "n[e]{2}dle", ED_SEARCH_REGEX } };
	struct ed_text *t = large(3000000, "needle", places, N);

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct ed_search *s = query(queries[k].q, queries[k].flags);
		struct ed_match m[20];
		size_t n;
		assert_int_equal(ed_search_all(s, t, 0, SIZE_MAX, NULL, m, 20, &n), 0);
		assert_int_equal(n, N);
		for (size_t i = 0; i < N; i++)
			assert_int_equal(m[i].from, places[i]);
		size_t at = 3000000;
		for (size_t i = N; i-- > 0; at = m[0].from) {
			assert_int_equal(ed_search_prev(s, t, at, NULL, m), 0);
			assert_int_equal(m[0].from, places[i]);
		}
		ed_search_free(s);
	}
	ed_text_free(t);
}

static void
a_cancelled_search_stops(void **state)
{
	atomic_bool cancel = true;
	struct ed_text *t = large(100000, "", NULL, 0);
	struct ed_search *s = query("needle", 0);
	struct ed_match m;

	(void)state;
	assert_int_equal(ed_search_next(s, t, 0, &cancel, &m), WN_E_CANCELLED);
	ed_search_free(s);
	ed_text_free(t);
}

/* ---- replacing ------------------------------------------------------------------------------ */

static void
check_replace(const char *text, const char *q, unsigned flags, const char *with, const char *want,
	      size_t want_n)
{
	const struct ed_step *step;
	struct ed_doc *doc = ed_doc_new(NULL);
	struct ed_search *s = query(q, flags);
	char buf[256];
	size_t n;

	assert_int_equal(ed_doc_edit(doc, 0, 0, wn_str(text)), 0);
	assert_int_equal(ed_search_replace_all(s, doc, 0, SIZE_MAX, wn_str(with), &n, NULL), 0);
	buf[ed_text_read(ed_doc_text(doc), 0, buf, sizeof buf - 1)] = 0;
	assert_string_equal(buf, want);
	assert_int_equal(n, want_n);
	if (n) {
		assert_int_equal(ed_doc_step(doc, -1, &step), 0);
		buf[ed_text_read(ed_doc_text(doc), 0, buf, sizeof buf - 1)] = 0;
		assert_string_equal(buf, text);
	}
	ed_search_free(s);
	ed_doc_free(doc);
}

static void
replacing_all_is_one_step(void **state)
{
	(void)state;
	check_replace("a b a", "a", 0, "xyz", "xyz b xyz", 2);
	check_replace("a b a", "c", 0, "x", "a b a", 0);
	check_replace("aaa", "a", 0, "", "", 3);
	check_replace("a$1", "a", 0, "$1", "$1$1", 1);
}

static void
groups_are_filled_in(void **state)
{
	(void)state;
	check_replace("k=v a=b", "(\\w)=(\\w)", ED_SEARCH_REGEX, "$2=$1", "v=k b=a", 2);
	check_replace("k=v", "(?<key>\\w)=", ED_SEARCH_REGEX, "${key}$$${1}x$0", "k$kxk=v", 1);
	check_replace("ab", "x*", ED_SEARCH_REGEX, "-", "-a-b-", 3);
	check_replace("a\nb", "^", ED_SEARCH_REGEX, "> ", "> a\n> b", 2);
}

static void
a_group_that_is_not_there_changes_nothing(void **state)
{
	struct ed_doc *doc = ed_doc_new(NULL);
	struct ed_search *s = query("(a)", ED_SEARCH_REGEX);
	size_t n;

	(void)state;
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("abc")), 0);
	assert_int_equal(ed_search_replace_all(s, doc, 0, SIZE_MAX, WN_STR("$7"), &n, NULL),
			 WN_E_INVALID);
	assert_int_equal(ed_text_len(ed_doc_text(doc)), 3);
	ed_search_free(s);
	ed_doc_free(doc);
}

static void
one_match_is_expanded_where_it_was_found(void **state)
{
	struct ed_text *t = crumbs("x k=v");
	struct ed_search *s = query("(\\w)=(\\w)", ED_SEARCH_REGEX);
	struct ed_match m;
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 100);
	assert_int_equal(ed_search_next(s, t, 0, NULL, &m), 0);
	assert_int_equal(ed_search_expand(s, t, m, WN_STR("<$2$1>"), &b, NULL), 0);
	assert_string_equal(b.p, "<vk>");
	m.from++;
	assert_int_equal(ed_search_expand(s, t, m, WN_STR("x"), &b, NULL), WN_E_CONFLICT);
	wn_buf_fini(&b);
	ed_search_free(s);
	ed_text_free(t);
}

static void
letters_change_case_in_the_replacement(void **state)
{
	(void)state;
	check_replace("foo bar", "(\\w+) (\\w+)", ED_SEARCH_REGEX, "\\U$1\\E \\u$2", "FOO Bar", 1);
	check_replace("FOO \xC3\x89T\xC3\x89", "\\w+", ED_SEARCH_REGEX, "\\L\\u$0",
		      "Foo \xC3\x89t\xC3\xA9", 2);
	check_replace("A", "A", ED_SEARCH_REGEX, "\\lXY\\n\\t\\\\\\$\\q\\", "xY\n\t\\$\\q\\", 1);
	check_replace("a", "a", 0, "\\n", "\\n", 1); /* a literal is a literal */
}

static void
the_case_of_what_was_found_is_kept(void **state)
{
	const unsigned keep = ED_SEARCH_ICASE | ED_SEARCH_KEEP_CASE;

	(void)state;
	check_replace("cat Cat CAT cAt", "cat", keep, "dog", "dog Dog DOG dog", 4);
	check_replace("A \xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9", keep, "hiver", "A Hiver", 1);
	check_replace("FOO_a", "foo_(a)", keep | ED_SEARCH_REGEX, "bar-$1", "Bar-a", 1);
}

/* Every place where a needle is, in noise of two letters, is found; none else. */
static void
needles_are_found_as_memmem_finds_them(void **state)
{
	unsigned seed = 9;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char text[700], q[24];
		size_t n, k, at = 0;
		struct ed_search *s;
		struct ed_text *t;

		seed = seed * 1664525u + 1013904223u;
		n = (seed >> 8) % sizeof text;
		k = 1 + (seed >> 20) % (sizeof q - 1);
		for (size_t i = 0; i < n; i++)
			seed = seed * 1664525u + 1013904223u, text[i] = "aab"[(seed >> 12) % 3];
		for (size_t i = 0; i < k; i++)
			seed = seed * 1664525u + 1013904223u, q[i] = "aaab"[(seed >> 12) % 4];
		assert_int_equal(ed_search_new(wn_strn(q, k), 0, &s, NULL), 0);
		t = ed_text_from(wn_strn(text, n));
		for (;;) {
			const char *want = memmem(text + at, n - at, q, k);
			struct ed_match m;
			wn_err err = ed_search_next(s, t, at, NULL, &m);

			assert_int_equal(err, want != NULL ? 0 : WN_E_NOT_FOUND);
			if (want == NULL)
				break;
			assert_int_equal(m.from, want - text);
			at = m.from + 1;
		}
		ed_search_free(s);
		ed_text_free(t);
	}
}

static void
count_call(void *arg)
{
	++*(int *)arg;
}

static void
a_scan_counts_all_and_numbers_the_first_ones(void **state)
{
	struct ed_text *t = ed_text_new();
	struct ed_scan *scan;
	struct ed_scan_state st;
	int calls = 0;

	(void)state;
	for (int i = 0; i < 12; i++) { /* more than a slice, hits across its borders */
		char *p = wn_alloc((size_t)1 << 19);

		memset(p, "xyx"[i % 3], (size_t)1 << 19);
		assert_int_equal(ed_text_replace(t, ed_text_len(t), 0, wn_strn(p, (size_t)1 << 19)),
				 0);
		wn_free(p);
	}
	scan = ed_scan_new(WN_STR("xx"), 0, t);
	ed_scan_run(scan, count_call, &calls);
	st = ed_scan_state(scan);
	assert_true(st.over && st.err == 0);
	assert_int_equal(st.bytes, ed_text_len(t));
	/* 4 runs: a half MiB, three of one MiB and a half: pairs in each. */
	assert_int_equal(st.n, (size_t)8 << 18);
	assert_int_equal(ed_scan_number(scan, 0), 1);
	assert_int_equal(ed_scan_number(scan, 2), 2);
	assert_int_equal(ed_scan_number(scan, 1), 0);
	ed_scan_free(scan);
	scan = ed_scan_new(WN_STR("z*"), ED_SEARCH_REGEX, t);
	ed_scan_cancel(scan);
	ed_scan_run(scan, NULL, NULL);
	assert_int_equal(ed_scan_state(scan).err, WN_E_CANCELLED);
	ed_scan_free(scan);
	scan = ed_scan_new(WN_STR("(a+)+$|y"), ED_SEARCH_REGEX, t);
	ed_scan_run(scan, NULL, NULL);
	assert_int_equal(ed_scan_state(scan).n, (size_t)4 << 19);
	ed_scan_free(scan);
	ed_text_free(t);
}

/* Empty matches: one at each place, also where batches and slices meet. */
static void
a_scan_meets_each_empty_match_once(void **state)
{
	struct ed_text *t = ed_text_new();
	struct ed_scan *scan;

	(void)state;
	for (int i = 0; i < 40000; i++)
		assert_int_equal(ed_text_replace(t, ed_text_len(t), 0, WN_STR("ab")), 0);
	scan = ed_scan_new(WN_STR("(?=b)"), ED_SEARCH_REGEX, t);
	ed_scan_run(scan, NULL, NULL);
	assert_int_equal(ed_scan_state(scan).n, 40000);
	ed_scan_free(scan);
	scan = ed_scan_new(WN_STR("c*"), ED_SEARCH_REGEX, t);
	ed_scan_run(scan, NULL, NULL);
	assert_int_equal(ed_scan_state(scan).n, 80001);
	ed_scan_free(scan);
	ed_text_free(t);
}

static void
many_hits_are_replaced_everywhere(void **state)
{
	enum { N = 30000 };
	struct ed_doc *doc = ed_doc_new(NULL);
	struct ed_search *s = query("ab", 0);
	struct ed_match m;
	struct wn_buf b;
	size_t n;

	(void)state;
	wn_buf_init(&b, 1 << 22);
	for (int i = 0; i < N; i++)
		(void)wn_buf_printf(&b, "%d ab\n", i);
	assert_int_equal(ed_doc_edit(doc, 0, 0, wn_buf_view(&b)), 0);
	assert_int_equal(ed_search_replace_all(s, doc, 0, SIZE_MAX, WN_STR("xyz"), &n, NULL), 0);
	assert_int_equal(n, N);
	assert_int_equal(ed_text_len(ed_doc_text(doc)), b.len + N);
	assert_int_equal(ed_search_next(s, ed_doc_text(doc), 0, NULL, &m), WN_E_NOT_FOUND);
	wn_buf_fini(&b);
	ed_search_free(s);
	ed_doc_free(doc);
}

#define T(f) cmocka_unit_test(f)
int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(literals),
		T(a_literal_may_hold_nul_bytes),
		T(smart_case),
		T(patterns),
		T(backward),
		T(bad_queries_say_where),
		T(endless_backtracking_is_stopped),
		T(hits_on_window_borders_are_found_once),
		T(a_cancelled_search_stops),
		T(replacing_all_is_one_step),
		T(groups_are_filled_in),
		T(a_group_that_is_not_there_changes_nothing),
		T(one_match_is_expanded_where_it_was_found),
		T(many_hits_are_replaced_everywhere),
		T(letters_change_case_in_the_replacement),
		T(the_case_of_what_was_found_is_kept),
		T(needles_are_found_as_memmem_finds_them),
		T(a_scan_counts_all_and_numbers_the_first_ones),
		T(a_scan_meets_each_empty_match_once),
	};

	return cmocka_run_group_tests_name("editor/search/search", tests, NULL, NULL);
}
