/*
 * Contexts of the files that exist once: identity, seed, README.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ai/codegen/context.h"
#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"
#include "ai/codegen/schema.h"

static void
add_role(struct cg_model *m, struct wn_json *j, const struct cg_role *r)
{
	struct wn_json *c = codegen_push_object(j, "roles");
	struct wn_json *grants = wn_json_set(c, "grants", wn_json_new_array());
	size_t i;

	wn_json_set_str(c, "name", r->name);
	for (i = 0; i < m->n_roles; i++) {
		struct wn_json *rule = wn_json_new_str(
			wn_str(wn_arena_printf(m->arena, "role:%s", m->roles[i].name)));

		if (codegen_access_eval(m, rule, &(struct codegen_actor){ .role = r->name }) == 1)
			wn_json_push(grants, wn_json_new_str(wn_str(m->roles[i].name)));
		wn_json_free(rule);
	}
}

/* The blueprint's own words for codes of errors, in its first language. */
static void
add_messages(struct cg_model *m, struct wn_json *j)
{
	const struct wn_json *conventions = wn_json_get(m->doc, "conventions"), *c;
	const char *first = wn_json_str(wn_json_first(wn_json_get(m->doc, "locales")), "en");

	wn_json_set_bool(j, "fieldMap",
			 strcmp(wn_json_get_str(conventions, "errors", ""), "field-map") == 0);
	wn_json_set(j, "messages", wn_json_new_array());
	for (c = wn_json_first(wn_json_get(conventions, "messages")); c; c = wn_json_next(c)) {
		struct wn_json *one = codegen_push_object(j, "messages");

		wn_json_set_str(one, "code", wn_json_key(c));
		wn_json_set_str(one, "text", codegen_label(c, first, wn_json_key(c)));
	}
}

struct wn_json *
codegen_identity_context(struct cg_model *m)
{
	struct wn_json *j = wn_json_new_object(), *defaults;
	size_t i;

	wn_json_set_str(j, "userFile", m->user->snake);
	wn_json_set_str(j, "basePath", m->base_path);
	wn_json_set_num(j, "scale", m->scale);
	wn_json_set_num(j, "sessionDays", m->session_days);
	wn_json_set(j, "roles", wn_json_new_array());
	defaults = wn_json_set(j, "defaultRoles", wn_json_new_array());
	for (i = 0; i < m->n_roles; i++) {
		if (!m->roles[i].implicit)
			add_role(m, j, &m->roles[i]);
		if (m->roles[i].is_default)
			wn_json_push(defaults, wn_json_new_str(wn_str(m->roles[i].name)));
	}
	if (m->role)
		wn_json_set_str(j, "roleColumn", m->role->column);
	add_messages(m, j);
	wn_json_set_str(j, "nameColumn",
			m->user->title ? m->user->title->column : m->login->column);
	return j;
}

/* ---- seed -------------------------------------------------------------------------------------
 */

static void
add_seed_value(struct wn_json *row, const char *list, const char *name_key, const char *name,
	       const struct wn_json *v)
{
	struct wn_json *c = codegen_push_object(row, list);
	const char *ref = wn_json_get_str(v, "ref", NULL);

	wn_json_set_str(c, name_key, name);
	wn_json_set_bool(c, "literal", !ref);
	if (ref)
		wn_json_set_str(c, "ref", ref);
	else
		wn_json_set(c, "value", wn_json_copy(v));
}

/* Money may be written as a number in a seed; the API knows text only. */
static struct wn_json *
seed_literal(struct cg_model *m, const struct cg_field *f, const struct wn_json *v)
{
	if (f && f->type == CG_MONEY && wn_json_type(v) == WN_JSON_NUMBER)
		return wn_json_new_str(
			wn_str(codegen_decimal(m->arena, wn_json_num(v, 0), m->scale)));
	return wn_json_copy(v);
}

