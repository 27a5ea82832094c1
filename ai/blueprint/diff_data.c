/*
 * Changes of entities, fields and relations: what each means for the rows that exist.
 */
#include "ai/blueprint/diff_priv.h"

#define SAFE BLUEPRINT_SAFE
#define NEEDS BLUEPRINT_NEEDS_DATA
#define LOSS BLUEPRINT_DESTRUCTIVE

/* Something fills the field in a row that was there before it. */
static bool
fills_itself(const struct blueprint_thing *f)
{
	const struct wn_json *def = wn_json_get(f->json, "default");
	return (def && wn_json_type(def) != WN_JSON_NULL) || wn_json_get(f->json, "computed") ||
	       wn_json_get(f->json, "copy") || wn_json_get(f->json, "from");
}

static bool
is_unique(const struct blueprint_thing *f)
{
	const struct wn_json *u = wn_json_get(f->json, "unique");
	return u && (wn_json_type(u) != WN_JSON_BOOL || wn_json_bool(u, false));
}

void
blueprint_diff_field_added(struct diff *x, const struct blueprint_thing *f)
{
	const char *of = blueprint_name(f->entity);
	bool fresh = blueprint_diff_entity_is_new(x, f->entity);
	if (!fresh && blueprint_flag(f, "required") && !fills_itself(f))
		blueprint_diff_add(x, f, false, NEEDS, "add", true,
				   "\"%s\" of \"%s\" is new and required, and rows there have no "
				   "value for it.",
				   blueprint_name(f), of);
	else if (!fresh && is_unique(f) && blueprint_flag(f, "required"))
		blueprint_diff_add(
			x, f, false, NEEDS, "add", true,
			"\"%s\" of \"%s\" is new and unique: one default cannot serve all rows.",
			blueprint_name(f), of);
	else
		blueprint_diff_add(x, f, false, SAFE, "add", false, "\"%s\" of \"%s\" is new.",
				   blueprint_name(f), of);
}

void
blueprint_diff_field_removed(struct diff *x, const struct blueprint_thing *f)
{
	if (!blueprint_find(&x->after, f->entity->id, BLUEPRINT_ENTITY))
		return; /* told with its entity */
	bool computed = wn_json_get(f->json, "computed") != NULL;
	blueprint_diff_add(x, f, true, computed ? SAFE : LOSS, "remove", true,
			   "\"%s\" of \"%s\" goes away%s.", blueprint_name(f),
			   blueprint_name(f->entity),
			   computed ? "; it was computed" : ", and its values with it");
}

static bool
one_of(const char *word, const char *list)
{
	struct wn_str rest = wn_str(list), part;
	while (wn_str_split(&rest, ' ', &part))
		if (wn_str_is(part, word))
			return true;
	return false;
}

/* Every value of the old type is one of the new type. */
static bool
widens(const char *from, const char *to)
{
	static const char *const table[][2] = {
		{ "string", "text markdown" }, { "text", "markdown" },
		{ "markdown", "text" },	       { "int", "decimal" },
		{ "email", "string text" },    { "url", "string text" },
		{ "phone", "string text" },    { "slug", "string text" },
		{ "uuid", "string text" },     { "enum", "string text" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i][0], from) && one_of(to, table[i][1]))
			return true;
	return false;
}

static void
diff_type(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b)
{
	const char *from = wn_json_get_str(a->json, "type", ""),
		   *to = wn_json_get_str(b->json, "type", "");
	if (!strcmp(from, to))
		return;
	bool loss = !strcmp(from, "secret") || !strcmp(to, "secret");
	blueprint_diff_add(x, b, false,
			   loss		      ? LOSS
			   : widens(from, to) ? SAFE
					      : NEEDS,
			   "retype", true, "\"%s\" changes from %s to %s.", blueprint_name(b), from,
			   to);
}

/* Bounds: "min" narrows upwards, "max" downwards. */
static void
diff_bound(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b,
	   const char *name, double sign)
{
	const struct wn_json *old = wn_json_get(a->json, name), *new = wn_json_get(b->json, name);
	if (!blueprint_diff_member(a, b, name))
		return;
	bool narrows = new && (!old || sign * wn_json_num(new, 0) > sign * wn_json_num(old, 0));
	blueprint_diff_add(x, b, false, narrows ? NEEDS : SAFE, narrows ? "narrow" : "widen",
			   narrows, "\"%s\" of \"%s\" gets %s.", name, blueprint_name(b),
			   narrows ? "tighter" : "wider");
}

