/*
 * The picture of the whole screen: title line, borders and tabs, panes, status line, overlay.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/app/app.h"
#include "tui/widget/widget.h"

#define STREAM_MS 100

enum { EDGE_UP = 1, EDGE_DOWN = 2, EDGE_LEFT = 4, EDGE_RIGHT = 8, EDGE_FOCUS = 16 };

static const char *const edge_text[16] = {
	"", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼",
};

static bool
is_flat(const struct app *a) /* one pane fills the screen: no side borders */
{
	return a->layout.stacked || a->layout.zoom;
}

struct tui_rect
app_inside(const struct app *a, const struct tui_node *leaf)
{
	struct tui_rect r = leaf->rect;

	if (r.rows == 0)
		return r;
	if (is_flat(a))
		return (struct tui_rect){ r.y + 1, r.x, r.rows - 1, r.cols };
	return (struct tui_rect){ r.y + 1, r.x + 1, r.rows - 2, r.cols - 2 };
}

/* ---- borders ---- */

static void
add_edges(unsigned char *m, int cols, struct tui_rect r, unsigned char focus)
{
	int b = r.y + r.rows - 1, e = r.x + r.cols - 1;

	for (int x = r.x; x <= e; x++) {
		unsigned char d = (unsigned char)((x > r.x ? EDGE_LEFT : 0) |
						  (x < e ? EDGE_RIGHT : 0) | focus);

		m[r.y * cols + x] |= d;
		m[b * cols + x] |= d;
	}
	for (int y = r.y; y <= b; y++) {
		unsigned char d =
			(unsigned char)((y > r.y ? EDGE_UP : 0) | (y < b ? EDGE_DOWN : 0) | focus);

		m[y * cols + r.x] |= d;
		m[y * cols + e] |= d;
	}
}

static void
collect_edges(struct app *a, const struct tui_node *n, unsigned char *m)
{
	if (n->rect.rows == 0)
		return;
	if (n->kind != TUI_LEAF) {
		collect_edges(a, n->child[0], m);
		collect_edges(a, n->child[1], m);
		return;
	}
	add_edges(m, a->grid.cols, n->rect, n == a->layout.focus ? EDGE_FOCUS : 0);
}

static void
draw_borders(struct app *a, struct tui_view v)
{
	size_t n = (size_t)a->grid.rows * (size_t)a->grid.cols;
	unsigned char *m = wn_alloc(n);

	collect_edges(a, a->layout.root, m);
	for (size_t i = 0; i < n; i++) {
		if (m[i] == 0)
			continue;
		tui_puts(v, (int)(i / (size_t)a->grid.cols), (int)(i % (size_t)a->grid.cols),
			 edge_text[m[i] & 15],
			 a->theme.ui[m[i] & EDGE_FOCUS ? UI_BORDER_FOCUS : UI_BORDER]);
	}
	wn_free(m);
}

static void
leaf_label(void *arg, int i, char *buf, size_t n)
{
	struct tui_node *leaf = arg;

	app_tab_label(leaf->tabs.p[i], buf, n);
}

static struct tui_tabs
tabs_of(const struct tui_node *leaf)
{
	return (struct tui_tabs){ (int)leaf->tabs.len, (int)leaf->active, leaf_label,
				  (void *)(uintptr_t)leaf, -1 };
}

static void
draw_tabs(struct app *a, struct tui_view v, const struct tui_node *leaf)
{
	struct tui_tabs tabs = tabs_of(leaf);
	struct tui_view row =
		tui_view_sub(v, leaf->rect.y, leaf->rect.x + 1, 1, leaf->rect.cols - 2);

	if (is_flat(a)) {
		tui_hline(v, leaf->rect.y, leaf->rect.x, leaf->rect.cols, a->theme.ui[UI_BORDER]);
		if (a->layout.zoom)
			tui_puts(v, leaf->rect.y, leaf->rect.x + leaf->rect.cols - 3, "[Z]",
				 a->theme.ui[UI_KEY]);
	}
	tui_tabs_class.draw(&tabs, row, &a->theme, leaf == a->layout.focus);
}

/* ---- panes ---- */

