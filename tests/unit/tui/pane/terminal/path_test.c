/* Names of files in output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "tui/pane/terminal/path.h"

static const struct {
	const char *line, *at; /* at: what stands where the pointer is */
	const char *path;      /* NULL: none */
	int64_t row, col;
} rows[] = {
	{ "src/a.c:12:3: error: x", "a.c", "src/a.c", 12, 3 },
	{ "src/a.c:12:3: error: x", "12", "src/a.c", 12, 3 },
	{ "  File \"lib/b.py\", line 7, in f", "b.py", "lib/b.py", 7, 0 },
	{ "    at f (/srv/x.js:10:5)", "x.js", "/srv/x.js", 10, 5 },
	{ "main.go(3,9): bad", "main", "main.go", 3, 9 },
	{ "see README.md.", "README", "README.md", 0, 0 },
	{ "modified: docs/guide", "docs", "docs/guide", 0, 0 },
	{ "Makefile:74: all", "Make", "Makefile", 74, 0 },
	{ "just words here", "words", NULL, 0, 0 },
	{ "tests/ملف.c:2", "tests", "tests/ملف.c", 2, 0 },
	{ "a:99999999999999999999", "a", "a", 999999999, 0 },
};

static void
names_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct wn_str line = wn_str(rows[i].line);
		struct term_path p;
		bool got = term_path_at(line, (size_t)(strstr(line.p, rows[i].at) - line.p), &p);

		if (got != (rows[i].path != NULL))
			fail_msg("%s: %d", rows[i].line, got);
		if (!got)
			continue;
		if (!wn_str_is(p.path, rows[i].path) || p.col != rows[i].col ||
		    (p.line != rows[i].row && rows[i].row < 999999999))
			fail_msg("%s: %.*s %lld %lld", rows[i].line, WN_STR_ARG(p.path),
				 (long long)p.line, (long long)p.col);
	}
}

static void
no_name_stands_on_a_blank_or_behind_the_end(void **state)
{
	struct term_path p;

	(void)state;
	assert_false(term_path_at(wn_str("a.c b.c"), 3, &p));
	assert_false(term_path_at(wn_str("a.c"), 3, &p));
	assert_false(term_path_at(wn_str(""), 0, &p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(no_name_stands_on_a_blank_or_behind_the_end),
	};

	return cmocka_run_group_tests_name("tui/pane/terminal/path", tests, NULL, NULL);
}
