/*
 * The line being typed at ':', '/' and '?': editing and history.
 */
#include "editor/vim/ex.h"

#include "runtime/base/utf8.h"

#define HISTORY_MAX 200

static struct vi_hist *
history(struct ed_vim *v)
{
	return v->typed.kind == ':' ? &v->sh->colon : &v->sh->slash;
}

void
vi_line_start(struct ed_vim *v, uint32_t kind, const struct vi_cmd *c, struct wn_str text)
{
	struct vi_typed *t = &v->typed;

	t->kind = kind;
	t->wait = 0;
	wn_buf_clear(&t->text);
	(void)wn_buf_chr(&t->text, (char)kind);
	(void)wn_buf_str(&t->text, text);
	t->at = t->text.len;
	if (c)
		t->cmd = *c;
	t->hist = history(v)->p.len;
	v->state = VI_LINE;
}

static void
remember(struct ed_vim *v, struct wn_str s)
{
	struct vi_hist *h = history(v);

	if (s.len == 0 || v->depth > 0)
		return;
	for (size_t i = 0; i < h->p.len; i++)
		if (wn_str_eq(s, wn_str(h->p.p[i]))) {
			wn_free(h->p.p[i]);
			wn_vec_remove(&h->p, i);
			break;
		}
	if (h->p.len == HISTORY_MAX) {
		wn_free(h->p.p[0]);
		wn_vec_remove(&h->p, 0);
	}
	wn_vec_push(&h->p, wn_strndup(s.p, s.len));
}

static void
finish(struct ed_vim *v)
{
	struct vi_typed *t = &v->typed;
	struct wn_buf line;
	struct vi_cmd c = t->cmd;
	uint32_t kind = t->kind;

	wn_buf_init(&line, (size_t)1 << 20);
	(void)wn_buf_add(&line, t->text.p + 1, t->text.len - 1);
	remember(v, wn_buf_view(&line));
	t->kind = 0;
	v->state = VI_NORMAL;
	if (kind == ':') {
		(void)vi_ex_line(v, wn_buf_view(&line));
	} else {
		c.text = wn_strn(line.p ? line.p : "", line.len);
		vi_execute(v, &c);
	}
	wn_buf_fini(&line);
}

static void
replace(struct vi_typed *t, size_t from, size_t to, struct wn_str s)
{
	struct wn_buf b;

	wn_buf_init(&b, (size_t)1 << 20);
	(void)wn_buf_add(&b, t->text.p, from);
	(void)wn_buf_str(&b, s);
	(void)wn_buf_add(&b, t->text.p + to, t->text.len - to);
	if (b.err) {
		wn_buf_fini(&b);
		return;
	}
	wn_buf_fini(&t->text);
	t->text = b;
	t->at = from + s.len;
}

static size_t
before(const struct vi_typed *t, size_t at)
{
	while (at > 1 && (t->text.p[--at] & 0xC0) == 0x80)
		;
	return at > 0 ? at : 1;
}

static size_t
behind(const struct vi_typed *t, size_t at)
{
	int w;

	return at < t->text.len ? at + wn_utf8_cluster(t->text.p + at, t->text.len - at, &w) : at;
}

static size_t
word_before(const struct vi_typed *t)
{
	size_t at = t->at;

	while (at > 1 && vi_is_blank((unsigned char)t->text.p[at - 1]))
		at--;
	if (at > 1) {
		bool word = vi_is_word((unsigned char)t->text.p[at - 1]);
		while (at > 1 && !vi_is_blank((unsigned char)t->text.p[at - 1]) &&
		       vi_is_word((unsigned char)t->text.p[at - 1]) == word)
			at--;
	}
	return at;
}

static void
walk(struct ed_vim *v, bool older)
{
	struct vi_typed *t = &v->typed;
	struct vi_hist *h = history(v);
	struct wn_str prefix;

	if (t->hist == h->p.len) {
		wn_buf_clear(&t->kept);
		(void)wn_buf_add(&t->kept, t->text.p + 1, t->text.len - 1);
	}
	prefix = wn_buf_view(&t->kept);
	for (size_t i = t->hist; older ? i > 0 : i < h->p.len;) {
		i += older ? (size_t)-1 : 1;
		if (i == h->p.len || wn_str_has_prefix(wn_str(h->p.p[i]), prefix)) {
			t->hist = i;
			replace(t, 1, t->text.len, i == h->p.len ? prefix : wn_str(h->p.p[i]));
			return;
		}
	}
}

