/*
 * The outline: a list over the text of what it is made of, narrowed by typing. Moving through it
 * shows the place; Enter stays there, Esc goes back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "editor/syntax/structure.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"
#include "tui/picker/score.h"

#define NAME_MAX_BYTES 200
#define SHOWN_MAX 20000

struct item {
	struct ed_tag tag;
	char *name; /* owned */
	int score;
};

struct editor_outline {
	WN_VEC(struct item) all;
	WN_VEC(size_t) shown; /* indexes of all */
	size_t at;
	struct tui_field field;
	size_t head, top; /* where the cursor was */
};

static char *
name_of(const struct editor *e, struct ed_range r)
{
	char buf[NAME_MAX_BYTES];
	size_t n = r.to - r.from < sizeof buf ? r.to - r.from : sizeof buf;

	n = ed_text_read(text_of(e), r.from, buf, n);
	for (size_t i = 0; i < n; i++)
		if (buf[i] == '\n' || buf[i] == '\t')
			n = i;
	return wn_strndup(buf, n);
}

static int
by_score(const void *a, const void *b, void *arg)
{
	const struct editor_outline *o = arg;
	const struct item *x = &o->all.p[*(const size_t *)a], *y = &o->all.p[*(const size_t *)b];

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return x->tag.name.from < y->tag.name.from ? -1 : 1;
}

static void
narrow(struct editor_outline *o)
{
	struct wn_buf query, name;

	wn_buf_init(&query, TUI_FIELD_MAX * 4);
	wn_buf_init(&name, (size_t)16 << 10);
	tui_score_fold(wn_str(tui_field_text(&o->field)), &query);
	wn_vec_clear(&o->shown);
	for (size_t i = 0; i < o->all.len && o->shown.len < SHOWN_MAX; i++) {
		wn_buf_clear(&name);
		tui_score_fold(wn_str(o->all.p[i].name), &name);
		o->all.p[i].score =
			query.len ? tui_score(wn_buf_view(&query), wn_buf_view(&name), false) : 0;
		if (o->all.p[i].score != TUI_SCORE_NONE)
			wn_vec_push(&o->shown, i);
	}
	if (query.len && o->shown.len)
		qsort_r(o->shown.p, o->shown.len, sizeof *o->shown.p, by_score, o);
	o->at = 0;
	wn_buf_fini(&query);
	wn_buf_fini(&name);
}

static void
show_place(struct editor *e)
{
	const struct editor_outline *o = e->outline;
	size_t pos;

	if (o->at >= o->shown.len)
		return;
	pos = o->all.p[o->shown.p[o->at]].tag.name.from;
	ed_view_select(e->view, pos, pos);
	e->follow = true;
}

/* The one the cursor is in. */
static void
begin_here(struct editor *e)
{
	struct editor_outline *o = e->outline;

	for (size_t i = 0; i < o->shown.len; i++)
		if (o->all.p[o->shown.p[i]].tag.all.from <= o->head)
			o->at = i;
}

void
editor_outline(void *self, const char *arg)
{
	struct editor *e = self;
	struct editor_outline *o;
	ed_tag_list tags = { 0 };

	(void)arg;
	editor_outline_close(e);
	ed_syntax_tags(e->syntax, &tags);
	if (tags.len == 0) {
		e->host->ops->say(
			e->host, PANE_INFO, "%s",
			TR(e, "Nothing in this text has a name.", "لا شيء في هذا النص له اسم."));
		wn_vec_fini(&tags);
		return;
	}
	o = e->outline = WN_NEW(struct editor_outline);
	for (size_t i = 0; i < tags.len; i++)
		wn_vec_push(&o->all, (struct item){ tags.p[i], name_of(e, tags.p[i].name), 0 });
	wn_vec_fini(&tags);
	tui_field_init(&o->field, NULL);
	o->head = ed_view_main(e->view)->head;
	o->top = e->top;
	narrow(o);
	begin_here(e);
	wn_vec_clear(&e->drawn);
	redraw(e);
}

