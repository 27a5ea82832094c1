/*
 * What the migrations lead to, written down beside them and read again by the next generation.
 * One column a line, so that a difference reads well. What is read is checked before it is
 * believed: the text lies in the user's directory.
 */
#include <ctype.h>
#include <string.h>

#include "ai/codegen/tables.h"
#include "runtime/base/json_write.h"

/* ---- writing ----------------------------------------------------------------------------------
 */

static void
opt_str(struct wn_jw *w, const char *key, const char *v)
{
	if (v)
		wn_jw_kstr(w, key, v);
}

static void
opt_int(struct wn_jw *w, const char *key, unsigned v)
{
	if (v)
		wn_jw_kint(w, key, v);
}

static void
print_column(const struct cg_column *c, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "id", c->id);
	wn_jw_kstr(&w, "name", c->name);
	wn_jw_kstr(&w, "kind", c->kind);
	wn_jw_kstr(&w, "type", c->type);
	if (c->not_null)
		wn_jw_kbool(&w, "notNull", true);
	opt_str(&w, "default", c->def);
	opt_str(&w, "to", c->to);
	opt_str(&w, "onDelete", c->on_delete);
	opt_str(&w, "min", c->min);
	opt_str(&w, "max", c->max);
	opt_str(&w, "values", c->values);
	opt_str(&w, "of", c->of);
	opt_int(&w, "scale", c->scale);
	opt_int(&w, "removed", c->removed);
	wn_jw_object_end(&w);
}

static void
print_index(const struct cg_index *x, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "name", x->name);
	wn_jw_key(&w, "columns");
	wn_jw_array(&w);
	for (size_t i = 0; i < x->n_columns; i++)
		wn_jw_cstr(&w, x->columns[i]);
	wn_jw_array_end(&w);
	if (x->unique)
		wn_jw_kbool(&w, "unique", true);
	if (x->alive)
		wn_jw_kbool(&w, "alive", true);
	wn_jw_object_end(&w);
}

static void
print_check(const struct cg_check *c, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "name", c->name);
	wn_jw_kstr(&w, "sql", c->sql);
	wn_jw_object_end(&w);
}

#define PRINT_LIST(out, key, list, n, print)                             \
	do {                                                             \
		wn_buf_cstr(out, ",\n   \"" key "\": [");                \
		for (size_t i_ = 0; i_ < (n); i_++) {                    \
			wn_buf_cstr(out, i_ > 0 ? ",\n    " : "\n    "); \
			print(&(list)[i_], out);                         \
		}                                                        \
		wn_buf_cstr(out, "]");                                   \
	} while (0)

static void
print_table(const struct cg_table *t, struct wn_buf *out)
{
	wn_buf_cstr(out, "  {\n   \"id\": ");
	wn_json_quote(out, wn_str(t->id));
	wn_buf_cstr(out, ",\n   \"name\": ");
	wn_json_quote(out, wn_str(t->name));
	if (t->removed)
		wn_buf_printf(out, ",\n   \"removed\": %u", t->removed);
	PRINT_LIST(out, "columns", t->columns, t->n_columns, print_column);
	PRINT_LIST(out, "checks", t->checks, t->n_checks, print_check);
	PRINT_LIST(out, "indexes", t->indexes, t->n_indexes, print_index);
	wn_buf_cstr(out, "\n  }");
}

static void
print_migration(const struct cg_migration *g, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "name", g->name);
	wn_jw_kstr(&w, "up", g->up);
	wn_jw_kstr(&w, "down", g->down);
	wn_jw_object_end(&w);
}

wn_err
codegen_history_print(const struct cg_history *h, struct wn_buf *out)
{
	size_t i;

	wn_buf_printf(out,
		      "{\n \"schema\": 1,\n \"blueprint\": \"%s\",\n \"revision\": %u,\n "
		      "\"migrations\": [\n",
		      h->blueprint, h->revision);
	for (i = 0; i < h->len; i++) {
		wn_buf_cstr(out, "  ");
		print_migration(&h->p[i], out);
		wn_buf_cstr(out, i + 1 < h->len ? ",\n" : "\n");
	}
	wn_buf_cstr(out, " ],\n \"tables\": [\n");
	for (i = 0; i < h->tables.len; i++) {
		print_table(&h->tables.p[i], out);
		wn_buf_cstr(out, i + 1 < h->tables.len ? ",\n" : "\n");
	}
	wn_buf_cstr(out, " ]\n}\n");
	return out->err;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

struct reader {
	struct wn_arena *a;
	bool bad;
};

static bool
is_name(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '_')
			return false;
	return n > 0 && n < 200;
}

/* A word that stands in SQL as it is. */
static const char *
name_of(struct reader *r, const struct wn_json *j, const char *key)
{
	const char *s = wn_json_get_str(j, key, "");

	r->bad |= !is_name(s);
	return wn_arena_strdup(r->a, s);
}

static const char *
text_of(struct reader *r, const struct wn_json *j, const char *key)
{
	const char *s = wn_json_get_str(j, key, NULL);

	return s ? wn_arena_strdup(r->a, s) : NULL;
}

static const char *
one_of(struct reader *r, const char *s, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(s, *words) == 0)
			return *words;
	r->bad = true;
	return "";
}

static const char *
number_of(struct reader *r, const struct wn_json *j, const char *key)
{
	const char *s = text_of(r, j, key);

	r->bad |= s && (strspn(s, "0123456789+-.e") != strlen(s) || !*s);
	return s;
}

