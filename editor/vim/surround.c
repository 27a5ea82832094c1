/*
 * Surround: ys{motion}c, yss c, cs, ds and S in a selection, as people know it from the plugin.
 */
#include "editor/vim/motion.h"
#include "editor/vim/normal.h"

#include "runtime/base/utf8.h"

/* What a character puts before and behind. */
static void
pair_of(uint32_t c, struct wn_str tag, struct wn_buf *open, struct wn_buf *close)
{
	static const char table[][4] = { "()b", "{}B", "[]r", "<>a" };
	char buf[4];
	size_t n;

	if (c == 't' || c == '<') {
		ptrdiff_t sp = wn_str_chr(tag, ' ');
		(void)wn_buf_chr(open, '<');
		(void)wn_buf_str(open, tag);
		(void)wn_buf_chr(open, '>');
		(void)wn_buf_cstr(close, "</");
		(void)wn_buf_str(close, sp < 0 ? tag : wn_str_sub(tag, 0, (size_t)sp));
		(void)wn_buf_chr(close, '>');
		return;
	}
	for (size_t i = 0; i < 4; i++) {
		if (c == 0 || c >= 0x80 || !strchr(table[i], (int)c))
			continue;
		(void)wn_buf_chr(open, table[i][0]);
		if (c == (uint32_t)table[i][0])
			(void)wn_buf_chr(open, ' ');
		if (c == (uint32_t)table[i][0])
			(void)wn_buf_chr(close, ' ');
		(void)wn_buf_chr(close, table[i][1]);
		return;
	}
	n = wn_utf8_encode(c, buf);
	(void)wn_buf_add(open, buf, n);
	(void)wn_buf_add(close, buf, n);
}

void
vi_surround_add(struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r)
{
	struct wn_buf open, close;
	size_t from = r->from, to = r->to;

	wn_buf_init(&open, 4096);
	wn_buf_init(&close, 4096);
	pair_of(c->arg2, c->text2, &open, &close);
	if (r->type == 'V' && c->doubled) { /* yss: the line without its indent */
		from = vi_nonblank(v, from);
		to = vi_end(v, to);
	} else if (r->type == 'V') { /* on lines of their own */
		from = vi_begin(v, from);
		to = vi_end(v, to);
		(void)wn_buf_str(&open, vi_eol(v));
		struct wn_buf b;
		wn_buf_init(&b, 4096);
		(void)wn_buf_str(&b, vi_eol(v));
		(void)wn_buf_str(&b, wn_buf_view(&close));
		wn_buf_fini(&close);
		close = b;
	} else if (r->type == 'v') {
		while (to > from && vi_is_blank((uint32_t)vi_byte(v, to - 1)) && !v->last_visual)
			to--;
	}
	if (vi_edit(v, to, 0, wn_buf_view(&close)) && vi_edit(v, from, 0, wn_buf_view(&open)))
		v->cur = from;
	wn_buf_fini(&open);
	wn_buf_fini(&close);
}

/* The surrounding of a kind: outer a..b, inner in_a..in_b. */
struct around {
	size_t a, b, in_a, in_b;
};

static bool
around_quotes(struct ed_vim *v, const struct vi_cmd *k, uint32_t c, struct around *s)
{
	struct vi_target t = { .from = VI_NONE, .to = v->cur, .want = VI_NONE };

	if (!vi_object_quote(v, k, &t, c, false))
		return false;
	s->in_a = t.from;
	s->in_b = t.incl ? vi_right(v, t.to) : t.from;
	s->a = s->in_a - 1;
	s->b = s->in_b + 1;
	return true;
}

static bool
inside_tag(struct ed_vim *v, const struct vi_cmd *k, struct around *s)
{
	struct vi_target t = { .from = VI_NONE, .to = v->cur, .want = VI_NONE };

	if (!vi_object_tag(v, k, &t, false))
		return false;
	s->in_a = t.from;
	s->in_b = t.incl ? vi_right(v, t.to) : t.from;
	return true;
}

/* An opening bracket means the blanks inside too. */
static void
without_blanks(struct ed_vim *v, struct around *s)
{
	while (s->in_a < s->in_b && vi_is_blank((uint32_t)vi_byte(v, s->in_a)))
		s->in_a++;
	while (s->in_b > s->in_a && vi_is_blank((uint32_t)vi_byte(v, s->in_b - 1)))
		s->in_b--;
}

static bool
find_around(struct ed_vim *v, uint32_t c, struct around *s)
{
	struct vi_target t = { .from = VI_NONE, .to = v->cur, .want = VI_NONE };
	struct vi_cmd k = { .count = 1 };

	c = c == 'r' ? ']' : c == 'a' ? '>' : c;
	if (c == '"' || c == '\'' || c == '`')
		return around_quotes(v, &k, c, s);
	k.key = VI_K2('a', c);
	if (!vi_object(v, &k, &t))
		return false;
	s->a = t.from;
	s->b = vi_right(v, t.to);
	s->in_a = s->a + 1;
	s->in_b = s->b - 1;
	if (c == 't' && !inside_tag(v, &k, s))
		return false;
	if (c < 0x80 && strchr("({[<", (int)c))
		without_blanks(v, s);
	return true;
}

void
vi_surround_change(struct ed_vim *v, const struct vi_cmd *c)
{
	struct around s;
	struct wn_buf open, close;

	if (!find_around(v, c->arg, &s)) {
		vi_fail(v, NULL);
		return;
	}
	wn_buf_init(&open, 4096);
	wn_buf_init(&close, 4096);
	if (c->arg2)
		pair_of(c->arg2, c->text2, &open, &close);
	if (vi_edit(v, s.in_b, s.b - s.in_b, wn_buf_view(&close)) &&
	    vi_edit(v, s.a, s.in_a - s.a, wn_buf_view(&open)))
		v->cur = vi_on_char(v, s.a);
	wn_buf_fini(&open);
	wn_buf_fini(&close);
}
