/*
 * Editing of a question. It is short, so rows are found anew each time.
 */
#include "tui/pane/assistant/box.h"

#include "runtime/base/utf8.h"

void
box_init(struct ask_box *b)
{
	*b = (struct ask_box){ 0 };
	wn_buf_init(&b->text, BOX_MAX);
}

void
box_fini(struct ask_box *b)
{
	wn_buf_fini(&b->text);
}

void
box_set(struct ask_box *b, struct wn_str s)
{
	wn_buf_clear(&b->text);
	b->at = 0;
	box_insert(b, s);
}

static void
put(struct ask_box *b, const char *p, size_t n)
{
	struct wn_buf tail;

	if (b->text.len + n > BOX_MAX)
		return;
	wn_buf_init(&tail, BOX_MAX + 1);
	wn_buf_str(&tail, wn_str_sub(wn_buf_view(&b->text), b->at, b->text.len));
	wn_buf_cut(&b->text, b->at);
	wn_buf_add(&b->text, p, n);
	wn_buf_str(&b->text, wn_buf_view(&tail));
	b->at += n;
	wn_buf_fini(&tail);
}

void
box_insert(struct ask_box *b, struct wn_str s)
{
	struct wn_buf clean;

	wn_buf_init(&clean, BOX_MAX);
	for (size_t i = 0; i < s.len;) {
		uint32_t cp;
		size_t n = wn_utf8_decode(s.p + i, s.len - i, &cp);

		if (cp == '\r') /* also of "\r\n" */
			wn_buf_cstr(&clean, i + 1 < s.len && s.p[i + 1] == '\n' ? "" : "\n");
		else if (cp == '\t')
			wn_buf_cstr(&clean, "    ");
		else if (cp == '\n' || (cp != WN_UTF8_BAD && cp >= 0x20 && cp != 0x7F &&
					!(cp >= 0x80 && cp < 0xA0)))
			wn_buf_add(&clean, s.p + i, n);
		i += n;
	}
	put(b, clean.p, clean.len);
	wn_buf_fini(&clean);
}

/* ---- rows ---- */

bool
box_row(const struct ask_box *b, int cols, int row, struct wn_str *out)
{
	struct wn_str s = wn_buf_view(&b->text);
	size_t at = 0;

	for (int r = 0;; r++) {
		struct wn_str rest = wn_str_sub(s, at, s.len);
		ptrdiff_t nl = wn_str_chr(rest, '\n');
		size_t line = nl >= 0 ? (size_t)nl : rest.len, n;

		n = wn_utf8_fit(wn_strn(rest.p, line), cols, NULL);
		if (n < line) { /* break behind a blank when there is one */
			size_t cut = n;

			while (cut > 0 && rest.p[cut - 1] != ' ')
				cut--;
			if (cut > 0)
				n = cut;
			else if (n == 0)
				n = wn_utf8_cluster(rest.p, line, &(int){ 0 });
		}
		if (r == row) {
			*out = wn_strn(s.p != NULL ? s.p + at : "", n);
			return true;
		}
		at += n;
		if (n == line) {
			if (nl < 0)
				return false;
			at++;
		}
	}
}

int
box_rows(const struct ask_box *b, int cols, int *row_out, int *col_out)
{
	struct wn_str row;
	int n = 0;

	*row_out = *col_out = 0;
	while (box_row(b, cols, n, &row)) {
		size_t from = b->text.p != NULL ? (size_t)(row.p - b->text.p) : 0;

		if (b->at >= from && b->at <= from + row.len) {
			*row_out = n;
			*col_out = wn_utf8_width(wn_strn(row.p, b->at - from));
		}
		n++;
	}
	return n;
}

/* ---- moving ---- */

static size_t
next(const struct ask_box *b, size_t at)
{
	int w;

	return at < b->text.len ? at + wn_utf8_cluster(b->text.p + at, b->text.len - at, &w) : at;
}

static size_t
prev(const struct ask_box *b, size_t at)
{
	size_t i = at, found = 0;

	while (i > 0 && b->text.p[i - 1] != '\n')
		i--;
	if (i == at)
		return at > 0 ? at - 1 : 0; /* the newline */
	for (; i < at; i = next(b, i))
		found = i;
	return found;
}

static void
erase(struct ask_box *b, size_t from, size_t to)
{
	struct wn_buf tail;

	wn_buf_init(&tail, BOX_MAX + 1);
	wn_buf_str(&tail, wn_str_sub(wn_buf_view(&b->text), to, b->text.len));
	wn_buf_cut(&b->text, from);
	wn_buf_str(&b->text, wn_buf_view(&tail));
	wn_buf_fini(&tail);
	b->at = from;
}

/* To the same column of another row; false: there is none. */
static bool
to_row(struct ask_box *b, int cols, int by)
{
	struct wn_str row;
	int at_row, at_col, n = box_rows(b, cols, &at_row, &at_col);

	if (at_row + by < 0 || at_row + by >= n || !box_row(b, cols, at_row + by, &row))
		return false;
	b->at = (size_t)(row.p - b->text.p) + wn_utf8_fit(row, at_col, NULL);
	return true;
}

static size_t
word_left(const struct ask_box *b)
{
	size_t at = b->at;

	while (at > 0 && (b->text.p[at - 1] == ' ' || b->text.p[at - 1] == '\n'))
		at--;
	while (at > 0 && b->text.p[at - 1] != ' ' && b->text.p[at - 1] != '\n')
		at--;
	return at;
}

static size_t
word_right(const struct ask_box *b)
{
	size_t at = b->at;

	while (at < b->text.len && (b->text.p[at] == ' ' || b->text.p[at] == '\n'))
		at++;
	while (at < b->text.len && b->text.p[at] != ' ' && b->text.p[at] != '\n')
		at++;
	return at;
}

static void
to_edge(struct ask_box *b, int cols, bool end)
{
	struct wn_str row;
	int at_row, at_col;

	box_rows(b, cols, &at_row, &at_col);
	if (box_row(b, cols, at_row, &row) && b->text.p != NULL)
		b->at = (size_t)(row.p - b->text.p) + (end ? row.len : 0);
}

bool
box_key(struct ask_box *b, const struct tui_key *k, int cols)
{
	char utf8[4];

	if (tui_key_is_text(k)) {
		put(b, utf8, wn_utf8_encode(k->code, utf8));
		return true;
	}
	if (k->mods == TUI_CTRL) {
		switch (k->code) {
		case TUI_KEY_LEFT:
			b->at = word_left(b);
			return true;
		case TUI_KEY_RIGHT:
			b->at = word_right(b);
			return true;
		case 'u':
			erase(b, 0, b->text.len);
			return true;
		case TUI_KEY_BACKSPACE:
			erase(b, word_left(b), b->at);
			return true;
		default:
			return false;
		}
	}
	if (k->mods != 0)
		return false;
	switch (k->code) {
	case TUI_KEY_LEFT:
		b->at = prev(b, b->at);
		return true;
	case TUI_KEY_RIGHT:
		b->at = next(b, b->at);
		return true;
	case TUI_KEY_UP:
		return to_row(b, cols, -1);
	case TUI_KEY_DOWN:
		return to_row(b, cols, 1);
	case TUI_KEY_HOME:
		to_edge(b, cols, false);
		return true;
	case TUI_KEY_END:
		to_edge(b, cols, true);
		return true;
	case TUI_KEY_BACKSPACE:
		if (b->at > 0)
			erase(b, prev(b, b->at), b->at);
		return true;
	case TUI_KEY_DELETE:
		erase(b, b->at, next(b, b->at));
		return true;
	default:
		return false;
	}
}
