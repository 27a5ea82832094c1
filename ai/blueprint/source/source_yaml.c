/*
 * YAML 1.2 into the same documents as JSON: libfyaml cuts the text into events, here they become
 * values with places. What JSON cannot say (tags, several documents, keys that are no text) is
 * refused; aliases are copied and counted, so that a small text cannot grow into a big document.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "ai/blueprint/source/source_fy.h"
#include "ai/blueprint/source/source_priv.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/map.h"
#include "runtime/base/utf8.h"

struct level {
	struct wn_json *node; /* NULL: the document itself */
	size_t mark;	      /* of the container */
	const char *key;      /* of the member that comes next; NULL: a key comes next */
	size_t key_at, key_end, members;
};

struct reader {
	struct blueprint_source *s;
	struct blueprint_fy fy;
	struct fy_parser *parser;
	struct fy_diag *diag;
	size_t file, values, documents, last; /* last: byte behind what was read */
	struct wn_str text;
	struct level level[BLUEPRINT_SOURCE_DEPTH + 1];
	unsigned depth;
	struct wn_json *root;
	struct wn_map anchors; /* name -> struct wn_json, borrowed: complete values only */
	const char *opening[BLUEPRINT_SOURCE_DEPTH + 1]; /* anchor of the container at that level */
	wn_err err;
};

static wn_err
refuse(struct reader *r, wn_err code, size_t at, const char *hint, const char *why)
{
	if (!r->err)
		r->err = blueprint_source_fail(r->s, code, r->file, at, hint, "%s", why);
	return r->err;
}

/* --- scalars: the core schema of YAML 1.2 -------------------------------------- */

static bool
one_of(struct wn_str v, const char *const *words)
{
	for (; *words; words++)
		if (wn_str_is(v, *words))
			return true;
	return false;
}

static bool
all_of(const char *p, const char *end, const char *set)
{
	const char *start = p;

	while (p < end && strchr(set, *p) && *p)
		p++;
	return p == end && p > start;
}

static size_t
digits(const char **p, const char *end)
{
	const char *from = *p;

	while (*p < end && **p >= '0' && **p <= '9')
		(*p)++;
	return (size_t)(*p - from);
}

static void
sign(const char **p, const char *end)
{
	*p += *p < end && (**p == '-' || **p == '+');
}

/* [-+]? digits, 0o7, 0xF, with fraction and exponent. */
static bool
is_number(const char *p, const char *end)
{
	size_t n;

	if (end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'o'))
		return all_of(p + 2, end, p[1] == 'x' ? "0123456789abcdefABCDEF" : "01234567");
	sign(&p, end);
	n = digits(&p, end);
	if (p < end && *p == '.') {
		p++;
		n += digits(&p, end);
	}
	if (n == 0 || p == end || (*p | 32) != 'e')
		return n > 0 && p == end;
	p++;
	sign(&p, end);
	return digits(&p, end) > 0 && p == end;
}

static struct wn_json *
number(struct reader *r, struct wn_str v, size_t at)
{
	char word[64];
	bool based = v.len > 2 && v.p[0] == '0' && (v.p[1] == 'x' || v.p[1] == 'o');
	double n;

	if (v.len >= sizeof word) {
		(void)refuse(r, WN_E_LIMIT, at, "Put it in quotes when it is text.",
			     "This number is too long.");
		return NULL;
	}
	memcpy(word, v.p, v.len);
	word[v.len] = '\0';
	n = based ? (double)strtoull(word + 2, NULL, word[1] == 'x' ? 16 : 8) : strtod(word, NULL);
	if (!isfinite(n) || (fabs(n) > (double)WN_JS_INT_MAX && !memchr(v.p, '.', v.len) &&
			     !memchr(v.p, 'e', v.len) && !memchr(v.p, 'E', v.len))) {
		(void)refuse(r, WN_E_PARSE, at, "Put it in quotes when it is text.",
			     "This number is too large to be exact.");
		return NULL;
	}
	return wn_json_new_num(n);
}

static struct wn_json *
plain(struct reader *r, struct wn_str v, size_t at)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const yes[] = { "true", "True", "TRUE", NULL };
	static const char *const no[] = { "false", "False", "FALSE", NULL };
	static const char *const odd[] = { ".inf",  ".Inf", ".INF", "-.inf", "-.Inf", "-.INF",
					   "+.inf", ".nan", ".NaN", ".NAN",  NULL };

	if (one_of(v, nulls))
		return wn_json_new_null();
	if (one_of(v, yes) || one_of(v, no))
		return wn_json_new_bool(one_of(v, yes));
	if (one_of(v, odd)) {
		(void)refuse(r, WN_E_PARSE, at, "Write a number, or put it in quotes.",
			     "A blueprint knows no infinite numbers.");
		return NULL;
	}
	return is_number(v.p, v.p + v.len) ? number(r, v, at) : wn_json_new_str(v);
}

