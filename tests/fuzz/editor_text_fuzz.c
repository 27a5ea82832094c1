/*
 * The piece tree driven by bytes, against a flat buffer: same content, lines, and snapshots that
 * stay what they were.
 */
#include <stdlib.h>

#include "editor/text/text.h"
#include "runtime/base/mem.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MODEL_MAX ((size_t)1 << 18)

struct model {
	char *p;
	size_t len;
};

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
check_same(const struct ed_text *t, const struct model *m)
{
	struct ed_iter it;
	size_t at = 0, lines = 0;

	check(ed_text_len(t) == m->len);
	for (bool more = ed_iter_init(&it, t, 0); more; more = ed_iter_next(&it)) {
		check(it.pos == at && memcmp(it.chunk.p, m->p + at, it.chunk.len) == 0);
		at += it.chunk.len;
	}
	ed_iter_fini(&it);
	check(at == m->len);
	for (size_t i = 0; i < m->len; i++)
		lines += m->p[i] == '\n';
	check(ed_text_lines(t) == lines + 1);
}

static void
edit(struct ed_text *t, struct model *m, size_t pos, size_t n, struct wn_str s)
{
	pos %= m->len + 1;
	n = n < m->len - pos ? n : m->len - pos;
	if (m->len - n + s.len > MODEL_MAX)
		return;
	check(ed_text_replace(t, pos, n, s) == 0);
	memmove(m->p + pos + s.len, m->p + pos + n, m->len - pos - n);
	if (s.len)
		memcpy(m->p + pos, s.p, s.len);
	m->len += s.len - n;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct model m = { wn_alloc(MODEL_MAX), 0 }, old = { wn_alloc(MODEL_MAX), 0 };
	struct ed_text *t = ed_text_new(), *snap = ed_text_new();

	/* One operation: two bytes of place, one of removal, one of what; text follows. */
	while (size >= 4) {
		size_t pos = (size_t)data[0] * 257 + data[1], n = data[2];
		size_t k = data[3] & 63, repeat = data[3] >> 6 ? (size_t)64 << (data[3] >> 6) : 1;
		data += 4;
		size -= 4;
		k = k < size ? k : size;
		for (size_t i = 0; i < repeat; i++)
			edit(t, &m, pos * 3 + i * 31, n, wn_strn((const char *)data, k));
		data += k;
		size -= k;
		if (n == 255) {
			check_same(snap, &old);
			ed_text_free(snap);
			snap = ed_text_snap(t);
			memcpy(old.p, m.p, m.len);
			old.len = m.len;
		}
	}
	check_same(t, &m);
	check_same(snap, &old);
	ed_text_free(t);
	ed_text_free(snap);
	wn_free(m.p);
	wn_free(old.p);
	return 0;
}
