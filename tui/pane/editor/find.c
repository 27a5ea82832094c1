/*
 * Find and replace: the bar, and searching without keeping a key waiting.
 */
#include <stdio.h>

#include "editor/search/scan.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

/* Beyond this a search runs on a worker; a pattern may be slow on less. */
#define SEARCH_HERE ((size_t)1 << 20)
#define PATTERN_HERE ((size_t)64 << 10)
#define REPLACE_HERE ((size_t)64 << 10)
#define COUNT_AGAIN_MS 300

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
	atomic_bool cancel;
	wn_err err;
	struct ed_match match;
};

static bool
small_enough(const struct editor *e)
{
	return ed_text_len(text_of(e)) <= (e->flags & ED_SEARCH_REGEX ? PATTERN_HERE : SEARCH_HERE);
}

static wn_err
around(struct ed_search *s, const struct ed_text *t, size_t pos, bool back,
       const atomic_bool *cancel, struct ed_match *m)
{
	wn_err err =
		back ? ed_search_prev(s, t, pos, cancel, m) : ed_search_next(s, t, pos, cancel, m);

	if (err != WN_E_NOT_FOUND)
		return err;
	return back ? ed_search_prev(s, t, ed_text_len(t), cancel, m)
		    : ed_search_next(s, t, 0, cancel, m);
}

wn_err
editor_search_around(struct ed_search *s, const struct ed_text *t, size_t pos, bool back,
		     struct ed_match *m)
{
	return around(s, t, pos, back, NULL, m);
}

static void
far_work(void *arg)
{
	struct far_search *f = arg;
	struct ed_search *s = NULL;

	f->err = ed_search_new(wn_str(f->query), f->flags, &s, NULL);
	if (f->err == 0)
		f->err = around(s, f->text, f->pos, f->back, &f->cancel, &f->match);
	ed_search_free(s);
}

/* What went wrong, on the bar; what the query lights up goes with it. */
static void
search_failed(struct editor *e, wn_err err)
{
	struct wn_diag d = { 0 };

	(void)ed_search_fail(err, &d);
	snprintf(e->search_error, sizeof e->search_error, "%.90s", d.text);
	e->host->ops->say(e->host, PANE_WARN, "%s", d.text);
	ed_search_free(e->search);
	e->search = NULL;
	redraw(e);
}

static void
found(struct editor *e, wn_err err, const struct ed_match *m)
{
	if (err == 0)
		select_match(e, m);
	else if (err == WN_E_NOT_FOUND)
		e->host->ops->say(e->host, PANE_WARN, "%s: %s", TR(e, "Not found", "غير موجود"),
				  tui_field_text(&e->find));
	else if (err != WN_E_CANCELLED)
		search_failed(e, err);
}

static void
far_done(void *arg, bool cancelled)
{
	struct far_search *f = arg;

	if (!cancelled && f->e->far == f) {
		f->e->far = NULL;
		found(f->e, f->err, &f->match);
	}
	ed_text_free(f->text);
	wn_free(f->query);
	wn_free(f);
}

static void
stop_far(struct editor *e)
{
	if (e->far != NULL)
		atomic_store(&e->far->cancel, true);
	e->far = NULL;
}

