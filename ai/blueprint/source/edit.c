/*
 * Edits text by JSON Pointer. Where a thing begins and ends is known from its mark; what is cut
 * and put there depends on how it is written: in brackets, or as a block of lines. Whatever comes
 * out is read again and compared with the edited document, so a mistake here is an error, never a
 * changed blueprint.
 */
#include "ai/blueprint/source/edit.h"

#include "ai/blueprint/source/source_priv.h"

#define OUT_MAX (BLUEPRINT_SOURCE_BYTES * 2)

struct range {
	size_t from, to;
};

struct edit {
	const struct blueprint_edit *what;
	enum blueprint_format format;
	struct blueprint_source src;
	struct wn_str text;
	const struct wn_json *parent, *child, *prev, *next; /* child NULL: it is added */
	const struct blueprint_mark *pm, *cm, *prevm, *nextm;
	char *key; /* last part of the pointer, in src's arena */
	size_t index;
	struct range cut, cut2; /* taken out; put stands where cut begins; cut2 comes before cut */
	struct wn_buf put;
	struct wn_diag *d;
};

static wn_err
cannot(struct edit *e, const char *why)
{
	return wn_fail(e->d, WN_E_UNSUPPORTED,
		       "%s cannot be edited in place: %s; change the text by hand",
		       e->what->pointer, why);
}

/* --- the document after the edit ---------------------------------------------- */

static struct wn_json *
changed_here(const struct edit *e, const struct wn_json *node)
{
	bool object = wn_json_type(node) == WN_JSON_OBJECT;
	struct wn_json *out = object ? wn_json_new_object() : wn_json_new_array();
	const struct wn_json *v = e->what->value;
	bool add = e->what->op == BLUEPRINT_EDIT_ADD && !object;

	for (const struct wn_json *c = wn_json_first(node); c; c = wn_json_next(c)) {
		if (c == e->child && add)
			(void)wn_json_push(out, wn_json_copy(v));
		if (c == e->child && e->what->op == BLUEPRINT_EDIT_REMOVE)
			continue;
		struct wn_json *copy = wn_json_copy(c == e->child && !add ? v : c);

		if (object)
			(void)wn_json_set(out, wn_json_key(c), copy);
		else
			(void)wn_json_push(out, copy);
	}
	if (!e->child && object)
		(void)wn_json_set(out, e->key, wn_json_copy(v));
	else if (!e->child)
		(void)wn_json_push(out, wn_json_copy(v));
	return out;
}

static struct wn_json *
changed(const struct edit *e, const struct wn_json *node)
{
	bool object = wn_json_type(node) == WN_JSON_OBJECT;
	struct wn_json *out;

	if (node == e->parent)
		return changed_here(e, node);
	if (!object && wn_json_type(node) != WN_JSON_ARRAY)
		return wn_json_copy(node);
	out = object ? wn_json_new_object() : wn_json_new_array();
	for (const struct wn_json *c = wn_json_first(node); c; c = wn_json_next(c))
		if (object)
			(void)wn_json_set(out, wn_json_key(c), changed(e, c));
		else
			(void)wn_json_push(out, changed(e, c));
	return out;
}

/* --- places in the text ------------------------------------------------------------ */

static size_t
line_start(struct wn_str t, size_t at)
{
	while (at > 0 && t.p[at - 1] != '\n')
		at--;
	return at;
}

static size_t
line_end(struct wn_str t, size_t at)
{
	while (at < t.len && t.p[at] != '\n')
		at++;
	return at > 0 && at < t.len && t.p[at - 1] == '\r' ? at - 1 : at;
}

static bool
first_on_line(struct wn_str t, size_t at)
{
	while (at > 0 && (t.p[at - 1] == ' ' || t.p[at - 1] == '\t'))
		at--;
	return at == 0 || t.p[at - 1] == '\n';
}

static size_t
item_start(const struct blueprint_mark *m)
{
	return m->key_end > m->key_at ? m->key_at : m->at;
}

/* End without the line ends that a block of lines takes with it. */
static size_t
item_end(struct wn_str t, const struct blueprint_mark *m)
{
	size_t end = m->end;

	while (end > item_start(m) && (t.p[end - 1] == '\n' || t.p[end - 1] == '\r' ||
				       (m->style == BLUEPRINT_STYLE_BLOCK && t.p[end - 1] == ' ')))
		end--;
	return end;
}

