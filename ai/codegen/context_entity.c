/*
 * Contexts of entity and view files.
 */
#include <string.h>

#include "ai/codegen/context.h"
#include "ai/codegen/context_link.h"
#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"
#include "ai/codegen/sql.h"

static struct wn_json *
list_of(struct wn_json *j, const char *name)
{
	struct wn_json *list = wn_json_mut(wn_json_get(j, name));

	return list ? list : wn_json_set(j, name, wn_json_new_array());
}

struct wn_json *
codegen_push_object(struct wn_json *j, const char *list)
{
	return wn_json_push(list_of(j, list), wn_json_new_object());
}

static void
push_str(struct wn_json *j, const char *list, const char *value)
{
	wn_json_push(list_of(j, list), wn_json_new_str(wn_str(value)));
}

static void
add_column(struct wn_json *j, const char *list, const char *column, const char *col)
{
	struct wn_json *c = codegen_push_object(j, list);

	wn_json_set_str(c, "column", column);
	wn_json_set_str(c, "col", col);
}

static const char *
conversion(enum cg_type t)
{
	switch (t) {
	case CG_MONEY:
		return "money";
	case CG_BOOL:
		return "bool";
	case CG_JSON:
		return "json";
	case CG_DATETIME:
		return "datetime";
	default:
		return "plain";
	}
}

static void
add_field(struct cg_model *m, struct wn_json *j, const struct cg_entity *e,
	  const struct cg_field *f)
{
	const char *def = codegen_sql_default(m, e, f);
	struct wn_json *c;

	if (f->computed)
		return;
	add_column(j, "columns", f->column, f->col);
	if (f->type != CG_SECRET)
		add_column(j, "updates", f->column, f->col);
	if (def) {
		c = codegen_push_object(j, "defaults");
		wn_json_set_str(c, "column", f->column);
		wn_json_set_str(c, "js", def);
	}
	if (f->search)
		push_str(j, "search", f->column);
	if (f->unique) {
		c = codegen_push_object(j, "uniques");
		wn_json_set_str(c, "column", f->column);
		wn_json_set_str(c, "key", f->name);
	}
	if (f->unique && f->type != CG_SECRET) {
		c = codegen_push_object(j, "keys");
		wn_json_set_str(
			c, "fn",
			wn_arena_printf(m->arena, "by%s", codegen_pascal(m->arena, f->name)));
		wn_json_set_str(c, "col", f->col);
	}
	if (f->type != CG_SECRET && !f->copy && !(f->type == CG_SLUG && f->from) &&
	    f != e->workflow) {
		c = codegen_push_object(j, "inputs");
		wn_json_set_str(c, "key", f->name);
		wn_json_set_str(c, "column", f->column);
		wn_json_set_bool(c, conversion(f->type), true);
	}
}

static void
add_checks(struct cg_model *m, struct wn_json *j, const struct cg_entity *e)
{
	const struct wn_json *c, *p;
	struct wn_json *check;
	size_t i, n = 0;

	for (i = 0; i < e->n_fields; i++) {
		const struct cg_field *f = &e->fields[i];

		if (f->computed)
			continue;
		check = codegen_push_object(j, "checks");
		wn_json_set_str(check, "name", wn_arena_printf(m->arena, "ck_%s", f->id));
		push_str(check, "keys", f->name);
	}
	for (c = wn_json_first(e->checks); c; c = wn_json_next(c)) {
		check = codegen_push_object(j, "checks");
		wn_json_set_str(check, "name", wn_arena_printf(m->arena, "ck_%s__%zu", e->id, ++n));
		for (i = 0, p = wn_json_first(c); p; p = wn_json_next(p))
			if (codegen_field(e, wn_json_str(p, NULL))) {
				push_str(check, "keys", wn_json_str(p, ""));
				i++;
			}
		if (i == 0)
			push_str(check, "keys", "body");
	}
}

static void
add_unique_sets(struct wn_json *j, const struct cg_entity *e)
{
	const struct wn_json *set, *c;
	struct wn_json *u;
	size_t i;

	for (set = wn_json_first(e->unique); set; set = wn_json_next(set))
		for (c = wn_json_first(set); c; c = wn_json_next(c)) {
			const struct cg_field *f = codegen_field_by_id(e, wn_json_str(c, ""));

			if (f && !f->unique) {
				u = codegen_push_object(j, "uniques");
				wn_json_set_str(u, "column", f->column);
				wn_json_set_str(u, "key", f->name);
			}
			for (i = 0; i < e->n_rels; i++)
				if (strcmp(e->rels[i]->id, wn_json_str(c, "")) == 0) {
					u = codegen_push_object(j, "uniques");
					wn_json_set_str(u, "column", e->rels[i]->column);
					wn_json_set_str(u, "key", e->rels[i]->key);
				}
		}
}