static void
search_from(struct editor *e, size_t pos, bool back)
{
	struct far_search *f;
	struct ed_match m;

	stop_far(e);
	if (e->search == NULL)
		return;
	if (small_enough(e)) {
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
	e->far = f;
	e->host->ops->work(e->host, far_work, far_done, f);
}

/* ---- how many ------------------------------------------------------------------------------- */

struct counting {
	struct editor *e;
	struct ed_scan *scan;
};

static void
count_news(void *arg)
{
	redraw(arg);
}

static void
count_post(void *arg)
{
	struct editor *e = arg;

	e->host->ops->post(e->host, count_news, e);
}

static void
count_work(void *arg)
{
	struct counting *c = arg;

	ed_scan_run(c->scan, count_post, c->e);
}

static void
count_done(void *arg, bool cancelled)
{
	struct counting *c = arg;

	if (cancelled || c->e->scan != c->scan) {
		ed_scan_free(c->scan);
	} else {
		c->e->scanning = false;
		redraw(c->e);
	}
	wn_free(c);
}

static void
stop_count(struct editor *e)
{
	if (e->scan != NULL && e->scanning)
		ed_scan_cancel(e->scan);
	else
		ed_scan_free(e->scan);
	e->scan = NULL;
	e->scanning = false;
	e->host->ops->timer_stop(e->host, &e->scan_timer);
}

static void
count(void *arg)
{
	struct editor *e = arg;
	struct counting *c;

	stop_count(e);
	if (e->search == NULL || e->bar == BAR_NONE)
		return;
	e->scan = ed_scan_new(wn_str(tui_field_text(&e->find)), e->flags, text_of(e));
	e->scan_version = ed_doc_version(e->doc);
	e->scanning = true;
	c = WN_NEW(struct counting);
	*c = (struct counting){ e, e->scan };
	e->host->ops->work(e->host, count_work, count_done, c);
}

void
editor_find_close(struct editor *e)
{
	stop_far(e);
	stop_count(e);
	if (e->replace_cancel != NULL)
		atomic_store(e->replace_cancel, true);
	e->bar = BAR_NONE;
}

void
editor_find_count(struct editor *e, char *buf, size_t n)
{
	struct ed_scan_state st;
	size_t number = 0, len = ed_text_len(text_of(e));
	const struct ed_sel *s = ed_view_main(e->view);

	buf[0] = '\0';
	if (e->scan == NULL)
		return;
	if (e->scan_version != ed_doc_version(e->doc)) { /* counted again when typing rests */
		e->scan_version = ed_doc_version(e->doc);
		e->host->ops->timer(e->host, &e->scan_timer, COUNT_AGAIN_MS, count, e);
	}
	st = ed_scan_state(e->scan);
	if (st.err != 0 && st.err != WN_E_CANCELLED)
		return;
	if (s->anchor != s->head)
		number = ed_scan_number(e->scan, s->anchor < s->head ? s->anchor : s->head);
	if (!st.over)
		snprintf(buf, n, "%zu+ (%d%%)", st.n, len > 0 ? (int)(st.bytes * 99 / len) : 0);
	else if (number > 0)
		snprintf(buf, n, "%zu %s %zu", number, TR(e, "of", "من"), st.n);
	else
		snprintf(buf, n, "%zu", st.n);
}

void
editor_new_search(struct editor *e, bool jump)
{
	struct wn_diag d = { 0 };
	struct wn_str q = wn_str(tui_field_text(&e->find));

	ed_search_free(e->search);
	e->search = NULL;
	e->search_error[0] = '\0';
	stop_far(e);
	stop_count(e);
	redraw(e);
	if (q.len == 0)
		return;
	if (ed_search_new(q, e->flags, &e->search, &d) != 0) {
		snprintf(e->search_error, sizeof e->search_error, "%.90s", d.text);
		return;
	}
	if (jump)
		search_from(e, e->origin, false);
	count(e);
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
	atomic_bool cancel;
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
					       &r->cancel, &r->r, &r->d);
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
		r->e->replace_cancel = NULL;
		if (r->err != WN_E_CANCELLED)
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
	e->replace_cancel = &r->cancel;
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
	case 'p':
		if (e->bar == BAR_REPLACE)
			toggle(e, ED_SEARCH_KEEP_CASE);
		return e->bar == BAR_REPLACE;
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
		editor_find_close(e);
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
	case TUI_KEY_HOME:
	case TUI_KEY_END:
	case TUI_KEY_PGUP:
	case TUI_KEY_PGDN:
		/* Ways through the text, which a field of one line has no use for: back to it. */
		if (k->code != TUI_KEY_PGUP && k->code != TUI_KEY_PGDN && !(k->mods & TUI_CTRL))
			break;
		editor_find_close(e);
		return editor_key(e, k);
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
	struct editor *e = self;

	if (editor_modal_grabs(e, k))
		return true;
	return e->bar != BAR_NONE && !tui_key_is(k, 'k', TUI_CTRL) &&
	       !((k->mods & TUI_ALT) && k->code >= '0' && k->code <= '9');
}
