/*
 * Questions: a line of text, one of some keys; and a page to read.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/app/app.h"
#include "tui/widget/field.h"
#include "tui/widget/list.h"

#define ASK_COLS 64

struct ask {
	struct overlay base;
	char *question;
	const struct pane_choice *choices; /* NULL: a line of text */
	struct tui_field field;
	pane_answer_fn fn;
	void *arg;
	bool told;
};

static void
answer(struct ask *q, const char *text)
{
	struct app *a = q->base.app;
	char *copy = wn_strdup(text);
	pane_answer_fn fn = q->fn;
	void *arg = q->arg;

	q->told = true;
	app_overlay_close(a); /* q is gone; the answer may open another */
	fn(arg, copy);
	wn_free(copy);
}

static void
ask_free(struct overlay *o)
{
	struct ask *q = (struct ask *)o;

	if (!q->told)
		q->fn(q->arg, NULL);
	tui_field_fini(&q->field);
	wn_free(q->question);
	wn_free(q);
}

/* Text in the box from column x on, wrapped at words; the row behind it. Nothing is drawn when v
 * has no grid: rows are counted only. */
static int
put_wrapped(struct tui_view v, int y, int x, struct wn_str s, struct tui_style st)
{
	int cols = v.cols - x - 1;

	while (s.len > 0 && cols > 0) {
		size_t n = tui_wrap(s, cols);

		if (v.grid != NULL)
			tui_put(v, y, x, wn_strn(s.p, n), st);
		y++;
		while (n < s.len && s.p[n] == ' ')
			n++;
		s = wn_str_sub(s, n, s.len);
	}
	return y;
}

static int
draw_choice(struct ask *q, struct tui_view v, int y, const struct pane_choice *c,
	    const struct tui_theme *t)
{
	char key[2] = { c->key, '\0' };

	if (v.grid != NULL)
		tui_puts(v, y, 1, key, tui_style_over(t->ui[UI_POPUP], t->ui[UI_KEY]));
	return put_wrapped(v, y, 3, wn_str(app_tr(q->base.app, c->text)), t->ui[UI_POPUP]);
}

/* Question, an empty row, choices: the row behind them. */
static int
draw_words(struct ask *q, struct tui_view v, const struct tui_theme *t)
{
	int y = put_wrapped(v, 0, 1, wn_str(q->question), t->ui[UI_POPUP]) + 1;

	for (int i = 0; q->choices != NULL && q->choices[i].key != 0; i++)
		y = draw_choice(q, v, y, &q->choices[i], t);
	return y;
}

static void
ask_draw(struct overlay *o, struct tui_view screen, const struct tui_theme *t,
	 struct pane_cursor *cursor)
{
	struct ask *q = (struct ask *)o;
	int cols = screen.cols - 4 < ASK_COLS ? screen.cols - 4 : ASK_COLS, y;
	int rows = draw_words(q, (struct tui_view){ .cols = cols - 2 }, t);
	struct tui_view v = tui_popup(screen, rows + (q->choices == NULL) + 2, cols, NULL, t), in;

	y = draw_words(q, v, t);
	if (q->choices != NULL)
		return;
	in = tui_view_sub(v, y, 1, 1, v.cols - 2);
	tui_field_class.draw(&q->field, in, t, true);
	*cursor = (struct pane_cursor){ in.y, in.x + q->field.cursor };
}

static void
ask_key(struct overlay *o, const struct tui_key *k)
{
	struct ask *q = (struct ask *)o;

	if (k->code == TUI_KEY_ESC || tui_key_is(k, 'c', TUI_CTRL)) {
		answer(q, NULL);
	} else if (q->choices == NULL) {
		if (k->code == TUI_KEY_ENTER)
			answer(q, tui_field_text(&q->field));
		else
			tui_field_class.key(&q->field, k);
	} else {
		for (int i = 0; q->choices[i].key != 0; i++)
			if (k->code == (uint32_t)(unsigned char)q->choices[i].key && k->mods == 0) {
				char text[2] = { q->choices[i].key, '\0' };

				answer(q, text);
				return;
			}
	}
}

static void
ask_paste(struct overlay *o, struct wn_str s)
{
	struct ask *q = (struct ask *)o;

	if (q->choices == NULL)
		tui_field_insert(&q->field, s);
}

