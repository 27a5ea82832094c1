/*
 * The model of the pages: what is shown, asked for and linked, with its labels in every
 * language. The pages themselves are the pack's Svelte components.
 */
#include <string.h>

#include "ai/codegen/context.h"
#include "ai/codegen/schema.h"
#include "ai/codegen/sql.h"

static const char *
type_name(enum cg_type t)
{
	static const char *const names[] = { "string", "text",	"markdown", "int",	"decimal",
					     "money",  "bool",	"date",	    "datetime", "email",
					     "url",    "phone", "slug",	    "secret",	"enum",
					     "json",   "uuid" };

	return t < CG_UNSUPPORTED ? names[t] : "string";
}

static void
set_copy(struct wn_json *j, const char *key, const struct wn_json *v)
{
	if (v)
		wn_json_set(j, key, wn_json_copy(v));
}

static void
describe_field(struct wn_json *j, const struct cg_field *f)
{
	wn_json_set_str(j, "type", type_name(f->type));
	set_copy(j, "label", f->label);
	set_copy(j, "help", f->help);
	set_copy(j, "values", f->values);
	if (f->has_min)
		wn_json_set_num(j, "min", f->min);
	if (f->has_max)
		wn_json_set_num(j, "max", f->max);
}

/* The list operation from which rows of e can be chosen. */
static const struct cg_op *
choices_of(const struct cg_model *m, const struct cg_entity *e)
{
	size_t i;

	for (i = 0; i < m->n_ops; i++)
		if (m->ops[i].kind == CG_LIST && m->ops[i].entity == e && !m->ops[i].parent)
			return &m->ops[i];
	return NULL;
}

static void
describe_choice(const struct cg_model *m, struct wn_json *j, const struct cg_entity *to)
{
	const struct cg_op *choices = choices_of(m, to);

	wn_json_set_str(j, "type", "reference");
	wn_json_set_str(j, "entity", to->name);
	set_copy(j, "label", to->label);
	if (choices)
		wn_json_set_str(j, "choices", choices->id);
}

static void
describe_relation(const struct cg_model *m, struct wn_json *j, const struct cg_relation *r)
{
	describe_choice(m, j, r->to);
	set_copy(j, "label", r->label);
}

/* type "references": rows to choose several of; "words": texts with commas between. */
static void
describe_link(const struct cg_model *m, struct wn_json *j, struct cg_side s)
{
	const struct cg_entity *to = codegen_side_to(s);
	const struct wn_json *label = s.back ? s.link->inverse_label : s.link->label;
	const struct cg_op *choices = choices_of(m, to);

	wn_json_set_str(j, "type", !s.back && s.link->by ? "words" : "references");
	wn_json_set_str(j, "entity", to->name);
	set_copy(j, "label", label ? label : to->label);
	if (choices)
		wn_json_set_str(j, "choices", choices->id);
}

static void
describe_calc(struct wn_json *j, const struct cg_calc *c)
{
	wn_json_set_str(j, "type",
			c->kind == CG_VIEWER_IN ? "bool"
			: c->kind == CG_COUNT	? "int"
			: c->kind == CG_PLUCK	? "words"
						: "json");
}

static void
add_inputs(struct cg_model *m, struct wn_json *o, const struct cg_op *op)
{
	struct codegen_input *list = wn_arena_array(
		m->arena, op->entity->n_fields + op->entity->n_rels + op->entity->n_links,
		sizeof *list);
	size_t i, n = codegen_inputs(m, op, list);

	for (i = 0; i < n; i++) {
		struct wn_json *f = codegen_push_object(o, "fields");

		wn_json_set_str(f, "name", list[i].name);
		if (list[i].field) {
			describe_field(f, list[i].field);
			wn_json_set_bool(f, "required", list[i].field->required);
			set_copy(f, "default", list[i].field->def);
		} else if (list[i].link) {
			describe_link(m, f, (struct cg_side){ list[i].link, false });
			wn_json_set_str(f, "from", list[i].link->name);
			wn_json_set_bool(f, "required", false);
		} else {
			describe_relation(m, f, list[i].rel);
			wn_json_set_str(f, "from", list[i].rel->name);
			wn_json_set_bool(f, "required", list[i].required);
		}
		set_copy(f, "write", list[i].write);
	}
}