/* The dash before an element of a block; SIZE_MAX: it is not found. */
static size_t
dash_of(struct wn_str t, const struct blueprint_mark *m)
{
	size_t at = m->at;

	while (at > 0 && blueprint_is_blank(t.p[at - 1]))
		at--;
	if (m->style == BLUEPRINT_STYLE_LINES) { /* | and > stand between */
		at = line_start(t, at);
		while (at < t.len && (t.p[at] == ' ' || t.p[at] == '\t'))
			at++;
		at++;
	}
	return at > 0 && t.p[at - 1] == '-' ? at - 1 : SIZE_MAX;
}

/* Behind the colon of a member; SIZE_MAX: it is not found. */
static size_t
behind_colon(struct wn_str t, const struct blueprint_mark *m)
{
	size_t at = m->key_end;

	while (at < t.len && (t.p[at] == ' ' || t.p[at] == '\t'))
		at++;
	return at < t.len && t.p[at] == ':' ? at + 1 : SIZE_MAX;
}

/* A comment on the line of at, which ends before end; len 0: there is none. */
static struct wn_str
comment_at(struct wn_str t, size_t at, size_t end)
{
	size_t stop = line_end(t, at);

	stop = stop < end ? stop : end;
	for (size_t i = at; i < stop; i++)
		if (t.p[i] == '#' && (i == 0 || t.p[i - 1] == ' ' || t.p[i - 1] == '\t'))
			return wn_strn(t.p + i, stop - i);
	return WN_STR_NONE;
}

static unsigned
column_of(struct wn_str t, size_t at)
{
	return (unsigned)(at - line_start(t, at));
}

static unsigned
indent_of_line(struct wn_str t, size_t at)
{
	size_t from = line_start(t, at), i = from;

	while (i < t.len && t.p[i] == ' ')
		i++;
	return (unsigned)(i - from);
}

/* --- in brackets: JSON, and YAML's flow style ---------------------------------------- */

static void
put_key(struct edit *e, const char *key)
{
	struct wn_json *k = wn_json_new_str(wn_str(key));

	if (e->format == BLUEPRINT_JSON)
		(void)blueprint_json_print(k, 0, &e->put);
	else
		(void)blueprint_yaml_print(k, BLUEPRINT_YAML_FLOW, 0, &e->put);
	wn_json_free(k);
	(void)wn_buf_chr(&e->put, ':');
}

static void
put_in_brackets(struct edit *e, unsigned indent)
{
	if (e->format == BLUEPRINT_JSON)
		(void)blueprint_json_print(e->what->value, indent, &e->put);
	else
		(void)blueprint_yaml_print(e->what->value, BLUEPRINT_YAML_FLOW, 0, &e->put);
}

static void
put_item(struct edit *e, unsigned indent)
{
	if (wn_json_type(e->parent) == WN_JSON_OBJECT) {
		put_key(e, e->key);
		(void)wn_buf_chr(&e->put, ' ');
	}
	put_in_brackets(e, indent);
}

/* The comma between two things. */
static size_t
comma_behind(struct wn_str t, size_t at)
{
	while (at < t.len && t.p[at] != ',')
		at = t.p[at] == '#' ? line_end(t, at) + 1 : at + 1;
	return at;
}

static void
put_line(struct edit *e, unsigned indent)
{
	(void)wn_buf_chr(&e->put, '\n');
	for (unsigned i = 0; i < indent; i++)
		(void)wn_buf_chr(&e->put, ' ');
}

static void
add_in_brackets(struct edit *e)
{
	const struct blueprint_mark *m = e->child ? e->cm : e->prevm;
	bool own_line = m && first_on_line(e->text, item_start(m));
	unsigned indent = indent_of_line(e->text, m ? item_start(m) : e->pm->at);

	if (e->child) {
		e->cut.from = e->cut.to = item_start(m);
		put_item(e, indent);
		(void)wn_buf_chr(&e->put, ',');
	} else if (m) {
		e->cut.from = e->cut.to = m->end;
		(void)wn_buf_chr(&e->put, ',');
	} else {
		e->cut.from = e->cut.to = e->pm->at + 1;
	}
	if (m && own_line)
		put_line(e, indent);
	else if (m)
		(void)wn_buf_chr(&e->put, ' ');
	if (!e->child)
		put_item(e, indent);
}