static bool
has_value(const struct blueprint_thing *f, const struct wn_json *value)
{
	const struct wn_json *v = wn_json_first(wn_json_get(f->json, "values"));
	for (; v; v = wn_json_next(v))
		if (wn_json_equal(wn_json_get(v, "value"), value))
			return true;
	return false;
}

static void
diff_values(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b)
{
	const struct wn_json *v;
	for (v = wn_json_first(wn_json_get(a->json, "values")); v; v = wn_json_next(v))
		if (wn_json_get(b->json, "values") && !has_value(b, wn_json_get(v, "value")))
			blueprint_diff_add(
				x, b, false, NEEDS, "narrow", true,
				"\"%s\" is no value of \"%s\" any more; rows may have it.",
				wn_json_get_str(v, "value", ""), blueprint_name(b));
	for (v = wn_json_first(wn_json_get(b->json, "values")); v; v = wn_json_next(v))
		if (wn_json_get(a->json, "values") && !has_value(a, wn_json_get(v, "value")))
			blueprint_diff_add(x, b, false, SAFE, "widen", false,
					   "\"%s\" becomes a value of \"%s\".",
					   wn_json_get_str(v, "value", ""), blueprint_name(b));
}

/* Flags that ask something of every row. */
static void
diff_demands(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b)
{
	bool was = blueprint_flag(a, "required"), is = blueprint_flag(b, "required");
	if (is && !was)
		blueprint_diff_add(x, b, false, fills_itself(b) ? SAFE : NEEDS, "require", true,
				   "\"%s\" becomes required%s.", blueprint_name(b),
				   fills_itself(b) ? " and has a default" : "; rows may have none");
	if (was && !is)
		blueprint_diff_add(x, b, false, SAFE, "relax", false,
				   "\"%s\" need not be given any more.", blueprint_name(b));
	if (is_unique(b) && !is_unique(a))
		blueprint_diff_add(x, b, false, NEEDS, "narrow", true,
				   "\"%s\" becomes unique; rows may share values.",
				   blueprint_name(b));
	if (is_unique(a) && !is_unique(b))
		blueprint_diff_add(x, b, false, SAFE, "relax", false,
				   "\"%s\" need not be unique any more.", blueprint_name(b));
	if (blueprint_diff_member(a, b, "pattern"))
		blueprint_diff_add(x, b, false, wn_json_get(b->json, "pattern") ? NEEDS : SAFE,
				   wn_json_get(b->json, "pattern") ? "narrow" : "widen",
				   wn_json_get(b->json, "pattern") != NULL,
				   "The pattern of \"%s\" changes.", blueprint_name(b));
}

static void
diff_computed(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b)
{
	const struct wn_json *old = wn_json_get(a->json, "computed"),
			     *new = wn_json_get(b->json, "computed");
	if (!blueprint_diff_member(a, b, "computed"))
		return;
	blueprint_diff_add(x, b, false,
			   !old	  ? LOSS
			   : !new ? NEEDS
				  : SAFE,
			   "change", false,
			   !old	  ? "\"%s\" becomes computed; the values kept so far go away."
			   : !new ? "\"%s\" is kept from now on; rows have no value yet."
				  : "\"%s\" is computed in another way.",
			   blueprint_name(b));
}

static void
diff_rest(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b,
	  const char *const *names)
{
	for (; *names; names++)
		if (blueprint_diff_member(a, b, *names))
			blueprint_diff_add(x, b, false, SAFE, "change",
					   !strcmp(*names, "read") || !strcmp(*names, "write"),
					   "\"%s\" of \"%s\" changes.", *names, blueprint_name(b));
}

static void
diff_name(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b)
{
	if (blueprint_diff_member(a, b, "name"))
		blueprint_diff_add(x, b, false, SAFE, "rename", true,
				   "\"%s\" is called \"%s\" from now on.", blueprint_name(a),
				   blueprint_name(b));
}

void
blueprint_diff_field(struct diff *x, const struct blueprint_thing *a,
		     const struct blueprint_thing *b)
{
	static const char *const rest[] = { "label", "help",	   "default",	"from",
					    "copy",  "system",	   "normalize", "class",
					    "index", "search",	   "read",	"write",
					    "was",   "deprecated", NULL };
	if (strcmp(a->entity->id, b->entity->id) != 0)
		blueprint_diff_add(x, b, false, NEEDS, "move", true,
				   "\"%s\" moves from \"%s\" to \"%s\".", blueprint_name(b),
				   blueprint_name(a->entity), blueprint_name(b->entity));
	diff_name(x, a, b);
	diff_type(x, a, b);
	diff_demands(x, a, b);
	diff_bound(x, a, b, "min", 1);
	diff_bound(x, a, b, "max", -1);
	diff_values(x, a, b);
	diff_computed(x, a, b);
	diff_rest(x, a, b, rest);
}

