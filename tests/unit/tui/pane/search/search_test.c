/* Searching and replacing in a folder: rules of .gitignore, ours against ripgrep, replacing and
 * taking back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/search/apply.h"
#include "tui/pane/search/ignore.h"

struct world {
	char dir[64];
};

static void
put(struct world *w, const char *path, const char *text)
{
	char *full = wn_path_join(w->dir, path), *dir = wn_strdup(full);

	*strrchr(dir, '/') = '\0';
	assert_int_equal(wn_file_mkdirs(dir, 0755, NULL), 0);
	assert_int_equal(wn_file_write(full, wn_str(text), 0644, NULL), 0);
	wn_free(dir);
	wn_free(full);
}

static void
assert_file(struct world *w, const char *path, const char *want)
{
	char *full = wn_path_join(w->dir, path);
	struct wn_buf b;

	wn_buf_init(&b, 1 << 20);
	assert_int_equal(wn_file_read(full, &b, NULL), 0);
	assert_string_equal(b.p != NULL ? b.p : "", want);
	wn_buf_fini(&b);
	wn_free(full);
}

static int
setup(void **state)
{
	struct world *w = WN_NEW(struct world);

	snprintf(w->dir, sizeof w->dir, "/tmp/wn-search-XXXXXX");
	if (mkdtemp(w->dir) == NULL)
		return -1;
	*state = w;
	put(w, "a.c", "int foo;\nfoo = foo + 1;\n");
	put(w, "src/b.c", "Foo and FOO\n");
	put(w, "src/none.c", "nothing\n");
	put(w, "build/out.c", "foo\n");
	put(w, ".gitignore", "build/\n*.log\n!keep.log\n/top.txt\n");
	put(w, "x.log", "foo\n");
	put(w, "keep.log", "foo\n");
	put(w, "top.txt", "foo\n");
	put(w, "src/top.txt", "foo\n");
	put(w, ".hidden", "foo\n");
	put(w, ".git/config", "foo\n");
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

/* ---- rules ------------------------------------------------------------------------------------
 */