/* t is the active tab of the leaf and remembers what its row of tabs said. */
static bool
labels_changed(const struct tui_node *leaf, struct tab *t)
{
	uint64_t hash = leaf->tabs.len;

	for (size_t i = 0; i < leaf->tabs.len; i++) {
		char buf[160];

		app_tab_label(leaf->tabs.p[i], buf, sizeof buf);
		hash = wn_hash64(buf, strlen(buf), hash);
	}
	if (hash == t->labels_hash)
		return false;
	t->labels_hash = hash;
	return true;
}

static void
draw_leaf(struct app *a, struct tui_view v, const struct tui_node *n, bool all,
	  struct pane_cursor *cursor)
{
	struct tui_rect r = app_inside(a, n);
	struct pane_cursor own = { -1, 0 };
	struct pane_draw d = { tui_view_sub(v, r.y, r.x, r.rows, r.cols), &a->theme,
			       n == a->layout.focus && a->overlay == NULL, &own, !all };
	struct tab *t;

	if (n->rect.rows == 0)
		return;
	if (n->kind != TUI_LEAF) {
		draw_leaf(a, v, n->child[0], all, cursor);
		draw_leaf(a, v, n->child[1], all, cursor);
		return;
	}
	if (n->tabs.len == 0)
		return;
	t = n->tabs.p[n->active];
	if (labels_changed(n, t) || all) /* they follow the state */
		draw_tabs(a, v, n);
	if ((all || t->dirty) && r.rows > 0 && r.cols > 0) {
		t->dirty = false;
		t->type->draw(t->self, &d);
		if (n == a->layout.focus)
			*cursor = own.row < 0
					  ? own
					  : (struct pane_cursor){ r.y + own.row, r.x + own.col };
	}
}

/* ---- title and status ---- */

static void
draw_title(struct app *a, struct tui_view v, bool all)
{
	struct tui_style st = a->theme.ui[UI_TITLE];
	const char *right;
	enum tui_look look = UI_MUTED;
	int w;

	if (a->client == NULL) {
		right = app_tr(a, (struct tui_text)TUI_TEXT("no engine", "بلا محرّك"));
	} else if (a->engine_up) {
		right = app_tr(a, (struct tui_text)TUI_TEXT("● engine", "● المحرّك"));
		look = UI_OK;
	} else if (wn_client_state(a->client) == WN_CLIENT_CONNECTING) {
		right = app_tr(a, (struct tui_text)TUI_TEXT("… engine", "… المحرّك"));
	} else {
		right = app_tr(a, (struct tui_text)TUI_TEXT("○ engine is away", "○ المحرّك غائب"));
		look = UI_WARN;
	}
	if (!all && right == a->title_right) /* texts of the program: one address each */
		return;
	a->title_right = right;
	tui_fill(v, 0, 0, 1, v.cols, st);
	tui_put_cut(v, 0, 1, v.cols - 24, wn_str(wn_path_base(a->root)), st);
	w = wn_utf8_width(wn_str(right));
	tui_puts(v, 0, v.cols - w - 1, right,
		 tui_style_over(st, (struct tui_style){ a->theme.ui[look].fg, 0, 0 }));
}

static int
draw_hint(struct app *a, struct tui_view v, int x, const char *keys, struct tui_text words)
{
	const char *text = app_tr(a, words);
	int need = wn_utf8_width(wn_str(keys)) + wn_utf8_width(wn_str(text)) + 3;

	if (keys[0] == '\0' || x - need < v.cols / 2)
		return x;
	x -= need;
	x += tui_puts(v, 0, x, keys, a->theme.ui[UI_STATUS_KEY]);
	tui_puts(v, 0, x + 1, text, a->theme.ui[UI_STATUS]);
	return x - wn_utf8_width(wn_str(keys));
}