/* Words with blanks between them. */
static const char *
words_of(struct reader *r, const struct wn_json *j, const char *key)
{
	const char *s = text_of(r, j, key), *p;

	for (p = s ? s : ""; *p; p++)
		r->bad |= !isalnum((unsigned char)*p) && !strchr("_.- ", *p);
	return s;
}

/* A number, or a text in single quotes: nothing that could go on behind it. */
static const char *
literal_of(struct reader *r, const struct wn_json *j, const char *key)
{
	const char *s = text_of(r, j, key);
	size_t n = s ? strlen(s) : 0;

	if (!s || (n > 0 && strspn(s, "0123456789+-.e") == n))
		return s;
	r->bad |= n < 2 || s[0] != '\'' || memchr(s + 1, '\'', n - 1) != s + n - 1;
	return s;
}

static unsigned
count_of(struct reader *r, const struct wn_json *j, const char *key)
{
	double v = wn_json_get_num(j, key, 0);

	r->bad |= !(v >= 0 && v < 1e6);
	return v >= 0 && v < 1e6 ? (unsigned)v : 0;
}

static void
read_column(struct reader *r, const struct wn_json *j, struct cg_column *c)
{
	static const char *const types[] = { "TEXT", "INTEGER", "REAL", NULL };
	static const char *const actions[] = { "CASCADE", "SET NULL", "RESTRICT", NULL };

	*c = (struct cg_column){
		.id = name_of(r, j, "id"),
		.name = name_of(r, j, "name"),
		.kind = name_of(r, j, "kind"),
		.type = one_of(r, wn_json_get_str(j, "type", ""), types),
		.def = literal_of(r, j, "default"),
		.min = number_of(r, j, "min"),
		.max = number_of(r, j, "max"),
		.values = words_of(r, j, "values"),
		.of = words_of(r, j, "of"),
		.scale = count_of(r, j, "scale"),
		.not_null = wn_json_get_bool(j, "notNull", false),
		.removed = count_of(r, j, "removed"),
	};
	if (!wn_json_get(j, "to"))
		return;
	c->to = name_of(r, j, "to");
	c->on_delete = one_of(r, wn_json_get_str(j, "onDelete", ""), actions);
}

static void
read_index(struct reader *r, const struct wn_json *j, struct cg_index *x)
{
	const struct wn_json *c, *list = wn_json_get(j, "columns");

	x->name = name_of(r, j, "name");
	x->unique = wn_json_get_bool(j, "unique", false);
	x->alive = wn_json_get_bool(j, "alive", false);
	x->columns = wn_arena_array(r->a, wn_json_len(list) + 1, sizeof *x->columns);
	for (c = wn_json_first(list); c; c = wn_json_next(c)) {
		r->bad |= !is_name(wn_json_str(c, ""));
		x->columns[x->n_columns++] = wn_arena_strdup(r->a, wn_json_str(c, ""));
	}
}

static void
read_table(struct reader *r, const struct wn_json *j, struct cg_table *t)
{
	const struct wn_json *columns = wn_json_get(j, "columns"),
			     *checks = wn_json_get(j, "checks"),
			     *indexes = wn_json_get(j, "indexes"), *c;

	t->id = name_of(r, j, "id");
	t->name = name_of(r, j, "name");
	t->removed = count_of(r, j, "removed");
	t->columns = wn_arena_array(r->a, wn_json_len(columns) + 1, sizeof *t->columns);
	t->checks = wn_arena_array(r->a, wn_json_len(checks) + 1, sizeof *t->checks);
	t->indexes = wn_arena_array(r->a, wn_json_len(indexes) + 1, sizeof *t->indexes);
	for (c = wn_json_first(columns); c; c = wn_json_next(c))
		read_column(r, c, &t->columns[t->n_columns++]);
	for (c = wn_json_first(checks); c; c = wn_json_next(c))
		t->checks[t->n_checks++] =
			(struct cg_check){ name_of(r, c, "name"),
					   wn_arena_strdup(r->a, wn_json_get_str(c, "sql", "")) };
	for (c = wn_json_first(indexes); c; c = wn_json_next(c))
		read_index(r, c, &t->indexes[t->n_indexes++]);
	r->bad |= t->n_columns == 0;
}

wn_err
codegen_history_read(struct wn_arena *a, const struct wn_json *doc, struct cg_history *out,
		     struct wn_diag *d)
{
	const struct wn_json *tables = wn_json_get(doc, "tables"),
			     *list = wn_json_get(doc, "migrations"), *c;
	struct reader r = { .a = a };

	*out = (struct cg_history){ .revision = count_of(&r, doc, "revision"),
				    .blueprint = name_of(&r, doc, "blueprint") };
	out->tables.p = wn_arena_array(a, wn_json_len(tables) + 1, sizeof *out->tables.p);
	out->p = wn_arena_array(a, wn_json_len(list) + 1, sizeof *out->p);
	for (c = wn_json_first(tables); c; c = wn_json_next(c))
		read_table(&r, c, &out->tables.p[out->tables.len++]);
	for (c = wn_json_first(list); c; c = wn_json_next(c))
		out->p[out->len++] =
			(struct cg_migration){ name_of(&r, c, "name"), name_of(&r, c, "up"),
					       name_of(&r, c, "down") };
	if (!r.bad && wn_json_get_num(doc, "schema", 0) == 1 && out->len > 0 && out->tables.len > 0)
		return WN_OK;
	wn_fail_where(d, "%s", CODEGEN_SCHEMA);
	return wn_fail(d, WN_E_STATE, "%s is damaged or was edited; bring it back from a snapshot",
		       CODEGEN_SCHEMA);
}
