/*
 * The bytes of a document: offsets, bytes, characters. Typing overwrites (a hexadecimal digit, or a
 * character beside); only at the end something is added, so nothing moves by mistake.
 */
#include "editor/undo/undo.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/pane/editor/editor.h"

#define SIDE_GAP 2

/* Where things are on a row. */
struct places {
	int digits;	/* of an offset */
	int bytes;	/* a row */
	int hex, chars; /* columns where they begin */
};

static struct places
places_of(const struct editor *e, int cols)
{
	struct places p = { .digits = ed_text_len(text_of(e)) >> 32 ? 12 : 8, .bytes = 16 };

	p.hex = p.digits + SIDE_GAP;
	/* Three columns a byte, one more in the middle, then the characters. */
	while (p.bytes > 4 && p.hex + p.bytes * 4 + 1 + SIDE_GAP > cols)
		p.bytes /= 2;
	p.chars = p.hex + p.bytes * 3 + 1 + 1;
	return p;
}

static int
hex_col(const struct places *p, int i)
{
	return p->hex + i * 3 + (i >= p->bytes / 2);
}

/* The view's cursor follows ours, and ours goes where undo or a search brought the view's. */
static void
meet_view(struct editor *e)
{
	size_t head = ed_view_main(e->view)->head, len = ed_text_len(text_of(e));

	if (head != e->hex.view_head) {
		const struct ed_sel *s = ed_view_main(e->view);

		e->hex.at = s->anchor < s->head ? s->anchor : s->head;
		e->hex.low = false;
		e->hex.view_head = head;
	}
	if (e->hex.at > len)
		e->hex.at = len;
}

static void
go_to(struct editor *e, size_t at)
{
	size_t len = ed_text_len(text_of(e));

	e->hex.at = at < len ? at : len;
	e->hex.low = false;
	ed_view_select(e->view, e->hex.at, e->hex.at);
	e->hex.view_head = ed_view_main(e->view)->head;
	redraw(e);
}

static void
show_cursor(struct editor *e, const struct places *p)
{
	size_t n = (size_t)p->bytes, row = e->hex.at / n, rows = (size_t)e->rows;

	e->hex.top -= e->hex.top % n;
	if (row < e->hex.top / n)
		e->hex.top = row * n;
	else if (row >= e->hex.top / n + rows)
		e->hex.top = (row - rows + 1) * n;
}

/* ---- the picture ---------------------------------------------------------------------------- */

static void
draw_bytes(struct editor *e, const struct pane_draw *d, const struct places *p, int y, size_t at)
{
	const struct tui_style *ui = d->theme->ui;
	char bytes[16];
	size_t n = ed_text_read(text_of(e), at, bytes, (size_t)p->bytes);

	tui_printf(d->view, y, 0, ui[UI_LINE_NUMBER], "%0*zX", p->digits, at);
	for (int i = 0; i < (int)n; i++) {
		unsigned char c = (unsigned char)bytes[i];
		bool plain = c >= 0x20 && c < 0x7F;
		struct tui_style st = ui[plain ? UI_TEXT : c == 0 ? UI_INVISIBLE : UI_MUTED];

		tui_printf(d->view, y, hex_col(p, i), st, "%02X", c);
		tui_put(d->view, y, p->chars + i, plain ? wn_strn(bytes + i, 1) : WN_STR("."), st);
	}
}

static void
draw_cursor(struct editor *e, const struct pane_draw *d, const struct places *p)
{
	size_t n = (size_t)p->bytes;
	int y = (int)((e->hex.at - e->hex.top) / n), i = (int)(e->hex.at % n);
	int hex = hex_col(p, i), chars = p->chars + i;

	if (!d->focused || e->bar != BAR_NONE)
		return;
	if (e->hex.chars)
		tui_tint(d->view, y, hex, 2, d->theme->ui[UI_SELECTION]);
	else
		tui_tint(d->view, y, chars, 1, d->theme->ui[UI_SELECTION]);
	*d->cursor = (struct pane_cursor){ y, e->hex.chars ? chars : hex + e->hex.low };
}

void
editor_hex_draw(struct editor *e, const struct pane_draw *d)
{
	struct places p = places_of(e, d->view.cols);
	size_t len = ed_text_len(text_of(e));

	e->cols = d->view.cols;
	meet_view(e);
	show_cursor(e, &p);
	tui_fill(d->view, 0, 0, e->rows, d->view.cols, d->theme->ui[UI_TEXT]);
	for (int y = 0; y < e->rows; y++) {
		size_t at = e->hex.top + (size_t)y * (size_t)p.bytes;

		if (at > len || (at == len && len > 0 && e->hex.at < len))
			break;
		draw_bytes(e, d, &p, y, at);
	}
	draw_cursor(e, d, &p);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static int
digit_of(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)c - '0';
	if (c >= 'a' && c <= 'f')
		return (int)c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? (int)c - 'A' + 10 : -1;
}