/* --- the tree -------------------------------------------------------------------- */

/* Puts a value where the walk stands; takes it. Its mark follows it. */
static void
place(struct reader *r, struct wn_json *v, struct blueprint_mark m)
{
	struct level *l = &r->level[r->depth];

	m.node = v;
	m.file = r->file;
	if (!l->node) {
		r->root = v;
	} else if (wn_json_type(l->node) == WN_JSON_ARRAY) {
		(void)wn_json_push(l->node, v);
	} else {
		m.key_at = l->key_at;
		m.key_end = l->key_end;
		(void)wn_json_set(l->node, l->key, v);
		l->key = NULL;
	}
	wn_vec_push(&r->s->marks, m);
	for (unsigned i = 1; i <= r->depth; i++)
		if (r->s->marks.p[r->level[i].mark].end < m.end)
			r->s->marks.p[r->level[i].mark].end = m.end;
}

static bool
wants_key(const struct reader *r)
{
	const struct level *l = &r->level[r->depth];

	return l->node && wn_json_type(l->node) == WN_JSON_OBJECT && !l->key;
}

static wn_err
take_key(struct reader *r, struct wn_str v, size_t at, size_t end)
{
	struct level *l = &r->level[r->depth];

	if (wn_str_is(v, "<<"))
		return refuse(r, WN_E_UNSUPPORTED, at, "Write the members out.",
			      "YAML 1.2 has no merge keys.");
	if (v.len == 0 || v.len > 200 || memchr(v.p, '\0', v.len))
		return refuse(r, WN_E_PARSE, at, "Write a short name before the colon.",
			      "This is no name for a member.");
	l->key = wn_arena_strndup(&r->s->arena, v.p, v.len);
	if (wn_json_get(l->node, l->key))
		return refuse(
			r, WN_E_PARSE, at, "Give one of the two another name, or remove it.",
			wn_arena_printf(&r->s->arena, "\"%s\" is written twice here.", l->key));
	l->key_at = at;
	l->key_end = end;
	if (++l->members > BLUEPRINT_SOURCE_MEMBERS)
		return refuse(r, WN_E_LIMIT, at, "Use a list.", "This has too many members.");
	return WN_OK;
}

static wn_err
count(struct reader *r, size_t n, size_t at)
{
	r->values += n;
	return r->values > BLUEPRINT_SOURCE_VALUES
		       ? refuse(r, WN_E_LIMIT, at, "Write less, or fewer aliases.",
				"The document has too many values.")
		       : WN_OK;
}

/* The bytes of an event; quotes belong to the value. No mark at all: an empty value. */
static void
span(struct reader *r, struct fy_event *e, enum fy_node_style style, size_t *at, size_t *end)
{
	const struct fy_mark *a = r->fy.start(e), *b = r->fy.end(e);
	const struct level *l = &r->level[r->depth];
	size_t quote = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED;

	if (!a || !b || a->input_pos > r->text.len || b->input_pos > r->text.len) {
		*at = *end = l->key ? l->key_end : r->last;
		return;
	}
	*at = a->input_pos - (a->input_pos >= quote ? quote : 0);
	*end = b->input_pos + quote < r->text.len ? b->input_pos + quote : r->text.len;
	r->last = *end;
}

static const char *
name_of(struct reader *r, struct fy_token *t)
{
	size_t n = 0;
	const char *p = t ? r->fy.token_text(t, &n) : NULL;

	return p ? wn_arena_strndup(&r->s->arena, p, n) : NULL;
}

static void
on_scalar(struct reader *r, struct fy_event *e)
{
	enum fy_node_style style = r->fy.style(e);
	const char *tag = name_of(r, e->scalar.tag), *anchor = name_of(r, e->scalar.anchor);
	size_t n = 0, at, end;
	const char *p = e->scalar.value ? r->fy.token_text(e->scalar.value, &n) : "";
	struct wn_str v = wn_strn(p ? p : "", p ? n : 0);
	struct blueprint_mark m = { .shared = tag || anchor };
	struct wn_json *value;

	span(r, e, style, &at, &end);
	if (v.len && memchr(v.p, '\0', v.len)) {
		(void)refuse(r, WN_E_PARSE, at, "Remove it.", "Text may not hold a NUL.");
		return;
	}
	if (wants_key(r)) {
		(void)take_key(r, v, at, end);
		return;
	}
	if (tag && strcmp(tag, "!!str") != 0 && strcmp(tag, "tag:yaml.org,2002:str") != 0) {
		(void)refuse(r, WN_E_UNSUPPORTED, at, "Remove the tag.",
			     "A blueprint has no YAML tags.");
		return;
	}
	value = tag || (style != FYNS_PLAIN && style != FYNS_ANY) ? wn_json_new_str(v)
								  : plain(r, v, at);
	if (!value)
		return;
	m.at = at;
	m.end = end;
	m.style = style == FYNS_LITERAL || style == FYNS_FOLDED ? BLUEPRINT_STYLE_LINES
		  : style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED
			  ? BLUEPRINT_STYLE_QUOTED
			  : BLUEPRINT_STYLE_PLAIN;
	place(r, value, m);
	if (anchor)
		(void)wn_map_set(&r->anchors, wn_str(anchor), value);
	(void)count(r, 1, at);
}

