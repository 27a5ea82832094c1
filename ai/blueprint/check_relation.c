/*
 * Relations and the identity: names, ownership, parts, and rows that could never be first.
 */
#include "ai/blueprint/check_priv.h"

static bool
is_many(const struct blueprint_thing *r)
{
	return !strcmp(wn_json_get_str(r->json, "kind", ""), "manyToMany");
}

static void
check_many(struct check *c, const struct blueprint_thing *r)
{
	static const char *const never[] = { "required", "owner", "part" };
	if (!is_many(r)) {
		if (blueprint_flag(r, "ordered"))
			ERROR(c, "relation", wn_json_get(r->json, "ordered"), "Remove it.",
			      "Only a manyToMany relation has an order.");
		return;
	}
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (blueprint_flag(r, never[i]))
			ERROR(c, "relation", wn_json_get(r->json, never[i]),
			      "Remove it, or make the relation belongsTo.",
			      "A manyToMany relation cannot be \"%s\".", never[i]);
}

static void
check_names(struct check *c, const struct blueprint_thing *r)
{
	const struct blueprint_thing *from = blueprint_from(&c->ix, r),
				     *to = blueprint_to(&c->ix, r);
	const struct wn_json *inverse = wn_json_get(r->json, "inverse");
	const char *back = wn_json_str(inverse, "");
	if (from && (blueprint_field(&c->ix, from, blueprint_name(r)) ||
		     blueprint_check_is_system_name(from, blueprint_name(r))))
		ERROR(c, "name", wn_json_get(r->json, "name"), "Rename the relation.",
		      "\"%s\" already has a field \"%s\".", from->id, blueprint_name(r));
	const struct blueprint_thing *first = blueprint_relation(&c->ix, from, blueprint_name(r));
	if (from && first && first != r)
		ERROR(c, "name", wn_json_get(r->json, "name"), "Rename one of the two.",
		      "\"%s\" already has a relation \"%s\".", from->id, blueprint_name(r));
	if (!inverse || !to)
		return;
	first = blueprint_inverse(&c->ix, to, back);
	if (blueprint_field(&c->ix, to, back) || blueprint_relation(&c->ix, to, back) ||
	    (first && first != r))
		ERROR(c, "name", inverse, "Choose another inverse name.",
		      "\"%s\" already has something called \"%s\".", to->id, back);
}

static void
check_owner(struct check *c, const struct blueprint_thing *r)
{
	const struct blueprint_thing *from = blueprint_from(&c->ix, r), *o;
	bool first = true;
	if (!blueprint_flag(r, "owner"))
		return;
	if (blueprint_to(&c->ix, r) != c->ix.user)
		ERROR(c, "relation", wn_json_get(r->json, "owner"),
		      "Only the entity people sign in with can own rows.",
		      "\"%s\" does not lead to the identity's entity.", r->id);
	for (THINGS(c, i, o)) {
		if (o == r)
			break;
		if (first && o->kind == BLUEPRINT_RELATION && blueprint_flag(o, "owner") &&
		    blueprint_from(&c->ix, o) == from) {
			first = false;
			WARN(c, "relation", wn_json_get(r->json, "owner"), "Keep one of them.",
			     "\"%s\" has two owners; access looks at the first only.",
			     from ? from->id : "?");
		}
	}
	if (!blueprint_flag(r, "required"))
		WARN(c, "relation", r->json, "Add \"required\": true.",
		     "Rows without \"%s\" would have no owner.", blueprint_name(r));
}

static void
check_relation(struct check *c, const struct blueprint_thing *r)
{
	const char *on_delete = wn_json_get_str(r->json, "onDelete", "");
	check_many(c, r);
	check_names(c, r);
	check_owner(c, r);
	if (!strcmp(on_delete, "setNull") && blueprint_flag(r, "required"))
		ERROR(c, "relation", wn_json_get(r->json, "onDelete"), "Use restrict or cascade.",
		      "A required relation cannot become empty.");
	if (blueprint_flag(r, "part") && !blueprint_flag(r, "required"))
		ERROR(c, "relation", wn_json_get(r->json, "part"), "Add \"required\": true.",
		      "A part cannot be without its whole.");
	const struct wn_json *input = wn_json_get(r->json, "input");
	const struct blueprint_thing *by =
		blueprint_find(&c->ix, wn_json_get_str(input, "by", NULL), BLUEPRINT_FIELD);
	if (by && !blueprint_flag(by, "unique"))
		ERROR(c, "relation", wn_json_get(input, "by"), "Use a unique field.",
		      "\"%s\" does not find one row: it is not unique.", by->id);
	blueprint_check_access(c, wn_json_get(input, "write"), blueprint_from(&c->ix, r), true);
}

/* One required relation between entities, by their places in the index. */
struct edge {
	size_t from, to;
};

static size_t
place_of(struct check *c, const struct blueprint_thing *t)
{
	size_t i = 0;
	while (i < c->ix.things.len && c->ix.things.p[i] != t)
		i++;
	return i;
}

