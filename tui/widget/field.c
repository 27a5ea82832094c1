/*
 * A text field. Undo keeps whole earlier texts, each behind its length, newest last: lines are
 * short, and nothing is simpler to get right.
 */
#include "tui/widget/field.h"

#include <string.h>

#include "runtime/base/utf8.h"

#define UNDO_MAX (TUI_FIELD_MAX * 64)

void
tui_field_init(struct tui_field *f, const char *text)
{
	*f = (struct tui_field){ 0 };
	wn_buf_init(&f->text, TUI_FIELD_MAX);
	wn_buf_init(&f->undo, UNDO_MAX);
	if (text != NULL)
		tui_field_set(f, wn_str(text));
	wn_buf_clear(&f->undo);
	f->changed = false;
}

void
tui_field_fini(struct tui_field *f)
{
	wn_buf_fini(&f->text);
	wn_buf_fini(&f->undo);
}

const char *
tui_field_text(const struct tui_field *f)
{
	return f->text.p != NULL ? f->text.p : "";
}

/* Remembers the text as it is now. A full store forgets everything older. */
static void
remember(struct tui_field *f)
{
	size_t head[2] = { f->text.len, f->at };

	if (f->undo.len + f->text.len + sizeof head > UNDO_MAX)
		wn_buf_clear(&f->undo);
	wn_buf_add(&f->undo, f->text.p != NULL ? f->text.p : "", f->text.len);
	wn_buf_add(&f->undo, head, sizeof head);
}

static void
undo(struct tui_field *f)
{
	size_t head[2];

	if (f->undo.len < sizeof head)
		return;
	memcpy(head, f->undo.p + f->undo.len - sizeof head, sizeof head);
	wn_buf_cut(&f->undo, f->undo.len - sizeof head);
	wn_buf_clear(&f->text);
	wn_buf_add(&f->text, f->undo.p + f->undo.len - head[0], head[0]);
	wn_buf_cut(&f->undo, f->undo.len - head[0]);
	f->at = f->anchor = head[1];
	f->changed = true;
}

static void
replace(struct tui_field *f, size_t from, size_t to, struct wn_str s)
{
	char tail[TUI_FIELD_MAX];
	size_t n = f->text.len - to;

	if (f->text.len - (to - from) + s.len > TUI_FIELD_MAX - 1)
		return;
	remember(f);
	if (n > 0)
		memcpy(tail, f->text.p + to, n);
	wn_buf_cut(&f->text, from);
	wn_buf_add(&f->text, s.p, s.len);
	wn_buf_add(&f->text, tail, n);
	f->at = f->anchor = from + s.len;
	f->changed = true;
}

void
tui_field_set(struct tui_field *f, struct wn_str text)
{
	f->at = f->anchor = f->shift = 0;
	wn_buf_clear(&f->text);
	tui_field_insert(f, text);
}

static void
selected(const struct tui_field *f, size_t *from, size_t *to)
{
	*from = f->at < f->anchor ? f->at : f->anchor;
	*to = f->at < f->anchor ? f->anchor : f->at;
}

/* A byte of a character that is not its first. */
static bool
is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

void
tui_field_insert(struct tui_field *f, struct wn_str text)
{
	char clean[TUI_FIELD_MAX];
	size_t n = 0, i, from, to;

	for (i = 0; i < text.len && n < sizeof clean - 1; i++) {
		char c = text.p[i];

		if (c == '\n' || c == '\t')
			c = ' ';
		if ((unsigned char)c >= 0x20 && c != 0x7F)
			clean[n++] = c;
	}
	/* The cut may not go through a character. */
	if (i < text.len && is_tail(text.p[i])) {
		while (n > 0 && is_tail(clean[n - 1]))
			n--;
		n -= n > 0;
	}
	selected(f, &from, &to);
	replace(f, from, to, wn_strn(clean, n));
}

static size_t
next(const struct tui_field *f, size_t at)
{
	int w;

	if (at >= f->text.len)
		return f->text.len;
	return at + wn_utf8_cluster(f->text.p + at, f->text.len - at, &w);
}

/* Clusters are only found walking forward, so the one before is searched from the start. */
static size_t
prev(const struct tui_field *f, size_t at)
{
	size_t p = 0, last = 0;

	while (p < at) {
		last = p;
		p = next(f, p);
	}
	return last;
}

static bool
word_at(const struct tui_field *f, size_t at)
{
	uint32_t cp = 0;

	if (at < f->text.len)
		wn_utf8_decode(f->text.p + at, f->text.len - at, &cp);
	return wn_utf8_is_word(cp);
}

static size_t
next_word(const struct tui_field *f, size_t at)
{
	while (at < f->text.len && !word_at(f, at))
		at = next(f, at);
	while (at < f->text.len && word_at(f, at))
		at = next(f, at);
	return at;
}

