/*
 * The picker: a field over a list of what matches, best first. Items live in an arena; their
 * folded text is kept, so a key costs one scoring of each.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/base/arena.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/app/app.h"
#include "tui/picker/score.h"
#include "tui/widget/field.h"
#include "tui/widget/list.h"

#define PICK_COLS 88
#define PICK_ROWS 22
#define SLICE_MS 4
#define SLICE_STEP 256 /* items between two looks at the clock */
#define AHEAD_MAX 64   /* keys typed behind an Enter that waits */

struct item {
	const char *id, *text, *detail;
	struct wn_str folded;
	int score;
	uint32_t rank, order;
};

struct pick {
	struct overlay base;
	char *title;
	struct wn_arena arena;
	struct tui_field field;
	struct tui_list list;
	bool paths, waiting, enter;
	struct tui_key ahead[AHEAD_MAX];
	int ahead_n;
	WN_VEC(struct item) items;
	WN_VEC(uint32_t) shown; /* indexes of items that match, best first */
	size_t scored;		/* items that were looked at for this query */
	bool posted, moved;	/* the next slice is on its way; the person chose a row */
	char *memory;		/* texts of many items */
	struct wn_buf query;	/* folded */
	void (*chosen)(void *arg, const char *id);
	void *arg;
	struct tui_view inner; /* of the last draw, for the mouse */
};

static void go_on(struct pick *p);

static int
better(const void *x, const void *y, void *arg)
{
	const struct pick *p = arg;
	const struct item *a = &p->items.p[*(const uint32_t *)x],
			  *b = &p->items.p[*(const uint32_t *)y];

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static void
score(struct pick *p, uint32_t i)
{
	struct item *it = &p->items.p[i];
	struct wn_buf b;

	if (it->folded.p == NULL) {
		wn_buf_init(&b, (size_t)1 << 20);
		tui_score_fold(wn_str(it->text), &b);
		it->folded = wn_arena_str(&p->arena, wn_buf_view(&b));
		wn_buf_fini(&b);
	}
	it->score = p->query.len == 0 ? 0 : tui_score(wn_buf_view(&p->query), it->folded, p->paths);
	if (it->score != TUI_SCORE_NONE)
		wn_vec_push(&p->shown, i);
}

/* Scores for at most ms milliseconds (0: to the end) and shows what is known. */
static void
slice(struct pick *p, int ms)
{
	uint64_t until = ms > 0 ? uv_hrtime() + (uint64_t)ms * 1000000 : UINT64_MAX;
	uint32_t keep = p->moved && p->list.current >= 0 && (size_t)p->list.current < p->shown.len
				? p->shown.p[p->list.current]
				: UINT32_MAX;
	int64_t at = 0;
	bool first = p->scored == 0;

	if (p->query.len == 0 && p->memory != NULL) { /* nothing to find out: all, as they come */
		for (; p->scored < p->items.len; p->scored++)
			wn_vec_push(&p->shown, (uint32_t)p->scored);
	} else {
		while (p->scored < p->items.len &&
		       (p->scored % SLICE_STEP != 0 || p->scored == 0 || uv_hrtime() < until))
			score(p, (uint32_t)p->scored++);
		/* sorting is for the first look and for the end */
		if (p->shown.len > 1 && (first || p->scored == p->items.len))
			qsort_r(p->shown.p, p->shown.len, sizeof p->shown.p[0], better, p);
	}
	for (size_t i = 0; keep != UINT32_MAX && i < p->shown.len; i++)
		if (p->shown.p[i] == keep)
			at = (int64_t)i;
	tui_list_set(&p->list, (int64_t)p->shown.len);
	tui_list_go(&p->list, at);
}

struct later {
	struct app *app;
	struct pick *pick; /* only to be compared until it is found shown */
	unsigned id;
};

static void
on_slice(void *arg)
{
	struct later *l = arg;
	struct app *a = l->app;

	if (app_pick_is_shown(a, l->pick) && a->picks == l->id) {
		l->pick->posted = false;
		if (l->pick->scored < l->pick->items.len) {
			slice(l->pick, SLICE_MS);
			go_on(l->pick);
			a->redraw = true;
		}
	}
	wn_free(l);
}

/* The rest of the items in the turns of the loop to come: keys go between. */
static void
go_on(struct pick *p)
{
	struct later *l;

	if (p->posted || p->scored >= p->items.len)
		return;
	p->posted = true;
	l = WN_NEW(struct later);
	*l = (struct later){ p->base.app, p, p->base.app->picks };
	app_post(p->base.app, NULL, on_slice, l);
}

static void
filter(struct pick *p)
{
	wn_buf_clear(&p->query);
	tui_score_fold(wn_str(tui_field_text(&p->field)), &p->query);
	wn_vec_clear(&p->shown);
	p->scored = 0;
	p->moved = false;
	p->list.top = 0;
	slice(p, SLICE_MS);
	go_on(p);
}

static void
row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	struct pick *p = arg;
	struct item *it = &p->items.p[p->shown.p[i]];
	size_t at[TUI_MATCH_MAX], n;
	int dw = it->detail != NULL ? wn_utf8_width(wn_str(it->detail)) + 1 : 0;
	int room = v.cols - 2 - dw;

	tui_put_cut(v, 0, 1, room, wn_str(it->text), base);
	if (dw > 0 && room > 10)
		tui_puts(v, 0, v.cols - dw, it->detail, tui_style_over(base, t->ui[UI_MUTED]));
	n = p->query.len > 0
		    ? tui_score_marks(wn_buf_view(&p->query), wn_str(it->text), at, TUI_MATCH_MAX)
		    : 0;
	for (size_t k = 0; k < n; k++) {
		int x = 1 + wn_utf8_width(wn_strn(it->text, at[k]));

		if (x < room)
			tui_tint(v, 0, x, 1, t->ui[UI_LIST_MATCH]);
	}
}