static void
draw_status(struct app *a, struct tui_view screen, bool all)
{
	static const enum tui_look looks[] = { UI_STATUS, UI_WARN, UI_ERROR };
	static const char *const letters[] = { "", "! ", "E " };
	struct tui_view v = tui_view_sub(screen, screen.rows - 1, 0, 1, screen.cols);
	struct tui_style st = a->theme.ui[UI_STATUS];
	struct tab *t = app_focus(a);
	char buf[512] = "";
	bool words = a->message[0] == '\0' && a->chord.n == 0;
	uint64_t hash = 0;
	int x = v.cols;

	if (words && t != NULL && t->type->status != NULL)
		t->type->status(t->self, buf, sizeof buf);
	else if (words && t != NULL)
		snprintf(buf, sizeof buf, "%s", app_tr(a, t->type->title));
	if (words)
		hash = wn_hash64(buf, strlen(buf), (uint64_t)(uintptr_t)t) | 1;
	if (!all && words && hash == a->status_hash)
		return;
	a->status_hash = hash;
	tui_fill(v, 0, 0, 1, v.cols, st);
	if (a->message[0] != '\0') {
		snprintf(buf, sizeof buf, "%s%s", letters[a->message_kind], a->message);
		st = tui_style_over(
			st, (struct tui_style){ a->theme.ui[looks[a->message_kind]].fg, 0, 0 });
		tui_put_cut(v, 0, 1, v.cols - 2, wn_str(buf), st);
		return;
	}
	if (a->chord.n > 0) {
		struct wn_buf b;

		wn_buf_init(&b, 256);
		tui_chord_print(&a->chord, &b);
		wn_buf_cstr(&b, " …");
		tui_put(v, 0, 1, wn_buf_view(&b), a->theme.ui[UI_STATUS_KEY]);
		wn_buf_fini(&b);
	} else {
		tui_put_cut(v, 0, 1, v.cols - 2, wn_str(buf), st);
	}
	x = draw_hint(a, v, x, app_keys(a, "app.palette"),
		      (struct tui_text)TUI_TEXT("commands", "الأوامر"));
	draw_hint(a, v, x, app_keys(a, "app.help"), (struct tui_text)TUI_TEXT("help", "المساعدة"));
}

/* ---- which-key ---- */

static struct tui_text
command_title(struct app *a, const char *id)
{
	for (const struct tui_command *c = app_commands; c->id != NULL; c++)
		if (strcmp(c->id, id) == 0)
			return c->title;
	for (const struct pane_type *const *t = pane_table; *t != NULL; t++) {
		for (const struct tui_command *c = (*t)->commands; c != NULL && c->id != NULL; c++)
			if (strcmp(c->id, id) == 0)
				return c->title;
		if (strncmp(id, "pane.", 5) == 0 && strcmp(id + 5, (*t)->name) == 0)
			return (*t)->title;
	}
	(void)a;
	return (struct tui_text)TUI_TEXT(NULL, NULL);
}

#define WHICH_COLS 30

static void
draw_which(struct app *a, struct tui_view screen)
{
	const char *pane = app_focus(a) != NULL ? app_focus(a)->type->name : "";
	int per_row = screen.cols / WHICH_COLS > 0 ? screen.cols / WHICH_COLS : 1, n = 0, rows;
	struct tui_view v;

	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1) {
			rows = (n + per_row - 1) / per_row;
			v = tui_view_sub(screen, screen.rows - 1 - rows, 0, rows, screen.cols);
			tui_clear(v, a->theme.ui[UI_POPUP]);
		}
		n = 0;
		for (size_t i = 0; i < a->keymap.b.len; i++) {
			const struct tui_binding *b = &a->keymap.b.p[i];
			struct tui_text title = command_title(a, b->command);
			struct wn_buf key;

			if (b->chord.n <= a->chord.n ||
			    (b->pane[0] != '\0' && strcmp(b->pane, pane) != 0) ||
			    memcmp(b->chord.key, a->chord.key,
				   sizeof a->chord.key[0] * (size_t)a->chord.n) != 0 ||
			    title.en == NULL)
				continue;
			if (pass == 1) {
				int x = n % per_row * WHICH_COLS + 1, w;

				wn_buf_init(&key, 64);
				tui_key_print(b->chord.key[a->chord.n], &key);
				w = tui_put(
					v, n / per_row, x, wn_buf_view(&key),
					tui_style_over(a->theme.ui[UI_POPUP], a->theme.ui[UI_KEY]));
				tui_put_cut(v, n / per_row, x + w + 1, WHICH_COLS - w - 3,
					    wn_str(app_tr(a, title)), a->theme.ui[UI_POPUP]);
				wn_buf_fini(&key);
			}
			n++;
		}
	}
}

/* ---- the frame ---- */

static void
draw_small(struct app *a, struct tui_view v)
{
	tui_clear(v, a->theme.ui[UI_TEXT]);
	tui_printf(v, v.rows / 2, 0, a->theme.ui[UI_WARN], "%d×%d: %s %d×%d", v.cols, v.rows,
		   app_tr(a, (struct tui_text)TUI_TEXT("too small, needs", "صغير، يلزم")),
		   TUI_MIN_COLS, TUI_MIN_ROWS);
}

