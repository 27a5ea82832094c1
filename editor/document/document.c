/*
 * A document's life, its edits and who is told of them. Reading files is load.c, writing save.c.
 */
#include "editor/document/charset.h"
#include "editor/document/doc.h"

#include <assert.h>
#include <stdio.h>

#include "runtime/base/mem.h"

static struct ed_doc *
doc_new(const struct ed_doc_opts *opts, struct ed_text *text)
{
	struct ed_doc *doc = WN_NEW(struct ed_doc);

	doc->text = text;
	doc->undo = ed_undo_new();
	doc->clock = opts && opts->clock ? opts->clock : wn_clock_real();
	doc->info.tab_width = opts && opts->tab_width > 0 ? opts->tab_width : 8;
	doc->info.indent_width = opts && opts->indent_width > 0 ? opts->indent_width : 4;
	doc->huge_fd = -1;
	snprintf(doc->info.charset, sizeof doc->info.charset, "utf-8");
	return doc;
}

struct ed_doc *
ed_doc_new(const struct ed_doc_opts *opts)
{
	return doc_new(opts, ed_text_new());
}

static void
take_loaded(struct ed_doc *doc, const struct ed_loaded *l)
{
	int tab = doc->info.tab_width, indent = doc->info.indent_width;

	doc->info = l->info;
	doc->info.tab_width = tab;
	if (!doc->info.indent_width)
		doc->info.indent_width = indent;
	doc->disk = l->disk;
	doc->huge_fd = l->huge_fd;
	doc->locked = doc->info.read_only;
	if (doc->info.huge)
		ed_indexer_start(&doc->index, doc->text);
}

wn_err
ed_doc_open(const char *path, const struct ed_doc_opts *opts, struct ed_doc **out,
	    struct wn_diag *d)
{
	struct ed_loaded l;
	wn_err err = ed_load(path, opts ? opts->charset : NULL, &l, d);

	*out = NULL;
	if (err)
		return err;
	struct ed_doc *doc = doc_new(opts, l.text);
	doc->path = wn_strdup(path);
	take_loaded(doc, &l);
	*out = doc;
	return 0;
}

void
ed_doc_free(struct ed_doc *doc)
{
	if (!doc)
		return;
	assert(!doc->listeners);
	ed_indexer_stop(&doc->index);
	ed_text_free(doc->text);
	ed_undo_free(doc->undo);
	wn_vec_fini(&doc->columns.at);
	wn_free(doc->path);
	wn_free(doc);
}

/* ---- what it is ------------------------------------------------------------------ */

const char *
ed_doc_path(const struct ed_doc *doc)
{
	return doc->path;
}

const struct ed_doc_info *
ed_doc_info(const struct ed_doc *doc)
{
	return &doc->info;
}

const struct ed_text *
ed_doc_text(const struct ed_doc *doc)
{
	return doc->text;
}

uint64_t
ed_doc_version(const struct ed_doc *doc)
{
	return doc->version;
}

bool
ed_doc_dirty(const struct ed_doc *doc)
{
	return ed_undo_now(doc->undo)->id != doc->saved_step;
}

void
ed_doc_set_read_only(struct ed_doc *doc, bool on)
{
	doc->locked = doc->info.read_only = on;
}

wn_err
ed_doc_set_charset(struct ed_doc *doc, const char *name, bool bom, struct wn_diag *d)
{
	enum ed_encoding kind;

	if (strlen(name) >= sizeof doc->info.charset || !ed_charset_kind(name, &kind))
		return wn_fail(d, WN_E_UNSUPPORTED, "there is no character set %.40s", name);
	doc->info.encoding = kind;
	doc->info.guessed = false;
	doc->info.bom = bom && kind <= ED_ENC_UTF32BE;
	snprintf(doc->info.charset, sizeof doc->info.charset, "%s", name);
	doc->saved_step = UINT64_MAX;
	return 0;
}