static void
draw(struct overlay *o, struct tui_view screen, const struct tui_theme *t,
     struct pane_cursor *cursor)
{
	struct pick *p = (struct pick *)o;
	int rows = screen.rows - 4 < PICK_ROWS ? screen.rows - 4 : PICK_ROWS;
	struct tui_view v =
		tui_popup(screen, rows, PICK_COLS < screen.cols - 2 ? PICK_COLS : screen.cols - 2,
			  p->title, t);
	struct tui_view in = tui_view_sub(v, 0, 1, 1, v.cols - 2);

	tui_field_class.draw(&p->field, in, t, true);
	*cursor = (struct pane_cursor){ in.y, in.x + p->field.cursor };
	p->inner = tui_view_sub(v, 1, 0, v.rows - 1, v.cols);
	if (p->shown.len == 0)
		tui_puts(p->inner, 1, 1,
			 app_tr(o->app, p->waiting
						? (struct tui_text)TUI_TEXT("reading the folder …",
									    "قراءة المجلد …")
						: (struct tui_text)TUI_TEXT("nothing matches",
									    "لا شيء يطابق")),
			 tui_style_over(t->ui[UI_POPUP], t->ui[UI_MUTED]));
	else
		tui_list_class.draw(&p->list, p->inner, t, true);
}

static void
choose(struct pick *p)
{
	struct app *a = p->base.app;
	void (*chosen)(void *, const char *) = p->chosen;
	void *arg = p->arg;
	char *id;

	if (p->scored < p->items.len && !p->moved)
		slice(p, 0); /* the best of all, not the best so far */
	if (p->list.current < 0 || p->shown.len == 0)
		return;
	id = wn_strdup(p->items.p[p->shown.p[p->list.current]].id);
	app_overlay_close(a);
	chosen(arg, id);
	wn_free(id);
}

static void
key(struct overlay *o, const struct tui_key *k)
{
	struct pick *p = (struct pick *)o;
	struct tui_key list = *k;

	if (k->code == TUI_KEY_ESC || tui_key_is(k, 'c', TUI_CTRL)) {
		app_overlay_close(o->app);
		return;
	}
	if (p->enter) {
		if (p->ahead_n < AHEAD_MAX)
			p->ahead[p->ahead_n++] = *k;
		return;
	}
	if (k->code == TUI_KEY_ENTER) {
		p->enter = p->waiting;
		choose(p);
		return;
	}
	if (tui_key_is(k, 'n', TUI_CTRL))
		list = (struct tui_key){ TUI_KEY_DOWN, 0 };
	else if (tui_key_is(k, 'p', TUI_CTRL))
		list = (struct tui_key){ TUI_KEY_UP, 0 };
	if (list.code != TUI_KEY_HOME && list.code != TUI_KEY_END &&
	    tui_list_class.key(&p->list, &list)) {
		p->moved = true;
		return;
	}
	p->field.changed = false;
	tui_field_class.key(&p->field, k);
	if (p->field.changed)
		filter(p);
}