static bool
any_dirty(const struct app *a)
{
	for (size_t i = 0; i < a->tabs.len; i++)
		if (a->tabs.p[i]->dirty)
			return true;
	return false;
}

static void
set_title(struct app *a)
{
	char buf[256], label[160] = "";
	struct tab *t = app_focus(a);

	if (t != NULL)
		app_tab_label(t, label, sizeof label);
	snprintf(buf, sizeof buf, "%s — %s", label, wn_path_base(a->root));
	if (strcmp(buf, a->title) == 0)
		return;
	snprintf(a->title, sizeof a->title, "%s", buf);
	tui_term_title(a->term, a->title, &a->tty.buf);
}

static void
draw_all(struct app *a, struct tui_view v, struct pane_cursor *cursor)
{
	bool all = a->redraw || a->overlay != NULL || a->which;

	if (all) {
		tui_layout_place(&a->layout, (struct tui_rect){ 1, 0, v.rows - 2, v.cols });
		if (!is_flat(a))
			draw_borders(a, v);
	}
	draw_title(a, v, all);
	draw_leaf(a, v, is_flat(a) ? a->layout.focus : a->layout.root, all, cursor);
	draw_status(a, v, all);
	if (a->which)
		draw_which(a, v);
	if (a->overlay != NULL) {
		*cursor = (struct pane_cursor){ -1, 0 };
		a->overlay->cls->draw(a->overlay, v, &a->theme, cursor);
	}
}

static void
on_frame_due(void *arg)
{
	((struct app *)arg)->frame_timer = NULL; /* the loop draws before it sleeps */
}

/* Over SSH what nobody typed (output, progress) is drawn ten times a second at most; what answers a
 * key is drawn at once. */
static bool
too_soon(struct app *a)
{
	int64_t now = wn_mono_ns(a->clock) / 1000000;

	if (a->slow_link && !a->typed && a->frame_ms != 0 && now - a->frame_ms < STREAM_MS) {
		if (a->frame_timer == NULL)
			app_timer(a, NULL, &a->frame_timer, a->frame_ms + STREAM_MS - now,
				  on_frame_due, a);
		return true;
	}
	a->typed = false;
	a->frame_ms = now;
	return false;
}

static void
gather_rects(struct app *a, const struct tui_node *n)
{
	if (n->rect.rows == 0)
		return;
	if (n->kind != TUI_LEAF) {
		gather_rects(a, n->child[0]);
		gather_rects(a, n->child[1]);
	} else {
		wn_vec_push(&a->rects, app_inside(a, n));
	}
}

/* Content moves inside panes only, and not while something lies over them. */
static void
tell_rects(struct app *a)
{
	wn_vec_clear(&a->rects);
	if (a->overlay == NULL && !a->which)
		gather_rects(a, is_flat(a) ? a->layout.focus : a->layout.root);
	tui_term_rects(a->term, a->rects.p, a->rects.len);
}

/* The cursor's shape, where the terminal has one (DECSCUSR). */
static void
set_shape(struct app *a)
{
	const struct tab *t = app_focus(a);
	const char *profile = tui_term_caps(a->term)->profile;
	int shape = t != NULL && a->overlay == NULL ? t->shape : 0;

	if (shape == a->shape || strcmp(profile, "linux") == 0 || strcmp(profile, "plain") == 0)
		return;
	a->shape = shape;
	wn_buf_printf(&a->tty.buf, "\033[%d q", shape);
}

void
app_compose(struct app *a)
{
	struct tui_view v = tui_view_all(&a->grid);
	struct pane_cursor cursor = a->cursor;

	if (a->tty.writing || a->starting || (!a->redraw && !any_dirty(a)) || too_soon(a))
		return;
	if (a->redraw)
		app_session_soon(a);
	if (v.rows < TUI_MIN_ROWS || v.cols < TUI_MIN_COLS) {
		cursor.row = -1;
		draw_small(a, v);
	} else {
		draw_all(a, v, &cursor);
	}
	for (size_t i = 0; i < a->tabs.len; i++) /* hidden ones are drawn when they are shown */
		a->tabs.p[i]->dirty = false;
	a->redraw = false;
	a->cursor = cursor;
	set_title(a);
	tell_rects(a);
	tui_term_frame(a->term, &a->grid, cursor.row, cursor.col, &a->tty.buf);
	set_shape(a);
}