/* Puts bytes over those at the cursor; melt: it goes on where the last digit stopped. */
static bool
overwrite(struct editor *e, struct wn_str bytes, bool melt)
{
	size_t left = ed_text_len(text_of(e)) - e->hex.at;
	struct ed_mark mark = { e->hex.at, e->hex.at };
	struct wn_diag d = { 0 };
	wn_err err;

	if (melt)
		ed_doc_melt(e->doc);
	ed_doc_begin_with(e->doc, &mark, 1);
	err = ed_doc_edit(e->doc, e->hex.at, bytes.len < left ? bytes.len : left, bytes);
	ed_doc_end_with(e->doc, &mark, 1);
	if (err == WN_E_READ_ONLY)
		e->host->ops->say(
			e->host, PANE_WARN, "%s",
			TR(e,
			   "These bytes are read-only; \"Read-only on or off\" in the "
			   "commands lifts it.",
			   "هذه البايتات للقراءة فقط؛ الأمر «للقراءة فقط أو لا» يرفع ذلك."));
	else
		editor_tell(e, err, &d);
	return err == 0;
}

static void
type_digit(struct editor *e, int digit)
{
	int old = ed_text_byte(text_of(e), e->hex.at);
	size_t at = e->hex.at;
	bool low = e->hex.low;
	char c;

	if (old < 0)
		old = 0;
	c = (char)(low ? (old & 0xF0) | digit : (old & 0x0F) | digit << 4);
	if (!overwrite(e, wn_strn(&c, 1), low))
		return;
	go_to(e, low ? at + 1 : at);
	e->hex.low = !low;
}

static bool
type(struct editor *e, const struct tui_key *k)
{
	char utf8[4];
	size_t n;
	int digit = digit_of(k->code);

	if (!e->hex.chars) {
		if (digit >= 0)
			type_digit(e, digit);
		return true;
	}
	n = wn_utf8_encode(k->code, utf8);
	if (overwrite(e, wn_strn(utf8, n), false))
		go_to(e, e->hex.at + n);
	return true;
}

static void
step(struct editor *e, bool back, size_t n)
{
	if (back)
		go_to(e, e->hex.at >= n ? e->hex.at - n : e->hex.at);
	else
		go_to(e, e->hex.at + n);
}

static bool
move(struct editor *e, const struct tui_key *k)
{
	struct places p = places_of(e, e->cols);
	size_t n = (size_t)p.bytes, page = n * (size_t)(e->rows > 1 ? e->rows - 1 : 1);
	size_t at = e->hex.at, len = ed_text_len(text_of(e));
	bool ctrl = k->mods & TUI_CTRL;

	switch (k->code) {
	case TUI_KEY_LEFT:
	case TUI_KEY_BACKSPACE:
		step(e, true, 1);
		return true;
	case TUI_KEY_RIGHT:
		step(e, false, 1);
		return true;
	case TUI_KEY_UP:
		step(e, true, at >= n ? n : 0);
		return true;
	case TUI_KEY_DOWN:
		step(e, false, at + n <= len ? n : 0);
		return true;
	case TUI_KEY_PGUP:
		go_to(e, at > page ? at - page : at % n);
		return true;
	case TUI_KEY_PGDN:
		go_to(e, at + page);
		return true;
	case TUI_KEY_HOME:
		go_to(e, ctrl ? 0 : at - at % n);
		return true;
	case TUI_KEY_END:
		go_to(e, ctrl ? len : at - at % n + n - 1);
		return true;
	case TUI_KEY_TAB:
		e->hex.chars = !e->hex.chars;
		e->hex.low = false;
		redraw(e);
		return true;
	default:
		return false;
	}
}

bool
editor_hex_key(struct editor *e, const struct tui_key *k)
{
	meet_view(e);
	return tui_key_is_text(k) ? type(e, k) : move(e, k);
}

bool
editor_hex_mouse(struct editor *e, const struct tui_mouse *m)
{
	struct places p = places_of(e, e->cols);
	size_t at = e->hex.top + (size_t)(m->y > 0 ? m->y : 0) * (size_t)p.bytes;
	int i = 0;

	if (m->kind == TUI_MOUSE_WHEEL) {
		step(e, m->button < 0, 3 * (size_t)p.bytes);
		return true;
	}
	if (m->kind != TUI_MOUSE_PRESS || m->y >= e->rows)
		return false;
	e->hex.chars = m->x >= p.chars;
	while (!e->hex.chars && i + 1 < p.bytes && m->x >= hex_col(&p, i + 1))
		i++;
	if (e->hex.chars)
		i = m->x - p.chars < p.bytes ? m->x - p.chars : p.bytes - 1;
	go_to(e, at + (size_t)i);
	return true;
}

void
editor_hex_show(struct editor *e, bool on)
{
	if (!on && e->hex.on) {
		ed_view_select(e->view, e->hex.at, e->hex.at);
		wn_vec_clear(&e->drawn);
		e->follow = true;
	}
	e->hex = (struct editor_hex){ .on = on };
	if (on) {
		e->hex.at = e->hex.view_head = ed_view_main(e->view)->head;
		e->hex.top = e->hex.at;
	}
	redraw(e);
}
