/*
 * Upper and lower case in replacements: \U \L \u \l \E as in Perl and Vim, and the case of what was
 * found kept in what takes its place.
 */
#include "editor/search/search_private.h"
#include "runtime/base/utf8.h"

static wn_err
add_point(struct wn_buf *out, struct wn_str bytes, uint32_t cp, char way)
{
	char utf8[4];

	if (cp == WN_UTF8_BAD || way == 0)
		return wn_buf_str(out, bytes);
	cp = way == 'U' ? wn_utf8_upper(cp) : wn_utf8_lower(cp);
	return wn_buf_add(out, utf8, wn_utf8_encode(cp, utf8));
}

wn_err
ed_case_add(struct ed_case *c, struct wn_str s, struct wn_buf *out)
{
	wn_err err = 0;

	if (c->all == 0 && c->next == 0)
		return wn_buf_str(out, s);
	while (s.len > 0 && err == 0) {
		uint32_t cp;
		size_t n = wn_utf8_decode(s.p, s.len, &cp);
		char way = c->next != 0 ? c->next : c->all;

		c->next = 0;
		err = add_point(out, wn_strn(s.p, n), cp, way);
		s = wn_str_sub(s, n, s.len);
	}
	return err;
}

bool
ed_case_sign(struct ed_case *c, char sign)
{
	switch (sign) {
	case 'U':
	case 'L':
		c->all = sign;
		return true;
	case 'u':
		c->next = 'U';
		return true;
	case 'l':
		c->next = 'L';
		return true;
	case 'E':
		c->all = c->next = 0;
		return true;
	default:
		return false;
	}
}

struct ed_case
ed_case_of(struct wn_str found)
{
	bool upper = false, lower = false, first_upper = false;
	size_t letters = 0;

	while (found.len > 0) {
		uint32_t cp;
		size_t n = wn_utf8_decode(found.p, found.len, &cp);
		bool is_upper = cp != WN_UTF8_BAD && wn_utf8_lower(cp) != cp;
		bool is_lower = cp != WN_UTF8_BAD && wn_utf8_upper(cp) != cp && !is_upper;

		first_upper = first_upper || (letters == 0 && is_upper);
		letters += is_upper || is_lower;
		upper = upper || is_upper;
		lower = lower || is_lower;
		found = wn_str_sub(found, n, found.len);
	}
	if (upper && !lower && letters > 1)
		return (struct ed_case){ .all = 'U' };
	if (lower && !upper)
		return (struct ed_case){ .all = 'L' };
	return (struct ed_case){ .next = first_upper ? 'U' : 0 };
}
