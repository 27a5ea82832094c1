/*
 * Reading a command of normal or visual mode from the keys typed so far: always from the first one
 * again, so that nothing is kept but the keys.
 */
#include "editor/vim/normal.h"

struct reader {
	const struct ed_vim *v;
	const uint32_t *k;
	size_t n, i;
};

static bool
next(struct reader *r, uint32_t *key)
{
	if (r->i >= r->n)
		return false;
	*key = r->k[r->i++];
	return true;
}

/* A count; false: the keys end in it. */
static bool
count(struct reader *r, struct vi_cmd *c)
{
	size_t n = 0;
	bool any = false;

	while (r->i < r->n) {
		uint32_t k = r->k[r->i];
		if (k < '0' || k > '9' || (k == '0' && !any))
			break;
		n = n > 99999999 ? 99999999 : n * 10 + (k - '0');
		any = true;
		r->i++;
	}
	if (any) {
		c->count = c->counted ? c->count * n : n;
		if (c->count > 99999999)
			c->count = 99999999;
		c->counted = true;
	}
	return r->i < r->n;
}

static const uint32_t operators[] = {
	'd',
	'c',
	'y',
	'>',
	'<',
	'=',
	'!',
	VI_K2('g', '~'),
	VI_K2('g', 'u'),
	VI_K2('g', 'U'),
	VI_K2('g', '?'),
	VI_K2('g', 'q'),
	VI_K2('g', 'w'),
	VI_K2('g', 'c'),
};

bool
vi_is_operator(uint32_t key)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (operators[i] == key)
			return true;
	return false;
}

static bool
is_prefix(const struct reader *r, uint32_t key)
{
	return key == 'g' || key == 'z' || key == 'Z' || key == '[' || key == ']' ||
	       (key == VI_CTRL('W') && !r->v->visual);
}

static bool
takes_arg(uint32_t key)
{
	const struct vi_action *a = vi_action_of(key);

	if (a)
		return a->flags & VI_A_ARG;
	return key == 'f' || key == 'F' || key == 't' || key == 'T' || key == '\'' || key == '`' ||
	       key == VI_K2('g', '\'') || key == VI_K2('g', '`');
}

/* One key, or two behind a prefix. */
static bool
code(struct reader *r, uint32_t *out, bool objects)
{
	uint32_t k, k2;

	if (!next(r, &k))
		return false;
	*out = k;
	if (!is_prefix(r, k) && !(objects && (k == 'i' || k == 'a')))
		return true;
	if (!next(r, &k2))
		return false;
	*out = VI_K2(k, k2);
	return true;
}

/* Name of a tag behind 't' or '<' in a surround: up to '>' or Enter. */
static enum vi_read
surround_char(struct reader *r, uint32_t *arg, size_t *tag_from, size_t *tag_to)
{
	uint32_t k;

	if (!next(r, arg))
		return VI_READ_MORE;
	if (*arg != 't' && *arg != '<')
		return *arg == ED_KEY_ESC ? VI_READ_BAD : VI_READ_DONE;
	*tag_from = r->i;
	for (;;) {
		if (!next(r, &k))
			return VI_READ_MORE;
		if (k == ED_KEY_ESC)
			return VI_READ_BAD;
		if (k == '>' || k == ED_KEY_ENTER)
			break;
	}
	*tag_to = r->i - 1;
	return VI_READ_DONE;
}

/* The tag's name is kept in the engine's buffer, where the command's text points. */
static void
keep_tag(const struct reader *r, struct vi_cmd *c, size_t from, size_t to)
{
	struct ed_vim *v = (struct ed_vim *)(uintptr_t)r->v;
	size_t at;

	if (to <= from)
		return;
	at = v->cmd_text.len;
	for (size_t i = from; i < to; i++)
		vi_key_encode(r->k[i], &v->cmd_text);
	c->text2 = wn_strn(v->cmd_text.p + at, v->cmd_text.len - at);
}

