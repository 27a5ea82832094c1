/*
 * The few sentences that say more than names: "each X has a, b and c", "X belongs to Y", "only R
 * can change X", "without X", "called N"; the same in Arabic.
 */
#include "ai/blueprint/compose/compose_priv.h"
#include "ai/blueprint/words/words_draft.h"
#include "runtime/base/utf8.h"

#define FIELDS_MAX 40

static const struct words_match *
match(const struct words_draft *w, size_t i)
{
	return &w->r.matches.p[i];
}

static const char *
quote(struct words_draft *w, size_t i)
{
	return words_quote(&w->r, match(w, i)->from, match(w, i)->to);
}

static const struct words_token *
token(const struct words_draft *w, size_t i)
{
	return &w->r.tokens.p[match(w, i)->from];
}

static bool
is_mark(const struct words_draft *w, size_t i, const char *marks)
{
	return token(w, i)->mark && strstr(marks, token(w, i)->form);
}

static bool
is_stop(const struct words_draft *w, size_t i)
{
	const struct words_senses *s = match(w, i)->senses;

	for (size_t n = 0; s && n < s->list.len; n++)
		if (s->list.p[n].kind == WORDS_STOP)
			return true;
	return words_is_grammar(match(w, i), "each");
}

static bool
is_and(const struct words_draft *w, size_t i)
{
	return is_mark(w, i, ",") || !strcmp(token(w, i)->form, "and") ||
	       !strcmp(token(w, i)->form, "و") || !strcmp(token(w, i)->form, "or");
}

static bool
is_noun(const struct words_draft *w, size_t i)
{
	const struct words_match *m = match(w, i);

	return !token(w, i)->mark &&
	       (!m->senses || words_sense(m, WORDS_ENTITY, w->r.template) ||
		words_sense(m, WORDS_FIELD, -1)) &&
	       !is_stop(w, i);
}

/* --- names ------------------------------------------------------------------------------ */

/* Names that every platform has already. */
static bool
is_taken(const char *name)
{
	static const char *const taken[] = { "id",	  "user",      "role",	  "password",
					     "me",	  "auth",      "admin",	  "createdAt",
					     "updatedAt", "deletedAt", "addedBy", "constructor" };

	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
		if (!strcmp(name, taken[i]))
			return true;
	return false;
}

/* "engine power" becomes enginePower; letters that are no ASCII become a numbered name. */
static const char *
camel(struct words_draft *w, const char *words, const char *kind, size_t number)
{
	struct wn_buf b;
	bool up = false;
	const char *out;

	wn_buf_init(&b, 60);
	for (const char *p = words; *p && b.len < 50; p++) {
		char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && b.len)) {
			(void)wn_buf_chr(&b, up && b.len ? (char)(c >= 'a' ? c - 32 : c) : c);
			up = false;
		} else {
			up = true;
		}
	}
	out = b.len >= 2 ? wn_arena_strdup(w->r.arena, b.p)
			 : wn_arena_printf(w->r.arena, "%s%zu", kind, number);
	wn_buf_fini(&b);
	return is_taken(out)
		       ? wn_arena_printf(w->r.arena, "%s%s", out, *kind == 't' ? "Item" : "Value")
		       : out;
}

static struct wn_json *
label_of(struct words_draft *w, const char *words)
{
	struct wn_json *out = wn_json_new_object();
	char *text = wn_arena_strdup(w->r.arena, words);

	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 32);
	wn_json_set_str(out, "en", text);
	wn_json_set_str(out, "ar", words);
	return out;
}

/* --- own things --------------------------------------------------------------------------- */

static struct words_own *
find_own(struct words_draft *w, const char *name)
{
	for (size_t i = 0; i < w->own_len; i++)
		if (!strcmp(w->own[i].name, name))
			return &w->own[i];
	return NULL;
}