static void
remove_in_brackets(struct edit *e)
{
	size_t from = item_start(e->cm), to = e->cm->end;
	size_t comma = e->nextm	  ? comma_behind(e->text, to)
		       : e->prevm ? comma_behind(e->text, e->prevm->end)
				  : SIZE_MAX;
	struct wn_str between = e->nextm ? wn_strn(e->text.p + to, item_start(e->nextm) - to)
				: e->prevm
					? wn_strn(e->text.p + e->prevm->end, from - e->prevm->end)
					: WN_STR_NONE;
	bool comment = e->format == BLUEPRINT_YAML && wn_str_chr(between, '#') >= 0;

	e->cut = (struct range){ from, to };
	if (comma == SIZE_MAX)
		return;
	if (e->nextm && !comment)
		e->cut.to = item_start(e->nextm);
	else if (e->nextm)
		e->cut2 = (struct range){ comma, comma + 1 };
	else if (!comment)
		e->cut.from = e->prevm->end;
	else
		e->cut2 = (struct range){ comma, comma + 1 };
}

static wn_err
edit_in_brackets(struct edit *e)
{
	if (e->what->op == BLUEPRINT_EDIT_REMOVE) {
		remove_in_brackets(e);
	} else if (e->child && !(e->what->op == BLUEPRINT_EDIT_ADD &&
				 wn_json_type(e->parent) == WN_JSON_ARRAY)) {
		e->cut = (struct range){ e->cm->at, e->cm->end };
		put_in_brackets(e, indent_of_line(e->text, e->cm->at));
	} else {
		add_in_brackets(e);
	}
	return WN_OK;
}

/* --- in lines: YAML's block style -------------------------------------------------------- */

/* Puts the value of an item; a comment that stood behind the key stays on its line. */
static void
put_block_value(struct edit *e, enum blueprint_yaml_place place, unsigned indent,
		struct wn_str comment)
{
	struct wn_buf b;

	wn_buf_init(&b, OUT_MAX);
	(void)blueprint_yaml_print(e->what->value, place, indent, &b);
	if (b.err)
		e->put.err = b.err;
	if (comment.len && b.len && b.p[0] == '\n') {
		(void)wn_buf_printf(&e->put, " %.*s", WN_STR_ARG(comment));
		comment = WN_STR_NONE;
	}
	(void)wn_buf_str(&e->put, wn_buf_view(&b));
	if (comment.len)
		(void)wn_buf_printf(&e->put, " %.*s", WN_STR_ARG(comment));
	wn_buf_fini(&b);
}

static wn_err
set_block_value(struct edit *e, bool object)
{
	size_t begin = object ? item_start(e->cm) : dash_of(e->text, e->cm);
	size_t from = object ? behind_colon(e->text, e->cm) : begin == SIZE_MAX ? begin : begin + 1;
	size_t to = item_end(e->text, e->cm);

	if (from == SIZE_MAX)
		return cannot(e, "its key or dash is written in an unusual way");
	to = to > from ? to : from;
	e->cut = (struct range){ from, to };
	put_block_value(e, object ? BLUEPRINT_YAML_KEY : BLUEPRINT_YAML_DASH,
			column_of(e->text, begin),
			e->cm->at > from ? comment_at(e->text, from, e->cm->at) : WN_STR_NONE);
	return WN_OK;
}

static wn_err
add_block_item(struct edit *e, bool object)
{
	const struct blueprint_mark *m = e->prevm ? e->prevm : e->cm;
	size_t begin = object ? item_start(m) : dash_of(e->text, m);
	unsigned indent;

	if (begin == SIZE_MAX)
		return cannot(e, "its neighbour is written in an unusual way");
	indent = column_of(e->text, begin);
	e->cut.from = e->cut.to = e->prevm ? line_end(e->text, item_end(e->text, m)) : begin;
	if (e->prevm)
		put_line(e, indent);
	if (object)
		put_key(e, e->key);
	else
		(void)wn_buf_chr(&e->put, '-');
	put_block_value(e, object ? BLUEPRINT_YAML_KEY : BLUEPRINT_YAML_DASH, indent, WN_STR_NONE);
	if (!e->prevm)
		put_line(e, indent);
	return WN_OK;
}

