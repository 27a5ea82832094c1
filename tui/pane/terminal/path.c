/*
 * A name is what stands between blanks and brackets; numbers behind colons, in brackets, or after
 * the word "line" belong to it.
 */
#include "tui/pane/terminal/path.h"

#include <string.h>

static bool
ends_name(char c)
{
	return (unsigned char)c <= ' ' || strchr("\"'`()[]{}<>|,;=*", c) != NULL;
}

static int64_t
number(struct wn_str s, size_t *at)
{
	int64_t v = 0;
	size_t i = *at;

	while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9' && v < 100000000)
		v = v * 10 + (s.p[i++] - '0');
	*at = i;
	return v;
}

/* ":12:3" or "(12,3)" from i on. */
static void
position(struct wn_str s, size_t i, struct term_path *out)
{
	char open = i < s.len ? s.p[i] : '\0';

	if (open == '"' || open == '\'') {
		if (!wn_str_has_prefix(wn_str_sub(s, i + 1, s.len), WN_STR(", line ")))
			return;
		i += 8;
		out->line = number(s, &i);
		return;
	}
	if (open != ':' && open != '(')
		return;
	i++;
	out->line = number(s, &i);
	if (out->line > 0 && i + 1 < s.len && (s.p[i] == ':' || s.p[i] == ',')) {
		i++;
		out->col = number(s, &i);
	}
}

bool
term_path_at(struct wn_str s, size_t at, struct term_path *out)
{
	size_t a = at, b = at;

	*out = (struct term_path){ 0 };
	if (at >= s.len || ends_name(s.p[at]))
		return false;
	while (a > 0 && !ends_name(s.p[a - 1]))
		a--;
	while (b < s.len && !ends_name(s.p[b]))
		b++;
	for (size_t i = a; i + 1 < b; i++)
		if (s.p[i] == ':' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9') {
			b = i;
			break;
		}
	while (b > a && (s.p[b - 1] == ':' || s.p[b - 1] == '.'))
		b--;
	out->path = wn_str_sub(s, a, b - a);
	position(s, b, out);
	return out->path.len > 0 &&
	       (out->line > 0 || wn_str_chr(out->path, '/') >= 0 || wn_str_chr(out->path, '.') > 0);
}