static wn_err
add_seed_member(struct cg_model *m, struct wn_json *row, const struct cg_entity *e,
		const struct wn_json *v)
{
	const char *name = wn_json_key(v);
	const struct cg_field *f = codegen_field(e, name);
	const struct cg_relation *r = codegen_relation(e, name);
	struct wn_json *literal;

	if (r) {
		add_seed_value(row, "values", "name", r->key, v);
		return WN_OK;
	}
	if (!f || f->computed || f->type == CG_SECRET)
		return wn_fail(m->d, WN_E_NOT_FOUND, "seed of %s: '%s' cannot be given", e->id,
			       name);
	literal = seed_literal(m, f, v);
	if (f->copy || f == e->workflow || (f->type == CG_SLUG && f->from))
		add_seed_value(row, "columns", "column", f->column, literal);
	else
		add_seed_value(row, "values", "name", f->name, literal);
	wn_json_free(literal);
	return WN_OK;
}

static wn_err
add_seed_row(struct cg_model *m, struct wn_json *j, const struct cg_entity *e,
	     const struct wn_json *x)
{
	struct wn_json *row = codegen_push_object(j, "rows"), *login;
	const struct wn_json *v;
	wn_err err = WN_OK;

	wn_json_set_str(row, "key", wn_json_get_str(x, "key", ""));
	wn_json_set_str(row, "name", e->name);
	wn_json_set(row, "values", wn_json_new_array());
	wn_json_set(row, "columns", wn_json_new_array());
	for (v = wn_json_first(wn_json_get(x, "values")); v && !err; v = wn_json_next(v))
		err = add_seed_member(m, row, e, v);
	if (err || e != m->user)
		return err;
	login = codegen_push_object(j, "logins");
	wn_json_set_bool(j, "anyLogin", true);
	wn_json_set_str(login, "key", wn_json_get_str(x, "key", ""));
	wn_json_set_str(login, "login",
			wn_json_get_str(wn_json_get(x, "values"), m->login->name, ""));
	wn_json_set(row, "secret", wn_json_new_object());
	wn_json_set_str(wn_json_mut(wn_json_get(row, "secret")), "column", m->secret->column);
	return WN_OK;
}

static wn_err
add_seed_group(struct cg_model *m, struct wn_json *j, const struct wn_json *group, size_t *count)
{
	const struct cg_entity *e = codegen_entity(m, wn_json_get_str(group, "entity", NULL));
	const struct wn_json *x;
	wn_err err = WN_OK;

	if (!e) {
		wn_fail(m->d, WN_E_NOT_FOUND, "seed: '%s' is no entity",
			wn_json_get_str(group, "entity", ""));
		return WN_E_NOT_FOUND;
	}
	for (x = wn_json_first(wn_json_get(group, "rows")); x && !err; x = wn_json_next(x)) {
		err = add_seed_row(m, j, e, x);
		++*count;
	}
	return err;
}

struct wn_json *
codegen_seed_context(struct cg_model *m)
{
	struct wn_json *j = wn_json_new_object(), *t;
	const struct wn_json *group;
	size_t i, count = 0;
	wn_err err = WN_OK;

	for (group = wn_json_first(wn_json_get(m->doc, "seed")); group && !err;
	     group = wn_json_next(group))
		err = add_seed_group(m, j, group, &count);
	if (err) {
		wn_fail_where(m->d, "/seed");
		wn_json_free(j);
		return NULL;
	}
	for (i = 0; i < m->n_entities; i++)
		for (group = wn_json_first(wn_json_get(m->doc, "seed")); group;
		     group = wn_json_next(group))
			if (strcmp(wn_json_get_str(group, "entity", ""), m->entities[i].id) == 0) {
				t = codegen_push_object(j, "tables");
				wn_json_set_str(t, "name", m->entities[i].name);
				wn_json_set_str(t, "snake", m->entities[i].snake);
				break;
			}
	wn_json_set_num(j, "count", (double)count);
	return j;
}

/* ---- README, index.html, theme.css ------------------------------------------------------------
 */

