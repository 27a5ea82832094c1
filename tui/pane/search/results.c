/*
 * Results of the search pane: begun, taken over as they come, chosen, replaced, taken back.
 */
#include <stdio.h>

#include "runtime/base/mem.h"
#include "tui/pane/search/search.h"

/* ---- finding ----------------------------------------------------------------------------------
 */

struct finding {
	struct search *s;
	struct finder *finder;
};

static void
add_file(struct search *s, struct found_file *f)
{
	wn_vec_push(&s->files, f);
	wn_vec_push(&s->rows, (struct search_row){ s->files.len - 1, SIZE_MAX });
	for (size_t i = 0; i < f->hits.len; i++)
		wn_vec_push(&s->rows, (struct search_row){ s->files.len - 1, i });
}

static void
take_news(void *arg)
{
	struct search *s = arg;
	struct found_file **files;
	size_t n;

	if (s->finder == NULL)
		return;
	s->news = finder_take(s->finder, &files, &n);
	for (size_t i = 0; i < n; i++)
		add_file(s, files[i]);
	wn_free(files);
	tui_list_set(&s->list, (int64_t)s->rows.len);
	if (s->list.current < 0 && s->rows.len > 0)
		tui_list_go(&s->list, 0);
	if (s->news.err != 0 && s->news.err != WN_E_CANCELLED)
		snprintf(s->error, sizeof s->error, "%.150s", s->news.d.text);
	s->host->ops->redraw(s->host);
}

static void
find_news(void *arg)
{
	struct finding *f = arg;

	f->s->host->ops->post(f->s->host, take_news, f->s);
}

static void
find_work(void *arg)
{
	struct finding *f = arg;

	finder_run(f->finder, true, find_news, f);
}

static void
find_done(void *arg, bool cancelled)
{
	struct finding *f = arg;

	if (!cancelled && f->s->finder == f->finder)
		take_news(f->s);
	finder_unref(f->finder);
	wn_free(f);
}

void
search_forget(struct search *s)
{
	if (s->finder != NULL)
		finder_cancel(s->finder);
	finder_unref(s->finder);
	s->finder = NULL;
	for (size_t i = 0; i < s->files.len; i++)
		found_file_free(s->files.p[i]);
	wn_vec_clear(&s->files);
	wn_vec_clear(&s->rows);
	s->news = (struct finder_news){ 0 };
	s->error[0] = '\0';
	s->list.current = -1;
	tui_list_set(&s->list, 0);
	ed_search_free(s->shows);
	s->shows = NULL;
}

void
search_start(struct search *s)
{
	const char *query = tui_field_text(&s->query);
	struct wn_diag d = { 0 };
	struct finding *f;

	s->host->ops->timer_stop(s->host, &s->timer);
	search_forget(s);
	s->host->ops->redraw(s->host);
	if (query[0] == '\0')
		return;
	if (ed_search_new(wn_str(query), s->flags, &s->shows, &d) != 0) {
		snprintf(s->error, sizeof s->error, "%.150s", d.text);
		return;
	}
	s->finder = finder_new(s->host->ops->root(s->host), query, s->flags);
	finder_ref(s->finder);
	f = WN_NEW(struct finding);
	*f = (struct finding){ s, s->finder };
	s->host->ops->work(s->host, find_work, find_done, f);
}

/* ---- choosing
 * ------------------------------------------------------------------------------------ */

void
search_toggle(struct search *s, int64_t row)
{
	struct search_row r;
	struct found_file *f;
	bool any = false;

	if (row < 0 || (size_t)row >= s->rows.len)
		return;
	r = s->rows.p[row];
	f = s->files.p[r.file];
	if (r.hit != SIZE_MAX) {
		f->hits.p[r.hit].off = !f->hits.p[r.hit].off;
	} else {
		for (size_t i = 0; i < f->hits.len; i++)
			any = any || !f->hits.p[i].off;
		for (size_t i = 0; i < f->hits.len; i++)
			f->hits.p[i].off = any;
	}
	s->host->ops->redraw(s->host);
}

size_t
search_chosen(const struct search *s, size_t *files)
{
	size_t n = 0;

	*files = 0;
	for (size_t i = 0; i < s->files.len; i++) {
		size_t before = n;

		for (size_t k = 0; k < s->files.p[i]->hits.len; k++)
			n += !s->files.p[i]->hits.p[k].off;
		*files += n > before;
	}
	return n;
}

/* ---- replacing
 * ------------------------------------------------------------------------------------ */

struct applying {
	struct search *s;
	struct apply *apply;
	bool back;
};

