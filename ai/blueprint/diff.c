/*
 * Pairs the things of two revisions by id and compares the ones that hold no rows; what holds
 * rows is diff_data.c's.
 */
#include <stdlib.h>

#include "ai/blueprint/diff_priv.h"
#include "ai/blueprint/report.h"
#include "runtime/base/json_write.h"

const char *blueprint_class_name(enum blueprint_class class)
{
	static const char *const names[] = { "safe", "needsData", "destructive" };
	return names[class];
}

/* The new document says what to do about this id. */
static bool
is_covered(const struct diff *x, const char *id)
{
	for (const struct wn_json *m = wn_json_first(x->migrations); m; m = wn_json_next(m)) {
		const struct wn_json *c = wn_json_first(wn_json_get(m, "changes"));
		for (; c; c = wn_json_next(c))
			if (!strcmp(wn_json_get_str(c, "of", ""), id))
				return true;
	}
	return false;
}

void
blueprint_diff_add(struct diff *x, const struct blueprint_thing *t, bool removed,
		   enum blueprint_class class, const char *verb, bool breaking, const char *fmt,
		   ...)
{
	struct blueprint_diff *out = x->out;
	struct blueprint_change c = {
		.class = class, .verb = verb, .kind = t->kind, .breaking = breaking
	};
	struct wn_buf pointer;
	va_list ap;
	wn_buf_init(&pointer, 4096);
	(void)blueprint_pointer(removed ? x->before.doc : x->after.doc, t->json, &pointer);
	c.pointer = wn_arena_strndup(&out->arena, pointer.p ? pointer.p : "", pointer.len);
	wn_buf_fini(&pointer);
	va_start(ap, fmt);
	c.text = wn_arena_vprintf(&out->arena, fmt, ap);
	va_end(ap);
	c.id = wn_arena_strdup(&out->arena, t->id);
	c.covered = class != BLUEPRINT_SAFE && is_covered(x, t->id);
	out->safe += class == BLUEPRINT_SAFE;
	out->needs_data += class == BLUEPRINT_NEEDS_DATA;
	out->destructive += class == BLUEPRINT_DESTRUCTIVE;
	wn_vec_push(&out->changes, c);
}

bool
blueprint_diff_member(const struct blueprint_thing *a, const struct blueprint_thing *b,
		      const char *name)
{
	const struct wn_json *x = wn_json_get(a->json, name), *y = wn_json_get(b->json, name);
	return (x || y) && !(x && y && wn_json_equal(x, y));
}

bool
blueprint_diff_entity_is_new(const struct diff *x, const struct blueprint_thing *entity)
{
	return entity && !blueprint_find(&x->before, entity->id, BLUEPRINT_ENTITY);
}

/* Members whose change clients of the API can notice. */
static bool
is_contract(enum blueprint_kind kind, const char *member)
{
	static const char *const op[] = { "http",	"kind",	    "access", "entity",
					  "by",		"input",    "output", "filters",
					  "transition", "errorKey", "page",   NULL };
	static const char *const view[] = { "of",    "extends",	 "fields", "omit",
					    "embed", "computed", NULL };
	static const char *const event[] = { "name", "version", "payload", NULL };
	const char *const *names = kind == BLUEPRINT_OPERATION ? op
				   : kind == BLUEPRINT_VIEW    ? view
				   : kind == BLUEPRINT_EVENT   ? event
							       : NULL;
	for (; names && *names; names++)
		if (!strcmp(*names, member))
			return true;
	return false;
}

static void
changed_member(struct diff *x, const struct blueprint_thing *b, const char *name)
{
	bool rename = !strcmp(name, "name");
	blueprint_diff_add(x, b, false, BLUEPRINT_SAFE, rename ? "rename" : "change",
			   is_contract(b->kind, name), "\"%s\" of the %s \"%s\" changes.", name,
			   blueprint_kind_name(b->kind), b->id);
}

/* Every member of either side that differs. */
static void
compare_members(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b)
{
	for (const struct wn_json *m = wn_json_first(b->json); m; m = wn_json_next(m))
		if (wn_json_key(m) && blueprint_diff_member(a, b, wn_json_key(m)))
			changed_member(x, b, wn_json_key(m));
	for (const struct wn_json *m = wn_json_first(a->json); m; m = wn_json_next(m))
		if (wn_json_key(m) && !wn_json_get(b->json, wn_json_key(m)))
			changed_member(x, b, wn_json_key(m));
}

static bool
breaks_when_gone(enum blueprint_kind kind)
{
	return kind == BLUEPRINT_OPERATION || kind == BLUEPRINT_VIEW || kind == BLUEPRINT_EVENT ||
	       kind == BLUEPRINT_ROLE || kind == BLUEPRINT_ENTITY || kind == BLUEPRINT_RELATION;
}

static void
removed(struct diff *x, const struct blueprint_thing *t)
{
	if (t->kind == BLUEPRINT_FIELD) {
		blueprint_diff_field_removed(x, t);
		return;
	}
	bool data = t->kind == BLUEPRINT_ENTITY || t->kind == BLUEPRINT_RELATION;
	blueprint_diff_add(x, t, true, data ? BLUEPRINT_DESTRUCTIVE : BLUEPRINT_SAFE, "remove",
			   breaks_when_gone(t->kind), "The %s \"%s\" (%s) goes away%s.",
			   blueprint_kind_name(t->kind), blueprint_name(t), t->id,
			   data ? ", and its data with it" : "");
}