static void
mouse(struct overlay *o, const struct tui_mouse *m)
{
	struct pick *p = (struct pick *)o;
	struct tui_mouse in = *m;

	in.y -= p->inner.y;
	in.x -= p->inner.x;
	if (in.y < 0 || in.x < 0 || in.y >= p->inner.rows || in.x >= p->inner.cols) {
		if (m->kind == TUI_MOUSE_PRESS && in.y != -1)
			app_overlay_close(o->app);
		return;
	}
	tui_list_class.mouse(&p->list, &in);
	if (p->list.hit)
		choose(p);
}

static void
paste(struct overlay *o, struct wn_str s)
{
	struct pick *p = (struct pick *)o;

	tui_field_insert(&p->field, s);
	filter(p);
}

static void
pick_free(struct overlay *o)
{
	struct pick *p = (struct pick *)o;

	tui_field_fini(&p->field);
	wn_vec_fini(&p->items);
	wn_vec_fini(&p->shown);
	wn_buf_fini(&p->query);
	wn_arena_fini(&p->arena);
	wn_free(p->memory);
	wn_free(p->title);
	wn_free(p);
}

static const struct overlay_class pick_class = { draw, key, mouse, paste, pick_free };

struct pick *
app_pick_new(struct app *a, const char *title, const char *placeholder, bool paths,
	     void (*chosen)(void *arg, const char *id), void *arg)
{
	struct pick *p = WN_NEW(struct pick);

	p->base = (struct overlay){ &pick_class, a, NULL };
	p->title = wn_strdup(title);
	wn_arena_init(&p->arena, 0);
	tui_field_init(&p->field, NULL);
	p->field.placeholder = placeholder;
	wn_buf_init(&p->query, (size_t)TUI_FIELD_MAX * 4);
	p->paths = paths;
	p->chosen = chosen;
	p->arg = arg;
	p->list.row = row;
	p->list.arg = p;
	return p;
}

void
app_pick_add_ranked(struct pick *p, const char *id, const char *text, const char *alias,
		    const char *detail, uint32_t rank)
{
	struct item it = { .rank = rank, .order = (uint32_t)p->items.len };
	struct wn_buf b;

	it.id = wn_arena_strdup(&p->arena, id);
	it.text = text == id ? it.id : wn_arena_strdup(&p->arena, text);
	it.detail = detail != NULL && detail[0] != '\0' ? wn_arena_strdup(&p->arena, detail) : NULL;
	wn_buf_init(&b, (size_t)1 << 20);
	tui_score_fold(wn_str(text), &b);
	if (alias != NULL) {
		wn_buf_chr(&b, ' ');
		tui_score_fold(wn_str(alias), &b);
	}
	it.folded = wn_arena_str(&p->arena, wn_buf_view(&b));
	wn_buf_fini(&b);
	wn_vec_push(&p->items, it);
}

void
app_pick_add(struct pick *p, const char *id, const char *text, const char *alias,
	     const char *detail)
{
	app_pick_add_ranked(p, id, text, alias, detail, 0);
}

void
app_pick_add_many(struct pick *p, char *memory, const char *const *texts, size_t n)
{
	p->memory = memory;
	wn_vec_reserve(&p->items, n);
	for (size_t i = 0; i < n; i++)
		wn_vec_push(&p->items, (struct item){ .id = texts[i],
						      .text = texts[i],
						      .order = (uint32_t)p->items.len });
}

void
app_pick_show(struct pick *p)
{
	p->base.app->picks++;
	app_overlay_set(p->base.app, &p->base);
	filter(p);
}

void
app_pick_wait(struct pick *p)
{
	p->waiting = true;
	app_pick_show(p);
}

void
app_pick_filled(struct pick *p)
{
	struct app *a = p->base.app;
	struct tui_key ahead[AHEAD_MAX];
	int n = p->ahead_n;

	p->waiting = false;
	filter(p);
	a->redraw = true;
	if (!p->enter)
		return;
	p->enter = false;
	memcpy(ahead, p->ahead, sizeof ahead);
	choose(p); /* p is gone, unless nothing matched */
	for (int i = 0; i < n; i++)
		app_event(a, &(struct tui_event){ .type = TUI_EV_KEY, .key = ahead[i] });
}

bool
app_pick_is_shown(const struct app *a, const struct pick *p)
{
	return a->overlay == &p->base;
}