static wn_err
remove_block_item(struct edit *e, bool object)
{
	size_t begin = object ? item_start(e->cm) : dash_of(e->text, e->cm), end;

	if (begin == SIZE_MAX)
		return cannot(e, "its dash is written in an unusual way");
	end = line_end(e->text, item_end(e->text, e->cm));
	while (end < e->text.len && e->text.p[end] != '\n')
		end++;
	if (first_on_line(e->text, begin)) {
		e->cut = (struct range){ line_start(e->text, begin),
					 end < e->text.len ? end + 1 : end };
		return WN_OK;
	}
	if (!e->nextm)
		return cannot(e, "it shares its line with another");
	e->cut =
		(struct range){ begin, object ? item_start(e->nextm) : dash_of(e->text, e->nextm) };
	return e->cut.to == SIZE_MAX ? cannot(e, "it shares its line with another") : WN_OK;
}

static wn_err
edit_in_lines(struct edit *e)
{
	bool object = wn_json_type(e->parent) == WN_JSON_OBJECT;

	if (e->what->op == BLUEPRINT_EDIT_REMOVE)
		return remove_block_item(e, object);
	if (e->child && (object || e->what->op == BLUEPRINT_EDIT_SET))
		return set_block_value(e, object);
	return add_block_item(e, object);
}

/* --- one edit ------------------------------------------------------------------------------ */

static char *
last_part(struct edit *e, const char *slash)
{
	char *out = wn_arena_strdup(&e->src.arena, slash + 1), *to = out;

	for (const char *p = out; *p; p++)
		if (p[0] == '~' && (p[1] == '0' || p[1] == '1'))
			*to++ = *++p == '1' ? '/' : '~';
		else
			*to++ = *p;
	*to = '\0';
	return out;
}

static wn_err
find_element(struct edit *e)
{
	int64_t i;
	size_t n = 0;

	if (!strcmp(e->key, "-") && e->what->op == BLUEPRINT_EDIT_ADD)
		e->index = wn_json_len(e->parent);
	else if (wn_str_i64(wn_str(e->key), &i) && i >= 0)
		e->index = (size_t)i;
	else
		return wn_fail(e->d, WN_E_NOT_FOUND, "%s does not end in the number of an element",
			       e->what->pointer);
	for (const struct wn_json *c = wn_json_first(e->parent); c; c = wn_json_next(c), n++) {
		if (n == e->index)
			e->child = c;
		else if (n + 1 == e->index)
			e->prev = c;
		else if (n == e->index + 1)
			e->next = c;
	}
	if (!e->child && (e->what->op != BLUEPRINT_EDIT_ADD || e->index > n))
		return wn_fail(e->d, WN_E_NOT_FOUND, "there is nothing at %s", e->what->pointer);
	return WN_OK;
}

static wn_err
find_member(struct edit *e)
{
	const struct wn_json *last = NULL;

	for (const struct wn_json *c = wn_json_first(e->parent); c; c = wn_json_next(c)) {
		if (!strcmp(wn_json_key(c), e->key))
			e->child = c, e->prev = last, e->next = wn_json_next(c);
		last = c;
	}
	if (!e->child)
		e->prev = last;
	if (!e->child && e->what->op == BLUEPRINT_EDIT_REMOVE)
		return wn_fail(e->d, WN_E_NOT_FOUND, "there is nothing at %s", e->what->pointer);
	return *e->key ? WN_OK : wn_fail(e->d, WN_E_INVALID, "a member needs a name");
}

static wn_err
find(struct edit *e)
{
	const char *slash = strrchr(e->what->pointer, '/');
	char *up;
	wn_err err;

	if (!slash)
		return wn_fail(e->d, WN_E_INVALID, "name a part of the blueprint, as in /name/en");
	up = wn_arena_strndup(&e->src.arena, e->what->pointer, (size_t)(slash - e->what->pointer));
	e->key = last_part(e, slash);
	e->parent = wn_json_at(e->src.doc, up);
	if (wn_json_type(e->parent) != WN_JSON_OBJECT && wn_json_type(e->parent) != WN_JSON_ARRAY)
		return wn_fail(e->d, WN_E_NOT_FOUND, "there is nothing at %s to put it in",
			       *up ? up : "/");
	err = wn_json_type(e->parent) == WN_JSON_OBJECT ? find_member(e) : find_element(e);
	e->pm = blueprint_source_mark(&e->src, e->parent);
	e->cm = blueprint_source_mark(&e->src, e->child);
	e->prevm = blueprint_source_mark(&e->src, e->prev);
	e->nextm = blueprint_source_mark(&e->src, e->next);
	if (err)
		return err;
	if (!e->pm || (e->child && !e->cm) || e->pm->shared || (e->cm && e->cm->shared) ||
	    (e->prevm && e->prevm->shared && !e->child))
		return cannot(e, "it is written with an anchor, an alias or a tag");
	return WN_OK;
}