void
editor_outline_close(struct editor *e)
{
	struct editor_outline *o = e->outline;

	if (!o)
		return;
	for (size_t i = 0; i < o->all.len; i++)
		wn_free(o->all.p[i].name);
	wn_vec_fini(&o->all);
	wn_vec_fini(&o->shown);
	tui_field_fini(&o->field);
	wn_free(o);
	e->outline = NULL;
	wn_vec_clear(&e->drawn);
	redraw(e);
}

static void
back(struct editor *e)
{
	ed_view_select(e->view, e->outline->head, e->outline->head);
	e->top = e->outline->top;
	editor_outline_close(e);
}

bool
editor_outline_key(struct editor *e, const struct tui_key *k)
{
	struct editor_outline *o = e->outline;
	size_t page = (size_t)(e->rows > 4 ? e->rows - 3 : 1), last = o->shown.len;

	redraw(e);
	last -= last > 0;
	switch (k->code) {
	case TUI_KEY_ESC:
		back(e);
		return true;
	case TUI_KEY_ENTER:
		show_place(e);
		editor_outline_close(e);
		return true;
	case TUI_KEY_UP:
		o->at -= o->at > 0;
		break;
	case TUI_KEY_DOWN:
		o->at += o->at < last;
		break;
	case TUI_KEY_PGUP:
		o->at -= o->at < page ? o->at : page;
		break;
	case TUI_KEY_PGDN:
		o->at = o->at + page < last ? o->at + page : last;
		break;
	default:
		o->field.changed = false;
		if (!tui_field_class.key(&o->field, k))
			return false;
		if (o->field.changed)
			narrow(o);
	}
	show_place(e);
	return true;
}

static void
draw_item(const struct editor_outline *o, const struct pane_draw *d, struct tui_view v, int y,
	  size_t i)
{
	const struct item *it = &o->all.p[o->shown.p[i]];
	struct tui_style st = d->theme->ui[i == o->at ? UI_LIST_ACTIVE : UI_POPUP];
	int depth = it->tag.depth < 8 ? it->tag.depth : 8, kind = (int)strlen(it->tag.kind);
	int x = tui_field_text(&o->field)[0] != '\0' ? 1 : 1 + 2 * depth;

	tui_fill(v, y, 0, 1, v.cols, st);
	tui_put_cut(v, y, x, v.cols - x - kind - 3, wn_str(it->name), st);
	tui_put(v, y, v.cols - kind - 1, wn_str(it->tag.kind),
		tui_style_over(st, (struct tui_style){ d->theme->ui[UI_MUTED].fg, 0, 0 }));
}

void
editor_outline_draw(struct editor *e, const struct pane_draw *d)
{
	struct editor_outline *o = e->outline;
	int cols = d->view.cols > 60 ? d->view.cols / 2 : d->view.cols;
	struct tui_view v = tui_view_sub(d->view, 0, d->view.cols - cols, e->rows, cols);
	size_t rows = (size_t)(v.rows > 1 ? v.rows - 1 : 1);
	size_t first = o->at >= rows ? o->at - rows + 1 : 0;
	int x;

	tui_clear(v, d->theme->ui[UI_POPUP]);
	x = tui_puts(v, 0, 1, TR(e, "Outline", "المخطط"),
		     tui_style_over(d->theme->ui[UI_POPUP], d->theme->ui[UI_KEY])) +
	    2;
	tui_field_class.draw(&o->field, tui_view_sub(v, 0, x, 1, v.cols - x - 1), d->theme, true);
	for (size_t i = 0; i < rows && first + i < o->shown.len; i++)
		draw_item(o, d, v, (int)i + 1, first + i);
	if (d->focused)
		*d->cursor = (struct pane_cursor){ 0, d->view.cols - cols + x + o->field.cursor };
}
