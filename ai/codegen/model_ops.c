/*
 * The resolver: operations and pages.
 */
#include <string.h>

#include "ai/codegen/model_priv.h"
#include "ai/codegen/names.h"

const struct cg_op *
codegen_op(const struct cg_model *m, const char *id)
{
	size_t i;

	for (i = 0; id && i < m->n_ops; i++)
		if (strcmp(m->ops[i].id, id) == 0)
			return &m->ops[i];
	return NULL;
}

static bool
op_kind(const char *name, enum cg_op_kind *out)
{
	static const char *const names[] = { "list",	   "get",      "create", "update",
					     "delete",	   "register", "login",	 "logout",
					     "transition", "link",     "unlink", "values" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum cg_op_kind)i;
			return true;
		}
	return false;
}

/* ---- filters ---------------------------------------------------------------------------- */

static const char *
sql_operator(const char *op)
{
	static const char *const table[][2] = { { "eq", "=" },	{ "ne", "<>" }, { "lt", "<" },
						{ "le", "<=" }, { "gt", ">" },	{ "ge", ">=" } };
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i][0], op) == 0)
			return table[i][1];
	return NULL;
}

static bool
resolve_filter(const struct cg_model *m, const struct cg_entity *e, struct cg_filter *f,
	       const char *path)
{
	struct wn_str rest = wn_str(path), part;
	char name[64];

	if (strcmp(path, "@search") == 0) {
		f->op = "search";
		return e->searchable;
	}
	if (!wn_str_split(&rest, '.', &part) || part.len >= sizeof name)
		return false;
	memcpy(name, part.p, part.len);
	name[part.len] = '\0';
	f->side = codegen_side(m, e, name);
	f->rel = codegen_relation(e, name);
	if (!f->rel && !f->side.link) {
		f->field = codegen_field(e, name);
		return rest.len == 0 && f->field && f->field->type != CG_SECRET &&
		       !f->field->computed && !f->field->read;
	}
	if (rest.len == 0 || wn_str_is(rest, "id"))
		return true;
	f->field = codegen_field(f->rel ? f->rel->to : codegen_side_to(f->side), rest.p);
	return f->field && f->field->type != CG_SECRET && !f->field->computed && !f->field->read;
}

static wn_err
read_filters(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *j)
{
	const struct wn_json *c;

	op->filters = wn_arena_array(m->arena, wn_json_len(j), sizeof *op->filters);
	for (c = wn_json_first(j); c; c = wn_json_next(c)) {
		struct cg_filter *f = &op->filters[op->n_filters++];
		const char *path = wn_json_str(c, NULL);

		f->name = wn_json_key(c);
		f->label = wn_json_get(c, "label");
		f->op = sql_operator(wn_json_get_str(c, "op", "eq"));
		if (!path)
			path = wn_json_get_str(c, "path", "");
		if (!f->op)
			return codegen_model_fail(
				m, WN_E_UNSUPPORTED, "operations", index,
				"operation %s: filter '%s' has an operator that is not made yet",
				op->id, f->name);
		if (!resolve_filter(m, op->entity, f, path) || strcmp(f->name, "sort") == 0 ||
		    strcmp(f->name, "limit") == 0 || strcmp(f->name, "cursor") == 0)
			return codegen_model_fail(m, WN_E_NOT_FOUND, "operations", index,
						  "operation %s: filter '%s' leads to nothing",
						  op->id, f->name);
	}
	return WN_OK;
}

/* ---- paths -------------------------------------------------------------------------------- */

/* The i-th {name} of a path, or NULL. */
static const char *
path_param(struct cg_model *m, const char *path, size_t i)
{
	for (; (path = strchr(path, '{')) != NULL; path++)
		if (i-- == 0) {
			const char *end = strchr(path, '}');

			return end ? wn_arena_strndup(m->arena, path + 1, (size_t)(end - path - 1))
				   : NULL;
		}
	return NULL;
}

static bool
needs_row(const struct cg_op *op)
{
	return (op->kind == CG_GET || op->kind == CG_UPDATE || op->kind == CG_DELETE ||
		op->kind == CG_TRANSITION || op->kind == CG_LINK || op->kind == CG_UNLINK) &&
	       !op->viewer;
}

