/* The piece tree against a flat buffer, its snapshots, and its counts. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/text/node.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define MODEL_MAX ((size_t)1 << 20)

struct model {
	char *p;
	size_t len;
};

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static size_t
below(uint64_t *seed, size_t n)
{
	return n ? (size_t)(next_random(seed) % n) : 0;
}

static void
model_replace(struct model *m, size_t pos, size_t n, struct wn_str s)
{
	memmove(m->p + pos + s.len, m->p + pos + n, m->len - pos - n);
	if (s.len)
		memcpy(m->p + pos, s.p, s.len);
	m->len += s.len - n;
}

static void
assert_same(const struct ed_text *t, const struct model *m)
{
	struct ed_iter it;
	size_t at = 0;

	assert_int_equal(ed_text_len(t), m->len);
	for (bool more = ed_iter_init(&it, t, 0); more; more = ed_iter_next(&it)) {
		assert_int_equal(it.pos, at);
		assert_memory_equal(it.chunk.p, m->p + at, it.chunk.len);
		at += it.chunk.len;
	}
	ed_iter_fini(&it);
	assert_int_equal(at, m->len);
}

static void
assert_lines(const struct ed_text *t, const struct model *m, uint64_t *seed)
{
	size_t pos = below(seed, m->len + 1), line = 0, begin = 0, end;

	for (size_t i = 0; i < pos; i++)
		if (m->p[i] == '\n') {
			line++;
			begin = i + 1;
		}
	for (end = pos; end < m->len && m->p[end] != '\n'; end++)
		;
	assert_int_equal(ed_text_line_of(t, pos), line);
	assert_int_equal(ed_text_line_start(t, line), begin);
	assert_int_equal(ed_text_line_begin(t, pos), begin);
	assert_int_equal(ed_text_line_end(t, pos), end);
}

/* Bytes of all kinds, newlines often. */
static struct wn_str
random_bytes(uint64_t *seed, char *out, size_t max)
{
	size_t n = below(seed, 8) ? below(seed, 12) : below(seed, max);

	for (size_t i = 0; i < n; i++)
		out[i] = below(seed, 9) ? (char)next_random(seed) : '\n';
	return wn_strn(out, n);
}

static void
random_edit(struct ed_text *t, struct model *m, uint64_t *seed, char *scratch)
{
	size_t pos = below(seed, m->len + 1), n = 0;
	struct wn_str s = random_bytes(seed, scratch, 40000);

	if (below(seed, 3) == 0)
		n = below(seed, below(seed, 4) ? 20 : 30000);
	n = n < m->len - pos ? n : m->len - pos;
	if (m->len + s.len - n > MODEL_MAX)
		s = WN_STR_NONE;
	if (m->len > MODEL_MAX * 3 / 4)
		n = m->len - pos < 200000 ? m->len - pos : 200000;
	assert_int_equal(ed_text_replace(t, pos, n, s), 0);
	model_replace(m, pos, n, s);
}

static void
random_edits_match_a_flat_buffer(void **state)
{
	struct model m = { wn_alloc(MODEL_MAX + 65536), 0 };
	struct ed_text *t = ed_text_new();
	char *scratch = wn_alloc(65536);
	uint64_t seed = 0x9E3779B97F4A7C15u;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		random_edit(t, &m, &seed, scratch);
		if (i % 500 == 0) {
			assert_same(t, &m);
			assert_lines(t, &m, &seed);
			if (t->root)
				ed_node_check(t->root, true);
		}
	}
	assert_same(t, &m);
	ed_text_free(t);
	wn_free(scratch);
	wn_free(m.p);
}

