/*
 * Steps by cluster and by word, anywhere in a text.
 */
#include "editor/document/layout.h"
#include "runtime/base/utf8.h"

#define AHEAD 512

static bool
is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

/* The cluster at pos: its length, 0 at the end. */
static size_t
cluster_at(const struct ed_text *t, size_t pos)
{
	char buf[AHEAD];
	size_t n = ed_text_read(t, pos, buf, sizeof buf);
	int width;

	if (n == 0)
		return 0;
	if (n > 1 && buf[0] == '\r' && buf[1] == '\n')
		return 2;
	if (is_ascii(buf[0]) && (n == 1 || is_ascii(buf[1])))
		return 1;
	return wn_utf8_cluster(buf, n, &width);
}

size_t
ed_next_cluster(const struct ed_text *t, size_t pos)
{
	return pos >= ed_text_len(t) ? ed_text_len(t) : pos + cluster_at(t, pos);
}

/* A place at or before pos where a cluster surely begins: between two ASCII bytes, or as far back
 * as we look, at a lead byte. */
static size_t
sync_before(const char *buf, size_t n)
{
	size_t i = n;

	while (i-- > 1) {
		bool crlf = buf[i - 1] == '\r' && buf[i] == '\n';
		if (is_ascii(buf[i - 1]) && is_ascii(buf[i]) && !crlf)
			return i;
	}
	while (i + 1 < n && (buf[i + 1] & 0xC0) == 0x80)
		i++;
	return i + 1 < n && (buf[0] & 0xC0) == 0x80 ? i + 1 : 0;
}

size_t
ed_prev_cluster(const struct ed_text *t, size_t pos)
{
	char buf[AHEAD];
	size_t len = ed_text_len(t), back, from, at, n;
	int width;

	pos = pos < len ? pos : len;
	if (pos == 0)
		return 0;
	back = pos < AHEAD ? pos : AHEAD;
	from = pos - back;
	ed_text_read(t, from, buf, back);
	if (back > 1 && buf[back - 2] == '\r' && buf[back - 1] == '\n')
		return pos - 2;
	at = from == 0 && back < 2 ? 0 : sync_before(buf, back);
	for (;;) {
		bool crlf = back - at > 1 && buf[at] == '\r' && buf[at + 1] == '\n';
		n = crlf ? 2 : wn_utf8_cluster(buf + at, back - at, &width);
		if (n == 0 || at + n >= back)
			return from + at;
		at += n;
	}
}

/* ---- words -------------------------------------------------------------------------- */

enum kind { BLANK, WORD, OTHER };

static enum kind
kind_at(const struct ed_text *t, size_t pos)
{
	char buf[4];
	size_t n = ed_text_read(t, pos, buf, sizeof buf);
	uint32_t cp;

	if (n == 0)
		return BLANK;
	wn_utf8_decode(buf, n, &cp);
	if (cp == WN_UTF8_BAD)
		return OTHER;
	return cp < 0x20 || wn_utf8_is_space(cp) ? BLANK : wn_utf8_is_word(cp) ? WORD : OTHER;
}

size_t
ed_next_word(const struct ed_text *t, size_t pos)
{
	size_t len = ed_text_len(t);
	enum kind k;

	while (pos < len && kind_at(t, pos) == BLANK)
		pos = ed_next_cluster(t, pos);
	if (pos >= len)
		return len;
	k = kind_at(t, pos);
	while (pos < len && kind_at(t, pos) == k)
		pos = ed_next_cluster(t, pos);
	return pos;
}

size_t
ed_prev_word(const struct ed_text *t, size_t pos)
{
	size_t before;
	enum kind k;

	while (pos > 0 && kind_at(t, before = ed_prev_cluster(t, pos)) == BLANK)
		pos = before;
	if (pos == 0)
		return 0;
	k = kind_at(t, ed_prev_cluster(t, pos));
	while (pos > 0 && kind_at(t, before = ed_prev_cluster(t, pos)) == k)
		pos = before;
	return pos;
}

void
ed_word_around(const struct ed_text *t, size_t pos, size_t *from, size_t *to)
{
	enum kind k = kind_at(t, pos);
	size_t before;

	*from = *to = pos;
	while (*to < ed_text_len(t) && kind_at(t, *to) == k && ed_text_byte(t, *to) != '\n')
		*to = ed_next_cluster(t, *to);
	while (*from > 0 && kind_at(t, before = ed_prev_cluster(t, *from)) == k &&
	       ed_text_byte(t, before) != '\n')
		*from = before;
}
