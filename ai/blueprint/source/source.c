/*
 * One document from the files that are handed over: picks the format, joins what is included, and
 * answers where a value is written.
 */
#include "ai/blueprint/source/source.h"

#include <stdio.h>
#include <stdlib.h>

#include "ai/blueprint/source/source_priv.h"
#include "runtime/base/file.h"
#include "runtime/base/json_scan.h"

struct join {
	struct blueprint_source *s;
	const struct blueprint_file *given;
	size_t given_len, uses, values;
	size_t stack[BLUEPRINT_SOURCE_FILES]; /* files being included, outermost first */
	size_t open;
	WN_VEC(struct blueprint_mark) marks; /* of the joined document */
	wn_err err;
};

/* --- findings with places ------------------------------------------------------- */

wn_err
blueprint_source_fail(struct blueprint_source *s, wn_err code, size_t file, size_t at,
		      const char *hint, const char *fmt, ...)
{
	struct wn_str text = s->files.p[file].text;
	struct blueprint_finding *f;
	va_list ap;

	va_start(ap, fmt);
	blueprint_report_at(&s->report, BLUEPRINT_ERROR, "read", "", hint,
			    wn_arena_vprintf(&s->arena, fmt, ap));
	va_end(ap);
	if (s->report.findings.len == 0)
		return code;
	f = &s->report.findings.p[s->report.findings.len - 1];
	f->file = s->files.p[file].path;
	wn_js_where(text.p, text.p + (at < text.len ? at : text.len), &f->line, &f->column);
	return code;
}

/* --- marks --------------------------------------------------------------------- */

static int
by_node(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct blueprint_mark *)a)->node;
	uintptr_t y = (uintptr_t)((const struct blueprint_mark *)b)->node;

	return x < y ? -1 : x > y;
}

static void
sort_marks(struct blueprint_source *s)
{
	if (s->marks.len > 0)
		qsort(s->marks.p, s->marks.len, sizeof *s->marks.p, by_node);
}

const struct blueprint_mark *
blueprint_source_mark(const struct blueprint_source *s, const struct wn_json *node)
{
	struct blueprint_mark key = { .node = node };

	if (!node || s->marks.len == 0)
		return NULL;
	return (const struct blueprint_mark *)bsearch(&key, s->marks.p, s->marks.len,
						      sizeof *s->marks.p, by_node);
}

bool
blueprint_source_place(const struct blueprint_source *s, const char *pointer,
		       struct blueprint_place *out)
{
	const struct blueprint_mark *m = NULL;
	size_t at, n = strlen(pointer);
	char *path = wn_strdup(pointer);

	for (;; path[n] = '\0') {
		m = blueprint_source_mark(s, wn_json_at(s->doc, path));
		if (m || n == 0)
			break;
		do
			n--;
		while (n > 0 && path[n] != '/');
	}
	wn_free(path);
	if (!m)
		return false;
	at = m->style >= BLUEPRINT_STYLE_FLOW && m->key_end > m->key_at ? m->key_at : m->at;
	out->file = s->files.p[m->file].path;
	wn_js_where(s->files.p[m->file].text.p, s->files.p[m->file].text.p + at, &out->line,
		    &out->column);
	return true;
}

/* --- one file --------------------------------------------------------------------- */

enum blueprint_format
blueprint_source_format(const struct blueprint_file *f)
{
	struct wn_str path = wn_str(f->path), text = wn_str_trim(f->text);

	if (wn_str_has_suffix(path, WN_STR(".yaml")) || wn_str_has_suffix(path, WN_STR(".yml")))
		return BLUEPRINT_YAML;
	if (wn_str_has_suffix(path, WN_STR(".json")))
		return BLUEPRINT_JSON;
	return text.len == 0 || text.p[0] == '{' || text.p[0] == '[' ? BLUEPRINT_JSON
								     : BLUEPRINT_YAML;
}

static wn_err
read_one(struct blueprint_source *s, const struct blueprint_file *f, struct wn_json **out,
	 size_t *index_out)
{
	wn_err err;

	*out = NULL;
	*index_out = s->files.len;
	wn_vec_push(&s->files, *f);
	if (f->text.len > BLUEPRINT_SOURCE_BYTES)
		return blueprint_source_fail(s, WN_E_LIMIT, *index_out, 0,
					     "Split it into files and join them with $include.",
					     "The file has %zu bytes; %zu are allowed.",
					     f->text.len, BLUEPRINT_SOURCE_BYTES);
	err = blueprint_source_format(f) == BLUEPRINT_YAML
		      ? blueprint_read_yaml(s, *index_out, out)
		      : blueprint_read_json(s, *index_out, out);
	sort_marks(s);
	return err;
}

/* --- includes ----------------------------------------------------------------------- */