static size_t
prev_word(const struct tui_field *f, size_t at)
{
	while (at > 0 && !word_at(f, prev(f, at)))
		at = prev(f, at);
	while (at > 0 && word_at(f, prev(f, at)))
		at = prev(f, at);
	return at;
}

static void
delete_to(struct tui_field *f, size_t to)
{
	size_t a, b;

	selected(f, &a, &b);
	if (a == b) {
		a = to < f->at ? to : f->at;
		b = to < f->at ? f->at : to;
	}
	if (a != b)
		replace(f, a, b, WN_STR(""));
}

static void
move(struct tui_field *f, size_t to, bool extend)
{
	f->at = to;
	if (!extend)
		f->anchor = to;
}

/* Keys with Ctrl and a letter, as shells have them. */
static bool
ctrl_key(struct tui_field *f, uint32_t code)
{
	switch (code) {
	case 'a':
		f->anchor = 0;
		f->at = f->text.len;
		return true;
	case 'e':
		move(f, f->text.len, false);
		return true;
	case 'u':
		delete_to(f, 0);
		return true;
	case 'k':
		delete_to(f, f->text.len);
		return true;
	case 'w':
		delete_to(f, prev_word(f, f->at));
		return true;
	case 'z':
		undo(f);
		return true;
	case TUI_KEY_BACKSPACE:
		delete_to(f, prev_word(f, f->at));
		return true;
	case TUI_KEY_DELETE:
		delete_to(f, next_word(f, f->at));
		return true;
	case TUI_KEY_LEFT:
		move(f, prev_word(f, f->at), false);
		return true;
	case TUI_KEY_RIGHT:
		move(f, next_word(f, f->at), false);
		return true;
	default:
		return false;
	}
}

static bool
key(void *self, const struct tui_key *k)
{
	struct tui_field *f = self;
	bool ext = k->mods & TUI_SHIFT;
	char buf[4];

	if (tui_key_is_text(k)) {
		tui_field_insert(f, wn_strn(buf, wn_utf8_encode(k->code, buf)));
		return true;
	}
	if ((k->mods & ~(unsigned)TUI_SHIFT) == TUI_CTRL)
		return ctrl_key(f, k->code);
	if (k->mods & ~(unsigned)TUI_SHIFT)
		return false;
	switch (k->code) {
	case TUI_KEY_LEFT:
		move(f, prev(f, f->at), ext);
		return true;
	case TUI_KEY_RIGHT:
		move(f, next(f, f->at), ext);
		return true;
	case TUI_KEY_HOME:
		move(f, 0, ext);
		return true;
	case TUI_KEY_END:
		move(f, f->text.len, ext);
		return true;
	case TUI_KEY_BACKSPACE:
		delete_to(f, prev(f, f->at));
		return true;
	case TUI_KEY_DELETE:
		delete_to(f, next(f, f->at));
		return true;
	default:
		return false;
	}
}

static int
columns(const struct tui_field *f, size_t from, size_t to)
{
	if (f->secret)
		return (int)wn_utf8_count(wn_strn(f->text.p + from, to - from));
	return wn_utf8_width(wn_strn(f->text.p + from, to - from));
}

static void
scroll(struct tui_field *f, int cols)
{
	if (f->shift > f->text.len || f->at < f->shift)
		f->shift = f->at;
	while (f->shift < f->at && columns(f, f->shift, f->at) >= cols)
		f->shift = next(f, f->shift);
}

static void
draw(void *self, struct tui_view v, const struct tui_theme *t, bool focused)
{
	struct tui_field *f = self;
	struct tui_style st = t->ui[UI_INPUT];
	size_t a, b;
	int x = 0;

	tui_clear(v, st);
	if (f->text.len == 0) {
		f->cursor = 0;
		f->shift = 0;
		if (f->placeholder != NULL)
			tui_put_cut(v, 0, 0, v.cols, wn_str(f->placeholder), t->ui[UI_PLACEHOLDER]);
		return;
	}
	scroll(f, v.cols);
	selected(f, &a, &b);
	for (size_t p = f->shift, n; p < f->text.len && x < v.cols; p = n) {
		n = next(f, p);
		x += tui_put(
			v, 0, x, f->secret ? WN_STR("\xE2\x80\xA2") : wn_strn(f->text.p + p, n - p),
			p >= a && p < b && focused ? tui_style_over(st, t->ui[UI_SELECTION]) : st);
	}
	f->cursor = columns(f, f->shift, f->at);
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	struct tui_field *f = self;
	size_t p = f->shift;

	if (m->kind != TUI_MOUSE_PRESS && m->kind != TUI_MOUSE_DRAG)
		return false;
	while (p < f->text.len && columns(f, f->shift, next(f, p)) <= m->x)
		p = next(f, p);
	move(f, p, m->kind == TUI_MOUSE_DRAG);
	return true;
}

const struct tui_widget_class tui_field_class = {
	.name = "field", .draw = draw, .key = key, .mouse = mouse
};