static wn_err
resolve_path(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *j)
{
	size_t own = 0;
	const char *by = wn_json_get_str(j, "by", NULL);

	if (op->parent) {
		op->parent_param = path_param(m, op->path, own++);
		if (!op->parent_param || op->parent->from != op->entity)
			return codegen_model_fail(
				m, WN_E_INVALID, "operations", index,
				"operation %s: its path must name the parent first", op->id);
	}
	if (needs_row(op)) {
		op->param = path_param(m, op->path, own++);
		if (!op->param)
			return codegen_model_fail(m, WN_E_INVALID, "operations", index,
						  "operation %s: its path names no row", op->id);
		if (by)
			op->by = codegen_field_by_id(op->entity, by);
		else if (strcmp(op->param, "id") != 0)
			op->by = codegen_field(op->entity, op->param);
		if ((by || strcmp(op->param, "id") != 0) && (!op->by || !op->by->unique))
			return codegen_model_fail(
				m, WN_E_INVALID, "operations", index,
				"operation %s: rows are found by a unique field only", op->id);
	}
	if (path_param(m, op->path, own))
		return codegen_model_fail(m, WN_E_UNSUPPORTED, "operations", index,
					  "operation %s: its path has a parameter too many",
					  op->id);
	return WN_OK;
}

/* ---- operations ---------------------------------------------------------------------------- */

static wn_err
check_kind(struct cg_model *m, const struct cg_op *op, size_t index)
{
	static const char *const methods[] = { "GET",  "GET",  "POST", "PATCH", "DELETE", "POST",
					       "POST", "POST", "POST", "POST",	"DELETE", "GET" };
	bool other = ((op->kind == CG_UPDATE || op->kind == CG_LINK) &&
		      strcmp(op->method, "PUT") == 0) ||
		     (op->kind == CG_UNLINK && strcmp(op->method, "POST") == 0);

	if (strcmp(op->method, methods[op->kind]) != 0 && !other)
		return codegen_model_fail(m, WN_E_UNSUPPORTED, "operations", index,
					  "operation %s: this kind is made with %s only", op->id,
					  methods[op->kind]);
	if (op->kind != CG_LOGOUT && !op->entity)
		return codegen_model_fail(m, WN_E_NOT_FOUND, "operations", index,
					  "operation %s: 'entity' is no entity", op->id);
	if ((op->kind == CG_REGISTER || op->kind == CG_LOGIN) && op->entity != m->user)
		return codegen_model_fail(m, WN_E_INVALID, "operations", index,
					  "operation %s: is for the identity's entity only",
					  op->id);
	if (op->viewer && (op->entity != m->user || (op->kind != CG_GET && op->kind != CG_UPDATE)))
		return codegen_model_fail(m, WN_E_UNSUPPORTED, "operations", index,
					  "operation %s: the viewer can be read and updated only",
					  op->id);
	if (op->entity == m->user && op->kind == CG_CREATE)
		return codegen_model_fail(m, WN_E_UNSUPPORTED, "operations", index,
					  "operation %s: people come in by register only", op->id);
	return WN_OK;
}

static const char *
default_sort(const struct cg_op *op, const struct wn_json *j)
{
	const char *sort = wn_json_get_str(j, "sort", NULL);

	if (!sort)
		return op->entity->timestamps ? "-createdAt" : "id";
	return sort;
}

/* The word an answer is wrapped in: the view's, or for lists the path's last plain part. */
static const char *
default_as(struct cg_model *m, const struct cg_op *op)
{
	const char *slash, *last = NULL, *p;
	size_t n;

	if (op->kind != CG_LIST && op->kind != CG_VALUES)
		return op->entity ? op->entity->name : "ok";
	for (p = op->path; (slash = strchr(p, '/')) != NULL; p = slash + 1)
		if (slash[1] >= 'a' && slash[1] <= 'z')
			last = slash + 1;
	n = last ? strcspn(last, "/-_.:{") : 0;
	return n > 0 ? wn_arena_strndup(m->arena, last, n) : "items";
}

static wn_err
read_output(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *j)
{
	const struct wn_json *out = wn_json_get(j, "output");
	const char *view = wn_json_get_str(out, "view", NULL);

	op->as = wn_json_get_str(out, "as", NULL);
	if (!op->as)
		op->as = default_as(m, op);
	if (op->kind == CG_LIST)
		op->count = wn_json_get_str(out, "count", NULL);
	if (op->count && (strcmp(op->count, op->as) == 0 || strcmp(op->count, "next") == 0))
		return codegen_model_fail(m, WN_E_EXISTS, "operations", index,
					  "operation %s: its answer has a member '%s' already",
					  op->id, op->count);
	if (op->kind == CG_DELETE || op->kind == CG_LOGOUT || op->kind == CG_VALUES)
		return WN_OK;
	op->view = codegen_view_for(m, view, op->entity);
	if (!op->view || op->view->entity != op->entity)
		return codegen_model_fail(m, WN_E_NOT_FOUND, "operations", index,
					  "operation %s: its view is not of its entity", op->id);
	return WN_OK;
}

static const struct cg_transition *
find_transition(const struct cg_entity *e, const char *name)
{
	size_t i;

	for (i = 0; name && i < e->n_transitions; i++)
		if (strcmp(e->transitions[i].name, name) == 0)
			return &e->transitions[i];
	return NULL;
}