const char *
ed_doc_chosen_charset(const struct ed_doc *doc)
{
	const struct ed_doc_info *i = &doc->info;
	bool marked = i->encoding >= ED_ENC_UTF16LE && i->encoding <= ED_ENC_UTF32BE && i->bom;

	return i->encoding > ED_ENC_BROKEN && !marked && !i->guessed ? i->charset : NULL;
}

size_t
ed_doc_line_end(const struct ed_doc *doc, size_t pos)
{
	size_t end = ed_text_line_end(doc->text, pos);

	if (end < ed_text_len(doc->text) && end > 0 && ed_text_byte(doc->text, end - 1) == '\r')
		return end - 1;
	return end;
}

struct ed_undo *
ed_doc_undo(struct ed_doc *doc)
{
	return doc->undo;
}

/* ---- listeners ------------------------------------------------------------------- */

void
ed_doc_listen(struct ed_doc *doc, struct ed_listener *l)
{
	l->next = doc->listeners;
	doc->listeners = l;
}

void
ed_doc_unlisten(struct ed_doc *doc, struct ed_listener *l)
{
	for (struct ed_listener **at = &doc->listeners; *at; at = &(*at)->next) {
		if (*at == l) {
			*at = l->next;
			return;
		}
	}
}

/* ---- edits ------------------------------------------------------------------------- */

static struct ed_point
point_at(const struct ed_doc *doc, size_t pos)
{
	return (struct ed_point){
		ed_text_indexed(doc->text) ? ed_text_line_of(doc->text, pos) : ED_ROW_UNKNOWN,
		pos - ed_text_line_begin(doc->text, pos),
	};
}

static void
edit_begin(const struct ed_doc *doc, size_t pos, size_t n, struct ed_edit *e)
{
	*e = (struct ed_edit){ .pos = pos, .removed = n };
	e->start = point_at(doc, pos);
	e->old_end = n ? point_at(doc, pos + n) : e->start;
}

static void
edit_end(struct ed_doc *doc, size_t inserted, struct ed_edit *e)
{
	e->inserted = inserted;
	e->new_end = inserted ? point_at(doc, e->pos + inserted) : e->start;
	e->version = ++doc->version;
	ed_columns_edit(&doc->columns, e);
	for (struct ed_listener *l = doc->listeners; l; l = l->next)
		l->on_edit(l->arg, e);
}

void
ed_doc_apply(struct ed_doc *doc, size_t pos, size_t n, const struct ed_text *ins)
{
	struct ed_edit e;

	edit_begin(doc, pos, n, &e);
	ed_text_splice(doc->text, pos, n, ins);
	edit_end(doc, ins ? ed_text_len(ins) : 0, &e);
}

wn_err
ed_doc_edit(struct ed_doc *doc, size_t pos, size_t n, struct wn_str bytes)
{
	struct ed_text *removed = NULL;
	struct ed_edit e;
	size_t len = ed_text_len(doc->text);
	wn_err err;

	if (doc->locked)
		return WN_E_READ_ONLY;
	if (pos > len || n > len - pos)
		return WN_E_INVALID;
	if (n == 0 && bytes.len == 0)
		return 0;
	edit_begin(doc, pos, n, &e);
	if (n)
		removed = ed_text_slice(doc->text, pos, n);
	err = ed_text_replace(doc->text, pos, n, bytes);
	if (err) {
		ed_text_free(removed);
		return err;
	}
	ed_doc_begin(doc);
	ed_undo_add(doc->undo, pos, removed, bytes.len);
	ed_doc_end(doc);
	edit_end(doc, bytes.len, &e);
	return 0;
}

wn_err
ed_doc_replace_with(struct ed_doc *doc, size_t pos, size_t n, const struct ed_text *ins)
{
	size_t len = ed_text_len(doc->text);

	if (doc->locked)
		return WN_E_READ_ONLY;
	if (pos > len || n > len - pos)
		return WN_E_INVALID;
	if (n == 0 && (!ins || ed_text_len(ins) == 0))
		return 0;
	ed_doc_begin(doc);
	ed_undo_add(doc->undo, pos, n ? ed_text_slice(doc->text, pos, n) : NULL,
		    ins ? ed_text_len(ins) : 0);
	ed_doc_end(doc);
	ed_doc_apply(doc, pos, n, ins);
	return 0;
}