static void
on_open(struct reader *r, struct fy_event *e, struct wn_json *node, struct fy_token *anchor,
	struct fy_token *tag)
{
	enum fy_node_style style = r->fy.style(e);
	struct blueprint_mark m = { .style = style == FYNS_BLOCK ? BLUEPRINT_STYLE_BLOCK
								 : BLUEPRINT_STYLE_FLOW };
	const char *name = name_of(r, anchor);

	span(r, e, style, &m.at, &m.end);
	if (wants_key(r) || tag || r->depth >= BLUEPRINT_SOURCE_DEPTH) {
		wn_json_free(node);
		if (tag)
			(void)refuse(r, WN_E_UNSUPPORTED, m.at, "Remove the tag.",
				     "A blueprint has no YAML tags.");
		else if (wants_key(r))
			(void)refuse(r, WN_E_PARSE, m.at, "Write a short name before the colon.",
				     "A list or an object cannot be the name of a member.");
		else
			(void)refuse(r, WN_E_LIMIT, m.at, "Nest less deeply.",
				     "This is nested too deeply.");
		return;
	}
	m.shared = name != NULL;
	place(r, node, m);
	r->depth++;
	r->level[r->depth] = (struct level){ .node = node, .mark = r->s->marks.len - 1 };
	r->opening[r->depth] = name;
	(void)count(r, 1, m.at);
}

static void
on_close(struct reader *r, struct fy_event *e)
{
	struct level *l = &r->level[r->depth];
	const char *name = r->opening[r->depth];
	struct blueprint_mark *m = &r->s->marks.p[l->mark];
	const struct fy_mark *b = r->fy.end(e);

	if (m->style == BLUEPRINT_STYLE_FLOW && b && b->input_pos <= r->text.len)
		m->end = b->input_pos;
	if (name)
		(void)wn_map_set(&r->anchors, wn_str(name), l->node);
	for (unsigned i = 1; i < r->depth; i++)
		if (r->s->marks.p[r->level[i].mark].end < m->end)
			r->s->marks.p[r->level[i].mark].end = m->end;
	r->depth--;
}

static size_t
size_of(const struct wn_json *j)
{
	size_t n = 1;

	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c))
		n += size_of(c);
	return n;
}

static unsigned
depth_of(const struct wn_json *j)
{
	unsigned deepest = 0;

	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c)) {
		unsigned d = depth_of(c) + 1;

		deepest = d > deepest ? d : deepest;
	}
	return deepest;
}

/* All values of a copy stand where the alias does. */
static void
mark_copy(struct reader *r, const struct wn_json *j, struct blueprint_mark m)
{
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c)) {
		m.node = c;
		wn_vec_push(&r->s->marks, m);
		mark_copy(r, c, m);
	}
}

static void
on_alias(struct reader *r, struct fy_event *e)
{
	struct blueprint_mark m = { .shared = true, .file = r->file };
	const char *name = name_of(r, e->alias.anchor);
	struct wn_json *copy = NULL;
	const struct wn_json *of = name ? wn_map_get(&r->anchors, wn_str(name)) : NULL;

	span(r, e, FYNS_ALIAS, &m.at, &m.end);
	m.at -= m.at > 0 && r->text.p[m.at - 1] == '*';
	if (!of || wants_key(r)) {
		(void)refuse(r, WN_E_PARSE, m.at,
			     "Define it before with &name, or write the value out.",
			     of ? "An alias cannot be the name of a member."
				: "Nothing above has this name yet.");
		return;
	}
	if (count(r, size_of(of), m.at))
		return;
	if (r->depth + depth_of(of) >= BLUEPRINT_SOURCE_DEPTH) {
		(void)refuse(r, WN_E_LIMIT, m.at, "Write the value out.",
			     "Aliases nest too deeply here.");
		return;
	}
	copy = wn_json_copy(of);
	place(r, copy, m);
	mark_copy(r, copy, m);
}