static wn_err
read_list(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *j)
{
	const struct wn_json *page = wn_json_get(j, "page");

	op->sort = default_sort(op, j);
	op->limit = (unsigned)wn_json_get_num(page, "limit", 24);
	op->max = (unsigned)wn_json_get_num(page, "max", 100);
	if (op->max < op->limit)
		op->max = op->limit;
	if (codegen_read_scope(m, op, index, wn_json_get(j, "scope")))
		return m->d->code;
	return read_filters(m, op, index, wn_json_get(j, "filters"));
}

/* The link between the row of the path and who asks. */
static wn_err
read_link_op(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *j)
{
	const char *id = wn_json_get_str(j, "relation", "");

	for (size_t i = 0; i < m->n_links; i++) {
		const struct cg_link *l = &m->links[i];

		if (strcmp(l->id, id) != 0)
			continue;
		/* People who choose are on the side that the relation begins at. */
		if (l->to == op->entity && l->from == m->user)
			op->link = (struct cg_side){ l, true };
		else if (l->from == op->entity && l->to == m->user)
			op->link = (struct cg_side){ l, false };
	}
	return op->link.link
		       ? WN_OK
		       : codegen_model_fail(m, WN_E_UNSUPPORTED, "operations", index,
					    "operation %s: links who asks with a row; its relation "
					    "must be a manyToMany between %s and people",
					    op->id, op->entity->id);
}

static wn_err
read_values(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *j)
{
	op->values = codegen_field_by_id(op->entity, wn_json_get_str(j, "field", NULL));
	return op->values && !op->values->computed && !op->values->read &&
			       op->values->type != CG_SECRET && op->values->type != CG_JSON
		       ? WN_OK
		       : codegen_model_fail(m, WN_E_UNSUPPORTED, "operations", index,
					    "operation %s: lists the values of a stored field that "
					    "everybody may read",
					    op->id);
}

static wn_err
read_parts(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *j)
{
	const struct wn_json *parent = wn_json_get(j, "parent");
	size_t i;
	wn_err err;

	if (parent) {
		const char *id = wn_json_get_str(parent, "relation", "");

		for (i = 0; i < m->n_rels; i++)
			if (strcmp(m->rels[i].id, id) == 0)
				op->parent = &m->rels[i];
		if (!op->parent)
			return codegen_model_fail(m, WN_E_NOT_FOUND, "operations", index,
						  "operation %s: '%s' is no relation", op->id, id);
	}
	err = resolve_path(m, op, index, j);
	if (!err)
		err = read_output(m, op, index, j);
	if (!err && op->kind == CG_LIST)
		err = read_list(m, op, index, j);
	if (!err && (op->kind == CG_LINK || op->kind == CG_UNLINK))
		err = read_link_op(m, op, index, j);
	if (!err && op->kind == CG_VALUES)
		err = read_values(m, op, index, j);
	if (err || op->kind != CG_TRANSITION)
		return err;
	op->transition = find_transition(op->entity, wn_json_get_str(j, "transition", NULL));
	return op->transition
		       ? WN_OK
		       : codegen_model_fail(m, WN_E_NOT_FOUND, "operations", index,
					    "operation %s: there is no such transition", op->id);
}

static wn_err
read_op(struct cg_model *m, size_t i, const struct wn_json *j)
{
	struct cg_op *op = &m->ops[i];
	struct wn_str http = wn_str(wn_json_get_str(j, "http", "")), method;
	wn_err err;

	op->id = wn_json_get_str(j, "id", "");
	if (!op_kind(wn_json_get_str(j, "kind", ""), &op->kind))
		return codegen_model_fail(
			m, WN_E_UNSUPPORTED, "operations", i,
			"operation %s: this stack does not make the kind '%s' yet", op->id,
			wn_json_get_str(j, "kind", ""));
	if (!wn_str_split(&http, ' ', &method) || http.len == 0)
		return codegen_model_fail(m, WN_E_INVALID, "operations", i,
					  "operation %s: 'http' must be a method and a path",
					  op->id);
	op->method = wn_arena_strndup(m->arena, method.p, method.len);
	op->path = wn_arena_strndup(m->arena, http.p, http.len);
	op->entity = codegen_entity(m, wn_json_get_str(j, "entity", NULL));
	op->viewer = wn_json_get(j, "subject") != NULL;
	op->idempotent = wn_json_get_bool(j, "idempotent", false);
	op->access = wn_json_get(j, "access");
	op->limits = wn_json_get(j, "limits");
	op->label = wn_json_get(j, "label");
	op->input = wn_json_get(j, "input");
	op->emits = wn_json_get(j, "emits");
	if (wn_json_get(op->input, "as") || wn_json_get(j, "errorKey") || wn_json_get(j, "hook"))
		codegen_model_note(m, "%s: input.as, errorKey and hook are not made yet.", op->id);
	err = check_kind(m, op, i);
	return err ? err : read_parts(m, op, i, j);
}