/* Relative luminance of "#rrggbb" (WCAG 2.2). */
static double
luminance(const char *hex)
{
	static const double weight[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;
	size_t i;

	for (i = 0; i < 3; i++) {
		char part[3] = { hex[1 + i * 2], hex[2 + i * 2], '\0' };
		double v = (double)strtoul(part, NULL, 16) / 255;

		sum += weight[i] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

/* Families that are there: nothing is fetched. */
static const char *
font_family(const char *name)
{
	if (strcmp(name, "serif") == 0)
		return "Georgia, 'Noto Serif', 'Noto Naskh Arabic', serif";
	if (strcmp(name, "mono") == 0)
		return "ui-monospace, 'Noto Sans Mono', 'Noto Sans Arabic', monospace";
	return "system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif";
}

/* Colours that can be read: text on the accent, and links on a light and on a dark ground. */
static void
add_colours(struct cg_model *m, struct wn_json *j, const char *accent)
{
	double light = strlen(accent) == 7 ? luminance(accent) : 0.1;

	wn_json_set_str(j, "accent", accent);
	wn_json_set_str(j, "onAccent", light > 0.179 ? "#000000" : "#ffffff");
	wn_json_set_str(
		j, "linkLight",
		light < 0.16
			? accent
			: wn_arena_printf(m->arena, "color-mix(in oklab, %s 45%%, black)", accent));
	wn_json_set_str(
		j, "linkDark",
		light > 0.3
			? accent
			: wn_arena_printf(m->arena, "color-mix(in oklab, %s 45%%, white)", accent));
}

static void
add_readme_lists(struct cg_model *m, struct wn_json *j)
{
	struct wn_json *c;
	size_t i;

	for (i = 0; i < m->n_ops; i++) {
		c = codegen_push_object(j, "ops");
		wn_json_set_str(c, "id", m->ops[i].id);
		wn_json_set_str(c, "method", m->ops[i].method);
		wn_json_set_str(c, "path",
				wn_arena_printf(m->arena, "%s%s", m->base_path, m->ops[i].path));
		wn_json_set(c, "access", wn_json_copy(m->ops[i].access));
	}
	for (i = 0; i < m->n_entities; i++) {
		c = codegen_push_object(j, "entities");
		wn_json_set_str(c, "name", m->entities[i].name);
		wn_json_set_str(c, "table", m->entities[i].snake);
		wn_json_set_str(c, "label",
				codegen_label(m->entities[i].label, "en", m->entities[i].name));
	}
	for (i = 0; i < m->files->notes_len; i++)
		wn_json_set_str(codegen_push_object(j, "notes"), "text", m->files->notes[i]);
	wn_json_set_bool(j, "anyNote", m->files->notes_len > 0);
}

struct wn_json *
codegen_readme_context(struct cg_model *m)
{
	struct wn_json *j = wn_json_new_object();
	const struct wn_json *locales = wn_json_get(m->doc, "locales"),
			     *theme = wn_json_get(m->doc, "theme");
	const char *first = wn_json_str(wn_json_first(locales), "en");

	wn_json_set_str(j, "name", codegen_label(wn_json_get(m->doc, "name"), "en", "Platform"));
	wn_json_set_str(j, "firstName",
			codegen_label(wn_json_get(m->doc, "name"), first, "Platform"));
	wn_json_set_str(j, "summary", codegen_label(wn_json_get(m->doc, "summary"), "en", ""));
	wn_json_set_str(j, "blueprint", wn_json_get_str(m->doc, "id", ""));
	wn_json_set_num(j, "revision", wn_json_get_num(m->doc, "revision", 1));
	wn_json_set_str(j, "locale", first);
	wn_json_set_str(j, "dir", strncmp(first, "ar", 2) == 0 ? "rtl" : "ltr");
	add_colours(m, j, wn_json_get_str(theme, "accent", "#1a5fb4"));
	wn_json_set_num(j, "radius", wn_json_get_num(theme, "radius", 8));
	wn_json_set_bool(j, "auto", strcmp(wn_json_get_str(theme, "mode", "auto"), "auto") == 0);
	wn_json_set_bool(j, "dark", strcmp(wn_json_get_str(theme, "mode", "auto"), "dark") == 0);
	wn_json_set_str(j, "font", font_family(wn_json_get_str(theme, "font", "system")));
	wn_json_set_str(j, "gap",
			strcmp(wn_json_get_str(theme, "density", ""), "compact") == 0 ? "0.5rem"
										      : "0.75rem");
	add_readme_lists(m, j);
	return j;
}