static struct words_own *
own_thing(struct words_draft *w, size_t i)
{
	const struct words_sense *known = words_sense(match(w, i), WORDS_ENTITY, w->r.template);
	const char *words = quote(w, i), *one = compose_singular(w->r.arena, words);
	const char *name = known ? known->name : camel(w, one, "thing", w->own_len + 1);
	struct words_own *o = find_own(w, name);

	w->r.matches.p[i].used = true;
	if (o || w->own_len == WORDS_OWN_MAX)
		return o;
	o = &w->own[w->own_len++];
	*o = (struct words_own){ .name = name, .words = words, .of_template = known ? name : NULL };
	o->label = label_of(w, one);
	o->plural = label_of(w, token(w, i)->arabic ? words : compose_plural(w->r.arena, one));
	o->fields = wn_json_new_array();
	o->belongs = wn_json_new_array();
	(void)wn_map_set(&w->said, wn_str(name), (void *)(uintptr_t)words);
	return o;
}

static bool
has_named(const struct wn_json *list, const char *name)
{
	for (const struct wn_json *f = wn_json_first(list); f; f = wn_json_next(f))
		if (!strcmp(wn_json_get_str(f, "name", ""), name))
			return true;
	return false;
}

/* Adds the field that the matches from..to name. */
static void
add_field(struct words_draft *w, struct words_own *o, size_t from, size_t to)
{
	const struct words_sense *s =
		to == from + 1 ? words_sense(match(w, from), WORDS_FIELD, -1) : NULL;
	const char *words = words_quote(&w->r, match(w, from)->from, match(w, to - 1)->to);
	const char *name = s ? s->name : camel(w, words, "field", wn_json_len(o->fields) + 1);
	struct wn_json *f;

	if (has_named(o->fields, name) || has_named(o->belongs, name) ||
	    wn_json_len(o->fields) >= FIELDS_MAX || is_taken(name))
		return;
	f = words_field(&w->lex, name,
			s ? wn_json_get_str(s->json, "as", "string") : "string max:200");
	if (!s)
		(void)wn_json_set(f, "label", label_of(w, words));
	/* What is there already has no value for it. */
	if (o->of_template) {
		wn_json_remove(f, "required");
		wn_json_remove(f, "unique");
	}
	(void)wn_json_push(o->fields, f);
	for (size_t i = from; i < to; i++)
		w->r.matches.p[i].used = true;
	(void)wn_map_set(&w->said, wn_str(wn_arena_printf(w->r.arena, "%s.%s", o->name, name)),
			 (void *)(uintptr_t)words);
}

/* A list of names up to the end of the sentence; in Arabic each word is one. */
static void
add_list(struct words_draft *w, struct words_own *o, size_t i)
{
	size_t from = SIZE_MAX;

	for (; i <= w->r.matches.len; i++) {
		bool end = i == w->r.matches.len || is_mark(w, i, ".)");
		bool word = !end && is_noun(w, i);

		if (word && from == SIZE_MAX)
			from = i;
		if (from != SIZE_MAX && (!word || (i > from && token(w, i)->arabic))) {
			add_field(w, o, from, i);
			from = word ? i : SIZE_MAX;
		}
		if (end || (!word && !is_stop(w, i) && !is_and(w, i)))
			return;
	}
}

static size_t
noun_before(const struct words_draft *w, size_t i)
{
	while (i-- > 0) {
		if (is_mark(w, i, ".:"))
			return SIZE_MAX;
		if (is_noun(w, i))
			return i;
	}
	return SIZE_MAX;
}

static size_t
noun_after(const struct words_draft *w, size_t i)
{
	for (i++; i < w->r.matches.len && !token(w, i)->mark; i++)
		if (is_noun(w, i))
			return i;
	return SIZE_MAX;
}

static void
on_has(struct words_draft *w, size_t i)
{
	size_t noun = noun_before(w, i);
	struct words_own *o = noun == SIZE_MAX ? NULL : own_thing(w, noun);

	if (o)
		add_list(w, o, i + 1);
}

/* "track boats (name, length)", "track boats with name and length", "لتسجيل قوارب: اسم وطول" */
static void
on_track(struct words_draft *w, size_t i)
{
	size_t noun = noun_after(w, i);
	struct words_own *o;

	if (noun == SIZE_MAX || words_sense(match(w, noun), WORDS_ENTITY, w->r.template) ||
	    (match(w, noun)->senses && w->r.template >= 0))
		return;
	o = own_thing(w, noun);
	if (!o || noun + 1 >= w->r.matches.len)
		return;
	if (is_mark(w, noun + 1, ":(") || !strcmp(token(w, noun + 1)->form, "with"))
		add_list(w, o, noun + 2);
}

