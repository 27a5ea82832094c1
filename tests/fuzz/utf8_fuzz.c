/*
 * utf8.h on any bytes: pieces add up to the whole, counts agree, nothing is lost.
 */
#include <stdlib.h>

#include "runtime/base/utf8.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
code_points(struct wn_str s)
{
	size_t first_bad = s.len, count = 0, units = 0;

	for (size_t i = 0; i < s.len; count++) {
		char back[4];
		uint32_t cp;
		size_t n = wn_utf8_decode(s.p + i, s.len - i, &cp);

		check(n >= 1 && n <= 4 && i + n <= s.len);
		if (cp == WN_UTF8_BAD) {
			check(n == 1);
			first_bad = first_bad == s.len ? i : first_bad;
		} else {
			check(wn_utf8_encode(cp, back) == n && memcmp(back, s.p + i, n) == 0);
			check(wn_utf8_cp_width(cp) >= 0 && wn_utf8_cp_width(cp) <= 2);
		}
		(void)wn_utf8_is_word(cp);
		(void)wn_utf8_is_space(cp);
		(void)wn_utf8_is_rtl(cp);
		units += n == 4 ? 2 : 1;
		i += n;
	}
	check(wn_utf8_check(s.p, s.len) == first_bad);
	check(wn_utf8_count(s) == count);
	check(wn_utf8_units16(s) == units);
}

static void
clusters(struct wn_str s)
{
	int total = 0, w, used;

	for (size_t i = 0; i < s.len;) {
		size_t n = wn_utf8_cluster(s.p + i, s.len - i, &w);

		check(n >= 1 && i + n <= s.len && w >= 0 && w <= 2);
		i += n;
		total += w;
	}
	check(wn_utf8_width(s) == total);
	check(wn_utf8_fit(s, total, &used) == s.len && used == total);
	for (int cols = 0; cols < 5; cols++) {
		size_t n = wn_utf8_fit(s, cols, &used);

		check(n <= s.len && used <= cols && wn_utf8_width(wn_strn(s.p, n)) == used);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct wn_str s = wn_strn((const char *)data, size);
	struct wn_buf folded;

	code_points(s);
	clusters(s);
	wn_buf_init(&folded, size * 32 + 1);
	check(wn_utf8_fold(s, &folded) == WN_OK);
	if (wn_utf8_valid(s))
		check(wn_utf8_valid(wn_buf_view(&folded)));
	wn_buf_fini(&folded);
	return 0;
}