static bool
has_include(const struct wn_json *j)
{
	if (wn_json_get(j, BLUEPRINT_INCLUDE))
		return true;
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c))
		if (has_include(c))
			return true;
	return false;
}

static wn_err
fail_at(struct join *j, wn_err code, const struct wn_json *node, const char *hint, const char *why)
{
	const struct blueprint_mark *m = blueprint_source_mark(j->s, node);

	if (!j->err)
		j->err = blueprint_source_fail(j->s, code, m ? m->file : 0, m ? m->at : 0, hint,
					       "%s", why);
	return j->err;
}

/* The path of an include, from the directory of the main file; NULL when it leads out of it. */
static const char *
resolve_path(struct join *j, size_t from, const char *path)
{
	const char *base = j->s->files.p[from].path, *slash = strrchr(base, '/');
	size_t dir = slash && base[0] != '/' ? (size_t)(slash - base) + 1 : 0;
	const char *whole = wn_arena_printf(&j->s->arena, "%.*s%s", (int)dir, base, path);
	char *clean;
	const char *out;

	if (path[0] == '/' || strchr(path, '\\') || !wn_path_is_inside(wn_str(whole)))
		return NULL;
	clean = wn_path_clean(whole, "/");
	out = wn_arena_strdup(&j->s->arena, clean + 1);
	wn_free(clean);
	return *out ? out : NULL;
}

static const struct blueprint_file *
find_given(const struct join *j, const char *path)
{
	for (size_t i = 1; i < j->given_len; i++)
		if (!strcmp(j->given[i].path, path))
			return &j->given[i];
	return NULL;
}

static wn_err
open_include(struct join *j, const struct wn_json *node, const struct blueprint_file **out)
{
	const struct wn_json *value = wn_json_get(node, BLUEPRINT_INCLUDE);
	const struct blueprint_mark *m = blueprint_source_mark(j->s, value);
	const char *path;

	*out = NULL;
	if (wn_json_type(value) != WN_JSON_STRING || wn_json_len(node) != 1)
		return fail_at(j, WN_E_PARSE, value, "Write {\"$include\": \"file\"} alone.",
			       "An include is the path of one file, and nothing beside it.");
	path = resolve_path(j, m ? m->file : 0, wn_json_str(value, ""));
	if (!path)
		return fail_at(j, WN_E_DENIED, value,
			       "Put the file beside the blueprint or in a directory below it.",
			       "An include may not lead out of the blueprint's directory.");
	if (!strcmp(path, j->s->files.p[0].path) || j->uses >= BLUEPRINT_SOURCE_FILES)
		return fail_at(j, WN_E_LIMIT, value, "Remove this include.",
			       j->uses >= BLUEPRINT_SOURCE_FILES
				       ? "There are too many includes."
				       : "The blueprint includes itself.");
	for (size_t i = 0; i < j->open; i++)
		if (!strcmp(j->s->files.p[j->stack[i]].path, path))
			return fail_at(j, WN_E_LIMIT, value, "Remove one include of the circle.",
				       "This file includes itself, directly or through another.");
	*out = find_given(j, path);
	if (!*out) {
		for (size_t i = 0; i < j->s->missing.len; i++)
			if (!strcmp(j->s->missing.p[i], path))
				return WN_OK;
		wn_vec_push(&j->s->missing, path);
		(void)blueprint_source_fail(j->s, WN_E_NOT_FOUND, m ? m->file : 0, m ? m->at : 0,
					    "Write the file, or correct the path.",
					    "There is no file \"%s\" here.", path);
	}
	return WN_OK;
}

static struct wn_json *expand(struct join *j, const struct wn_json *node, unsigned depth);
static void expand_members(struct join *j, const struct wn_json *node, struct wn_json *out,
			   unsigned depth);

static void
keep_mark(struct join *j, const struct wn_json *old, const struct wn_json *made)
{
	const struct blueprint_mark *m = blueprint_source_mark(j->s, old);

	if (m) {
		struct blueprint_mark copy = *m;

		copy.node = made;
		wn_vec_push(&j->marks, copy);
	}
}

/* The values of a file are gone: another may stand at their address. */
static void
drop_marks(struct blueprint_source *s, size_t file)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->marks.len; i++)
		if (s->marks.p[i].file != file)
			s->marks.p[kept++] = s->marks.p[i];
	s->marks.len = kept;
}

/* What stands in the place of an include, NULL when it is missing; inside a list (into not NULL) an
 * included list stands for its elements, which are added there. */