/* Ctrl-R: a register, or the word under the cursor. */
static void
put_register(struct ed_vim *v, uint32_t name)
{
	struct vi_typed *t = &v->typed;
	const struct vi_register *r;
	struct wn_buf b;
	size_t from, to;

	wn_buf_init(&b, (size_t)1 << 20);
	if (name == VI_CTRL('W')) {
		ed_word_around(vi_text(v), v->cur, &from, &to);
		(void)ed_text_copy(vi_text(v), from, to, &b);
	} else if ((r = vi_reg_get(v, name))) {
		(void)wn_buf_str(&b, wn_buf_view(&r->text));
		if (r->type == 'V')
			(void)wn_buf_chr(&b, '\n');
		for (size_t i = 0; i < b.len; i++)
			b.p[i] = b.p[i] == '\n' ? '\r' : b.p[i];
	}
	replace(t, t->at, t->at, wn_buf_view(&b));
	wn_buf_fini(&b);
}

static void
cancel(struct ed_vim *v)
{
	v->typed.kind = 0;
	v->state = VI_NORMAL;
	v->failed = true;
}

static void
erase(struct ed_vim *v, size_t from)
{
	struct vi_typed *t = &v->typed;

	if (t->text.len == 1)
		cancel(v);
	else if (from < t->at)
		replace(t, from, t->at, WN_STR_NONE);
}

static bool
edit_key(struct ed_vim *v, uint32_t key)
{
	struct vi_typed *t = &v->typed;

	switch (key) {
	case ED_KEY_BS:
	case VI_CTRL('H'):
	case 127:
		erase(v, before(t, t->at));
		return true;
	case VI_CTRL('W'):
		erase(v, word_before(t));
		return true;
	case VI_CTRL('U'):
		replace(t, 1, t->at, WN_STR_NONE);
		return true;
	case ED_KEY_DELETE:
		replace(t, t->at, behind(t, t->at), WN_STR_NONE);
		return true;
	case ED_KEY_LEFT:
		t->at = before(t, t->at);
		return true;
	case ED_KEY_RIGHT:
		t->at = behind(t, t->at);
		return true;
	case ED_KEY_HOME:
	case VI_CTRL('B'):
		t->at = 1;
		return true;
	case ED_KEY_END:
	case VI_CTRL('E'):
		t->at = t->text.len;
		return true;
	case ED_KEY_UP:
	case VI_CTRL('P'):
	case ED_KEY_DOWN:
	case VI_CTRL('N'):
		walk(v, key == ED_KEY_UP || key == VI_CTRL('P'));
		return true;
	default:
		return false;
	}
}

void
vi_line_key(struct ed_vim *v, uint32_t key)
{
	struct vi_typed *t = &v->typed;
	char buf[4];

	if (t->wait == VI_CTRL('R')) {
		t->wait = 0;
		put_register(v, key);
	} else if (t->wait == VI_CTRL('V')) {
		t->wait = 0;
		if (key < ED_KEY_UP)
			replace(t, t->at, t->at, wn_strn(buf, wn_utf8_encode(key, buf)));
	} else if (key == ED_KEY_ENTER || key == VI_CTRL('J')) {
		finish(v);
	} else if (key == ED_KEY_ESC || key == VI_CTRL('C')) {
		cancel(v);
	} else if (key == VI_CTRL('R') || key == VI_CTRL('V') || key == VI_CTRL('Q')) {
		t->wait = key == VI_CTRL('Q') ? VI_CTRL('V') : key;
	} else if (!edit_key(v, key) && key < ED_KEY_UP) {
		replace(t, t->at, t->at, wn_strn(buf, wn_utf8_encode(key, buf)));
		t->hist = history(v)->p.len;
	}
}
