/*
 * The resolver, first half: header, roles, entities, fields, relations, workflows, identity.
 * Refuses what the stack cannot make; never guesses.
 */
#include "ai/codegen/model.h"

#include <stdarg.h>
#include <string.h>

#include "ai/codegen/model_priv.h"
#include "ai/codegen/names.h"
#include "runtime/base/mem.h"

wn_err
codegen_model_fail(struct cg_model *m, wn_err code, const char *list, size_t i, const char *fmt,
		   ...)
{
	va_list ap;

	va_start(ap, fmt);
	wn_failv(m->d, code, fmt, ap);
	va_end(ap);
	wn_fail_where(m->d, "/%s/%zu", list, i);
	return code;
}

void
codegen_model_note(struct cg_model *m, const char *fmt, ...)
{
	struct codegen_files *f = m->files;
	va_list ap;

	if (f->notes_len == f->notes_cap) {
		const char **grown = wn_arena_array(m->arena, f->notes_cap * 2 + 8, sizeof *grown);

		if (f->notes_len > 0)
			memcpy(grown, f->notes, f->notes_len * sizeof *grown);
		f->notes = grown;
		f->notes_cap = f->notes_cap * 2 + 8;
	}
	va_start(ap, fmt);
	f->notes[f->notes_len++] = wn_arena_vprintf(m->arena, fmt, ap);
	va_end(ap);
}

struct cg_entity *
codegen_entity(const struct cg_model *m, const char *id)
{
	size_t i;

	for (i = 0; id && i < m->n_entities; i++)
		if (strcmp(m->entities[i].id, id) == 0)
			return &m->entities[i];
	return NULL;
}

const struct cg_field *
codegen_field(const struct cg_entity *e, const char *name)
{
	size_t i;

	for (i = 0; name && i < e->n_fields; i++)
		if (strcmp(e->fields[i].name, name) == 0)
			return &e->fields[i];
	return NULL;
}

const struct cg_field *
codegen_field_by_id(const struct cg_entity *e, const char *id)
{
	size_t i;

	for (i = 0; id && i < e->n_fields; i++)
		if (strcmp(e->fields[i].id, id) == 0)
			return &e->fields[i];
	return NULL;
}

struct cg_relation *
codegen_relation(const struct cg_entity *e, const char *name)
{
	size_t i;

	for (i = 0; name && i < e->n_rels; i++)
		if (strcmp(e->rels[i]->name, name) == 0)
			return e->rels[i];
	return NULL;
}

struct cg_relation *
codegen_inverse(const struct cg_model *m, const struct cg_entity *e, const char *name)
{
	size_t i;

	for (i = 0; name && i < m->n_rels; i++)
		if (m->rels[i].to == e && m->rels[i].inverse &&
		    strcmp(m->rels[i].inverse, name) == 0)
			return &m->rels[i];
	return NULL;
}

/* ---- fields ------------------------------------------------------------------------- */