static void
add_columns(const struct cg_model *m, struct wn_json *o, const struct cg_op *op)
{
	const struct cg_view *v = op->view;
	size_t i, k;

	for (i = 0; v && i < v->n_names; i++) {
		const struct cg_field *f = codegen_field(v->entity, v->names[i]);
		const struct cg_relation *r = codegen_relation(v->entity, v->names[i]);
		struct wn_json *c;

		for (k = 0; k < v->n_embeds; k++)
			if (strcmp(v->embeds[k], v->names[i]) == 0)
				break;
		if (k < v->n_embeds || strcmp(v->names[i], "id") == 0)
			continue;
		c = codegen_push_object(o, "columns");
		wn_json_set_str(c, "name", v->names[i]);
		if (f)
			describe_field(c, f);
		else if (r)
			describe_relation(m, c, r);
		else if (codegen_side(m, v->entity, v->names[i]).link)
			describe_link(m, c, codegen_side(m, v->entity, v->names[i]));
		else
			wn_json_set_str(c, "type", "datetime");
		wn_json_set_bool(c, "title", f && f == v->entity->title);
		wn_json_set_bool(c, "sort", codegen_sql_sort(m, v->entity, v->names[i]) != NULL);
		set_copy(c, "read", f ? f->read : NULL);
	}
	for (i = 0; v && i < v->n_calcs; i++) {
		struct wn_json *c = codegen_push_object(o, "columns");

		wn_json_set_str(c, "name", v->calcs[i].name);
		describe_calc(c, &v->calcs[i]);
		wn_json_set_bool(c, "title", false);
		wn_json_set_bool(c, "sort", false);
	}
}

static void
add_filters(const struct cg_model *m, struct wn_json *o, const struct cg_op *op)
{
	size_t i;

	for (i = 0; i < op->n_filters; i++) {
		const struct cg_filter *f = &op->filters[i];
		struct wn_json *c = codegen_push_object(o, "filters");

		wn_json_set_str(c, "name", f->name);
		if (strcmp(f->op, "search") == 0)
			wn_json_set_str(c, "type", "search");
		else if (f->field)
			describe_field(c, f->field);
		else if (f->side.link)
			describe_choice(m, c, codegen_side_to(f->side));
		else
			describe_relation(m, c, f->rel);
		set_copy(c, "label", f->label);
	}
}

/* Which member of the row tells whether who asks has chosen it. */
static void
add_chosen(struct wn_json *o, const struct cg_op *op)
{
	for (size_t i = 0; i < op->view->n_calcs; i++) {
		const struct cg_calc *c = &op->view->calcs[i];

		if (c->kind == CG_VIEWER_IN && c->side.link == op->link.link &&
		    c->side.back == op->link.back)
			wn_json_set_str(o, "chosen", c->name);
	}
}

static void
add_op(struct cg_model *m, struct wn_json *ops, const struct cg_op *op)
{
	static const char *const kinds[] = { "list",	   "get",      "create", "update",
					     "delete",	   "register", "login",	 "logout",
					     "transition", "link",     "unlink", "values" };
	struct wn_json *o = wn_json_set(ops, op->id, wn_json_new_object());

	wn_json_set_str(o, "kind", kinds[op->kind]);
	wn_json_set_str(o, "method", op->method);
	wn_json_set_str(o, "path", op->path);
	wn_json_set_str(o, "as", op->as);
	set_copy(o, "access", op->access);
	set_copy(o, "label", op->label);
	if (op->entity)
		wn_json_set_str(o, "entity", op->entity->name);
	if (op->param) {
		wn_json_set_str(o, "param", op->param);
		wn_json_set_str(o, "by", op->by ? op->by->name : "id");
	}
	if (op->parent) {
		wn_json_set_str(o, "parentParam", op->parent_param);
		wn_json_set_str(o, "parent", op->parent->to->name);
	}
	if (op->transition && op->entity) {
		struct wn_json *t = wn_json_set(o, "transition", wn_json_new_object());

		wn_json_set_str(t, "field", op->entity->workflow->name);
		set_copy(t, "from", op->transition->from);
		set_copy(t, "access", op->transition->access);
		set_copy(t, "label", op->transition->label);
		wn_json_set_str(t, "name", op->transition->name);
	}
	if (op->link.link)
		add_chosen(o, op);
	if (op->entity)
		add_inputs(m, o, op);
	if (op->kind == CG_LIST || op->kind == CG_GET)
		add_columns(m, o, op);
	if (op->kind == CG_LIST) {
		wn_json_set_str(o, "sort", op->sort);
		add_filters(m, o, op);
	}
}