static const char *
name_at(struct words_draft *w, size_t i)
{
	const struct words_sense *s = words_sense(match(w, i), WORDS_ENTITY, w->r.template);
	struct words_own *o = s ? NULL : own_thing(w, i);

	return s ? s->name : o ? o->name : NULL;
}

static void
on_belongs(struct words_draft *w, size_t i)
{
	size_t a = noun_before(w, i), b = noun_after(w, i);
	struct words_own *o = a == SIZE_MAX || b == SIZE_MAX ? NULL : own_thing(w, a);
	const char *to = o ? name_at(w, b) : NULL;
	struct wn_json *r;

	if (!to || has_named(o->belongs, to) || has_named(o->fields, to) || !strcmp(to, o->name))
		return;
	r = wn_json_push(o->belongs, words_belongs(&w->lex, to, to));
	if (!wn_json_get(r, "label"))
		(void)wn_json_set(r, "label", label_of(w, to));
	w->r.matches.p[b].used = true;
	(void)wn_map_set(&w->said, wn_str(wn_arena_printf(w->r.arena, "%s.%s", o->name, to)),
			 (void *)(uintptr_t)words_quote(&w->r, match(w, a)->from, match(w, b)->to));
}

/* --- who may -------------------------------------------------------------------------------- */

static void
on_only(struct words_draft *w, size_t i)
{
	const struct words_sense *role = NULL, *entity = NULL;
	const char *verb = NULL;
	size_t k = i + 1;

	for (; k < w->r.matches.len && !is_mark(w, k, "."); k++) {
		const struct words_match *m = match(w, k);

		role = role ? role : words_sense(m, WORDS_ROLE, w->r.template);
		verb = verb			      ? verb
		       : words_is_grammar(m, "write") ? "write"
		       : words_is_grammar(m, "read")  ? "read"
						      : NULL;
		entity = verb && !entity ? words_sense(m, WORDS_ENTITY, w->r.template) : entity;
	}
	if (!role || !verb || !entity)
		return;
	(void)wn_map_set(&w->access,
			 wn_str(wn_arena_printf(w->r.arena, "%s/%s", entity->name, verb)),
			 (void *)(uintptr_t)role->name);
	(void)wn_map_set(
		&w->said, wn_str(wn_arena_printf(w->r.arena, "%s!access", entity->name)),
		(void *)(uintptr_t)words_quote(&w->r, match(w, i)->from, match(w, k - 1)->to));
}

static void
on_without(struct words_draft *w, size_t i)
{
	for (size_t k = i + 1; k < w->r.matches.len && !is_mark(w, k, "."); k++) {
		const struct words_sense *m = words_sense(match(w, k), WORDS_MODULE, w->r.template);

		if (!strcmp(token(w, k)->form, "with") || !strcmp(token(w, k)->form, "but"))
			return;
		if (!m)
			continue;
		w->r.matches.p[k].used = true;
		(void)wn_map_set(&w->denied,
				 wn_str(wn_arena_printf(w->r.arena, "module:%s", m->name)),
				 (void *)(uintptr_t)quote(w, k));
	}
}

static void
on_called(struct words_draft *w, size_t i)
{
	size_t k = i + 1;

	while (k < w->r.matches.len && k < i + 5 && !token(w, k)->mark && !is_stop(w, k))
		w->r.matches.p[k++].used = true;
	if (k > i + 1 && !w->called)
		w->called = words_quote(&w->r, match(w, i + 1)->from, match(w, k - 1)->to);
}

void
words_grammar(struct words_draft *w)
{
	static const struct {
		const char *name;
		void (*fn)(struct words_draft *, size_t);
	} rules[] = {
		{ "called", on_called }, { "without", on_without }, { "track", on_track },
		{ "has", on_has },	 { "belongs", on_belongs }, { "only", on_only },
	};

	for (size_t n = 0; n < sizeof rules / sizeof rules[0]; n++)
		for (size_t i = 0; i < w->r.matches.len; i++)
			if (words_is_grammar(match(w, i), rules[n].name))
				rules[n].fn(w, i);
}
