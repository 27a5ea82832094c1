/*
 * Find and replace: the bar, and searching without keeping a key waiting.
 */
#include <stdio.h>

#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

/* Beyond this a search runs on a worker. */
#define SEARCH_HERE ((size_t)16 << 20)
#define REPLACE_HERE ((size_t)256 << 10)

static void
select_match(struct editor *e, const struct ed_match *m)
{
	ed_view_select(e->view, m->from, m->to);
	e->follow = true;
	redraw(e);
}

struct far_search {
	struct editor *e;
	struct ed_text *text;
	char *query;
	unsigned flags;
	size_t pos;
	bool back;
	wn_err err;
	struct ed_match match;
};

wn_err
editor_search_around(struct ed_search *s, const struct ed_text *t, size_t pos, bool back,
		     struct ed_match *m)
{
	wn_err err = back ? ed_search_prev(s, t, pos, NULL, m) : ed_search_next(s, t, pos, NULL, m);

	if (err != WN_E_NOT_FOUND)
		return err;
	return back ? ed_search_prev(s, t, ed_text_len(t), NULL, m)
		    : ed_search_next(s, t, 0, NULL, m);
}

static void
far_work(void *arg)
{
	struct far_search *f = arg;
	struct ed_search *s = NULL;

	f->err = ed_search_new(wn_str(f->query), f->flags, &s, NULL);
	if (f->err == 0)
		f->err = editor_search_around(s, f->text, f->pos, f->back, &f->match);
	ed_search_free(s);
}

static void
found(struct editor *e, wn_err err, const struct ed_match *m)
{
	if (err == 0)
		select_match(e, m);
	else
		e->host->ops->say(e->host, PANE_WARN, "%s: %s", TR(e, "Not found", "غير موجود"),
				  tui_field_text(&e->find));
}

static void
far_done(void *arg, bool cancelled)
{
	struct far_search *f = arg;

	if (!cancelled)
		found(f->e, f->err, &f->match);
	ed_text_free(f->text);
	wn_free(f->query);
	wn_free(f);
}

static void
search_from(struct editor *e, size_t pos, bool back)
{
	struct far_search *f;
	struct ed_match m;

	if (e->search == NULL)
		return;
	if (ed_text_len(text_of(e)) <= SEARCH_HERE) {
		wn_err err = editor_search_around(e->search, text_of(e), pos, back, &m);

		found(e, err, &m);
		return;
	}
	f = WN_NEW(struct far_search);
	*f = (struct far_search){ .e = e,
				  .text = ed_text_snap(text_of(e)),
				  .flags = e->flags,
				  .query = wn_strdup(tui_field_text(&e->find)),
				  .pos = pos,
				  .back = back };
	e->host->ops->work(e->host, far_work, far_done, f);
}

void
editor_new_search(struct editor *e, bool jump)
{
	struct wn_diag d = { 0 };
	struct wn_str q = wn_str(tui_field_text(&e->find));

	ed_search_free(e->search);
	e->search = NULL;
	e->search_error[0] = '\0';
	redraw(e);
	if (q.len == 0)
		return;
	if (ed_search_new(q, e->flags, &e->search, &d) != 0) {
		snprintf(e->search_error, sizeof e->search_error, "%.90s", d.text);
		return;
	}
	if (jump)
		search_from(e, e->origin, false);
}

void
editor_search_step(struct editor *e, bool back)
{
	const struct ed_sel *s = ed_view_main(e->view);
	size_t lo = s->anchor < s->head ? s->anchor : s->head;
	size_t hi = s->anchor < s->head ? s->head : s->anchor;

	if (e->search == NULL)
		editor_new_search(e, false);
	search_from(e, back ? lo : hi, back);
}

void
editor_open_bar(struct editor *e, enum bar bar)
{
	const struct ed_sel *s = ed_view_main(e->view);
	size_t lo = s->anchor < s->head ? s->anchor : s->head,
	       hi = s->anchor < s->head ? s->head : s->anchor;

	e->bar = bar;
	e->in_replace = false;
	e->origin = lo;
	if (hi > lo && hi - lo < 200 && ed_text_line_end(text_of(e), lo) >= hi) {
		struct wn_buf b;

		wn_buf_init(&b, 256);
		ed_text_copy(text_of(e), lo, hi, &b);
		tui_field_set(&e->find, wn_buf_view(&b));
		wn_buf_fini(&b);
	}
	e->find.anchor = 0;
	e->find.at = e->find.text.len;
	editor_new_search(e, false);
}

static void
replace_one(struct editor *e)
{
	const struct ed_sel *s = ed_view_main(e->view);
	size_t lo = s->anchor < s->head ? s->anchor : s->head;
	struct ed_match m;
	struct wn_diag d = { 0 };
	struct wn_buf out;
	wn_err err;

	if (e->search == NULL || s->anchor == s->head ||
	    ed_search_next(e->search, text_of(e), lo, NULL, &m) != 0 || m.from != lo) {
		editor_search_step(e, false);
		return;
	}
	wn_buf_init(&out, (size_t)1 << 20);
	err = ed_search_expand(e->search, text_of(e), m, wn_str(tui_field_text(&e->with)), &out,
			       &d);
	if (err == 0)
		err = ed_doc_edit(e->doc, m.from, m.to - m.from, wn_buf_view(&out));
	if (err == 0)
		search_from(e, m.from + out.len, false);
	editor_tell(e, err, &d);
	wn_buf_fini(&out);
}