/* Rows under another row are called what the relation calls them from there. */
static const struct wn_json *
section_title(const struct cg_section *s)
{
	bool under = s->source && s->source->parent && strcmp(s->kind, "list") == 0;

	return s->title || !under ? s->title : s->source->parent->inverse_label;
}

static void
add_page(struct wn_json *j, const struct cg_page *p)
{
	struct wn_json *o = codegen_push_object(j, "pages"), *s;
	size_t i;

	wn_json_set_str(o, "id", p->id);
	wn_json_set_str(o, "route", p->route);
	wn_json_set_str(o, "kind", p->kind);
	wn_json_set_bool(o, "nav", p->nav);
	set_copy(o, "title", p->title);
	set_copy(o, "text", p->text);
	set_copy(o, "access", p->access);
	if (p->source)
		wn_json_set_str(o, "source", p->source->id);
	for (i = 0; i < p->n_sections; i++) {
		s = codegen_push_object(o, "sections");
		wn_json_set_str(s, "kind", p->sections[i].kind);
		if (p->sections[i].source)
			wn_json_set_str(s, "source", p->sections[i].source->id);
		set_copy(s, "title", section_title(&p->sections[i]));
		set_copy(s, "text", p->sections[i].text);
	}
}

static void
add_identity(const struct cg_model *m, struct wn_json *j)
{
	struct wn_json *i = wn_json_set(j, "identity", wn_json_new_object()), *f;
	size_t k;

	f = wn_json_set(i, "login", wn_json_new_object());
	wn_json_set_str(f, "name", m->login->name);
	describe_field(f, m->login);
	f = wn_json_set(i, "secret", wn_json_new_object());
	wn_json_set_str(f, "name", m->secret->name);
	describe_field(f, m->secret);
	for (k = 0; k < m->n_ops; k++) {
		if (m->ops[k].kind == CG_REGISTER)
			wn_json_set_str(i, "registerOp", m->ops[k].id);
		if (m->ops[k].kind == CG_LOGIN)
			wn_json_set_str(i, "loginOp", m->ops[k].id);
		if (m->ops[k].kind == CG_LOGOUT)
			wn_json_set_str(i, "logoutOp", m->ops[k].id);
	}
}

struct wn_json *
codegen_web_model(struct cg_model *m)
{
	struct wn_json *j = wn_json_new_object(), *list, *o;
	size_t i, k;

	set_copy(j, "name", wn_json_get(m->doc, "name"));
	if (wn_json_len(wn_json_get(m->doc, "locales")) > 0) {
		set_copy(j, "locales", wn_json_get(m->doc, "locales"));
	} else {
		list = wn_json_set(j, "locales", wn_json_new_array());
		wn_json_push(list, wn_json_new_str(WN_STR("en")));
	}
	wn_json_set_str(j, "basePath", m->base_path);
	wn_json_set_str(j, "currency", m->currency);
	wn_json_set_num(j, "moneyScale", m->scale);
	wn_json_set_str(j, "timezone", m->timezone);
	set_copy(j, "messages", wn_json_at(m->doc, "/conventions/messages"));
	add_identity(m, j);
	list = wn_json_set(j, "entities", wn_json_new_object());
	for (i = 0; i < m->n_entities; i++) {
		const struct cg_entity *e = &m->entities[i];

		o = wn_json_set(list, e->name, wn_json_new_object());
		set_copy(o, "label", e->label);
		wn_json_set_str(o, "title", e->title ? e->title->name : "id");
		for (k = 0; k < e->n_rels; k++)
			if (e->rels[k]->owner && e->rels[k]->to == m->user)
				wn_json_set_str(o, "owner", e->rels[k]->name);
		if (e == m->user)
			wn_json_set_str(o, "owner", "id");
	}
	list = wn_json_set(j, "operations", wn_json_new_object());
	for (i = 0; i < m->n_ops; i++)
		add_op(m, list, &m->ops[i]);
	wn_json_set(j, "pages", wn_json_new_array());
	for (i = 0; i < m->n_pages; i++)
		add_page(j, &m->pages[i]);
	return j;
}
