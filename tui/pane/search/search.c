/*
 * The search pane: a query over the files of the folder, every place seen, with what it becomes
 * before it is replaced. Files are changed on disk; one key takes all of it back.
 */
#include "tui/pane/search/search.h"

#include <stdio.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define REST_MS 200

static void
on_rest(void *arg)
{
	search_start(arg);
}

static void *
open_search(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct search *s = WN_NEW(struct search);

	(void)d;
	s->host = h;
	s->flags = ED_SEARCH_SMART_CASE;
	tui_field_init(&s->query, arg != NULL ? arg : wn_json_get_str(state, "query", NULL));
	tui_field_init(&s->with, wn_json_get_str(state, "with", NULL));
	s->list = (struct tui_list){ .current = -1, .row = search_row_draw, .arg = s };
	if (s->query.text.len > 0)
		search_start(s);
	return s;
}

static void
close_search(void *self)
{
	struct search *s = self;

	search_forget(s);
	apply_free(s->applied);
	wn_vec_fini(&s->files);
	wn_vec_fini(&s->rows);
	tui_field_fini(&s->query);
	tui_field_fini(&s->with);
	wn_free(s);
}

static void
open_current(struct search *s)
{
	struct search_row r;
	const struct found_file *f;
	const struct hit *h;
	char *path;

	if (s->list.current < 0 || (size_t)s->list.current >= s->rows.len)
		return;
	r = s->rows.p[s->list.current];
	f = s->files.p[r.file];
	h = &f->hits.p[r.hit == SIZE_MAX ? 0 : r.hit];
	path = wn_path_join(s->host->ops->root(s->host), f->path);
	s->host->ops->open_file(s->host, path, (int64_t)h->row + 1, (int64_t)h->col + 1);
	wn_free(path);
}

static bool
option_key(struct search *s, const struct tui_key *k)
{
	unsigned flag = 0;

	if (k->mods != TUI_ALT)
		return false;
	if (k->code == 'r')
		flag = ED_SEARCH_REGEX;
	else if (k->code == 'c')
		flag = ED_SEARCH_ICASE;
	else if (k->code == 'w')
		flag = ED_SEARCH_WORD;
	else if (k->code == 'p')
		flag = ED_SEARCH_KEEP_CASE;
	if (flag == 0)
		return false;
	s->flags ^= flag;
	search_start(s);
	return true;
}

static bool
list_key(struct search *s, const struct tui_key *k)
{
	if (tui_key_is(k, ' ', 0)) {
		search_toggle(s, s->list.current);
		if ((size_t)s->list.current + 1 < s->rows.len)
			tui_list_go(&s->list, s->list.current + 1);
		return true;
	}
	if (tui_key_is(k, 'u', 0)) {
		search_take_back(s);
		return true;
	}
	if (tui_key_is(k, '/', 0)) {
		s->part = PART_QUERY;
		return true;
	}
	return tui_list_class.key(&s->list, k);
}

static bool
field_key(struct search *s, const struct tui_key *k)
{
	struct tui_field *f = s->part == PART_QUERY ? &s->query : &s->with;

	if (k->code == TUI_KEY_DOWN && k->mods == 0) {
		s->part = PART_LIST;
		return true;
	}
	f->changed = false;
	if (!tui_field_class.key(f, k))
		return false;
	if (f->changed && f == &s->query)
		s->host->ops->timer(s->host, &s->timer, REST_MS, on_rest, s);
	return true;
}

static bool
key(void *self, const struct tui_key *k)
{
	struct search *s = self;

	s->host->ops->redraw(s->host);
	if (option_key(s, k))
		return true;
	if (tui_key_is(k, TUI_KEY_ENTER, TUI_ALT)) {
		search_replace(s);
		return true;
	}
	if (tui_key_is(k, TUI_KEY_TAB, 0)) {
		s->part = s->part == PART_QUERY	 ? PART_WITH
			  : s->part == PART_WITH ? PART_LIST
						 : PART_QUERY;
		return true;
	}
	if (tui_key_is(k, TUI_KEY_ENTER, 0)) {
		if (s->part == PART_LIST) {
			open_current(s);
		} else {
			search_start(s);
			s->part = PART_LIST;
		}
		return true;
	}
	return s->part == PART_LIST ? list_key(s, k) : field_key(s, k);
}

/* The fields have letters and editing keys before the keymap. */
static bool
grabs(void *self, const struct tui_key *k)
{
	const struct search *s = self;

	return (s->part != PART_LIST && tui_key_is_text(k)) ||
	       tui_key_is(k, TUI_KEY_ENTER, TUI_ALT);
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	struct search *s = self;
	struct tui_mouse in = *m;

	if (m->y < s->list_y) {
		if (m->kind == TUI_MOUSE_PRESS)
			s->part = m->y == 0 ? PART_QUERY : m->y == 1 ? PART_WITH : s->part;
		s->host->ops->redraw(s->host);
		return m->kind == TUI_MOUSE_PRESS;
	}
	in.y -= s->list_y;
	s->list.hit = false;
	if (!tui_list_class.mouse(&s->list, &in))
		return false;
	s->part = PART_LIST;
	if (s->list.hit)
		open_current(s);
	s->host->ops->redraw(s->host);
	return true;
}

static void
paste(void *self, struct wn_str piece, bool first, bool last)
{
	struct search *s = self;

	(void)first;
	if (s->part == PART_LIST)
		return;
	tui_field_insert(s->part == PART_QUERY ? &s->query : &s->with, piece);
	if (last && s->part == PART_QUERY)
		search_start(s);
	s->host->ops->redraw(s->host);
}

static void
save(void *self, struct wn_jw *w)
{
	struct search *s = self;

	wn_jw_kstr(w, "query", tui_field_text(&s->query));
	wn_jw_kstr(w, "with", tui_field_text(&s->with));
}

static void
status(void *self, char *buf, size_t n)
{
	struct search *s = self;

	snprintf(buf, n, "%s",
		 s->part == PART_LIST
			 ? TR(s, "Enter opens, Space leaves out, u takes a replacement back",
			      "Enter يفتح، Space يستثني، u يعيد ما استبدل")
			 : TR(s, "Enter searches, Tab goes on", "Enter يبحث، Tab للتالي"));
}

static bool
busy(void *self)
{
	struct search *s = self;

	return s->applying || (s->finder != NULL && !s->news.over);
}

extern const struct pane_type pane_search;
const struct pane_type pane_search = {
	.name = "search",
	.title = TUI_TEXT("Search in the folder", "البحث في المجلد"),
	.place = PANE_BOTTOM,
	.flags = PANE_SINGLE | PANE_TYPING,
	.open = open_search,
	.close = close_search,
	.draw = search_draw,
	.grabs = grabs,
	.key = key,
	.mouse = mouse,
	.paste = paste,
	.status = status,
	.save = save,
	.busy = busy,
	.keys = TUI_TEXT("Enter\tsearch; on a place: open it\nTab\tquery, replacement, places\n"
			 "Space\tleave this place or file out\nAlt-Enter\treplace all that is "
			 "left in\nu\ttake the last replacement back\n"
			 "Alt-r/c/w/p\tpattern, any case, words, keep case\n",
			 "Enter\tبحث؛ على موضع: فتحه\nTab\tالبحث، البديل، المواضع\n"
			 "Space\tاستثناء هذا الموضع أو الملف\nAlt-Enter\tاستبدال كل ما بقي\n"
			 "u\tإعادة آخر استبدال\nAlt-r/c/w/p\tنمط، أي حالة، كلمات، حفظ الحالة\n"),
};
