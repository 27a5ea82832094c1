/*
 * Commands that know what the text is made of: folding, growing a selection, objects, brackets,
 * indentation; and how the text is shown (wrapping, numbers, guides).
 */
#include <string.h>

#include "editor/syntax/structure.h"
#include "tui/pane/editor/editor.h"

#define FOLD_LINES 5000 /* of a text without a grammar, below the line it folds behind */

static size_t
head_of(const struct editor *e)
{
	return ed_view_main(e->view)->head;
}

static void
nothing(struct editor *e, const char *en, const char *ar)
{
	e->host->ops->say(e->host, PANE_INFO, "%s", TR(e, en, ar));
}

static void
show_all_again(struct editor *e)
{
	wn_vec_clear(&e->drawn);
	e->follow = true;
	redraw(e);
}

/* ---- folding ---------------------------------------------------------------------------- */

/* Columns of blanks the line begins with; -1: it is blank. */
static int
indent_of(const struct editor *e, size_t line)
{
	int col = 0;

	for (size_t pos = line;; pos++) {
		int c = ed_text_byte(text_of(e), pos);
		if (c == '\n' || c == '\r' || c < 0)
			return -1;
		if (c != ' ' && c != '\t')
			return col;
		col += c == '\t' ? ed_doc_info(e->doc)->tab_width : 1;
	}
}

/* The lines below that are deeper than this one. */
static bool
fold_by_indent(const struct editor *e, size_t line, struct ed_range *out)
{
	const struct ed_text *t = text_of(e);
	int depth = indent_of(e, line);
	size_t pos = line;

	out->from = out->to = ed_text_line_end(t, line);
	for (int n = 0; depth >= 0 && n < FOLD_LINES; n++) {
		size_t end = ed_text_line_end(t, pos);
		if (end >= ed_text_len(t))
			break;
		pos = end + 1;
		int here = indent_of(e, pos);
		if (here >= 0 && here <= depth)
			break;
		if (here > depth)
			out->to = ed_text_line_end(t, pos);
	}
	return out->to > out->from;
}

/* A cursor in what is folded away goes to the line that stays. */
static void
cursor_out(struct editor *e)
{
	const struct editor_fold *f = editor_fold_over(e, head_of(e));

	if (f)
		ed_view_select(e->view, ed_text_line_begin(text_of(e), f->from),
			       ed_text_line_begin(text_of(e), f->from));
}

void
editor_fold(void *self, const char *arg)
{
	struct editor *e = self;
	struct ed_range r;

	(void)arg;
	show_all_again(e);
	if (editor_fold_open(e, head_of(e), true))
		return;
	if (!ed_syntax_fold_at(e->syntax, head_of(e), &r) &&
	    !fold_by_indent(e, ed_text_line_begin(text_of(e), head_of(e)), &r)) {
		nothing(e, "There is nothing to fold here.", "لا شيء للطي هنا.");
		return;
	}
	editor_fold_add(e, r.from, r.to);
	cursor_out(e);
}

void
editor_fold_all(void *self, const char *arg)
{
	struct editor *e = self;
	ed_range_list folds = { 0 };
	size_t behind = 0;

	(void)arg;
	ed_syntax_folds(e->syntax, 0, ed_text_len(text_of(e)), &folds);
	for (size_t i = 0; i < folds.len; i++) {
		if (folds.p[i].from < behind)
			continue;
		editor_fold_add(e, folds.p[i].from, folds.p[i].to);
		behind = folds.p[i].to;
	}
	if (folds.len == 0)
		nothing(e, "There is nothing to fold.", "لا شيء للطي.");
	wn_vec_fini(&folds);
	cursor_out(e);
	show_all_again(e);
}

void
editor_unfold_all(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	wn_vec_clear(&e->folds);
	show_all_again(e);
}

/* ---- selections -------------------------------------------------------------------------- */

static struct ed_range
selected(const struct editor *e)
{
	const struct ed_sel *s = ed_view_main(e->view);

	return s->anchor < s->head ? (struct ed_range){ s->anchor, s->head }
				   : (struct ed_range){ s->head, s->anchor };
}

static void
select_range(struct editor *e, struct ed_range r)
{
	ed_view_select(e->view, r.from, r.to);
	e->follow = true;
	redraw(e);
}

void
editor_grow(void *self, const char *arg)
{
	struct editor *e = self;
	struct ed_range now = selected(e), more;

	(void)arg;
	if (!ed_syntax_grow(e->syntax, now, &more)) {
		nothing(e, "There is nothing larger to select.", "لا شيء أكبر للتحديد.");
		return;
	}
	/* Shrinking goes back the way that was come; another selection begins anew. */
	if (e->grown.len == 0 || wn_vec_last(&e->grown).to < now.from ||
	    wn_vec_last(&e->grown).from < now.from || wn_vec_last(&e->grown).to > now.to)
		wn_vec_clear(&e->grown);
	wn_vec_push(&e->grown, now);
	select_range(e, more);
}