struct replacing {
	struct editor *e;
	struct ed_text *old;
	char *query, *with;
	unsigned flags;
	uint64_t version;
	struct ed_replacement r;
	struct wn_diag d;
	wn_err err;
};

static void
replace_work(void *arg)
{
	struct replacing *r = arg;
	struct ed_search *s = NULL;

	r->err = ed_search_new(wn_str(r->query), r->flags, &s, &r->d);
	if (r->err == 0)
		r->err = ed_search_replacement(s, r->old, 0, ed_text_len(r->old), wn_str(r->with),
					       NULL, &r->r, &r->d);
	ed_search_free(s);
}

static void
replaced(struct editor *e, struct replacing *r)
{
	if (r->err == 0 && r->version != ed_doc_version(e->doc)) {
		e->host->ops->say(
			e->host, PANE_WARN, "%s",
			TR(e, "The text changed meanwhile; nothing was replaced. Do it again.",
			   "تغيّر النص في الأثناء؛ لم يستبدل شيء. أعد المحاولة."));
		return;
	}
	if (r->err == 0 && r->r.n > 0)
		r->err = ed_doc_replace_with(e->doc, r->r.pos, r->r.len, r->r.text);
	if (r->err == 0)
		e->host->ops->say(e->host, PANE_INFO, "%zu %s", r->r.n,
				  TR(e, "replaced", "استبدلت"));
	else
		editor_tell(e, r->err, &r->d);
}

static void
replace_done(void *arg, bool cancelled)
{
	struct replacing *r = arg;

	if (!cancelled) {
		r->e->replacing = false;
		replaced(r->e, r);
	}
	ed_text_free(r->r.text);
	ed_text_free(r->old);
	wn_free(r->query);
	wn_free(r->with);
	wn_free(r);
}

static void
replace_all(struct editor *e)
{
	struct replacing *r;

	if (e->search == NULL || e->replacing)
		return;
	e->replacing = true;
	if (ed_text_len(text_of(e)) > SEARCH_HERE)
		e->host->ops->say(e->host, PANE_INFO, "%s", TR(e, "replacing …", "استبدال …"));
	r = WN_NEW(struct replacing);
	*r = (struct replacing){ .e = e,
				 .old = ed_text_snap(text_of(e)),
				 .query = wn_strdup(tui_field_text(&e->find)),
				 .with = wn_strdup(tui_field_text(&e->with)),
				 .flags = e->flags,
				 .version = ed_doc_version(e->doc) };
	if (ed_text_len(r->old) <= REPLACE_HERE) { /* shorter than a thread takes to start */
		replace_work(r);
		replace_done(r, false);
		return;
	}
	e->host->ops->work(e->host, replace_work, replace_done, r);
}

static void
toggle(struct editor *e, unsigned flag)
{
	e->flags ^= flag;
	editor_new_search(e, true);
}

/* Alt and a letter: an option of the search. */
static bool
option_key(struct editor *e, const struct tui_key *k)
{
	if (k->mods != TUI_ALT)
		return false;
	switch (k->code) {
	case 'r':
		toggle(e, ED_SEARCH_REGEX);
		return true;
	case 'c':
		toggle(e, ED_SEARCH_ICASE);
		return true;
	case 'w':
		toggle(e, ED_SEARCH_WORD);
		return true;
	default:
		return false;
	}
}

static void
enter_key(struct editor *e, const struct tui_key *k)
{
	if (e->bar == BAR_REPLACE && k->mods == TUI_ALT)
		replace_all(e);
	else if (e->in_replace)
		replace_one(e);
	else
		editor_search_step(e, k->mods & TUI_SHIFT);
}

bool
editor_bar_key(struct editor *e, const struct tui_key *k)
{
	struct tui_field *f = e->in_replace ? &e->with : &e->find;

	redraw(e);
	if (option_key(e, k))
		return true;
	switch (k->code) {
	case TUI_KEY_ESC:
		e->bar = BAR_NONE;
		return true;
	case TUI_KEY_ENTER:
		enter_key(e, k);
		return true;
	case TUI_KEY_UP:
	case TUI_KEY_DOWN:
		editor_search_step(e, k->code == TUI_KEY_UP);
		return true;
	case TUI_KEY_TAB:
		e->in_replace = e->bar == BAR_REPLACE && !e->in_replace;
		return true;
	default:
		break;
	}
	f->changed = false;
	if (!tui_field_class.key(f, k))
		return false;
	if (f->changed && f == &e->find)
		editor_new_search(e, true);
	return true;
}

bool
editor_grabs(void *self, const struct tui_key *k)
{
	const struct editor *e = self;

	return e->bar != BAR_NONE && !tui_key_is(k, 'k', TUI_CTRL) &&
	       !((k->mods & TUI_ALT) && k->code >= '0' && k->code <= '9');
}