static const struct overlay_class ask_class = { ask_draw, ask_key, NULL, ask_paste, ask_free };

static struct ask *
ask_new(struct app *a, struct tab *t, const char *question, pane_answer_fn fn, void *arg)
{
	struct ask *q = WN_NEW(struct ask);

	q->base = (struct overlay){ &ask_class, a, t };
	q->question = wn_strdup(question);
	q->fn = fn;
	q->arg = arg;
	return q;
}

void
app_ask(struct app *a, struct tab *t, const char *question, const char *initial, pane_answer_fn fn,
	void *arg)
{
	struct ask *q = ask_new(a, t, question, fn, arg);

	tui_field_init(&q->field, initial);
	app_overlay_set(a, &q->base);
}

void
app_ask_secret(struct app *a, struct tab *t, const char *question, pane_answer_fn fn, void *arg)
{
	struct ask *q = ask_new(a, t, question, fn, arg);

	tui_field_init(&q->field, NULL);
	q->field.secret = true;
	app_overlay_set(a, &q->base);
}

void
app_choose(struct app *a, struct tab *t, const char *question, const struct pane_choice *c,
	   pane_answer_fn fn, void *arg)
{
	struct ask *q = ask_new(a, t, question, fn, arg);

	tui_field_init(&q->field, NULL);
	q->choices = c;
	app_overlay_set(a, &q->base);
}

void
app_overlay_close(struct app *a)
{
	struct overlay *o = a->overlay;

	a->overlay = NULL;
	a->redraw = true;
	if (o != NULL)
		o->cls->free(o);
}

void
app_overlay_set(struct app *a, struct overlay *o)
{
	app_overlay_close(a);
	app_which_stop(a);
	if (a->overlay != NULL) /* freeing the old one opened another */
		app_overlay_close(a);
	a->overlay = o;
	a->redraw = true;
}

/* ---- a page of keys ---- */

struct page {
	struct overlay base;
	char *title, *text;
	struct tui_list list;
	WN_VEC(const char *) lines;
};

static void
page_row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	struct page *p = arg;
	const char *tab = strchr(p->lines.p[i], '\t');
	size_t n = tab != NULL ? (size_t)(tab - p->lines.p[i]) : 0;

	tui_put_cut(v, 0, 1, 18, wn_strn(p->lines.p[i], n), tui_style_over(base, t->ui[UI_KEY]));
	tui_put_cut(v, 0, tab != NULL ? 20 : 1, v.cols - 21,
		    wn_str(tab != NULL ? tab + 1 : p->lines.p[i]), base);
}

static void
page_draw(struct overlay *o, struct tui_view screen, const struct tui_theme *t,
	  struct pane_cursor *cursor)
{
	struct page *p = (struct page *)o;
	int rows = (int)p->lines.len + 2;

	(void)cursor;
	tui_list_class.draw(
		&p->list,
		tui_popup(screen, rows < screen.rows - 2 ? rows : screen.rows - 2, 72, p->title, t),
		t, true);
}

static void
page_key(struct overlay *o, const struct tui_key *k)
{
	struct page *p = (struct page *)o;

	if (!tui_list_class.key(&p->list, k))
		app_overlay_close(o->app);
}

static void
page_free(struct overlay *o)
{
	struct page *p = (struct page *)o;

	wn_vec_fini(&p->lines);
	wn_free(p->title);
	wn_free(p->text);
	wn_free(p);
}

static const struct overlay_class page_class = { page_draw, page_key, NULL, NULL, page_free };

void
app_page(struct app *a, const char *title, char *text)
{
	struct page *p = WN_NEW(struct page);

	p->base = (struct overlay){ &page_class, a, NULL };
	p->title = wn_strdup(title);
	p->text = text;
	for (char *s = text; *s != '\0';) {
		char *nl = strchr(s, '\n');

		wn_vec_push(&p->lines, (const char *)s);
		if (nl == NULL)
			break;
		*nl = '\0';
		s = nl + 1;
	}
	p->list.row = page_row;
	p->list.arg = p;
	tui_list_set(&p->list, (int64_t)p->lines.len);
	app_overlay_set(a, &p->base);
}