static void
patterns_match_as_gitignore_says(void **state)
{
	static const struct {
		const char *pattern, *path;
		bool want;
	} rows[] = {
		{ "*.o", "a.o", true },
		{ "*.o", "a.c", false },
		{ "a*b*c", "aXbYc", true },
		{ "a*b*c", "aXbY", false },
		{ "*", "a/b", false },
		{ "**", "a/b", true },
		{ "a/**/b", "a/b", true },
		{ "a/**/b", "a/x/y/b", true },
		{ "a/**/b", "ab", false },
		{ "**/foo", "foo", true },
		{ "**/foo", "x/y/foo", true },
		{ "**/foo", "xfoo", false },
		{ "a/**", "a/x/y", true },
		{ "a?c", "abc", true },
		{ "a?c", "a/c", false },
		{ "[a-c]x", "bx", true },
		{ "[!a-c]x", "bx", false },
		{ "[]]", "]", true },
		{ "[a", "[a", true },
		{ "\\*", "*", true },
		{ "\\*", "a", false },
		{ "", "", true },
		{ "*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (ignore_match(wn_str(rows[i].pattern), wn_str(rows[i].path)) != rows[i].want)
			fail_msg("%s on %s", rows[i].pattern, rows[i].path);
}

static void
rules_are_taken_back_and_bound_to_their_folder(void **state)
{
	struct world *w = *state;
	struct ignore *top = ignore_open(w->dir, "", NULL), *src;

	put(w, "src/.gitignore", "*.c\n!b.c\n");
	src = ignore_open(w->dir, "src", top);
	assert_non_null(src);
	assert_true(ignore_has(top, "build", true));
	assert_false(ignore_has(top, "build", false));
	assert_true(ignore_has(src, "src/x.log", false));
	assert_false(ignore_has(src, "src/keep.log", false));
	assert_true(ignore_has(top, "top.txt", false));
	assert_false(ignore_has(top, "src/top.txt", false));
	assert_true(ignore_has(src, "src/a.c", false));
	assert_false(ignore_has(src, "src/b.c", false));
	assert_false(ignore_has(NULL, "anything", false));
	assert_null(ignore_open(w->dir, "build", top));
	ignore_close(src);
	ignore_close(top);
}

/* ---- finding -----------------------------------------------------------------------------------
 */

static int
by_path(const void *a, const void *b)
{
	struct found_file *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

struct found {
	struct found_file **files;
	size_t n;
	struct finder_news news;
};

static struct found
find(struct world *w, const char *query, unsigned flags, bool rg)
{
	struct finder *f = finder_new(w->dir, query, flags);
	struct found out;

	finder_run(f, rg, NULL, NULL);
	out.news = finder_take(f, &out.files, &out.n);
	assert_true(out.news.over);
	if (out.n > 0)
		qsort(out.files, out.n, sizeof *out.files, by_path);
	finder_unref(f);
	return out;
}

static void
found_free(struct found *f)
{
	for (size_t i = 0; i < f->n; i++)
		found_file_free(f->files[i]);
	wn_free(f->files);
}

/* "a.c:3 keep.log:1 " */
static void
assert_found(struct world *w, const char *query, unsigned flags, bool rg, const char *want)
{
	struct found f = find(w, query, flags, rg);
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	wn_buf_cstr(&b, "");
	for (size_t i = 0; i < f.n; i++)
		wn_buf_printf(&b, "%s:%zu ", f.files[i]->path, f.files[i]->hits.len);
	assert_string_equal(b.p != NULL ? b.p : "", want);
	wn_buf_fini(&b);
	found_free(&f);
}

static void
the_walk_keeps_to_the_rules(void **state)
{
	assert_found(*state, "foo", 0, false, "a.c:3 keep.log:1 src/top.txt:1 ");
	assert_found(*state, "foo", ED_SEARCH_ICASE, false,
		     "a.c:3 keep.log:1 src/b.c:2 src/top.txt:1 ");
	assert_found(*state, "fo+ \\+", ED_SEARCH_REGEX, false, "a.c:1 ");
	assert_found(*state, ";\\sfoo", ED_SEARCH_REGEX, false, "a.c:1 ");
	assert_found(*state, "absent", 0, false, "");
}

/* Where ripgrep is installed both ways must give the same. */
static void
ripgrep_and_our_walk_agree(void **state)
{
	static const struct {
		const char *query;
		unsigned flags;
	} rows[] = { { "foo", 0 },
		     { "foo", ED_SEARCH_ICASE },
		     { "foo", ED_SEARCH_SMART_CASE },
		     { "Foo", ED_SEARCH_SMART_CASE },
		     { "fo+ \\+", ED_SEARCH_REGEX },
		     { ";\\sfoo", ED_SEARCH_REGEX },
		     { "foo", ED_SEARCH_WORD },
		     { "(?<=int )foo", ED_SEARCH_REGEX }, /* ripgrep cannot: ours steps in */
		     { "-e", 0 } };
	struct world *w = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct found a = find(w, rows[i].query, rows[i].flags, true);
		struct found b = find(w, rows[i].query, rows[i].flags, false);

		assert_int_equal(a.n, b.n);
		for (size_t k = 0; k < a.n; k++) {
			assert_string_equal(a.files[k]->path, b.files[k]->path);
			assert_int_equal(a.files[k]->hits.len, b.files[k]->hits.len);
		}
		found_free(&a);
		found_free(&b);
	}
}

static void
a_hit_knows_its_line(void **state)
{
	struct found f = find(*state, "foo +", 0, false);

	assert_int_equal(f.n, 1);
	assert_int_equal(f.files[0]->hits.p[0].row, 1);
	assert_int_equal(f.files[0]->hits.p[0].col, 6);
	assert_string_equal(f.files[0]->hits.p[0].line, "foo = foo + 1;");
	assert_int_equal(f.files[0]->hits.p[0].at, 6);
	found_free(&f);
}

static void
a_bad_pattern_says_so_and_a_cancelled_search_ends(void **state)
{
	struct world *w = *state;
	struct found f = find(w, "(", ED_SEARCH_REGEX, true);
	struct finder *cancelled = finder_new(w->dir, "foo", 0);
	struct found_file **files;
	size_t n;

	assert_int_equal(f.news.err, WN_E_PARSE);
	assert_int_equal(f.n, 0);
	found_free(&f);
	finder_cancel(cancelled);
	finder_run(cancelled, true, NULL, NULL);
	assert_int_equal(finder_take(cancelled, &files, &n).err, WN_E_CANCELLED);
	assert_int_equal(n, 0);
	wn_free(files);
	finder_unref(cancelled);
}

/* ---- replacing
 * ----------------------------------------------------------------------------------- */

static struct apply *
apply_new(struct world *w, const char *query, unsigned flags, const char *with)
{
	struct found f = find(w, query, flags, false);
	struct apply *a = WN_NEW(struct apply);

	a->root = wn_strdup(w->dir);
	a->query = wn_strdup(query);
	a->with = wn_strdup(with);
	a->flags = flags;
	a->files = f.files;
	a->n = f.n;
	return a;
}

static void
all_is_replaced_and_taken_back_at_once(void **state)
{
	struct world *w = *state;
	struct apply *a = apply_new(w, "foo", ED_SEARCH_ICASE | ED_SEARCH_KEEP_CASE, "quux");

	apply_run(a);
	assert_int_equal(a->hits, 7);
	assert_int_equal(a->failed + a->changed, 0);
	assert_file(w, "a.c", "int quux;\nquux = quux + 1;\n");
	assert_file(w, "src/b.c", "Quux and QUUX\n");
	assert_file(w, "build/out.c", "foo\n");
	apply_undo(a);
	assert_int_equal(a->done.len, 0);
	assert_file(w, "a.c", "int foo;\nfoo = foo + 1;\n");
	assert_file(w, "src/b.c", "Foo and FOO\n");
	apply_free(a);
}

static void
a_hit_that_was_left_out_stays(void **state)
{
	struct world *w = *state;
	struct apply *a = apply_new(w, "f(o)o", ED_SEARCH_REGEX, "<$1>");

	wn_free(a->files[0]->hits.p[1].line);
	wn_vec_remove(&a->files[0]->hits, 1);
	apply_run(a);
	assert_file(w, "a.c", "int <o>;\nfoo = <o> + 1;\n");
	apply_free(a);
}

static void
a_file_that_changed_meanwhile_is_left_alone(void **state)
{
	struct world *w = *state;
	struct apply *a = apply_new(w, "foo", 0, "bar");

	put(w, "keep.log", "foo is other now\n");
	apply_run(a);
	assert_int_equal(a->changed, 1);
	assert_file(w, "keep.log", "foo is other now\n");
	assert_file(w, "src/top.txt", "bar\n");
	put(w, "src/top.txt", "bar and more\n");
	apply_undo(a); /* nor is what changed since taken back */
	assert_int_equal(a->changed, 1);
	assert_int_equal(a->done.len, 1);
	assert_file(w, "src/top.txt", "bar and more\n");
	assert_file(w, "a.c", "int foo;\nfoo = foo + 1;\n");
	apply_free(a);
}

static void
a_preview_is_what_replacing_does(void **state)
{
	struct found f = find(*state, "(\\w+) = foo", ED_SEARCH_REGEX, false);
	struct ed_search *s;
	struct wn_buf b;

	assert_int_equal(ed_search_new(WN_STR("(\\w+) = foo"), ED_SEARCH_REGEX, &s, NULL), 0);
	wn_buf_init(&b, 1024);
	assert_true(apply_preview(&f.files[0]->hits.p[0], s, WN_STR("\\U$1\\E := $1"), &b));
	assert_string_equal(b.p, "FOO := foo");
	wn_buf_fini(&b);
	ed_search_free(s);
	found_free(&f);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_as_gitignore_says),
		T(rules_are_taken_back_and_bound_to_their_folder),
		T(the_walk_keeps_to_the_rules),
		T(ripgrep_and_our_walk_agree),
		T(a_hit_knows_its_line),
		T(a_bad_pattern_says_so_and_a_cancelled_search_ends),
		T(all_is_replaced_and_taken_back_at_once),
		T(a_hit_that_was_left_out_stays),
		T(a_file_that_changed_meanwhile_is_left_alone),
		T(a_preview_is_what_replacing_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