static void
on_event(struct reader *r, struct fy_event *e)
{
	switch (e->type) {
	case FYET_DOCUMENT_START:
		if (++r->documents > 1)
			(void)refuse(r, WN_E_PARSE,
				     r->fy.start(e) ? r->fy.start(e)->input_pos : r->last,
				     "Remove the line of three dashes, or use two files.",
				     "A blueprint is one document.");
		break;
	case FYET_MAPPING_START:
		on_open(r, e, wn_json_new_object(), e->mapping_start.anchor, e->mapping_start.tag);
		break;
	case FYET_SEQUENCE_START:
		on_open(r, e, wn_json_new_array(), e->sequence_start.anchor, e->sequence_start.tag);
		break;
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		on_close(r, e);
		break;
	case FYET_SCALAR:
		on_scalar(r, e);
		break;
	case FYET_ALIAS:
		on_alias(r, e);
		break;
	default:
		break;
	}
}

/* --- the parser ------------------------------------------------------------------- */

static size_t
byte_at(struct wn_str text, int line, int column)
{
	size_t i = 0;

	for (; line > 1 && i < text.len; i++)
		line -= text.p[i] == '\n';
	for (; column > 1 && i < text.len && text.p[i] != '\n'; column--)
		do
			i++;
		while (i < text.len && ((unsigned char)text.p[i] & 0xc0) == 0x80);
	return i;
}

static void
first_complaint(struct reader *r)
{
	void *at = NULL;
	struct fy_diag_error *e = r->fy.diag_next(r->diag, &at);
	const char *why = e && e->msg ? e->msg : "it cannot be read";
	size_t byte = e ? byte_at(r->text, e->line, e->column) : r->text.len;
	size_t n = strcspn(why, "\n");

	(void)refuse(r, WN_E_PARSE, byte, blueprint_yaml_hint(r->text, byte, why),
		     wn_arena_printf(&r->s->arena, "This is no YAML: %.*s.", (int)n, why));
}

static bool
start(struct reader *r)
{
	struct fy_diag_cfg dc;
	struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG |
					     FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE };

	r->fy.diag_cfg(&dc);
	dc.fp = NULL;
	dc.output_fn = NULL;
	dc.colorize = false;
	dc.level = FYET_ERROR;
	r->diag = r->fy.diag_create(&dc);
	if (!r->diag)
		return false;
	r->fy.diag_collect(r->diag, true);
	cfg.diag = r->diag;
	r->parser = r->fy.create(&cfg);
	return r->parser && r->fy.set_string(r->parser, r->text.p, r->text.len) == 0;
}

static void
run(struct reader *r)
{
	struct fy_event *e;

	if (!start(r)) {
		(void)refuse(r, WN_E_NO_MEMORY, 0, "Try again.", "There is no memory for YAML.");
		return;
	}
	while (!r->err && (e = r->fy.parse(r->parser)) != NULL) {
		on_event(r, e);
		r->fy.event_free(r->parser, e);
	}
	if (!r->err && r->fy.stream_error(r->parser))
		first_complaint(r);
	if (!r->err && !r->root)
		(void)refuse(r, WN_E_PARSE, 0, "Write a blueprint, or start one with webnova new.",
			     "The file is empty.");
}

/* libfyaml is not asked about bytes that are no text, nor about towers of brackets. */
static bool
sane(struct reader *r)
{
	size_t open = 0, i;

	if (!wn_utf8_valid(r->text)) {
		(void)refuse(r, WN_E_PARSE, 0, "Save the file as UTF-8.", "This is no UTF-8 text.");
		return false;
	}
	for (i = 0; i < r->text.len; i++) {
		unsigned char c = (unsigned char)r->text.p[i];

		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f ||
		    (c == '\r' && (i + 1 == r->text.len || r->text.p[i + 1] != '\n'))) {
			(void)refuse(r, WN_E_PARSE, i, "Remove it.",
				     "A control character stands here.");
			return false;
		}
		open += c == '[' || c == '{';
		open -= (c == ']' || c == '}') && open > 0;
		if (open > 1000) {
			(void)refuse(r, WN_E_LIMIT, i, "Nest less deeply.",
				     "This is nested too deeply.");
			return false;
		}
	}
	return true;
}

wn_err
blueprint_read_yaml(struct blueprint_source *s, size_t file, struct wn_json **out)
{
	struct reader r = { .s = s, .file = file, .text = s->files.p[file].text };

	*out = NULL;
	if (!sane(&r))
		return r.err;
	if (!blueprint_fy_open(&r.fy))
		return refuse(&r, WN_E_UNSUPPORTED, 0,
			      "Install libfyaml0, or write the blueprint in JSON.",
			      "YAML cannot be read here: libfyaml is missing.");
	wn_map_init(&r.anchors);
	run(&r);
	if (r.parser)
		r.fy.destroy(r.parser);
	if (r.diag)
		r.fy.diag_destroy(r.diag);
	wn_map_fini(&r.anchors, NULL);
	blueprint_fy_close(&r.fy);
	if (r.err)
		wn_json_free(r.root);
	else
		*out = r.root;
	return r.err;
}