static enum cg_type
field_type(const char *name)
{
	static const char *const names[] = { "string", "text",	"markdown", "int",	"decimal",
					     "money",  "bool",	"date",	    "datetime", "email",
					     "url",    "phone", "slug",	    "secret",	"enum",
					     "json",   "uuid" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return (enum cg_type)i;
	return CG_UNSUPPORTED;
}

static bool
is_class(const struct wn_json *j, const char *class)
{
	return strcmp(wn_json_get_str(j, "class", ""), class) == 0;
}

static void
read_limits(struct cg_field *f, const struct wn_json *j)
{
	const struct wn_json *min = wn_json_get(j, "min"), *max = wn_json_get(j, "max");

	f->has_min = min != NULL;
	f->has_max = max != NULL;
	f->min = wn_json_num(min, 0);
	f->max = wn_json_num(max, 0);
}

static void
read_field(struct cg_model *m, struct cg_field *f, const struct wn_json *j)
{
	f->json = j;
	f->id = wn_json_get_str(j, "id", "");
	f->name = wn_json_get_str(j, "name", "");
	f->type = field_type(wn_json_get_str(j, "type", ""));
	f->column = codegen_snake(m->arena, f->name);
	if (f->type == CG_SECRET)
		f->column = wn_arena_printf(m->arena, "%s_hash", f->column);
	f->col = codegen_sql_name(m->arena, f->column);
	f->required = wn_json_get_bool(j, "required", false);
	f->unique = wn_json_get(j, "unique") &&
		    !(wn_json_type(wn_json_get(j, "unique")) == WN_JSON_BOOL &&
		      !wn_json_get_bool(j, "unique", false));
	f->system = wn_json_get_bool(j, "system", false);
	f->index = wn_json_get_bool(j, "index", false);
	f->search = wn_json_get_bool(j, "search", false);
	f->personal = is_class(j, "personal") || is_class(j, "sensitive") || is_class(j, "secret");
	read_limits(f, j);
	f->pattern = wn_json_get_str(j, "pattern", NULL);
	f->copy = wn_json_get_str(j, "copy", NULL);
	f->label = wn_json_get(j, "label");
	f->help = wn_json_get(j, "help");
	f->values = wn_json_get(j, "values");
	f->def = wn_json_get(j, "default");
	if (wn_json_type(f->def) == WN_JSON_NULL)
		f->def = NULL;
	f->computed = wn_json_get(j, "computed");
	f->normalize = wn_json_get(j, "normalize");
	f->read = wn_json_get(j, "read");
	f->write = wn_json_get(j, "write");
	if (f->type == CG_SLUG && wn_json_get(j, "from"))
		f->system = true;
}

static wn_err
check_field(struct cg_model *m, const struct cg_entity *e, const struct cg_field *f, size_t i)
{
	/* The second line: every JavaScript object has these already. */
	static const char *const reserved[] = { "id",
						"createdAt",
						"updatedAt",
						"deletedAt",
						"constructor",
						"toString",
						"valueOf",
						"hasOwnProperty",
						"isPrototypeOf",
						"propertyIsEnumerable",
						"toLocaleString" };
	size_t r;

	if (f->type == CG_UNSUPPORTED)
		return codegen_model_fail(m, WN_E_UNSUPPORTED, "entities", i,
					  "field %s: this stack has no type '%s' yet", f->id,
					  wn_json_get_str(f->json, "type", ""));
	if (f->type == CG_ENUM && wn_json_len(f->values) == 0)
		return codegen_model_fail(m, WN_E_INVALID, "entities", i,
					  "field %s: an enum needs values", f->id);
	if (f->type == CG_SLUG && f->system && !f->from)
		return codegen_model_fail(m, WN_E_NOT_FOUND, "entities", i,
					  "field %s: 'from' names no field of %s", f->id, e->id);
	for (r = 0; r < sizeof reserved / sizeof *reserved; r++)
		if (strcmp(f->name, reserved[r]) == 0)
			return codegen_model_fail(m, WN_E_INVALID, "entities", i,
						  "field %s: the name '%s' is taken already", f->id,
						  f->name);
	return WN_OK;
}

/* ---- entities ----------------------------------------------------------------------- */

static const struct cg_field *
title_of(const struct cg_entity *e, const struct wn_json *j)
{
	const struct cg_field *named = codegen_field_by_id(e, wn_json_get_str(j, "title", NULL));
	size_t i;

	if (named)
		return named;
	for (i = 0; i < e->n_fields; i++)
		if (e->fields[i].type == CG_STRING && !e->fields[i].personal && !e->fields[i].read)
			return &e->fields[i];
	return NULL;
}

static wn_err
read_entity(struct cg_model *m, size_t i, const struct wn_json *j)
{
	struct cg_entity *e = &m->entities[i];
	const struct wn_json *c;
	size_t n = 0;
	wn_err err = WN_OK;

	e->id = wn_json_get_str(j, "id", "");
	e->name = wn_json_get_str(j, "name", "");
	e->snake = codegen_snake(m->arena, e->name);
	e->table = codegen_sql_name(m->arena, e->snake);
	e->type = codegen_pascal(m->arena, e->name);
	e->label = wn_json_get(j, "label");
	e->unique = wn_json_get(j, "unique");
	e->checks = wn_json_get(j, "checks");
	if (strncmp(e->snake, "sqlite_", 7) == 0)
		return codegen_model_fail(m, WN_E_INVALID, "entities", i,
					  "entity %s: SQLite keeps names that begin so to itself",
					  e->id);
	e->timestamps = wn_json_get_bool(j, "timestamps", false);
	e->soft = wn_json_get_bool(j, "softDelete", false);
	e->audit = wn_json_get_bool(j, "audit", false);
	if (wn_json_get(j, "tenant") && strcmp(wn_json_get_str(j, "tenant", ""), "shared") != 0)
		return codegen_model_fail(m, WN_E_UNSUPPORTED, "entities", i,
					  "entity %s: this stack has no tenants yet", e->id);
	if (wn_json_get(j, "retention"))
		codegen_model_note(m, "%s: retention is not enforced yet.", e->id);
	e->n_fields = wn_json_len(wn_json_get(j, "fields"));
	e->fields = wn_arena_array(m->arena, e->n_fields, sizeof *e->fields);
	for (c = wn_json_first(wn_json_get(j, "fields")); c; c = wn_json_next(c))
		read_field(m, &e->fields[n++], c);
	for (n = 0; n < e->n_fields && !err; n++) {
		struct cg_field *f = &e->fields[n];

		f->from = codegen_field_by_id(e, wn_json_get_str(f->json, "from", NULL));
		e->searchable |= f->search;
		err = check_field(m, e, f, i);
	}
	e->title = title_of(e, j);
	return err;
}

static wn_err
read_entities(struct cg_model *m)
{
	const struct wn_json *list = wn_json_get(m->doc, "entities"), *c;
	size_t i = 0;
	wn_err err = WN_OK;

	m->n_entities = wn_json_len(list);
	m->entities = wn_arena_array(m->arena, m->n_entities, sizeof *m->entities);
	for (c = wn_json_first(list); c && !err; c = wn_json_next(c))
		err = read_entity(m, i++, c);
	return err;
}

/* ---- relations ---------------------------------------------------------------------- */

static const char *
on_delete_sql(const char *word, bool required)
{
	if (strcmp(word, "cascade") == 0)
		return "CASCADE";
	if (strcmp(word, "setNull") == 0 && !required)
		return "SET NULL";
	return "RESTRICT";
}

static wn_err
read_relation(struct cg_model *m, size_t i, const struct wn_json *j)
{
	struct cg_relation *r = &m->rels[m->n_rels];
	const struct wn_json *input = wn_json_get(j, "input");

	r->id = wn_json_get_str(j, "id", "");
	if (wn_json_get(input, "by") || wn_json_get(input, "createMissing"))
		return codegen_model_fail(m, WN_E_UNSUPPORTED, "relations", i,
					  "relation %s: input by another field is not made yet",
					  r->id);
	r->from = codegen_entity(m, wn_json_get_str(j, "from", ""));
	r->to = codegen_entity(m, wn_json_get_str(j, "to", ""));
	if (!r->from || !r->to)
		return codegen_model_fail(m, WN_E_NOT_FOUND, "relations", i,
					  "relation %s: 'from' or 'to' is no entity", r->id);
	r->name = wn_json_get_str(j, "name", "");
	r->column = wn_arena_printf(m->arena, "%s_id", codegen_snake(m->arena, r->name));
	r->col = codegen_sql_name(m->arena, r->column);
	r->key = wn_arena_printf(m->arena, "%sId", r->name);
	r->required = wn_json_get_bool(j, "required", false);
	r->owner = wn_json_get_bool(j, "owner", false);
	r->part = wn_json_get_bool(j, "part", false);
	r->read_only = wn_json_get_bool(input, "readOnly", false);
	r->on_delete = on_delete_sql(wn_json_get_str(j, "onDelete", "restrict"), r->required);
	r->inverse = wn_json_get_str(j, "inverse", NULL);
	r->label = wn_json_get(j, "label");
	r->inverse_label = wn_json_get(j, "inverseLabel");
	r->write = wn_json_get(input, "write");
	m->n_rels++;
	return WN_OK;
}

/* Each entity gets the list of its own relations. */
static void
hand_out_relations(struct cg_model *m)
{
	size_t i, k, n;

	for (i = 0; i < m->n_entities; i++) {
		struct cg_entity *e = &m->entities[i];

		for (k = 0; k < m->n_rels; k++)
			e->n_rels += m->rels[k].from == e;
		e->rels = wn_arena_array(m->arena, e->n_rels, sizeof *e->rels);
		for (n = 0, k = 0; k < m->n_rels; k++)
			if (m->rels[k].from == e)
				e->rels[n++] = &m->rels[k];
	}
}

static wn_err
read_relations(struct cg_model *m)
{
	const struct wn_json *list = wn_json_get(m->doc, "relations"), *c;
	size_t i = 0;
	wn_err err = WN_OK;

	m->rels = wn_arena_array(m->arena, wn_json_len(list) + 1, sizeof *m->rels);
	m->links = wn_arena_array(m->arena, wn_json_len(list) + 1, sizeof *m->links);
	for (c = wn_json_first(list); c && !err; c = wn_json_next(c), i++) {
		if (strcmp(wn_json_get_str(c, "kind", ""), "manyToMany") != 0)
			err = read_relation(m, i, c);
		else
			err = codegen_read_link(m, i, c, &m->links[m->n_links++]);
	}
	if (!err) {
		hand_out_relations(m);
		codegen_hand_out_links(m);
	}
	return err;
}

/* Column i of an entity: its fields, then its relations. */
static const char *
nth_column(const struct cg_entity *e, size_t i)
{
	return i < e->n_fields ? e->fields[i].column : e->rels[i - e->n_fields]->column;
}

/* Two names may come down to one column: a field categoryId and a relation category. */
static wn_err
check_columns(struct cg_model *m)
{
	size_t i, k, n;

	for (n = 0; n < m->n_entities; n++) {
		const struct cg_entity *e = &m->entities[n];

		for (i = 0; i < e->n_fields + e->n_rels; i++)
			for (k = 0; k < i; k++)
				if (strcmp(nth_column(e, i), nth_column(e, k)) == 0)
					return codegen_model_fail(
						m, WN_E_EXISTS, "entities", n,
						"entity %s: two things need the column %s", e->id,
						nth_column(e, i));
	}
	return WN_OK;
}

/* Tables in an order in which every required reference points back. */
static wn_err
order_tables(struct cg_model *m)
{
	unsigned done = 0, before;
	size_t i, k;

	do {
		before = done;
		for (i = 0; i < m->n_entities; i++) {
			struct cg_entity *e = &m->entities[i];
			bool ready = e->order == 0;

			for (k = 0; k < e->n_rels; k++)
				ready &= e->rels[k]->to->order > 0 || e->rels[k]->to == e ||
					 !e->rels[k]->required;
			if (ready)
				e->order = ++done;
		}
	} while (done > before && done < m->n_entities);
	if (done == m->n_entities)
		return WN_OK;
	wn_fail_where(m->d, "/relations");
	return wn_fail(m->d, WN_E_INVALID,
		       "required relations form a circle: no row could ever be the first");
}

/* SQL for the owner's id, over the row called `alias`; NULL: rows have no owner. */
static const char *
owner_sql(struct cg_model *m, const struct cg_entity *e, const char *alias, unsigned depth)
{
	size_t i;

	if (e == m->user)
		return wn_arena_printf(m->arena, "%s.id", alias);
	for (i = 0; i < e->n_rels; i++)
		if (e->rels[i]->owner && e->rels[i]->to == m->user)
			return wn_arena_printf(m->arena, "%s.%s", alias, e->rels[i]->col);
	for (i = 0; i < e->n_rels && depth < 4; i++) {
		const struct cg_relation *r = e->rels[i];
		const char *inner = wn_arena_printf(m->arena, "o%u", depth), *sql;

		if (!r->part || !(sql = owner_sql(m, r->to, inner, depth + 1)))
			continue;
		return wn_arena_printf(m->arena, "(SELECT %s FROM %s %s WHERE %s.id = %s.%s)", sql,
				       r->to->table, inner, inner, alias, r->col);
	}
	return NULL;
}

/* ---- workflows ---------------------------------------------------------------------- */

static wn_err
read_workflow(struct cg_model *m, size_t i, const struct wn_json *j)
{
	struct cg_entity *e = codegen_entity(m, wn_json_get_str(j, "entity", ""));
	const struct wn_json *c;
	size_t n = 0;

	if (!e || e->workflow)
		return codegen_model_fail(m, e ? WN_E_UNSUPPORTED : WN_E_NOT_FOUND, "workflows", i,
					  "workflow: needs an entity that has no other workflow");
	e->workflow = codegen_field_by_id(e, wn_json_get_str(j, "field", ""));
	if (!e->workflow || e->workflow->type != CG_ENUM)
		return codegen_model_fail(m, WN_E_INVALID, "workflows", i,
					  "workflow: its field must be an enum of %s", e->id);
	e->initial = wn_json_get_str(j, "initial", "");
	e->n_transitions = wn_json_len(wn_json_get(j, "transitions"));
	e->transitions = wn_arena_array(m->arena, e->n_transitions, sizeof *e->transitions);
	for (c = wn_json_first(wn_json_get(j, "transitions")); c; c = wn_json_next(c))
		e->transitions[n++] = (struct cg_transition){
			.name = wn_json_get_str(c, "name", ""),
			.to = wn_json_get_str(c, "to", ""),
			.from = wn_json_get(c, "from"),
			.access = wn_json_get(c, "access"),
			.emits = wn_json_get(c, "emits"),
			.effects = wn_json_get(c, "effects"),
			.label = wn_json_get(c, "label"),
		};
	return WN_OK;
}

/* ---- identity, roles, header ---------------------------------------------------------- */

static wn_err
read_identity(struct cg_model *m)
{
	const struct wn_json *j = wn_json_get(m->doc, "identity"), *login = wn_json_get(j, "login");

	m->user = codegen_entity(m, wn_json_get_str(j, "entity", NULL));
	if (!m->user) {
		wn_fail_where(m->d, "/identity");
		return wn_fail(m->d, WN_E_UNSUPPORTED,
			       "this stack needs an identity with an entity");
	}
	m->user->identity = true;
	m->login = codegen_field_by_id(m->user, wn_json_str(wn_json_first(login), NULL));
	m->secret = codegen_field_by_id(m->user, wn_json_get_str(j, "secret", NULL));
	m->role = codegen_field_by_id(m->user, wn_json_get_str(j, "roleField", NULL));
	m->session_days = (unsigned)wn_json_get_num(wn_json_get(j, "token"), "days", 30);
	if (m->login && m->login->unique && m->secret && m->secret->type == CG_SECRET &&
	    wn_json_len(login) == 1 && !wn_json_get(j, "tenant"))
		return WN_OK;
	wn_fail_where(m->d, "/identity");
	return wn_fail(
		m->d, WN_E_UNSUPPORTED,
		"identity needs one unique login field, a field of type secret, and no tenant");
}

static wn_err
check_secrets(struct cg_model *m)
{
	size_t i, k;

	for (i = 0; i < m->n_entities; i++)
		for (k = 0; k < m->entities[i].n_fields; k++)
			if (m->entities[i].fields[k].type == CG_SECRET &&
			    &m->entities[i].fields[k] != m->secret)
				return codegen_model_fail(
					m, WN_E_UNSUPPORTED, "entities", i,
					"field %s: only the identity's secret is made",
					m->entities[i].fields[k].id);
	return WN_OK;
}

static void
read_roles(struct cg_model *m)
{
	const struct wn_json *c;
	size_t n = 0;

	m->n_roles = wn_json_len(wn_json_get(m->doc, "roles"));
	m->roles = wn_arena_array(m->arena, m->n_roles, sizeof *m->roles);
	for (c = wn_json_first(wn_json_get(m->doc, "roles")); c; c = wn_json_next(c))
		m->roles[n++] = (struct cg_role){
			.id = wn_json_get_str(c, "id", ""),
			.name = wn_json_get_str(c, "name", ""),
			.label = wn_json_get(c, "label"),
			.inherits = wn_json_get_str(c, "inherits", NULL),
			.implicit = wn_json_get_bool(c, "implicit", false),
			.is_default = wn_json_get_bool(c, "default", false),
		};
}

static wn_err
read_header(struct cg_model *m)
{
	const struct wn_json *j = wn_json_get(m->doc, "conventions");

	m->base_path = wn_json_get_str(j, "basePath", "/api");
	m->currency = wn_json_get_str(j, "currency", "");
	m->timezone = wn_json_get_str(j, "timezone", "UTC");
	m->scale = (unsigned)wn_json_get_num(j, "moneyScale", 2);
	if (strcmp(wn_json_get_str(j, "case", "camel"), "camel") != 0 ||
	    !wn_json_get_bool(j, "envelope", true)) {
		wn_fail_where(m->d, "/conventions");
		return wn_fail(m->d, WN_E_UNSUPPORTED,
			       "this stack writes camelCase names and enveloped answers only");
	}
	if (wn_json_get(wn_json_get(m->doc, "quality"), "budgets"))
		codegen_model_note(m, "quality.budgets: not measured by the platform's own tests.");
	if (wn_json_len(wn_json_get(m->doc, "jobs")) > 0)
		codegen_model_note(m, "jobs: not made yet; events are kept in the table _outbox.");
	if (wn_json_len(wn_json_get(m->doc, "integrations")) > 0)
		codegen_model_note(m, "integrations: not made yet.");
	return WN_OK;
}

wn_err
codegen_model_build(struct cg_model *m)
{
	const struct wn_json *c;
	size_t i = 0;
	wn_err err = read_header(m);

	if (!err)
		err = read_entities(m);
	if (!err)
		err = read_relations(m);
	if (!err)
		err = check_columns(m);
	if (!err)
		err = order_tables(m);
	if (!err)
		err = read_identity(m);
	if (!err)
		err = check_secrets(m);
	if (err)
		return err;
	read_roles(m);
	for (c = wn_json_first(wn_json_get(m->doc, "workflows")); c && !err; c = wn_json_next(c))
		err = read_workflow(m, i++, c);
	for (i = 0; i < m->n_entities; i++)
		m->entities[i].owner_sql = owner_sql(m, &m->entities[i], "t", 0);
	if (!err)
		err = codegen_build_views(m);
	if (!err)
		err = codegen_build_ops(m);
	return err ? err : codegen_build_pages(m);
}