static void
add_relation(struct cg_model *m, struct wn_json *j, const struct cg_relation *r)
{
	struct wn_json *c;

	add_column(j, "columns", r->column, r->col);
	add_column(j, "updates", r->column, r->col);
	c = codegen_push_object(j, "inputs");
	wn_json_set_str(c, "key", r->key);
	wn_json_set_str(c, "column", r->column);
	wn_json_set_bool(c, "ref", true);
	wn_json_set_str(c, "table", r->to->table);
	wn_json_set_bool(c, "refSoft", r->to->soft);
	c = codegen_push_object(j, "refs");
	wn_json_set_str(c, "fn",
			wn_arena_printf(m->arena, "by%s", codegen_pascal(m->arena, r->name)));
	wn_json_set_str(c, "col", r->col);
}

/* "product.price": taken through one relation. */
static wn_err
add_copy(struct cg_model *m, struct wn_json *j, const struct cg_entity *e, const struct cg_field *f)
{
	struct wn_str rest = wn_str(f->copy), part = WN_STR_NONE;
	const struct cg_relation *r;
	const char *sql;
	struct wn_json *c;

	wn_str_split(&rest, '.', &part);
	r = codegen_relation(e, wn_arena_strndup(m->arena, part.p, part.len));
	if (!r || rest.len == 0)
		return wn_fail(m->d, WN_E_UNSUPPORTED,
			       "field %s: copy needs a relation and its field", f->id);
	sql = codegen_path_sql(m, r->to, "t", rest.p);
	if (!sql)
		return WN_E_NOT_FOUND;
	c = codegen_push_object(j, "copies");
	wn_json_set_str(c, "column", f->column);
	wn_json_set_str(c, "sql", sql);
	wn_json_set_str(c, "table", r->to->table);
	wn_json_set_str(c, "via", r->column);
	return WN_OK;
}

static void
add_normalize(struct wn_json *j, const struct cg_field *f)
{
	struct wn_json *c;

	if (!f->normalize)
		return;
	c = codegen_push_object(j, "normalize");
	wn_json_set_str(c, "key", f->name);
	wn_json_set(c, "rules", wn_json_copy(f->normalize));
}

struct wn_json *
codegen_entity_context(struct cg_model *m, const struct cg_entity *e)
{
	struct wn_json *j = wn_json_new_object(), *slug;
	const char *select = codegen_sql_select(m, e);
	size_t i;

	wn_json_set_str(j, "id", e->id);
	wn_json_set_str(j, "name", e->name);
	wn_json_set_str(j, "snake", e->snake);
	wn_json_set_str(j, "table", e->table);
	wn_json_set_bool(j, "soft", e->soft);
	wn_json_set_bool(j, "timestamps", e->timestamps);
	wn_json_set_bool(j, "searchable", e->searchable);
	for (i = 0; i < e->n_fields && select; i++) {
		const struct cg_field *f = &e->fields[i];

		add_field(m, j, e, f);
		add_normalize(j, f);
		if (f->from) {
			slug = wn_json_set(j, "slug", wn_json_new_object());
			wn_json_set_str(slug, "column", f->column);
			wn_json_set_str(slug, "col", f->col);
			wn_json_set_str(slug, "from", f->from->column);
		}
		if (f->copy && add_copy(m, j, e, f))
			select = NULL;
	}
	if (!select) {
		wn_json_free(j);
		return NULL;
	}
	wn_json_set_str(j, "select", select);
	for (i = 0; i < e->n_rels; i++)
		add_relation(m, j, e->rels[i]);
	wn_json_set_bool(j, "anyRef", e->n_rels > 0);
	add_checks(m, j, e);
	add_unique_sets(j, e);
	codegen_entity_links(m, j, e);
	return j;
}

struct wn_json *
codegen_search_context(struct cg_model *m)
{
	struct wn_json *j = wn_json_new_object(), *t;

	wn_json_set(j, "tables", wn_json_new_array());
	for (size_t i = 0; i < m->n_entities; i++) {
		if (!m->entities[i].searchable)
			continue;
		t = codegen_push_object(j, "tables");
		wn_json_set_str(t, "name", m->entities[i].name);
		wn_json_set_str(t, "snake", m->entities[i].snake);
	}
	return j;
}

/* ---- views ---------------------------------------------------------------------------------- */

