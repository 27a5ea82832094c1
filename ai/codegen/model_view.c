/*
 * The resolver: views. A view is a list of names and a list of embedded views; extends and
 * omit are gone afterwards. Every entity gets a view of its own for operations that name none.
 */
#include <string.h>

#include "ai/codegen/model_priv.h"
#include "ai/codegen/names.h"

#define EXTENDS_MAX 8

static const struct wn_json *
view_json(const struct cg_model *m, const char *id, size_t *index_out)
{
	const struct wn_json *c;
	size_t i = 0;

	for (c = wn_json_first(wn_json_get(m->doc, "views")); c; c = wn_json_next(c), i++)
		if (id && strcmp(wn_json_get_str(c, "id", ""), id) == 0) {
			*index_out = i;
			return c;
		}
	return NULL;
}

static struct cg_view *
find_view(struct cg_model *m, const char *id)
{
	size_t i;

	for (i = 0; id && i < m->n_views; i++)
		if (strcmp(m->views[i].id, id) == 0)
			return &m->views[i];
	return NULL;
}

static bool
is_omitted(const struct wn_json *omit, const char *name)
{
	const struct wn_json *c;

	for (c = wn_json_first(omit); c; c = wn_json_next(c))
		if (strcmp(wn_json_str(c, ""), name) == 0)
			return true;
	return false;
}

static void
add_name(struct cg_view *v, const struct wn_json *omit, const char *name)
{
	size_t i;

	for (i = 0; i < v->n_names; i++)
		if (strcmp(v->names[i], name) == 0)
			return;
	if (!is_omitted(omit, name))
		v->names[v->n_names++] = name;
}

static void
add_all_names(struct cg_view *v, const struct wn_json *omit)
{
	const struct cg_entity *e = v->entity;
	size_t i;

	add_name(v, omit, "id");
	for (i = 0; i < e->n_fields; i++)
		if (e->fields[i].type != CG_SECRET)
			add_name(v, omit, e->fields[i].name);
	for (i = 0; i < e->n_rels; i++)
		add_name(v, omit, e->rels[i]->name);
	for (i = 0; i < e->n_links; i++)
		add_name(v, omit, e->links[i]->name);
	if (e->timestamps) {
		add_name(v, omit, "createdAt");
		add_name(v, omit, "updatedAt");
	}
}

static bool
is_known_name(const struct cg_model *m, const struct cg_entity *e, const char *name)
{
	const struct cg_field *f = codegen_field(e, name);

	if (f)
		return f->type != CG_SECRET;
	if (codegen_relation(e, name) || strcmp(name, "id") == 0 || codegen_side(m, e, name).link)
		return true;
	return e->timestamps && (strcmp(name, "createdAt") == 0 || strcmp(name, "updatedAt") == 0);
}

/* The entity a view is of, through extends; NULL when that leads nowhere. */
static struct cg_entity *
entity_of(struct cg_model *m, const struct wn_json *j, unsigned depth)
{
	size_t i;

	if (!j || depth > EXTENDS_MAX)
		return NULL;
	if (wn_json_get(j, "of"))
		return codegen_entity(m, wn_json_get_str(j, "of", NULL));
	return entity_of(m, view_json(m, wn_json_get_str(j, "extends", NULL), &i), depth + 1);
}

/* Names of j on top of those it extends; omit of the outer views is applied by add_name. */
static wn_err
collect_names(struct cg_model *m, struct cg_view *v, const struct wn_json *j, size_t index,
	      unsigned depth)
{
	const struct wn_json *base, *c, *omit = wn_json_get(j, "omit");
	size_t base_index, i, n = 0;
	wn_err err;

	base = view_json(m, wn_json_get_str(j, "extends", NULL), &base_index);
	if (wn_json_get(j, "extends") && (!base || depth > EXTENDS_MAX))
		return codegen_model_fail(m, WN_E_NOT_FOUND, "views", index,
					  "view %s: extends nothing, or itself", v->id);
	if (base && (err = collect_names(m, v, base, base_index, depth + 1)) != 0)
		return err;
	if ((err = codegen_read_calcs(m, v, index, wn_json_get(j, "computed"))) != 0)
		return err;
	for (c = wn_json_first(wn_json_get(j, "fields")); c; c = wn_json_next(c)) {
		if (wn_json_get(wn_json_get(j, "computed"), wn_json_str(c, "")))
			continue; /* shown anyway */
		if (!is_known_name(m, v->entity, wn_json_str(c, "")))
			return codegen_model_fail(m, WN_E_NOT_FOUND, "views", index,
						  "view %s: '%s' is nothing a view of %s may show",
						  v->id, wn_json_str(c, ""), v->entity->id);
		add_name(v, omit, wn_json_str(c, ""));
	}
	if (!base && !wn_json_get(j, "fields"))
		add_all_names(v, omit);
	for (i = 0; i < v->n_names; i++)
		if (!is_omitted(omit, v->names[i]))
			v->names[n++] = v->names[i];
	v->n_names = n;
	return WN_OK;
}