void
blueprint_diff_relation_added(struct diff *x, const struct blueprint_thing *r)
{
	bool fresh = blueprint_diff_entity_is_new(x, blueprint_from(&x->after, r));
	if (!fresh && blueprint_flag(r, "required"))
		blueprint_diff_add(
			x, r, false, NEEDS, "add", true,
			"The relation \"%s\" is new and required, and rows there point to nothing.",
			blueprint_name(r));
	else
		blueprint_diff_add(x, r, false, SAFE, "add", false, "The relation \"%s\" is new.",
				   blueprint_name(r));
}

void
blueprint_diff_relation(struct diff *x, const struct blueprint_thing *a,
			const struct blueprint_thing *b)
{
	static const char *const rest[] = { "label",   "inverse",  "inverseLabel", "owner", "part",
					    "ordered", "onDelete", "input",	   NULL };
	diff_name(x, a, b);
	if (blueprint_diff_member(a, b, "from") || blueprint_diff_member(a, b, "to"))
		blueprint_diff_add(x, b, false, LOSS, "retype", true,
				   "\"%s\" leads elsewhere; what it pointed to is lost.",
				   blueprint_name(b));
	if (blueprint_diff_member(a, b, "kind")) {
		bool many = !strcmp(wn_json_get_str(b->json, "kind", ""), "manyToMany");
		blueprint_diff_add(x, b, false, many ? SAFE : NEEDS, "retype", true,
				   "\"%s\" becomes %s.", blueprint_name(b),
				   many ? "manyToMany" : "belongsTo; rows may point to several");
	}
	if (blueprint_flag(b, "required") && !blueprint_flag(a, "required"))
		blueprint_diff_add(x, b, false, NEEDS, "require", true,
				   "\"%s\" becomes required; rows may point to nothing.",
				   blueprint_name(b));
	if (blueprint_flag(a, "required") && !blueprint_flag(b, "required"))
		blueprint_diff_add(x, b, false, SAFE, "relax", false,
				   "\"%s\" need not be given any more.", blueprint_name(b));
	diff_rest(x, a, b, rest);
}

/* Members of b's list that a's list lacks: each asks something of the rows. */
static void
diff_rules(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b,
	   const char *name, const char *text)
{
	const struct wn_json *r = wn_json_first(wn_json_get(b->json, name));
	size_t fresh = 0;
	for (; r; r = wn_json_next(r)) {
		const struct wn_json *o = wn_json_first(wn_json_get(a->json, name));
		while (o && !wn_json_equal(o, r))
			o = wn_json_next(o);
		fresh += !o;
	}
	if (fresh > 0)
		blueprint_diff_add(x, b, false, NEEDS, "narrow", true,
				   "\"%s\" gets %s that rows may break.", blueprint_name(b), text);
	else if (blueprint_diff_member(a, b, name))
		blueprint_diff_add(x, b, false, SAFE, "relax", false, "\"%s\" loses a rule.",
				   blueprint_name(b));
}

void
blueprint_diff_entity(struct diff *x, const struct blueprint_thing *a,
		      const struct blueprint_thing *b)
{
	static const char *const rest[] = { "label", "audit",	  "tenant", "key",
					    "title", "retention", NULL };
	diff_name(x, a, b);
	if (blueprint_flag(a, "timestamps") && !blueprint_flag(b, "timestamps"))
		blueprint_diff_add(x, b, false, LOSS, "change", true,
				   "\"%s\" forgets when its rows were made.", blueprint_name(b));
	if (blueprint_flag(b, "timestamps") && !blueprint_flag(a, "timestamps"))
		blueprint_diff_add(x, b, false, SAFE, "change", false,
				   "\"%s\" begins to note times.", blueprint_name(b));
	if (blueprint_flag(a, "softDelete") && !blueprint_flag(b, "softDelete"))
		blueprint_diff_add(x, b, false, NEEDS, "change", false,
				   "\"%s\" deletes at once from now on; rows marked as deleted "
				   "must go or come back.",
				   blueprint_name(b));
	if (blueprint_flag(b, "softDelete") && !blueprint_flag(a, "softDelete"))
		blueprint_diff_add(x, b, false, SAFE, "change", false, "\"%s\" keeps deleted rows.",
				   blueprint_name(b));
	diff_rules(x, a, b, "unique", "a unique set");
	diff_rules(x, a, b, "checks", "a check");
	diff_rest(x, a, b, rest);
}