static size_t
required_edges(struct check *c, struct edge *out)
{
	const struct blueprint_thing *r;
	size_t n = 0;
	for (THINGS(c, i, r)) {
		if (r->kind != BLUEPRINT_RELATION || is_many(r) || !blueprint_flag(r, "required"))
			continue;
		const struct blueprint_thing *from = blueprint_from(&c->ix, r);
		const struct blueprint_thing *to = blueprint_to(&c->ix, r);
		if (from && to)
			out[n++] = (struct edge){ place_of(c, from), place_of(c, to) };
	}
	return n;
}

/* Takes away entities whose required relations all lead to entities taken away before; what
 * stays stands in a circle (or behind one). */
static void
check_circles(struct check *c)
{
	size_t n = c->ix.things.len;
	bool *gone = wn_arena_array(&c->ix.arena, n + 1, sizeof *gone);
	bool *blocked = wn_arena_array(&c->ix.arena, n + 1, sizeof *blocked);
	struct edge *edges = wn_arena_array(&c->ix.arena, n + 1, sizeof *edges);
	size_t n_edges = required_edges(c, edges);
	const struct blueprint_thing *e;
	for (bool more = true; more;) {
		more = false;
		memset(blocked, 0, n * sizeof *blocked);
		for (size_t i = 0; i < n_edges; i++)
			blocked[edges[i].from] |= !gone[edges[i].to];
		for (size_t i = 0; i < n; i++)
			if (!gone[i] && !blocked[i])
				more = gone[i] = true;
	}
	for (THINGS(c, i, e))
		if (e->kind == BLUEPRINT_ENTITY && !gone[i])
			ERROR(c, "relation", e->json, "Make one relation of the circle optional.",
			      "No first row of \"%s\" could ever be made: its required relations "
			      "form a circle.",
			      e->id);
}

void
blueprint_check_relations(struct check *c)
{
	const struct blueprint_thing *t;
	for (THINGS(c, i, t))
		if (t->kind == BLUEPRINT_RELATION)
			check_relation(c, t);
	check_circles(c);
}

static void
check_login(struct check *c, const struct wn_json *login)
{
	for (EACH(l, login)) {
		const struct blueprint_thing *f =
			blueprint_find(&c->ix, wn_json_str(l, NULL), BLUEPRINT_FIELD);
		if (f && (!blueprint_flag(f, "unique") || !blueprint_flag(f, "required")))
			ERROR(c, "identity", l,
			      "Set \"unique\": true and \"required\": true on it.",
			      "People sign in with \"%s\": it must be required and unique.", f->id);
		if (f && blueprint_type_is(f, "secret"))
			ERROR(c, "identity", l, "Use an e-mail, phone or name field.",
			      "A secret cannot tell people apart.");
	}
}

/* The role field is an enum of role names, and people may not choose a role themselves. */
static void
check_role_field(struct check *c, const struct wn_json *where)
{
	const struct blueprint_thing *f =
		blueprint_find(&c->ix, wn_json_str(where, NULL), BLUEPRINT_FIELD);
	const struct blueprint_thing *r;
	if (!f)
		return;
	if (!blueprint_type_is(f, "enum"))
		ERROR(c, "identity", where, "Make it an enum of the roles' names.",
		      "The role field must be an enum.");
	for (EACH(v, wn_json_get(f->json, "values"))) {
		bool known = false;
		for (THINGS(c, i, r))
			known |= r->kind == BLUEPRINT_ROLE &&
				 !strcmp(blueprint_name(r), wn_json_get_str(v, "value", ""));
		if (!known)
			ERROR(c, "identity", v, "Add the role, or remove the value.",
			      "There is no role \"%s\".", wn_json_get_str(v, "value", ""));
	}
	if (!wn_json_get(f->json, "write") && !blueprint_flag(f, "system"))
		ERROR(c, "identity", f->json, "Add \"write\": \"role:...\" or \"system\": true.",
		      "Anybody could give themselves any role.");
}

void
blueprint_check_identity(struct check *c)
{
	const struct wn_json *identity = wn_json_get(c->doc, "identity");
	const struct wn_json *secret = wn_json_get(identity, "secret");
	const struct blueprint_thing *f =
		blueprint_find(&c->ix, wn_json_str(secret, NULL), BLUEPRINT_FIELD);
	const struct blueprint_thing *r;
	size_t defaults = 0;
	if (!identity)
		return;
	check_login(c, wn_json_get(identity, "login"));
	check_role_field(c, wn_json_get(identity, "roleField"));
	if (f && !blueprint_type_is(f, "secret"))
		ERROR(c, "identity", secret, "Make the field's type secret.",
		      "\"%s\" would be kept readable: it is no secret.", f->id);
	for (THINGS(c, i, r)) {
		if (r->kind != BLUEPRINT_ROLE || !blueprint_flag(r, "default"))
			continue;
		if (++defaults > 1)
			ERROR(c, "role", wn_json_get(r->json, "default"), "Keep one default.",
			      "More than one role is the default.");
		if (blueprint_flag(r, "implicit"))
			ERROR(c, "role", wn_json_get(r->json, "default"), "Remove one of the two.",
			      "Nobody is given the implicit role \"%s\".", blueprint_name(r));
	}
}