static struct wn_json *
include(struct join *j, const struct wn_json *node, struct wn_json *into, unsigned depth)
{
	const struct blueprint_file *f;
	struct wn_json *raw = NULL, *out = NULL;
	size_t index;

	if (open_include(j, node, &f) || !f)
		return NULL;
	j->uses++;
	j->err = read_one(j->s, f, &raw, &index);
	if (!j->err) {
		j->stack[j->open++] = index;
		if (into && wn_json_type(raw) == WN_JSON_ARRAY)
			expand_members(j, raw, into, depth);
		else
			out = expand(j, raw, depth);
		j->open--;
	}
	drop_marks(j->s, index);
	wn_json_free(raw);
	return out;
}

static void
expand_members(struct join *j, const struct wn_json *node, struct wn_json *out, unsigned depth)
{
	bool object = wn_json_type(node) == WN_JSON_OBJECT;
	size_t n = 0;

	for (const struct wn_json *c = wn_json_first(node); c && !j->err; c = wn_json_next(c)) {
		struct wn_json *v;

		if (object && ++n > BLUEPRINT_SOURCE_MEMBERS)
			(void)fail_at(j, WN_E_LIMIT, c, "Use a list.",
				      "This has too many members.");
		v = !object && wn_json_get(c, BLUEPRINT_INCLUDE) ? include(j, c, out, depth + 1)
								 : expand(j, c, depth + 1);
		if (v && object)
			(void)wn_json_set(out, wn_json_key(c), v);
		else if (v)
			(void)wn_json_push(out, v);
	}
}

static struct wn_json *
expand(struct join *j, const struct wn_json *node, unsigned depth)
{
	enum wn_json_type type = wn_json_type(node);
	struct wn_json *out;

	if (depth > BLUEPRINT_SOURCE_DEPTH || ++j->values > BLUEPRINT_SOURCE_VALUES) {
		(void)fail_at(j, WN_E_LIMIT, node, "Include less.",
			      "With what it includes the blueprint is too large.");
		return NULL;
	}
	if (type == WN_JSON_OBJECT && wn_json_get(node, BLUEPRINT_INCLUDE))
		return include(j, node, NULL, depth);
	if (type != WN_JSON_OBJECT && type != WN_JSON_ARRAY) {
		out = wn_json_copy(node);
	} else {
		out = type == WN_JSON_OBJECT ? wn_json_new_object() : wn_json_new_array();
		expand_members(j, node, out, depth);
	}
	keep_mark(j, node, out);
	return out;
}

static wn_err
join_files(struct blueprint_source *s, const struct blueprint_file *files, size_t n)
{
	struct join j = { .s = s, .given = files, .given_len = n };
	struct wn_json *whole = expand(&j, s->doc, 0);

	wn_json_free(s->doc);
	s->doc = NULL;
	if (j.err || s->missing.len > 0) {
		wn_json_free(whole);
		wn_vec_fini(&j.marks);
		return j.err ? j.err : WN_E_NOT_FOUND;
	}
	s->doc = whole;
	wn_vec_fini(&s->marks);
	s->marks.p = j.marks.p;
	s->marks.len = j.marks.len;
	s->marks.cap = j.marks.cap;
	sort_marks(s);
	return WN_OK;
}

wn_err
blueprint_source_read_raw(const struct blueprint_file *file, struct blueprint_source *out)
{
	size_t index;

	*out = (struct blueprint_source){ 0 };
	wn_arena_init(&out->arena, 0);
	blueprint_report_init(&out->report, NULL);
	return read_one(out, file, &out->doc, &index);
}

wn_err
blueprint_source_read(const struct blueprint_file *files, size_t n, struct blueprint_source *out)
{
	size_t bytes = 0;
	wn_err err;

	if (n == 0) {
		*out = (struct blueprint_source){ 0 };
		wn_arena_init(&out->arena, 0);
		blueprint_report_init(&out->report, NULL);
		return WN_E_INVALID;
	}
	for (size_t i = 0; i < n; i++)
		bytes += files[i].text.len < BLUEPRINT_SOURCE_BYTES ? files[i].text.len
								    : BLUEPRINT_SOURCE_BYTES;
	err = blueprint_source_read_raw(&files[0], out);
	if (!err && bytes > BLUEPRINT_SOURCE_BYTES)
		err = blueprint_source_fail(out, WN_E_LIMIT, 0, 0, "Write less.",
					    "All files together have %zu bytes; %zu are allowed.",
					    bytes, BLUEPRINT_SOURCE_BYTES);
	if (!err && has_include(out->doc))
		err = join_files(out, files, n);
	if (err) {
		wn_json_free(out->doc);
		out->doc = NULL;
	}
	return err;
}

void
blueprint_source_fini(struct blueprint_source *s)
{
	wn_json_free(s->doc);
	s->doc = NULL;
	blueprint_report_fini(&s->report);
	wn_vec_fini(&s->files);
	wn_vec_fini(&s->marks);
	wn_vec_fini(&s->missing);
	wn_arena_fini(&s->arena);
}
