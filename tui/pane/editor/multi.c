/*
 * Commands of the editor pane that make many selections, and on what is in them.
 */
#include "editor/select/multi.h"

#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

static void
moved(struct editor *e)
{
	e->follow = true;
	redraw(e);
}

void
editor_c_add_above(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	ed_view_add_vertical(e->view, false);
	moved(e);
}

void
editor_c_add_below(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	ed_view_add_vertical(e->view, true);
	moved(e);
}

void
editor_c_split_lines(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	ed_view_split_lines(e->view);
	moved(e);
}

/* The text selected, or the word under the cursor, everywhere. */
void
editor_c_add_all(void *self, const char *arg)
{
	struct editor *e = self;
	const struct ed_sel *s = ed_view_main(e->view);
	size_t from = s->anchor < s->head ? s->anchor : s->head,
	       to = s->anchor < s->head ? s->head : s->anchor;
	struct ed_search *q = NULL;
	struct wn_buf b;

	(void)arg;
	if (from == to)
		ed_word_around(text_of(e), from, &from, &to);
	wn_buf_init(&b, (size_t)1 << 16);
	if (to > from && ed_text_copy(text_of(e), from, to, &b) == 0 &&
	    ed_search_new(wn_buf_view(&b), 0, &q, NULL) == 0)
		(void)ed_view_select_matches(e->view, q, false);
	ed_search_free(q);
	wn_buf_fini(&b);
	moved(e);
}

static void
with_pattern(struct editor *e, const char *text, bool split)
{
	struct wn_diag d = { 0 };
	struct ed_search *q = NULL;
	wn_err err;

	if (text == NULL || text[0] == '\0')
		return;
	err = ed_search_new(wn_str(text), ED_SEARCH_REGEX | ED_SEARCH_SMART_CASE, &q, &d);
	if (err != 0)
		editor_tell(e, err, &d);
	else if ((split ? ed_view_split(e->view, q) : ed_view_select_matches(e->view, q, true)) ==
		 0)
		e->host->ops->say(
			e->host, PANE_WARN, "%s",
			TR(e, "Nothing of the selection matches.", "لا شيء في التحديد يطابق."));
	ed_search_free(q);
	moved(e);
}

static void
split_answer(void *arg, const char *text)
{
	with_pattern(arg, text, true);
}

static void
select_answer(void *arg, const char *text)
{
	with_pattern(arg, text, false);
}

void
editor_c_split(void *self, const char *arg)
{
	struct editor *e = self;

	if (arg != NULL)
		with_pattern(e, arg, true);
	else
		e->host->ops->ask(
			e->host,
			TR(e, "Split the selection at (a pattern):", "تقسيم التحديد عند (نمط):"),
			NULL, split_answer, e);
}

void
editor_c_select_in(void *self, const char *arg)
{
	struct editor *e = self;

	if (arg != NULL)
		with_pattern(e, arg, false);
	else
		e->host->ops->ask(
			e->host,
			TR(e, "Select in the selection (a pattern):", "تحديد داخل التحديد (نمط):"),
			NULL, select_answer, e);
}

static void
letters(struct editor *e, enum ed_letters how)
{
	struct wn_diag d = { 0 };

	editor_tell(e, ed_view_case(e->view, how, &d), &d);
	moved(e);
}

void
editor_c_upper(void *self, const char *arg)
{
	(void)arg;
	letters(self, ED_LETTERS_UPPER);
}

void
editor_c_lower(void *self, const char *arg)
{
	(void)arg;
	letters(self, ED_LETTERS_LOWER);
}

void
editor_c_sort(void *self, const char *arg)
{
	struct editor *e = self;
	struct wn_diag d = { 0 };

	(void)arg;
	editor_tell(e, ed_view_sort(e->view, false, &d), &d);
	moved(e);
}