wn_err
codegen_build_ops(struct cg_model *m)
{
	const struct wn_json *list = wn_json_get(m->doc, "operations"), *c;
	size_t i = 0, k;
	wn_err err = WN_OK;

	m->ops = wn_arena_array(m->arena, wn_json_len(list), sizeof *m->ops);
	for (c = wn_json_first(list); c && !err; c = wn_json_next(c)) {
		err = read_op(m, i, c);
		for (k = 0; k < i && !err; k++)
			if (strcmp(m->ops[k].method, m->ops[i].method) == 0 &&
			    strcmp(m->ops[k].path, m->ops[i].path) == 0)
				err = codegen_model_fail(
					m, WN_E_EXISTS, "operations", i,
					"operation %s: method and path are those of %s",
					m->ops[i].id, m->ops[k].id);
		m->n_ops = ++i;
	}
	return err;
}

/* ---- pages --------------------------------------------------------------------------------- */

static wn_err
read_sections(struct cg_model *m, struct cg_page *p, size_t index, const struct wn_json *list)
{
	const struct wn_json *c;

	for (c = wn_json_first(list); c; c = wn_json_next(c)) {
		struct cg_section *s = &p->sections[p->n_sections++];

		s->kind = wn_json_get_str(c, "kind", "");
		s->source = codegen_op(m, wn_json_get_str(c, "source", NULL));
		s->title = wn_json_get(c, "title");
		s->text = wn_json_get(c, "text");
		s->fields = wn_json_get(c, "fields");
		if ((wn_json_get(c, "source") && !s->source) || strcmp(s->kind, "custom") == 0)
			return codegen_model_fail(
				m, WN_E_UNSUPPORTED, "pages", index,
				"page %s: section %zu has no source, or is custom", p->id,
				p->n_sections - 1);
	}
	return WN_OK;
}

static bool
source_fits(const struct cg_page *p)
{
	const struct cg_op *op = p->source;

	if (strcmp(p->kind, "list") == 0)
		return op && op->kind == CG_LIST && !op->parent;
	if (strcmp(p->kind, "detail") == 0)
		return op && op->kind == CG_GET;
	if (strcmp(p->kind, "form") == 0)
		return op && (op->kind == CG_CREATE || op->kind == CG_UPDATE);
	return true;
}

static wn_err
read_page(struct cg_model *m, size_t i, const struct wn_json *j)
{
	struct cg_page *p = &m->pages[i];
	const struct wn_json *sections = wn_json_get(j, "sections"),
			     *aside = wn_json_get(j, "aside");
	const char *tail;
	wn_err err;

	p->id = wn_json_get_str(j, "id", "");
	p->route = wn_json_get_str(j, "route", "");
	p->kind = wn_json_get_str(j, "kind", "");
	tail = strchr(p->id, '_');
	p->component = wn_arena_printf(m->arena, "%sPage",
				       codegen_pascal(m->arena, tail ? tail + 1 : p->id));
	if (p->component[0] < 'A' || p->component[0] > 'Z')
		p->component = wn_arena_printf(m->arena, "P%s", p->component);
	p->source = codegen_op(m, wn_json_get_str(j, "source", NULL));
	p->title = wn_json_get(j, "title");
	p->text = wn_json_get(j, "text");
	p->access = wn_json_get(j, "access");
	p->nav = wn_json_get_bool(j, "nav", false);
	if (wn_json_len(wn_json_get(j, "tabs")) > 0)
		codegen_model_note(m, "%s: tabs are not made yet.", p->id);
	p->sections = wn_arena_array(m->arena, wn_json_len(sections) + wn_json_len(aside),
				     sizeof *p->sections);
	err = read_sections(m, p, i, sections);
	if (!err)
		err = read_sections(m, p, i, aside);
	if (!err && !source_fits(p))
		err = codegen_model_fail(m, WN_E_INVALID, "pages", i,
					 "page %s: a page of kind %s cannot show '%s'", p->id,
					 p->kind, wn_json_get_str(j, "source", "nothing"));
	return err;
}

wn_err
codegen_build_pages(struct cg_model *m)
{
	const struct wn_json *list = wn_json_get(m->doc, "pages"), *c;
	size_t i = 0;
	wn_err err = WN_OK;

	m->n_pages = wn_json_len(list);
	m->pages = wn_arena_array(m->arena, m->n_pages, sizeof *m->pages);
	for (c = wn_json_first(list); c && !err; c = wn_json_next(c))
		err = read_page(m, i++, c);
	return err;
}