static wn_err
collect_embeds(struct cg_model *m, struct cg_view *v, const struct wn_json *j, size_t index)
{
	const struct wn_json *c, *embed = wn_json_get(j, "embed");
	size_t base_index;

	if (!embed) {
		j = view_json(m, wn_json_get_str(j, "extends", NULL), &base_index);
		return j ? collect_embeds(m, v, j, base_index) : WN_OK;
	}
	v->embeds = wn_arena_array(m->arena, wn_json_len(embed), sizeof *v->embeds);
	v->embed_views = wn_arena_array(m->arena, wn_json_len(embed), sizeof(struct cg_view *));
	for (c = wn_json_first(embed); c; c = wn_json_next(c)) {
		const char *name = wn_json_key(c);
		struct cg_view *inner = find_view(m, wn_json_str(c, NULL));
		const struct cg_relation *r = codegen_relation(v->entity, name);
		const struct cg_relation *back = codegen_inverse(m, v->entity, name);
		struct cg_side side = codegen_side(m, v->entity, name);
		const struct cg_entity *of = r		 ? r->to
					     : back	 ? back->from
					     : side.link ? codegen_side_to(side)
							 : NULL;

		if (!inner || inner->entity != of)
			return codegen_model_fail(m, WN_E_NOT_FOUND, "views", index,
						  "view %s: '%s' cannot be embedded so", v->id,
						  name);
		v->embeds[v->n_embeds] = name;
		v->embed_views[v->n_embeds++] = inner;
	}
	return WN_OK;
}

static bool
contains_itself(const struct cg_view *v, unsigned depth)
{
	size_t i;

	if (depth > EXTENDS_MAX)
		return true;
	for (i = 0; i < v->n_embeds; i++)
		if (contains_itself(v->embed_views[i], depth + 1))
			return true;
	return false;
}

static void
init_view(struct cg_model *m, struct cg_view *v, const char *id, const char *name,
	  struct cg_entity *e)
{
	v->id = id;
	v->name = name;
	v->fn = wn_arena_printf(m->arena, "%sView", name);
	v->schema = codegen_pascal(m->arena, name);
	v->entity = e;
	v->names = wn_arena_array(m->arena, e->n_fields + e->n_rels + 2 * m->n_links + 4,
				  sizeof *v->names);
}

static wn_err
read_view(struct cg_model *m, size_t i, const struct wn_json *j)
{
	struct cg_view *v = &m->views[i];
	struct cg_entity *e = entity_of(m, j, 0);
	size_t k;

	if (!e)
		return codegen_model_fail(m, WN_E_NOT_FOUND, "views", i, "view %s: is of no entity",
					  wn_json_get_str(j, "id", ""));
	init_view(m, v, wn_json_get_str(j, "id", ""), wn_json_get_str(j, "name", ""), e);
	for (k = 0; k < i; k++)
		if (strcmp(m->views[k].schema, v->schema) == 0)
			return codegen_model_fail(m, WN_E_EXISTS, "views", i,
						  "view %s: the name '%s' is used twice", v->id,
						  v->name);
	return collect_names(m, v, j, i, 0);
}

wn_err
codegen_build_views(struct cg_model *m)
{
	const struct wn_json *list = wn_json_get(m->doc, "views"), *c;
	size_t i = 0;
	wn_err err = WN_OK;

	m->views = wn_arena_array(m->arena, wn_json_len(list) + m->n_entities, sizeof *m->views);
	for (c = wn_json_first(list); c && !err; c = wn_json_next(c)) {
		err = read_view(m, i++, c);
		m->n_views = i;
	}
	for (i = 0, c = wn_json_first(list); c && !err; c = wn_json_next(c), i++)
		err = collect_embeds(m, &m->views[i], c, i);
	for (i = 0; i < m->n_views && !err; i++)
		if (contains_itself(&m->views[i], 0))
			err = codegen_model_fail(m, WN_E_INVALID, "views", i,
						 "view %s: embeds itself, or too deep",
						 m->views[i].id);
	return err;
}

struct cg_view *
codegen_view_for(struct cg_model *m, const char *id, struct cg_entity *e)
{
	struct cg_view *v;
	const char *own;

	if (id)
		return find_view(m, id);
	own = wn_arena_printf(m->arena, "viw_default_%s", e->snake);
	if ((v = find_view(m, own)) != NULL)
		return v;
	v = &m->views[m->n_views++];
	init_view(m, v, own, wn_arena_printf(m->arena, "%sRecord", e->name), e);
	add_all_names(v, NULL);
	return v;
}
