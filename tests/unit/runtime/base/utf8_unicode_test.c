/*
 * Clusters against Unicode's own test file (Debian's unicode-data).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/utf8.h"

#define FILE_NAME "/usr/share/unicode/auxiliary/GraphemeBreakTest.txt"
#define CASES_MIN 550
#define TEXT_MAX 256

/* One line of the file: "÷ 0020 × 0308 ÷ # ...": the text, and where a cluster ends in it. */
struct sample {
	char text[TEXT_MAX];
	size_t len;
	bool ends[TEXT_MAX + 1]; /* by byte */
	bool line_end;		 /* holds CR LF, which is two characters to an editor of lines */
};

static bool
read_sample(const char *line, struct sample *s)
{
	const char *p = line;
	unsigned long before = 0;

	memset(s, 0, sizeof *s);
	while (*p != '\0' && *p != '#' && *p != '\n') {
		char *end;
		unsigned long cp = strtoul(p, &end, 16);

		if (end != p) {
			s->line_end = s->line_end || (before == '\r' && cp == '\n');
			before = cp;
			assert_true(s->len + 4 < TEXT_MAX);
			s->len += wn_utf8_encode((uint32_t)cp, s->text + s->len);
			p = end;
		} else if (strncmp(p, "\xc3\xb7", 2) == 0) { /* ÷: a boundary */
			s->ends[s->len] = true;
			p += 2;
		} else {
			p++;
		}
	}
	return s->len > 0;
}

static void
assert_sample(const struct sample *s, int line)
{
	int width;

	for (size_t at = 0; at < s->len;) {
		size_t n = wn_utf8_cluster(s->text + at, s->len - at, &width);

		for (size_t i = at + 1; i < at + n; i++)
			if (s->ends[i])
				fail_msg("line %d: byte %zu lies inside a cluster", line, i);
		at += n;
		if (!s->ends[at])
			fail_msg("line %d: byte %zu ends a cluster", line, at);
	}
}

static void
clusters_are_those_of_unicode(void **state)
{
	struct sample s;
	struct wn_buf b;
	char *line, *rest;
	int number = 0, cases = 0;

	(void)state;
	wn_buf_init(&b, (size_t)4 << 20);
	if (wn_file_read(FILE_NAME, &b, NULL) != WN_OK)
		fail_msg("%s is missing: install unicode-data", FILE_NAME);
	for (line = strtok_r(b.p, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		number++;
		if (line[0] == '#' || !read_sample(line, &s) || s.line_end)
			continue;
		assert_sample(&s, number);
		cases++;
	}
	assert_true(cases >= CASES_MIN);
	wn_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clusters_are_those_of_unicode),
	};

	return cmocka_run_group_tests_name("runtime/base/utf8_unicode", tests, NULL, NULL);
}