static const char *
member_value(struct cg_model *m, const struct cg_entity *e, const char *name)
{
	const struct cg_field *f = codegen_field(e, name);
	const struct cg_relation *r = codegen_relation(e, name);

	if (r)
		return wn_arena_printf(m->arena, "reference(row.%s, row.%s_label)", r->column,
				       r->column);
	if (f && f->type == CG_MONEY)
		return wn_arena_printf(m->arena, "moneyToText(row.%s, MONEY_SCALE)", f->column);
	if (f && f->type == CG_BOOL)
		return wn_arena_printf(m->arena, "toBool(row.%s)", f->column);
	if (f && f->type == CG_JSON)
		return wn_arena_printf(m->arena, "fromJson(row.%s)", f->column);
	return wn_arena_printf(m->arena, "row.%s", f ? f->column : codegen_snake(m->arena, name));
}

static wn_err
add_member(struct cg_model *m, struct wn_json *j, const struct cg_view *v, const char *name)
{
	const struct cg_field *f = codegen_field(v->entity, name);
	struct wn_json *c = codegen_push_object(j, "members");
	struct codegen_access env = { .viewer = "viewer",
				      .owner = v->entity->owner_sql ? "owns(viewer, row)" : NULL };
	const char *guard;

	wn_json_set_str(c, "key", name);
	wn_json_set_str(c, "value", member_value(m, v->entity, name));
	wn_json_set_bool(c, "guard", false);
	if (!f || !f->read)
		return WN_OK;
	guard = codegen_access_ts(m, f->read, &env);
	if (!guard)
		return WN_E_INVALID;
	wn_json_set_str(c, "guard", guard);
	return WN_OK;
}

void
codegen_view_import(struct wn_json *j, const char *list, const char *name, const char *value,
		    const char *file)
{
	const struct wn_json *c;
	struct wn_json *i;

	for (c = wn_json_first(wn_json_get(j, list)); c; c = wn_json_next(c))
		if (strcmp(wn_json_get_str(c, name, ""), value) == 0)
			return;
	i = codegen_push_object(j, list);
	wn_json_set_str(i, name, value);
	wn_json_set_str(i, "file", file);
}

static void
add_embed(struct cg_model *m, struct wn_json *j, const struct cg_view *v, size_t i)
{
	const char *name = v->embeds[i];
	const struct cg_view *inner = v->embed_views[i];
	const struct cg_relation *r = codegen_relation(v->entity, name);
	struct wn_json *c = codegen_push_object(j, r ? "embedOne" : "embedMany");
	const char *table = wn_arena_printf(m->arena, "%sTable", inner->entity->name);

	wn_json_set_str(c, "key", name);
	wn_json_set_str(c, "var", wn_arena_printf(m->arena, "%sOf", name));
	wn_json_set_str(c, "fn", inner->fn);
	wn_json_set_str(c, "table", table);
	codegen_view_import(j, "imports", "var", table, inner->entity->snake);
	if (inner != v)
		codegen_view_import(j, "viewImports", "fn", inner->fn,
				    codegen_snake(m->arena, inner->name));
	if (!r)
		r = codegen_inverse(m, v->entity, name);
	wn_json_set_str(c, "column", r->column);
	wn_json_set_str(c, "by",
			wn_arena_printf(m->arena, "by%s", codegen_pascal(m->arena, r->name)));
}

struct wn_json *
codegen_view_context(struct cg_model *m, const struct cg_view *v)
{
	struct wn_json *j = wn_json_new_object();
	size_t i, k;
	wn_err err = WN_OK;

	wn_json_set_str(j, "id", v->id);
	wn_json_set_str(j, "name", v->name);
	wn_json_set_str(j, "fn", v->fn);
	wn_json_set_str(j, "entity", v->entity->name);
	for (i = 0; i < v->n_names && !err; i++) {
		for (k = 0; k < v->n_embeds; k++)
			if (strcmp(v->embeds[k], v->names[i]) == 0)
				break;
		if (k == v->n_embeds && codegen_side(m, v->entity, v->names[i]).link)
			codegen_link_member(m, j, v, v->names[i]);
		else if (k == v->n_embeds)
			err = add_member(m, j, v, v->names[i]);
	}
	for (i = 0; i < v->n_embeds; i++)
		if (codegen_side(m, v->entity, v->embeds[i]).link)
			codegen_link_embed(m, j, v, i);
		else
			add_embed(m, j, v, i);
	for (i = 0; i < v->n_calcs && !err; i++)
		err = codegen_calc_member(m, j, v, &v->calcs[i]);
	wn_json_set_bool(j, "anyMaps",
			 wn_json_get(j, "linkMaps") != NULL || wn_json_get(j, "valueMaps") != NULL);
	if (!err)
		return j;
	wn_json_free(j);
	return NULL;
}