static wn_err apply(const struct blueprint_file *file, const struct blueprint_edit *what,
		    struct wn_buf *out, struct wn_diag *d);

/* The last child of a block goes, or the first one of {} comes: the whole is written anew. */
static wn_err
rewrite_parent(struct edit *e, const struct blueprint_file *file, struct wn_buf *out)
{
	struct blueprint_edit whole = { .op = BLUEPRINT_EDIT_SET };
	struct wn_json *v = changed_here(e, e->parent);
	size_t n = strlen(e->what->pointer) - strlen(strrchr(e->what->pointer, '/'));
	wn_err err;

	whole.pointer = wn_arena_strndup(&e->src.arena, e->what->pointer, n);
	whole.value = v;
	err = apply(file, &whole, out, e->d);
	wn_json_free(v);
	return err;
}

static bool
wants_rewrite(const struct edit *e)
{
	if (e->format == BLUEPRINT_JSON || e->parent == e->src.doc)
		return false;
	if (e->pm->style == BLUEPRINT_STYLE_BLOCK)
		return e->what->op == BLUEPRINT_EDIT_REMOVE && wn_json_len(e->parent) == 1;
	return !wn_json_first(e->parent);
}

static void
write_out(struct edit *e, struct wn_buf *out)
{
	struct range first = e->cut2.to ? e->cut2 : e->cut, second = e->cut2.to ? e->cut : e->cut2;
	bool swapped = e->cut2.to && e->cut2.from > e->cut.from;

	if (swapped)
		first = e->cut, second = e->cut2;
	(void)wn_buf_add(out, e->text.p, first.from);
	if (first.from == e->cut.from)
		(void)wn_buf_str(out, wn_buf_view(&e->put));
	if (second.to) {
		(void)wn_buf_add(out, e->text.p + first.to, second.from - first.to);
		first = second;
	}
	(void)wn_buf_add(out, e->text.p + first.to, e->text.len - first.to);
}

static wn_err
verify(struct edit *e, const struct blueprint_file *file, const struct wn_buf *out)
{
	struct blueprint_file again = { file->path, wn_buf_view(out) };
	struct blueprint_source got;
	struct wn_json *want = changed(e, e->src.doc);
	wn_err err = out->err;

	if (err)
		err = wn_fail(e->d, err, "the edited blueprint is too large");
	else if (blueprint_source_read_raw(&again, &got) || !wn_json_equal(got.doc, want))
		err = cannot(e, "it is written in an unusual way");
	if (!out->err)
		blueprint_source_fini(&got);
	wn_json_free(want);
	return err;
}

static wn_err
apply(const struct blueprint_file *file, const struct blueprint_edit *what, struct wn_buf *out,
      struct wn_diag *d)
{
	struct edit e = { .what = what, .text = file->text, .d = d };
	wn_err err = blueprint_source_read_raw(file, &e.src);

	e.format = blueprint_source_format(file);
	wn_buf_init(&e.put, OUT_MAX);
	if (err)
		err = wn_fail(d, err, "%s",
			      e.src.report.findings.len ? e.src.report.findings.p[0].text
							: "the blueprint cannot be read");
	if (!err)
		err = find(&e);
	if (!err && wants_rewrite(&e)) {
		err = rewrite_parent(&e, file, out);
	} else if (!err) {
		err = e.pm->style == BLUEPRINT_STYLE_BLOCK ? edit_in_lines(&e)
							   : edit_in_brackets(&e);
		if (!err)
			write_out(&e, out);
		if (!err)
			err = verify(&e, file, out);
	}
	wn_buf_fini(&e.put);
	blueprint_source_fini(&e.src);
	return err;
}

wn_err
blueprint_edit(const struct blueprint_file *file, const struct blueprint_edit *edits, size_t n,
	       struct wn_buf *out, struct wn_diag *d)
{
	struct blueprint_file at = *file;
	struct wn_buf now, next;
	wn_err err = WN_OK;

	wn_buf_init(&now, OUT_MAX);
	for (size_t i = 0; i < n && !err; i++) {
		wn_buf_init(&next, OUT_MAX);
		err = apply(&at, &edits[i], &next, d);
		wn_buf_fini(&now);
		now = next;
		at.text = wn_buf_view(&now);
	}
	if (!err)
		err = wn_buf_str(out, at.text);
	wn_buf_fini(&now);
	return err;
}