static struct found_file *
copy_chosen(const struct found_file *f)
{
	struct found_file *c = WN_NEW(struct found_file);

	c->path = wn_strdup(f->path);
	c->size = f->size;
	c->mtime = f->mtime;
	for (size_t i = 0; i < f->hits.len; i++)
		if (!f->hits.p[i].off) {
			struct hit h = f->hits.p[i];

			h.line = NULL;
			wn_vec_push(&c->hits, h);
		}
	return c;
}

static void
apply_work(void *arg)
{
	struct applying *w = arg;

	if (w->back)
		apply_undo(w->apply);
	else
		apply_run(w->apply);
}

static void
tell_result(struct search *s, const struct apply *a, bool back)
{
	char more[96] = "";

	if (a->changed > 0)
		snprintf(more, sizeof more, "; %zu %s", a->changed,
			 TR(s, "changed meanwhile and left alone", "تغيرت في الأثناء فتركت"));
	if (a->failed > 0) {
		s->host->ops->fail(s->host, &a->d);
		return;
	}
	if (back)
		s->host->ops->say(s->host, PANE_INFO, "%s%s",
				  TR(s, "All was taken back", "أعيد كل شيء"), more);
	else
		s->host->ops->say(s->host, PANE_INFO, "%zu %s %zu %s%s", a->hits,
				  TR(s, "replaced in", "استبدلت في"), a->done.len,
				  TR(s, "files; u takes all of it back", "ملف؛ u يعيد كل شيء"),
				  more);
}

static void
apply_done(void *arg, bool cancelled)
{
	struct applying *w = arg;
	struct search *s = w->s;

	if (cancelled) {
		apply_free(w->apply);
		wn_free(w);
		return;
	}
	s->applying = false;
	apply_free(s->applied);
	s->applied = w->apply;
	tell_result(s, w->apply, w->back);
	if (w->back && s->applied->done.len == 0) {
		apply_free(s->applied);
		s->applied = NULL;
	}
	search_start(s);
	wn_free(w);
}

static void
start_apply(struct search *s, struct apply *a, bool back)
{
	struct applying *w = WN_NEW(struct applying);

	*w = (struct applying){ s, a, back };
	s->applying = true;
	s->host->ops->work(s->host, apply_work, apply_done, w);
}

static void
replace_answer(void *arg, const char *text)
{
	struct search *s = arg;
	struct apply *a;

	if (text == NULL || text[0] != 'y' || s->applying)
		return;
	a = WN_NEW(struct apply);
	a->root = wn_strdup(s->host->ops->root(s->host));
	a->query = wn_strdup(tui_field_text(&s->query));
	a->with = wn_strdup(tui_field_text(&s->with));
	a->flags = s->flags;
	a->files = wn_alloc_array(s->files.len + 1, sizeof *a->files);
	for (size_t i = 0; i < s->files.len; i++) {
		struct found_file *c = copy_chosen(s->files.p[i]);

		if (c->hits.len > 0)
			a->files[a->n++] = c;
		else
			found_file_free(c);
	}
	start_apply(s, a, false);
}

void
search_replace(struct search *s)
{
	static const struct pane_choice choices[] = {
		{ 'y', TUI_TEXT("replace them", "استبدالها") },
		{ 'c', TUI_TEXT("do nothing", "لا شيء") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	size_t files, n = search_chosen(s, &files);
	char *text;

	if (s->applying || n == 0)
		return;
	if (!s->news.over || s->news.skipped > 0) {
		s->host->ops->say(s->host, PANE_WARN, "%s",
				  s->news.over ? TR(s, "There are too many to replace at once.",
						    "هي أكثر من أن تستبدل معا.")
					       : TR(s, "It is still searching.", "ما زال يبحث."));
		return;
	}
	text = wn_asprintf("%zu %s %zu %s", n, TR(s, "places in", "موضع في"), files,
			   TR(s,
			      "files on disk are replaced. Texts not saved in an editor are "
			      "asked about there.",
			      "ملف على القرص تستبدل. النصوص غير المحفوظة يسأل عنها محررها."));
	s->host->ops->choose(s->host, text, choices, replace_answer, s);
	wn_free(text);
}

void
search_take_back(struct search *s)
{
	struct apply *a = s->applied;

	if (s->applying)
		return;
	if (a == NULL) {
		s->host->ops->say(s->host, PANE_INFO, "%s",
				  TR(s, "Nothing was replaced yet.", "لم يستبدل شيء بعد."));
		return;
	}
	s->applied = NULL;
	start_apply(s, a, true);
}
