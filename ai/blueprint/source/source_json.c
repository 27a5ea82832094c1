/*
 * JSON with places: the strict parser of base decides what is JSON; then text and document are
 * walked side by side, for both hold their values in the same order.
 */
#include <stdlib.h>

#include "ai/blueprint/source/source_priv.h"
#include "runtime/base/json_scan.h"

struct walk {
	struct blueprint_source *s;
	const char *start, *p, *end;
	size_t file;
};

static void
blanks(struct walk *w)
{
	w->p = wn_js_blanks(w->p, w->end);
}

/* Behind the string that begins at p; the text is known to be good JSON. */
static void
skip_string(struct walk *w)
{
	for (w->p++; w->p < w->end && *w->p != '"'; w->p++)
		if (*w->p == '\\')
			w->p++;
	w->p++;
}

static void
skip_literal(struct walk *w)
{
	while (w->p < w->end && !blueprint_is_blank(*w->p) && *w->p != ',' && *w->p != ']' &&
	       *w->p != '}')
		w->p++;
}

static void walk_value(struct walk *w, const struct wn_json *node, struct blueprint_mark m);

static void
walk_children(struct walk *w, const struct wn_json *node)
{
	bool object = wn_json_type(node) == WN_JSON_OBJECT;

	w->p++;
	for (const struct wn_json *c = wn_json_first(node); c; c = wn_json_next(c)) {
		struct blueprint_mark m = { .file = w->file };

		blanks(w);
		if (object) {
			m.key_at = (size_t)(w->p - w->start);
			skip_string(w);
			m.key_end = (size_t)(w->p - w->start);
			blanks(w);
			w->p++; /* : */
		}
		walk_value(w, c, m);
		blanks(w);
		if (wn_json_next(c))
			w->p++; /* , */
	}
	blanks(w);
	w->p++;
}

static void
walk_value(struct walk *w, const struct wn_json *node, struct blueprint_mark m)
{
	size_t i = w->s->marks.len;

	blanks(w);
	m.node = node;
	m.at = (size_t)(w->p - w->start);
	wn_vec_push(&w->s->marks, m);
	if (*w->p == '{' || *w->p == '[') {
		walk_children(w, node);
		w->s->marks.p[i].style = BLUEPRINT_STYLE_FLOW;
	} else if (*w->p == '"') {
		skip_string(w);
		w->s->marks.p[i].style = BLUEPRINT_STYLE_QUOTED;
	} else {
		skip_literal(w);
	}
	w->s->marks.p[i].end = (size_t)(w->p - w->start);
}

/* Byte of a place given in lines and characters. */
static size_t
byte_of(struct wn_str text, size_t line, size_t column)
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

/* Base says "line:column: why". */
static wn_err
refused(struct blueprint_source *s, size_t file, wn_err code, const struct wn_diag *d)
{
	struct wn_str text = s->files.p[file].text;
	char *rest = NULL;
	size_t line = strtoul(d->text, &rest, 10), column = 1, at;
	const char *why = d->text;

	if (*rest == ':') {
		column = strtoul(rest + 1, &rest, 10);
		why = *rest == ':' ? rest + 2 : d->text;
	}
	at = byte_of(text, line, column);
	return blueprint_source_fail(s, code, file, at, blueprint_json_hint(text, at, why),
				     "This is no JSON: %s.", why);
}

wn_err
blueprint_read_json(struct blueprint_source *s, size_t file, struct wn_json **out)
{
	struct wn_json_limits limits = { .bytes = BLUEPRINT_SOURCE_BYTES,
					 .depth = BLUEPRINT_SOURCE_DEPTH,
					 .values = BLUEPRINT_SOURCE_VALUES };
	struct wn_str text = s->files.p[file].text;
	struct walk w = { s, text.p, text.p, text.p + text.len, file };
	struct blueprint_mark root = { .file = file };
	struct wn_diag d = { 0 };
	wn_err err = wn_json_parse(text, &limits, out, &d);

	if (err)
		return refused(s, file, err, &d);
	walk_value(&w, *out, root);
	return WN_OK;
}