/* ds{c}, cs{c}{c}; ys was read by its motion. */
static enum vi_read
surround(struct reader *r, struct vi_cmd *c)
{
	size_t from = 0, to = 0;
	enum vi_read s = VI_READ_DONE;

	c->key = VI_K2(c->op, 's');
	c->op = 0;
	if (!next(r, &c->arg))
		return VI_READ_MORE;
	if (c->key == VI_K2('c', 's'))
		s = surround_char(r, &c->arg2, &from, &to);
	if (s == VI_READ_DONE)
		keep_tag(r, c, from, to);
	return s;
}

static enum vi_read
finish(struct reader *r, struct vi_cmd *c)
{
	if (c->key == 'q' && r->v->recording)
		return VI_READ_DONE; /* ends it */
	if (takes_arg(c->key) && !next(r, &c->arg))
		return VI_READ_MORE;
	return VI_READ_DONE;
}

static bool
doubles(uint32_t op, uint32_t key)
{
	return key == op || (op >> 24 == 'g' && key == (op & 0xFFFFFF)) ||
	       (op == VI_K2('y', 's') && key == 's');
}

/* Behind an operator: count, v V Ctrl-V, motion or object. */
static enum vi_read
operand(struct reader *r, struct vi_cmd *c)
{
	size_t from = 0, to = 0;
	enum vi_read s;

again:
	if (!count(r, c))
		return VI_READ_MORE;
	uint32_t k = r->k[r->i];
	if (k == 's' && r->v->opt.surround && c->op == 'y') {
		c->op = VI_K2('y', 's');
		r->i++;
		goto again;
	}
	if (k == 's' && r->v->opt.surround && (c->op == 'd' || c->op == 'c')) {
		r->i++;
		return surround(r, c);
	}
	if (k == 'v' || k == 'V' || k == VI_BLOCK) {
		c->force = k;
		r->i++;
		goto again;
	}
	if (doubles(c->op, k)) {
		r->i++;
		c->doubled = true;
		s = VI_READ_DONE;
	} else {
		if (!code(r, &c->key, true))
			return VI_READ_MORE;
		c->doubled = doubles(c->op, c->key);
		s = c->doubled ? VI_READ_DONE : vi_motion_of(c->key) ? finish(r, c) : VI_READ_BAD;
	}
	if (s == VI_READ_DONE && c->op == VI_K2('y', 's')) {
		s = surround_char(r, &c->arg2, &from, &to);
		if (s == VI_READ_DONE)
			keep_tag(r, c, from, to);
	}
	return s;
}

enum vi_read
vi_read_cmd(const struct ed_vim *v, struct vi_cmd *c)
{
	struct reader r = { v, v->pending.p, v->pending.len, 0 };
	size_t from = 0, to = 0;
	enum vi_read s;

	*c = (struct vi_cmd){ .count = 1 };
	for (;;) {
		if (!count(&r, c))
			return VI_READ_MORE;
		if (r.k[r.i] != '"')
			break;
		r.i++;
		if (!next(&r, &c->reg))
			return VI_READ_MORE;
		if (!vi_reg_valid(c->reg, false))
			return VI_READ_BAD;
	}
	if (c->counted && (r.k[r.i] == ED_KEY_DELETE)) /* takes a digit of the count back */
		return VI_READ_BAD;
	if (!code(&r, &c->key, v->visual != 0))
		return VI_READ_MORE;
	if (v->visual && c->key == 'S' && v->opt.surround) {
		c->op = VI_K2('y', 's');
		s = surround_char(&r, &c->arg2, &from, &to);
		if (s == VI_READ_DONE)
			keep_tag(&r, c, from, to);
		return s;
	}
	if (vi_is_operator(c->key)) {
		c->op = c->key;
		c->key = 0;
		return v->visual ? VI_READ_DONE : operand(&r, c);
	}
	if (!vi_motion_of(c->key) && !vi_action_of(c->key))
		return VI_READ_BAD;
	return finish(&r, c);
}