static void
added(struct diff *x, const struct blueprint_thing *t)
{
	if (t->kind == BLUEPRINT_FIELD)
		blueprint_diff_field_added(x, t);
	else if (t->kind == BLUEPRINT_RELATION)
		blueprint_diff_relation_added(x, t);
	else
		blueprint_diff_add(x, t, false, BLUEPRINT_SAFE, "add", false,
				   "The %s \"%s\" (%s) is new.", blueprint_kind_name(t->kind),
				   blueprint_name(t), t->id);
}

static void
both(struct diff *x, const struct blueprint_thing *a, const struct blueprint_thing *b)
{
	if (b->kind == BLUEPRINT_FIELD)
		blueprint_diff_field(x, a, b);
	else if (b->kind == BLUEPRINT_RELATION)
		blueprint_diff_relation(x, a, b);
	else if (b->kind == BLUEPRINT_ENTITY)
		blueprint_diff_entity(x, a, b);
	else
		compare_members(x, a, b);
}

/* The header: what is not a list of things. */
static void
compare_header(struct diff *x)
{
	static const char *const members[] = { "blueprint",   "name",	   "summary", "locales",
					       "conventions", "theme",	   "target",  "quality",
					       "seed",	      "extensions" };
	const struct blueprint_thing *a = x->before.things.p[0], *b = x->after.things.p[0];
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (blueprint_diff_member(a, b, members[i]))
			blueprint_diff_add(x, b, false, BLUEPRINT_SAFE, "change",
					   !strcmp(members[i], "conventions"), "\"%s\" changes.",
					   members[i]);
	const struct wn_json *i = wn_json_get(a->json, "identity"),
			     *k = wn_json_get(b->json, "identity");
	bool other =
		strcmp(wn_json_get_str(i, "entity", ""), wn_json_get_str(k, "entity", "")) != 0 ||
		strcmp(wn_json_get_str(i, "secret", ""), wn_json_get_str(k, "secret", "")) != 0;
	if (blueprint_diff_member(a, b, "identity"))
		blueprint_diff_add(
			x, b, false, i && other ? BLUEPRINT_DESTRUCTIVE : BLUEPRINT_SAFE, "change",
			i != NULL,
			i && other
				? "People sign in as something else: their accounts would be lost."
				: "How people sign in changes.");
}

static int
by_class(const void *a, const void *b)
{
	const struct blueprint_change *x = a, *y = b;
	if (x->class != y->class)
		return x->class > y->class ? -1 : 1;
	int order = strcmp(x->pointer, y->pointer);
	return order ? order : strcmp(x->text, y->text);
}

static void
compare_things(struct diff *x)
{
	for (size_t i = 1; i < x->before.things.len; i++) {
		const struct blueprint_thing *a = x->before.things.p[i];
		if (wn_map_get(&x->before.ids, wn_str(a->id)) == a &&
		    !blueprint_find(&x->after, a->id, a->kind))
			removed(x, a);
	}
	for (size_t i = 1; i < x->after.things.len; i++) {
		const struct blueprint_thing *b = x->after.things.p[i];
		if (wn_map_get(&x->after.ids, wn_str(b->id)) != b)
			continue;
		const struct blueprint_thing *a = blueprint_find(&x->before, b->id, b->kind);
		if (a)
			both(x, a, b);
		else
			added(x, b);
	}
}

wn_err
blueprint_diff(const struct wn_json *before, const struct wn_json *after,
	       struct blueprint_diff *out, struct wn_diag *d)
{
	struct diff x = { .out = out, .migrations = wn_json_get(after, "migrations") };
	*out = (struct blueprint_diff){ 0 };
	wn_arena_init(&out->arena, 0);
	if (strcmp(wn_json_get_str(before, "id", ""), wn_json_get_str(after, "id", "")) != 0)
		return wn_fail(d, WN_E_INVALID, "\"%s\" and \"%s\" are two different blueprints.",
			       wn_json_get_str(before, "id", ""), wn_json_get_str(after, "id", ""));
	blueprint_index_init(&x.before, before);
	blueprint_index_init(&x.after, after);
	compare_header(&x);
	compare_things(&x);
	if (out->changes.len > 1)
		qsort(out->changes.p, out->changes.len, sizeof *out->changes.p, by_class);
	blueprint_index_fini(&x.before);
	blueprint_index_fini(&x.after);
	return WN_OK;
}

void
blueprint_diff_fini(struct blueprint_diff *diff)
{
	wn_vec_fini(&diff->changes);
	wn_arena_fini(&diff->arena);
	*diff = (struct blueprint_diff){ 0 };
}

wn_err
blueprint_diff_print(const struct blueprint_diff *diff, struct wn_buf *out)
{
	struct wn_jw w;
	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kint(&w, "safe", (int64_t)diff->safe);
	wn_jw_kint(&w, "needsData", (int64_t)diff->needs_data);
	wn_jw_kint(&w, "destructive", (int64_t)diff->destructive);
	wn_jw_key(&w, "changes");
	wn_jw_array(&w);
	for (size_t i = 0; i < diff->changes.len; i++) {
		const struct blueprint_change *c = &diff->changes.p[i];
		wn_jw_object(&w);
		wn_jw_kstr(&w, "class", blueprint_class_name(c->class));
		wn_jw_kstr(&w, "verb", c->verb);
		wn_jw_kstr(&w, "kind", blueprint_kind_name(c->kind));
		wn_jw_kstr(&w, "id", c->id);
		wn_jw_kstr(&w, "pointer", c->pointer);
		wn_jw_kstr(&w, "text", c->text);
		wn_jw_kbool(&w, "breaking", c->breaking);
		wn_jw_kbool(&w, "covered", c->covered);
		wn_jw_object_end(&w);
	}
	wn_jw_array_end(&w);
	wn_jw_object_end(&w);
	return out->err;
}