void
editor_shrink(void *self, const char *arg)
{
	struct editor *e = self;
	struct ed_range now = selected(e);

	(void)arg;
	if (e->grown.len == 0 || wn_vec_last(&e->grown).from < now.from ||
	    wn_vec_last(&e->grown).to > now.to) {
		nothing(e, "There is nothing smaller to select.", "لا شيء أصغر للتحديد.");
		return;
	}
	e->grown.len--;
	select_range(e, e->grown.p[e->grown.len]);
}

static void
select_object(struct editor *e, enum ed_object o, const char *arg)
{
	struct ed_range r;

	if (ed_syntax_object(e->syntax, o, arg && strcmp(arg, "inner") == 0, head_of(e), &r))
		select_range(e, r);
	else
		nothing(e, "The cursor is in none.", "المؤشر ليس داخل أي منها.");
}

void
editor_select_function(void *self, const char *arg)
{
	select_object(self, ED_OBJECT_FUNCTION, arg);
}

void
editor_select_class(void *self, const char *arg)
{
	select_object(self, ED_OBJECT_CLASS, arg);
}

void
editor_select_parameter(void *self, const char *arg)
{
	select_object(self, ED_OBJECT_PARAMETER, arg ? arg : "inner");
}

static void
go_function(struct editor *e, bool back)
{
	struct ed_range r;

	if (!ed_syntax_object_next(e->syntax, ED_OBJECT_FUNCTION, head_of(e), back, &r)) {
		nothing(e, "There is no other function.", "لا توجد دالة أخرى.");
		return;
	}
	select_range(e, (struct ed_range){ r.from, r.from });
}

void
editor_next_function(void *self, const char *arg)
{
	(void)arg;
	go_function(self, false);
}

void
editor_prev_function(void *self, const char *arg)
{
	(void)arg;
	go_function(self, true);
}

bool
editor_bracket_at(struct editor *e, size_t pos, size_t reach, size_t *a, size_t *b)
{
	*a = pos;
	if (ed_syntax_bracket(e->syntax, pos, reach, b))
		return true;
	*a = pos - 1;
	return pos > 0 && ed_syntax_bracket(e->syntax, pos - 1, reach, b);
}

void
editor_bracket(void *self, const char *arg)
{
	struct editor *e = self;
	size_t a, b;

	(void)arg;
	if (editor_bracket_at(e, head_of(e), (size_t)1 << 20, &a, &b))
		select_range(e, (struct ed_range){ b, b });
	else
		nothing(e, "There is no bracket here, or it stands alone.",
			"لا يوجد قوس هنا، أو أنه بلا نظير.");
}

/* ---- indentation -------------------------------------------------------------------------- */

/* A new line belongs deeper than its indent says when the tree, or a sign before it, says so. */
void
editor_indent_new_line(struct editor *e)
{
	const struct ed_text *t = text_of(e);
	size_t head = head_of(e), line = ed_text_line_begin(t, head), above, n;
	const struct ed_doc_info *info = ed_doc_info(e->doc);
	char unit[17];
	int have, want;

	if (line == 0 || ed_text_line_end(t, head) != head)
		return;
	above = ed_text_line_begin(t, line - 1);
	have = indent_of(e, above);
	if (have < 0 || ed_col_of(e->doc, head) != (size_t)have)
		return; /* it is deeper already */
	want = ed_syntax_indent(e->syntax, above, head);
	if (want <= 0 && ed_text_byte(t, line - 2) == ':' &&
	    strcmp(ed_syntax_language(e->syntax), "python") == 0)
		want = 1; /* typed faster than it was parsed */
	if (want <= 0)
		return;
	n = info->indent_tabs ? 1 : (size_t)info->indent_width;
	n = n < sizeof unit ? n : sizeof unit;
	memset(unit, info->indent_tabs ? '\t' : ' ', n);
	(void)ed_view_insert(e->view, wn_strn(unit, n), NULL);
}

/* ---- how it is shown ------------------------------------------------------------------------ */

void
editor_toggle_wrap(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	e->wrap = !e->wrap;
	show_all_again(e);
}

void
editor_toggle_numbers(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	e->numbers = (enum numbers)((e->numbers + 1) % (NUMBERS_NONE + 1));
	show_all_again(e);
}

void
editor_toggle_guides(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	e->guides = !e->guides;
	show_all_again(e);
}

void
editor_toggle_blanks(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	e->blanks = !e->blanks;
	show_all_again(e);
}

void
editor_toggle_sticky(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	e->sticky = !e->sticky;
	show_all_again(e);
}

void
editor_toggle_bidi(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	e->bidi_off = !e->bidi_off;
	show_all_again(e);
}
