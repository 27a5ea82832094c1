/*
 * Questions about the tree: one query file a language (structure.scm) says what a node is. Runs on
 * the documents' thread over its own copy of the tree, so it must stop by itself.
 */
#include "editor/syntax/structure.h"

#include <stdlib.h>

#include "editor/syntax/private.h"
#include "runtime/base/mem.h"

#define KEY_NS ((int64_t)4000000)    /* what a key may cost */
#define LIST_NS ((int64_t)200000000) /* an outline, all folds */
#define NEAR ((size_t)1 << 20)

enum role {
	ROLE_NONE,
	ROLE_FOLD,
	ROLE_INDENT,
	ROLE_DEDENT,
	ROLE_FUNCTION,
	ROLE_FUNCTION_INNER,
	ROLE_CLASS,
	ROLE_CLASS_INNER,
	ROLE_PARAMETER,
	ROLE_COMMENT,
	ROLE_NAME,
	ROLE_TAG
};

uint8_t
ed_role_by_name(struct wn_str name)
{
	static const char *const names[] = {
		[ROLE_NONE] = "",
		[ROLE_FOLD] = "fold",
		[ROLE_INDENT] = "indent",
		[ROLE_DEDENT] = "dedent",
		[ROLE_FUNCTION] = "function",
		[ROLE_FUNCTION_INNER] = "function.inner",
		[ROLE_CLASS] = "class",
		[ROLE_CLASS_INNER] = "class.inner",
		[ROLE_PARAMETER] = "parameter",
		[ROLE_COMMENT] = "comment",
		[ROLE_NAME] = "name",
	};

	for (size_t i = 1; i < sizeof names / sizeof *names; i++)
		if (wn_str_is(name, names[i]))
			return (uint8_t)i;
	return wn_str_has_prefix(name, WN_STR("tag.")) ? ROLE_TAG : ROLE_NONE;
}

/* ---- asking ------------------------------------------------------------------------------ */

static bool
has_structure(const struct ed_syntax *s)
{
	return s->tree && s->grammar && atomic_load(&s->grammar->learnt) &&
	       s->grammar->structure.query;
}

/* Only bytes are asked of this tree, so rows and columns may be wrong. */
TSTree *
ed_syntax_tree(struct ed_syntax *s)
{
	for (size_t i = 0; s->tree && i < s->log.len; i++) {
		const struct ed_edit *e = &s->log.p[i];
		if (e->version <= s->tree_version)
			continue;
		size_t pos = e->pos > s->base ? e->pos - s->base : 0;
		size_t end = e->pos + e->removed > s->base ? e->pos + e->removed - s->base : 0;
		TSInputEdit in = { .start_byte = (uint32_t)pos,
				   .old_end_byte = (uint32_t)end,
				   .new_end_byte = (uint32_t)(pos + e->inserted) };
		ts_tree_edit(s->tree, &in);
		s->tree_version = e->version;
	}
	return s->tree;
}

static struct ed_range
range_of(const struct ed_syntax *s, TSNode n)
{
	return (struct ed_range){ s->base + ts_node_start_byte(n), s->base + ts_node_end_byte(n) };
}

static bool
over_time(TSQueryCursorState *state)
{
	return ed_mono_ns() > *(const int64_t *)state->payload;
}

/* A pass over the matches that touch from..to. */
struct pass {
	struct ed_syntax *s;
	struct ed_text *slice; /* what the tree's bytes are of, when it is a window; owned */
	TSQueryCursor *cursor;
	TSQueryCursorOptions options;
	int64_t until;
	TSQueryMatch m;
};

static bool
begin(struct pass *p, struct ed_syntax *s, size_t from, size_t to, int64_t ns)
{
	const struct ed_text *text = ed_doc_text(s->doc);

	*p = (struct pass){ .s = s };
	if (!has_structure(s))
		return false;
	if (s->base)
		p->slice = ed_text_slice(text, s->base, ED_WINDOW_BYTES * 2);
	from = from > s->base ? from - s->base : 0;
	to = to > s->base ? to - s->base : 0;
	p->until = ed_mono_ns() + ns;
	p->options = (TSQueryCursorOptions){ &p->until, over_time };
	p->cursor = ts_query_cursor_new();
	ts_query_cursor_set_match_limit(p->cursor, 4096);
	ts_query_cursor_set_byte_range(p->cursor, (uint32_t)from, (uint32_t)to);
	ts_query_cursor_exec_with_options(p->cursor, s->grammar->structure.query,
					  ts_tree_root_node(ed_syntax_tree(s)), &p->options);
	return true;
}