void
ed_doc_begin(struct ed_doc *doc)
{
	ed_doc_begin_with(doc, NULL, 0);
}

void
ed_doc_end(struct ed_doc *doc)
{
	ed_doc_end_with(doc, NULL, 0);
}

void
ed_doc_begin_with(struct ed_doc *doc, const struct ed_mark *before, size_t n)
{
	ed_undo_begin(doc->undo, wn_now_ms(doc->clock), before, n);
}

void
ed_doc_end_with(struct ed_doc *doc, const struct ed_mark *after, size_t n)
{
	ed_undo_end(doc->undo, after, n);
}

void
ed_doc_melt(struct ed_doc *doc)
{
	ed_undo_melt(doc->undo, wn_now_ms(doc->clock));
}

/* ---- undo -------------------------------------------------------------------------- */

/* Crosses one change: what is in the text and what the step keeps trade places. */
static void
swap_change(struct ed_doc *doc, struct ed_change *c)
{
	struct ed_text *in = c->len ? ed_text_slice(doc->text, c->pos, c->len) : NULL;
	struct ed_text *other = c->other;

	ed_doc_apply(doc, c->pos, c->len, other);
	c->len = other ? ed_text_len(other) : 0;
	c->other = in;
	ed_text_free(other);
}

static void
cross_back(struct ed_doc *doc, struct ed_step *s)
{
	for (size_t i = s->changes.len; i-- > 0;)
		swap_change(doc, &s->changes.p[i]);
	ed_undo_moved(doc->undo, s->parent);
}

static void
cross_forth(struct ed_doc *doc, struct ed_step *s)
{
	for (size_t i = 0; i < s->changes.len; i++)
		swap_change(doc, &s->changes.p[i]);
	ed_undo_moved(doc->undo, s);
}

wn_err
ed_doc_step(struct ed_doc *doc, int direction, const struct ed_step **crossed_out)
{
	struct ed_step *now = ed_undo_now(doc->undo);
	struct ed_step *s = direction < 0 ? (now->parent ? now : NULL) : now->redo;

	*crossed_out = NULL;
	if (doc->locked)
		return WN_E_READ_ONLY;
	if (!s)
		return WN_E_NOT_FOUND;
	if (direction < 0)
		cross_back(doc, s);
	else
		cross_forth(doc, s);
	*crossed_out = s;
	return 0;
}

/* Every step's id is above its parent's, so the higher of two ends is never above their meeting. */
wn_err
ed_doc_goto_step(struct ed_doc *doc, size_t index)
{
	struct ed_step *to, *meet, *now = ed_undo_now(doc->undo);

	if (doc->locked)
		return WN_E_READ_ONLY;
	if (index >= ed_undo_count(doc->undo))
		return WN_E_NOT_FOUND;
	to = meet = ed_undo_at(doc->undo, index);
	while (now != meet) {
		if (now->id > meet->id) {
			cross_back(doc, now);
			now = ed_undo_now(doc->undo);
		} else {
			meet = meet->parent;
		}
	}
	for (struct ed_step *s = to; s != meet; s = s->parent)
		s->parent->redo = s;
	while (ed_undo_now(doc->undo) != to)
		cross_forth(doc, ed_undo_now(doc->undo)->redo);
	return 0;
}

wn_err
ed_doc_travel(struct ed_doc *doc, enum ed_undo_unit unit, int64_t n)
{
	size_t to = ed_undo_find(doc->undo, unit, n, wn_now_ms(doc->clock));

	if (doc->locked)
		return WN_E_READ_ONLY;
	if (to == ed_undo_now(doc->undo)->id)
		return WN_E_NOT_FOUND;
	return ed_doc_goto_step(doc, to);
}