static void
small_edits_match_a_flat_buffer(void **state)
{
	struct model m = { wn_alloc(MODEL_MAX), 0 };
	struct ed_text *t = ed_text_new();
	char scratch[16];
	uint64_t seed = 42;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		size_t pos = below(&seed, m.len + 1);
		size_t n = below(&seed, 2) ? 0 : below(&seed, 6);
		struct wn_str s = random_bytes(&seed, scratch, 6);
		s.len = s.len > 6 ? 6 : s.len;
		n = n < m.len - pos ? n : m.len - pos;
		if (m.len > 40000)
			n = n < m.len - pos ? n : m.len - pos, s.len = 0;
		assert_int_equal(ed_text_replace(t, pos, n, s), 0);
		model_replace(&m, pos, n, s);
		if (i % 5000 == 0) {
			assert_same(t, &m);
			assert_lines(t, &m, &seed);
			ed_node_check(t->root, true);
		}
	}
	assert_same(t, &m);
	ed_text_free(t);
	wn_free(m.p);
}

static void
a_snapshot_keeps_its_bytes(void **state)
{
	enum { SNAPS = 40 };
	struct model m = { wn_alloc(MODEL_MAX + 65536), 0 };
	struct ed_text *t = ed_text_new(), *snap[SNAPS];
	struct model copy[SNAPS];
	char *scratch = wn_alloc(65536);
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < SNAPS; i++) {
		for (int k = 0; k < 50; k++)
			random_edit(t, &m, &seed, scratch);
		snap[i] = ed_text_snap(t);
		copy[i].p = wn_alloc(m.len + 1);
		copy[i].len = m.len;
		memcpy(copy[i].p, m.p, m.len);
	}
	for (int i = 0; i < SNAPS; i++) {
		assert_same(snap[i], &copy[i]);
		ed_text_free(snap[i]);
		wn_free(copy[i].p);
	}
	ed_text_free(t);
	wn_free(scratch);
	wn_free(m.p);
}

struct reader {
	struct ed_text *snap;
	uint64_t want;
	bool same;
};

static uint64_t
text_hash(const struct ed_text *t)
{
	struct ed_iter it;
	uint64_t h = 0;

	for (bool more = ed_iter_init(&it, t, 0); more; more = ed_iter_next(&it))
		for (size_t i = 0; i < it.chunk.len; i++)
			h = h * 1099511628211u + (unsigned char)it.chunk.p[i];
	ed_iter_fini(&it);
	return h;
}

/* Reads, counts, edits its own copy, and looks whether the snapshot is as it was. */
static void *
read_snapshot(void *arg)
{
	struct reader *r = arg;
	struct ed_text *own = ed_text_snap(r->snap);

	r->same = true;
	for (int i = 0; i < 50; i++) {
		r->same = r->same && text_hash(r->snap) == r->want;
		r->same = r->same && ed_text_lines(r->snap) == ed_text_lines(r->snap);
		if (ed_text_replace(own, ed_text_len(own) / 2, 1, WN_STR("thread")) < 0)
			r->same = false;
	}
	ed_text_free(own);
	ed_text_free(r->snap);
	return NULL;
}

static void
snapshots_are_frozen_while_another_thread_edits(void **state)
{
	struct model m = { wn_alloc(MODEL_MAX + 65536), 0 };
	struct ed_text *t = ed_text_new();
	char *scratch = wn_alloc(65536);
	uint64_t seed = 99;
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 60; i++)
		random_edit(t, &m, &seed, scratch);
	for (int round = 0; round < 10; round++) {
		struct reader r = { .snap = ed_text_snap(t), .want = text_hash(t) };
		assert_int_equal(pthread_create(&thread, NULL, read_snapshot, &r), 0);
		for (int i = 0; i < 300; i++)
			random_edit(t, &m, &seed, scratch);
		pthread_join(thread, NULL);
		assert_true(r.same);
	}
	assert_same(t, &m);
	ed_text_free(t);
	wn_free(scratch);
	wn_free(m.p);
}

static void
slices_and_splices_keep_bytes(void **state)
{
	struct model m = { wn_alloc(MODEL_MAX + 65536), 0 };
	struct ed_text *t = ed_text_new();
	char *scratch = wn_alloc(MODEL_MAX);
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 200; i++)
		random_edit(t, &m, &seed, scratch);
	for (int i = 0; i < 500; i++) {
		size_t from = below(&seed, m.len), n = below(&seed, m.len - from) / 50;
		struct ed_text *s = ed_text_slice(t, from, n);
		size_t to = below(&seed, m.len - n);
		memcpy(scratch, m.p + from, n);
		ed_text_splice(t, to, n, s);
		model_replace(&m, to, n, wn_strn(scratch, n));
		ed_text_free(s);
	}
	ed_node_check(t->root, true);
	assert_same(t, &m);
	ed_text_free(t);
	wn_free(scratch);
	wn_free(m.p);
}