static bool
step(struct pass *p)
{
	const struct ed_text *text = p->slice ? p->slice : ed_doc_text(p->s->doc);

	while (p->cursor && ts_query_cursor_next_match(p->cursor, &p->m))
		if (ed_predicates_hold(p->s->grammar->structure.predicates, &p->m, text))
			return true;
	return false;
}

static void
end(struct pass *p)
{
	if (p->cursor)
		ts_query_cursor_delete(p->cursor);
	ed_text_free(p->slice);
}

/* The node of this role in the present match; false: it has none. */
static bool
has(const struct pass *p, enum role role, struct ed_range *out)
{
	for (uint16_t i = 0; i < p->m.capture_count; i++) {
		if (p->s->grammar->structure.style[p->m.captures[i].index] != role)
			continue;
		*out = range_of(p->s, p->m.captures[i].node);
		return out->to > out->from;
	}
	return false;
}

/* ---- selections and objects --------------------------------------------------------------- */

bool
ed_syntax_grow(struct ed_syntax *s, struct ed_range sel, struct ed_range *out)
{
	TSNode n;

	if (!s->tree || sel.from < s->base)
		return false;
	n = ts_node_descendant_for_byte_range(ts_tree_root_node(ed_syntax_tree(s)),
					      (uint32_t)(sel.from - s->base),
					      (uint32_t)(sel.to - s->base));
	for (; !ts_node_is_null(n); n = ts_node_parent(n)) {
		*out = range_of(s, n);
		if (out->from <= sel.from && out->to >= sel.to &&
		    out->to - out->from > sel.to - sel.from)
			return true;
	}
	return false;
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The bytes between a pair of brackets; of a body without any all of it. Blanks at both ends go,
 * but not a line's indentation. */
static struct ed_range
inside(const struct ed_text *t, struct ed_range r)
{
	int a = ed_text_byte(t, r.from), b = r.to ? ed_text_byte(t, r.to - 1) : -1;

	if (r.to - r.from >= 2 &&
	    ((a == '{' && b == '}') || (a == '(' && b == ')') || (a == '[' && b == ']'))) {
		r.from++;
		r.to--;
	}
	while (r.to > r.from && is_blank(ed_text_byte(t, r.to - 1)))
		r.to--;
	while (r.from < r.to && is_blank(ed_text_byte(t, r.from)))
		r.from++;
	return r;
}

/* With the comma that separates it from the next, or else from the one before. */
static struct ed_range
with_comma(const struct ed_text *t, struct ed_range r)
{
	size_t to = r.to, from = r.from;

	while (is_blank(ed_text_byte(t, to)))
		to++;
	if (ed_text_byte(t, to) == ',') {
		for (to++; is_blank(ed_text_byte(t, to)); to++)
			;
		return (struct ed_range){ r.from, to };
	}
	while (from > 0 && is_blank(ed_text_byte(t, from - 1)))
		from--;
	if (from > 0 && ed_text_byte(t, from - 1) == ',')
		return (struct ed_range){ from - 1, r.to };
	return r;
}

/* Without the signs at both ends. */
static struct ed_range
comment_text(const struct ed_text *t, struct ed_range r)
{
	static const char signs[] = "/*#-;!<>%";
	int c;

	while (r.from < r.to && (c = ed_text_byte(t, r.from)) > 0 &&
	       (strchr(signs, c) || is_blank(c)))
		r.from++;
	while (r.to > r.from && (c = ed_text_byte(t, r.to - 1)) > 0 &&
	       (strchr("/*->%", c) || is_blank(c)))
		r.to--;
	return r;
}

static enum role
role_of(enum ed_object o)
{
	static const enum role roles[] = { ROLE_FUNCTION, ROLE_CLASS, ROLE_PARAMETER,
					   ROLE_COMMENT };

	return roles[o];
}

static struct ed_range
outer(const struct ed_text *t, enum ed_object o, struct ed_range r)
{
	return o == ED_OBJECT_PARAMETER ? with_comma(t, r) : r;
}

bool
ed_syntax_object(struct ed_syntax *s, enum ed_object o, bool inner, size_t pos,
		 struct ed_range *out)
{
	const struct ed_text *t = ed_doc_text(s->doc);
	struct ed_range all, body;
	struct pass p;
	bool found = false;

	*out = (struct ed_range){ 0, SIZE_MAX };
	begin(&p, s, pos, pos + 1, KEY_NS);
	while (step(&p)) {
		if (!has(&p, role_of(o), &all) || all.from > pos || all.to <= pos ||
		    all.to - all.from >= out->to - out->from)
			continue;
		if (inner && o <= ED_OBJECT_CLASS &&
		    !has(&p, o == ED_OBJECT_CLASS ? ROLE_CLASS_INNER : ROLE_FUNCTION_INNER, &body))
			continue;
		found = true;
		*out = all;
		if (inner && o <= ED_OBJECT_CLASS)
			break;
	}
	end(&p);
	if (!found)
		return false;
	if (!inner)
		*out = outer(t, o, *out);
	else if (o == ED_OBJECT_COMMENT)
		*out = comment_text(t, *out);
	else if (o <= ED_OBJECT_CLASS)
		*out = inside(t, body);
	return true;
}

bool
ed_syntax_object_next(struct ed_syntax *s, enum ed_object o, size_t pos, bool back,
		      struct ed_range *out)
{
	size_t from = back ? (pos > NEAR ? pos - NEAR : 0) : pos, to = back ? pos : pos + NEAR;
	struct ed_range all;
	struct pass p;
	bool found = false;

	begin(&p, s, from, to, LIST_NS);
	while (step(&p)) {
		if (!has(&p, role_of(o), &all) || (back ? all.from >= pos : all.from <= pos))
			continue;
		if (found && (back ? all.from < out->from : all.from > out->from))
			continue;
		*out = all;
		found = true;
	}
	end(&p);
	return found;
}

static int
by_start(const void *a, const void *b)
{
	const struct ed_range *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to > y->to ? -1 : x->to < y->to;
}

size_t
ed_syntax_scopes(struct ed_syntax *s, size_t pos, struct ed_range *out, size_t max)
{
	size_t line = ed_text_line_begin(ed_doc_text(s->doc), pos), n = 0;
	struct ed_range r;
	struct pass p;

	begin(&p, s, pos, pos + 1, KEY_NS);
	while (n < max && step(&p))
		if ((has(&p, ROLE_FUNCTION, &r) || has(&p, ROLE_CLASS, &r)) && r.from < line &&
		    r.to > pos && (n == 0 || out[n - 1].from != r.from))
			out[n++] = r;
	end(&p);
	qsort(out, n, sizeof *out, by_start);
	return n;
}

/* ---- folds -------------------------------------------------------------------------------- */

/* A last line that only closes what the first one opened stays. */
static bool
only_closes(const struct ed_text *t, size_t line, size_t end_at)
{
	static const char *const words[] = { "end", "fi", "done", "esac", "EOF", "EOT" };
	char buf[16];
	struct wn_str s;
	size_t pos = line, n;

	while (pos < end_at && is_blank(ed_text_byte(t, pos)))
		pos++;
	n = end_at - pos < sizeof buf ? end_at - pos : sizeof buf;
	s = wn_strn(buf, ed_text_read(t, pos, buf, n));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (wn_str_is(s, words[i]))
			return true;
	return s.len && strchr("})]<", s.p[0]) != NULL;
}

static bool
fold_of(const struct ed_text *t, struct ed_range node, struct ed_range *out)
{
	size_t last;

	if (node.to > node.from && ed_text_byte(t, node.to - 1) == '\n')
		node.to--;
	out->from = ed_text_line_end(t, node.from);
	last = ed_text_line_begin(t, node.to);
	if (last <= out->from)
		return false;
	out->to = ed_text_line_end(t, node.to);
	if (only_closes(t, last, node.to))
		out->to = last - 1;
	return out->to > out->from;
}

void
ed_syntax_folds(struct ed_syntax *s, size_t from, size_t to, ed_range_list *out)
{
	const struct ed_text *t = ed_doc_text(s->doc);
	struct ed_range node, fold;
	struct pass p;
	size_t n = 0;

	begin(&p, s, from, to, LIST_NS);
	while (step(&p))
		if (has(&p, ROLE_FOLD, &node) && node.from >= from && node.from < to &&
		    fold_of(t, node, &fold))
			wn_vec_push(out, fold);
	end(&p);
	if (out->len)
		qsort(out->p, out->len, sizeof *out->p, by_start);
	for (size_t i = 0; i < out->len; i++) /* one a line: the longest */
		if (n == 0 || out->p[n - 1].from != out->p[i].from)
			out->p[n++] = out->p[i];
	out->len = n;
}

bool
ed_syntax_fold_at(struct ed_syntax *s, size_t pos, struct ed_range *out)
{
	const struct ed_text *t = ed_doc_text(s->doc);
	size_t line = ed_text_line_begin(t, pos), line_end = ed_text_line_end(t, pos);
	struct ed_range node, fold;
	struct pass p;
	bool found = false;

	begin(&p, s, line, line_end + 1, LIST_NS);
	while (step(&p)) {
		if (!has(&p, ROLE_FOLD, &node) || !fold_of(t, node, &fold) || fold.to < line ||
		    fold.from > line_end)
			continue;
		if (found &&
		    (fold.from < out->from || (fold.from == out->from && fold.to < out->to)))
			continue;
		*out = fold;
		found = true;
	}
	end(&p);
	return found;
}

/* ---- indentation ---------------------------------------------------------------------------- */

/* Lines before `line` on which something begins that is open at pos and indents what is in it. */
static int
depth_at(struct ed_syntax *s, size_t line, size_t pos)
{
	struct {
		size_t line;
	} seen[64];
	const struct ed_text *t = ed_doc_text(s->doc);
	struct ed_range r;
	struct pass p;
	int n = 0;

	begin(&p, s, pos > line ? pos - 1 : pos, pos + 1, KEY_NS);
	while (n < 64 && step(&p)) {
		int i = 0;
		if (!has(&p, ROLE_INDENT, &r) || r.from >= line || r.to < pos)
			continue;
		size_t begins = ed_text_line_begin(t, r.from);
		while (i < n && seen[i].line != begins)
			i++;
		seen[i].line = begins;
		n += i == n;
	}
	end(&p);
	return n;
}

static bool
is_dedented(struct ed_syntax *s, size_t pos)
{
	int c = ed_text_byte(ed_doc_text(s->doc), pos);
	struct ed_range r;
	struct pass p;
	bool yes = c == '}' || c == ')' || c == ']';

	if (yes)
		return true;
	begin(&p, s, pos, pos + 1, KEY_NS);
	while (!yes && step(&p))
		yes = has(&p, ROLE_DEDENT, &r) && r.from == pos;
	end(&p);
	return yes;
}

int
ed_syntax_indent(struct ed_syntax *s, size_t from, size_t pos)
{
	const struct ed_text *t = ed_doc_text(s->doc);
	size_t above = ed_text_line_begin(t, from), line = ed_text_line_begin(t, pos);
	size_t text = above, here = line;

	while (ed_text_byte(t, text) == ' ' || ed_text_byte(t, text) == '\t')
		text++;
	while (ed_text_byte(t, here) == ' ' || ed_text_byte(t, here) == '\t')
		here++;
	return depth_at(s, line, here) - is_dedented(s, here) -
	       (depth_at(s, above, text) - is_dedented(s, text));
}

/* ---- brackets ------------------------------------------------------------------------------- */

static bool
scan_bracket(struct ed_syntax *s, size_t pos, int open, int close, bool back, size_t reach,
	     size_t *out)
{
	const struct ed_text *t = ed_doc_text(s->doc);
	size_t depth = 0, n = 0;

	for (size_t at = pos; n < reach; n++) {
		int c = ed_text_byte(t, at);
		if (c < 0)
			return false;
		depth += c == (back ? close : open);
		if (c == (back ? open : close) && --depth == 0) {
			*out = at;
			return true;
		}
		if (back && at == 0)
			return false;
		at = back ? at - 1 : at + 1;
	}
	return false;
}

bool
ed_syntax_bracket(struct ed_syntax *s, size_t pos, size_t reach, size_t *out)
{
	static const char opens[] = "([{", closes[] = ")]}";
	int c = ed_text_byte(ed_doc_text(s->doc), pos);
	const char *o = c > 0 ? strchr(opens, c) : NULL, *e = c > 0 ? strchr(closes, c) : NULL;
	char wanted[2] = { o ? closes[o - opens] : e ? opens[e - closes] : 0, 0 };
	TSNode n, parent;

	if (!wanted[0])
		return false;
	if (s->tree && pos >= s->base) {
		uint32_t at = (uint32_t)(pos - s->base);
		n = ts_node_descendant_for_byte_range(ts_tree_root_node(ed_syntax_tree(s)), at,
						      at + 1);
		if (ts_node_is_null(n) || ts_node_end_byte(n) - ts_node_start_byte(n) != 1)
			return false; /* in a string or a comment */
		parent = ts_node_parent(n);
		for (n = o ? ts_node_next_sibling(n) : ts_node_prev_sibling(n); !ts_node_is_null(n);
		     n = o ? ts_node_next_sibling(n) : ts_node_prev_sibling(n)) {
			if (strcmp(ts_node_type(n), wanted) != 0 || ts_node_is_missing(n))
				continue;
			*out = range_of(s, n).from;
			return true;
		}
		if (ts_node_is_null(parent) || !ts_node_has_error(parent))
			return false;
	}
	return scan_bracket(s, pos, o ? c : wanted[0], o ? wanted[0] : c, !o, reach, out);
}

/* ---- outline -------------------------------------------------------------------------------- */

static void
take_tag(const struct pass *p, ed_tag_list *out)
{
	const struct ed_query *q = &p->s->grammar->structure;
	struct ed_tag tag = { 0 };
	uint32_t len;

	if (!has(p, ROLE_TAG, &tag.all) || !has(p, ROLE_NAME, &tag.name))
		return;
	for (uint16_t i = 0; i < p->m.capture_count; i++) {
		uint32_t index = p->m.captures[i].index;
		if (q->style[index] != ROLE_TAG)
			continue;
		const char *kind = ts_query_capture_name_for_id(q->query, index, &len);
		len = len - 4 < sizeof tag.kind - 1 ? len - 4 : sizeof tag.kind - 1;
		memcpy(tag.kind, kind + 4, len);
	}
	wn_vec_push(out, tag);
}

static int
by_place(const void *a, const void *b)
{
	const struct ed_tag *x = a, *y = b;
	int order = by_start(&x->all, &y->all);

	return order ? order : by_start(&x->name, &y->name);
}

void
ed_syntax_tags(struct ed_syntax *s, ed_tag_list *out)
{
	WN_VEC(size_t) open = { 0 };
	struct pass p;
	size_t n = 0;

	begin(&p, s, 0, ed_text_len(ed_doc_text(s->doc)), LIST_NS);
	while (step(&p))
		take_tag(&p, out);
	end(&p);
	if (out->len)
		qsort(out->p, out->len, sizeof *out->p, by_place);
	for (size_t i = 0; i < out->len; i++) {
		struct ed_tag tag = out->p[i];
		if (n && out->p[n - 1].name.from == tag.name.from)
			continue; /* two patterns found the same thing */
		while (open.len && wn_vec_last(&open) <= tag.all.from)
			open.len--;
		tag.depth = (int)open.len;
		wn_vec_push(&open, tag.all.to);
		out->p[n++] = tag;
	}
	out->len = n;
	wn_vec_fini(&open);
}