static void
counts_of_points_and_utf16_units_agree_with_base(void **state)
{
	struct wn_str s = WN_STR("a\xC3\xA9\n\xE6\xBC\xA2\xF0\x9F\x98\x80z\xD8\xB9\xD8\xB1\n");
	struct ed_text *t = ed_text_new();

	(void)state;
	for (int i = 0; i < 4000; i++)
		assert_int_equal(ed_text_replace(t, ed_text_len(t), 0, s), 0);
	assert_int_equal(ed_text_rank(t, ED_POINTS, ed_text_len(t)), 4000 * wn_utf8_count(s));
	assert_int_equal(ed_text_rank(t, ED_UNITS16, ed_text_len(t)), 4000 * wn_utf8_units16(s));
	for (size_t i = 0; i <= s.len; i++) {
		size_t at = 3000 * s.len + i;
		if (i < s.len && (s.p[i] & 0xC0) == 0x80)
			continue;
		size_t rank = ed_text_rank(t, ED_POINTS, at);
		assert_int_equal(rank, 3000 * wn_utf8_count(s) + wn_utf8_count(wn_strn(s.p, i)));
		assert_int_equal(ed_text_seek(t, ED_POINTS, rank), at);
		rank = ed_text_rank(t, ED_UNITS16, at);
		assert_int_equal(ed_text_seek(t, ED_UNITS16, rank), at);
	}
	ed_text_free(t);
}

static void
chunks_walk_backwards_too(void **state)
{
	struct ed_text *t = ed_text_new();
	struct ed_iter it;
	size_t end;

	(void)state;
	for (int i = 0; i < 3000; i++)
		assert_int_equal(ed_text_replace(t, (size_t)i, 0, WN_STR("0123456789")), 0);
	end = 12345;
	ed_iter_init(&it, t, end);
	while (ed_iter_prev(&it)) {
		assert_int_equal(it.pos + it.chunk.len, end);
		end = it.pos;
	}
	assert_int_equal(end, 0);
	ed_iter_fini(&it);
	ed_text_free(t);
}

static void
typing_stays_one_piece(void **state)
{
	struct ed_text *t = ed_text_from(WN_STR("head tail"));

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(ed_text_replace(t, 5 + i, 0, WN_STR("x")), 0);
	assert_true(t->root->height == 0 && t->root->n <= 4);
	ed_text_free(t);
}

static void
an_empty_text_answers_everything(void **state)
{
	struct ed_text *t = ed_text_new();
	struct ed_iter it;

	(void)state;
	assert_int_equal(ed_text_len(t), 0);
	assert_int_equal(ed_text_lines(t), 1);
	assert_int_equal(ed_text_line_start(t, 5), 0);
	assert_int_equal(ed_text_line_of(t, 5), 0);
	assert_int_equal(ed_text_line_begin(t, 0), 0);
	assert_int_equal(ed_text_line_end(t, 0), 0);
	assert_int_equal(ed_text_byte(t, 0), -1);
	assert_false(ed_iter_init(&it, t, 0));
	ed_iter_fini(&it);
	ed_text_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_edits_match_a_flat_buffer),
		cmocka_unit_test(small_edits_match_a_flat_buffer),
		cmocka_unit_test(a_snapshot_keeps_its_bytes),
		cmocka_unit_test(snapshots_are_frozen_while_another_thread_edits),
		cmocka_unit_test(slices_and_splices_keep_bytes),
		cmocka_unit_test(counts_of_points_and_utf16_units_agree_with_base),
		cmocka_unit_test(chunks_walk_backwards_too),
		cmocka_unit_test(typing_stays_one_piece),
		cmocka_unit_test(an_empty_text_answers_everything),
	};

	return cmocka_run_group_tests_name("editor/text/text", tests, NULL, NULL);
}
