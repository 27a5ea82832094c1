/*
 * From the reading to the blueprint: which parts of the template, what the text adds, who may what.
 */
#include "ai/blueprint/words/words_draft.h"

#include <stdio.h>

#include "ai/blueprint/compose/compose_priv.h"
#include "runtime/base/utf8.h"

#define COVERAGE_PERCENT 25 /* less than this understood: the rest may be the point of it */

/* --- what was named --------------------------------------------------------------------- */

static void
remember(struct words_draft *w, const char *key, const struct words_match *m)
{
	if (!wn_map_has(&w->said, wn_str(key)) && !wn_map_has(&w->denied, wn_str(key)))
		(void)wn_map_set(&w->said, wn_str(key),
				 (void *)(uintptr_t)words_quote(&w->r, m->from, m->to));
}

static void
remember_match(struct words_draft *w, const struct words_match *m)
{
	const struct words_sense *s = words_sense(m, WORDS_ENTITY, w->r.template);

	if (s)
		remember(w, s->name, m);
	if (s && wn_json_get(s->json, "module") && !words_sense(m, WORDS_MODULE, w->r.template))
		remember(w,
			 wn_arena_printf(w->r.arena, "module:%s",
					 wn_json_get_str(s->json, "module", "")),
			 m);
	s = words_sense(m, WORDS_ROLE, w->r.template);
	if (s)
		remember(w, wn_arena_printf(w->r.arena, "role:%s", s->name), m);
	s = words_sense(m, WORDS_MODULE, w->r.template);
	if (s)
		remember(w, wn_arena_printf(w->r.arena, "module:%s", s->name), m);
	s = words_sense(m, WORDS_BUILT_IN, -1);
	if (s && !strcmp(s->name, "languages"))
		remember(w, "languages", m);
}

bool
words_wanted(const struct words_draft *w, const struct wn_json *entity)
{
	const char *module = wn_json_get_str(entity, "module", NULL), *answer;
	const struct wn_json *m =
		wn_json_get(wn_json_get(w->template, "modules"), module ? module : "");
	char key[100];

	if (!module)
		return true;
	(void)snprintf(key, sizeof key, "module:%s", module);
	answer = words_answer(w, key);
	if (answer)
		return !strcmp(answer, "yes") || !strcmp(answer, "نعم");
	if (wn_map_has(&w->denied, wn_str(key)))
		return false;
	return wn_map_has(&w->said, wn_str(key)) || wn_json_get_bool(m, "on", false);
}

/* --- the sketch --------------------------------------------------------------------------- */

static void
append(struct wn_json *to, const struct wn_json *list, const struct wn_json *beside)
{
	for (const struct wn_json *x = wn_json_first(list); x; x = wn_json_next(x)) {
		bool there = false;

		for (const struct wn_json *y = wn_json_first(to); y; y = wn_json_next(y))
			there = there || !strcmp(wn_json_get_str(x, "name", ""),
						 wn_json_get_str(y, "name", "?"));
		for (const struct wn_json *y = wn_json_first(beside); y; y = wn_json_next(y))
			there = there || !strcmp(wn_json_get_str(x, "name", ""),
						 wn_json_get_str(y, "name", "?"));
		if (!there)
			(void)wn_json_push(to, wn_json_copy(x));
	}
}

static const char *
role_rule(const char *role)
{
	return !strcmp(role, "admin") ? "role:admin" : !strcmp(role, "staff") ? "staff" : "member";
}

/* "only managers can add products" */
static void
restrict_access(const struct words_draft *w, struct wn_json *e)
{
	const char *name = wn_json_get_str(e, "name", "");
	const char *write =
		wn_map_get(&w->access, wn_str(wn_arena_printf(w->r.arena, "%s/write", name)));
	const char *read =
		wn_map_get(&w->access, wn_str(wn_arena_printf(w->r.arena, "%s/read", name)));
	struct wn_json *a;

	if (!write && !read)
		return;
	if (wn_json_type(wn_json_get(e, "access")) == WN_JSON_STRING) {
		a = wn_json_new_object();
		wn_json_set_str(a, "preset", wn_json_get_str(e, "access", "catalog"));
		(void)wn_json_set(e, "access", a);
	}
	a = wn_json_mut(wn_json_get(e, "access"));
	if (read) {
		wn_json_set_str(a, "list", role_rule(read));
		wn_json_set_str(a, "get", role_rule(read));
	}
	if (write) {
		wn_json_set_str(a, "create", role_rule(write));
		wn_json_set_str(a, "update", role_rule(write));
		wn_json_set_str(a, "delete", role_rule(write));
	}
}

static void
add_own(const struct words_draft *w, struct wn_json *list)
{
	for (size_t i = 0; i < w->own_len; i++) {
		const struct words_own *o = &w->own[i];
		struct wn_json *e;

		if (o->of_template)
			continue;
		e = wn_json_push(list, wn_json_new_object());
		wn_json_set_str(e, "name", o->name);
		(void)wn_json_set(e, "label", wn_json_copy(o->label));
		(void)wn_json_set(e, "plural", wn_json_copy(o->plural));
		wn_json_set_str(e, "access", "shared");
		(void)wn_json_set(e, "fields", wn_json_copy(o->fields));
		if (!wn_json_first(o->fields))
			(void)wn_json_push(wn_json_mut(wn_json_get(e, "fields")),
					   words_field(&w->lex, "name", "string! max:160 search"));
		(void)wn_json_set(e, "belongs", wn_json_copy(o->belongs));
		(void)wn_json_push(wn_json_mut(wn_json_get(e, "belongs")),
				   words_belongs(&w->lex, "addedBy", "user! owner"));
	}
}

static void
add_entities(const struct words_draft *w, struct wn_json *list)
{
	struct wn_json *user = wn_json_push(list, wn_json_new_object()), *e;
	const struct wn_json *s = wn_json_get(w->template, "user");

	wn_json_set_str(user, "name", "user");
	wn_json_set_bool(user, "identity", true);
	(void)wn_json_set(user, "label", words_label(s, false));
	(void)wn_json_set(user, "plural", words_label(s, true));
	for (s = wn_json_first(wn_json_get(w->template, "entities")); s; s = wn_json_next(s)) {
		if (!words_wanted(w, s))
			continue;
		e = wn_json_push(list, words_entity(&w->lex, s));
		for (size_t i = 0; i < w->own_len; i++)
			if (w->own[i].of_template &&
			    !strcmp(w->own[i].of_template, wn_json_get_str(e, "name", ""))) {
				append(wn_json_mut(wn_json_get(e, "fields")), w->own[i].fields,
				       wn_json_get(e, "belongs"));
				append(wn_json_mut(wn_json_get(e, "belongs")), w->own[i].belongs,
				       wn_json_get(e, "fields"));
			}
		restrict_access(w, e);
	}
	add_own(w, list);
}

static void
add_roles(const struct words_draft *w, struct wn_json *list)
{
	const struct wn_json *r = wn_json_first(wn_json_get(w->template, "roles"));

	for (; r; r = wn_json_next(r)) {
		struct wn_json *out = wn_json_push(list, wn_json_new_object());

		wn_json_set_str(out, "name", wn_json_get_str(r, "name", "member"));
		(void)wn_json_set(out, "label", words_label(r, false));
		if (wn_json_get_bool(r, "default", false))
			wn_json_set_bool(out, "default", true);
	}
}

/* Rows that name an entity or relation which is not there go. */
static void
add_seed(const struct words_draft *w, struct wn_json *sketch)
{
	struct wn_json *list = wn_json_set(sketch, "seed", wn_json_new_array());
	const struct wn_json *s = wn_json_first(wn_json_get(w->template, "seed"));

	for (; s; s = wn_json_next(s))
		for (const struct wn_json *e = wn_json_first(wn_json_get(sketch, "entities")); e;
		     e = wn_json_next(e))
			if (!strcmp(wn_json_get_str(s, "entity", ""),
				    wn_json_get_str(e, "name", "?")))
				(void)wn_json_push(list, wn_json_copy(s));
}

static void
set_name(struct words_draft *w, struct wn_json *sketch)
{
	const char *given = w->called ? w->called : words_answer(w, "name");
	struct wn_json *name;

	if (!given || !*given) {
		(void)wn_json_set(sketch, "name", wn_json_copy(wn_json_get(w->template, "name")));
		return;
	}
	name = wn_json_set(sketch, "name", wn_json_new_object());
	wn_json_set_str(name, "en", given);
	wn_json_set_str(name, "ar", given);
	(void)wn_map_set(&w->said, WN_STR("name"), (void *)(uintptr_t)given);
}

static void
make_sketch(struct words_draft *w)
{
	struct wn_json *s = wn_json_new_object(), *locales = wn_json_new_array();
	const char *currency = words_answer(w, "currency");

	w->sketch = s;
	set_name(w, s);
	wn_json_set_str(s, "id", wn_arena_printf(w->r.arena, "bp_%s", w->out->template));
	(void)wn_json_set(s, "summary", wn_json_copy(wn_json_get(w->template, "summary")));
	(void)wn_json_push(locales, wn_json_new_str(wn_str(w->arabic ? "ar" : "en")));
	(void)wn_json_push(locales, wn_json_new_str(wn_str(w->arabic ? "en" : "ar")));
	(void)wn_json_set(s, "locales", locales);
	if (currency && strlen(currency) == 3)
		(void)wn_map_set(&w->said, WN_STR("currency"), (void *)(uintptr_t)currency);
	wn_json_set_str(s, "currency",
			currency && strlen(currency) == 3 ? currency
			: w->arabic			  ? "SAR"
							  : "USD");
	wn_json_set_str(s, "accent", wn_json_get_str(w->template, "accent", "#0f5e9c"));
	add_roles(w, wn_json_set(s, "roles", wn_json_new_array()));
	add_entities(w, wn_json_set(s, "entities", wn_json_new_array()));
	add_seed(w, s);
}

/* --- together --------------------------------------------------------------------------------- */

static int
template_named(const struct words_lexicon *x, const char *id)
{
	for (int i = 0; id && i < x->templates_len; i++)
		if (!strcmp(wn_json_get_str(x->templates[i], "id", ""), id))
			return i;
	return -1;
}

/* The template was chosen, the text fits one, or it describes things of its own. */
static bool
choose(struct words_draft *w)
{
	int asked = template_named(&w->lex, words_answer(w, "template"));

	if (asked >= 0)
		w->r.template = asked;
	words_grammar(w);
	if (w->r.template <0 && w->own_len > 0)
		w->r.template = template_named(&w->lex, "custom");
	if (w->r.template <0)
		return false;
	w->template = w->lex.templates[w->r.template];
	return true;
}

static bool
enough(const struct words_draft *w)
{
	return words_answer(w, "template") ||
	       w->out->matched * 100 >= w->out->words * COVERAGE_PERCENT;
}

static wn_err
build(struct words_draft *w, struct wn_str text, struct wn_diag *d)
{
	wn_err err;

	w->out->template = wn_arena_strdup(&w->out->arena, wn_json_get_str(w->template, "id", ""));
	for (size_t i = 0; i < w->r.matches.len; i++)
		remember_match(w, &w->r.matches.p[i]);
	words_ask(w);
	make_sketch(w);
	err = blueprint_compose(w->sketch, &w->out->doc, d);
	if (!err)
		words_label_all(w, text);
	return err;
}

static void
fini(struct words_draft *w)
{
	for (size_t i = 0; i < w->own_len; i++) {
		wn_json_free(w->own[i].label);
		wn_json_free(w->own[i].plural);
		wn_json_free(w->own[i].fields);
		wn_json_free(w->own[i].belongs);
	}
	wn_json_free(w->sketch);
	wn_map_fini(&w->said, NULL);
	wn_map_fini(&w->denied, NULL);
	wn_map_fini(&w->access, NULL);
	wn_vec_fini(&w->r.tokens);
	wn_vec_fini(&w->r.matches);
	words_lexicon_fini(&w->lex);
	wn_free(w);
}

wn_err
blueprint_from_words(struct wn_str text, const struct wn_json *answers, struct blueprint_draft *out,
		     struct wn_diag *d)
{
	struct words_draft *w = WN_NEW(struct words_draft);
	wn_err err;

	*out = (struct blueprint_draft){ 0 };
	wn_arena_init(&out->arena, 0);
	w->answers = answers;
	w->out = out;
	wn_map_init(&w->said);
	wn_map_init(&w->denied);
	wn_map_init(&w->access);
	err = words_lexicon_init(&w->lex, d);
	if (!err && text.len > BLUEPRINT_WORDS_MAX)
		err = wn_fail(d, WN_E_LIMIT, "a description may have %d bytes",
			      BLUEPRINT_WORDS_MAX);
	if (!err && !wn_utf8_valid(text))
		err = wn_fail(d, WN_E_INVALID, "the description is no UTF-8 text");
	if (!err) {
		bool chosen;

		w->r.lex = &w->lex;
		w->r.arena = &w->lex.arena;
		words_tokens(&w->r, text);
		words_read(&w->r);
		for (size_t i = 0; i < w->r.tokens.len; i++)
			w->arabic |= w->r.tokens.p[i].arabic;
		chosen = choose(w);
		words_count(w);
		if (chosen && enough(w))
			err = build(w, text, d);
	}
	fini(w);
	return err;
}

void
blueprint_draft_fini(struct blueprint_draft *draft)
{
	wn_json_free(draft->doc);
	draft->doc = NULL;
	wn_vec_fini(&draft->elements);
	wn_vec_fini(&draft->unmatched);
	wn_vec_fini(&draft->questions);
	wn_vec_fini(&draft->not_made);
	wn_arena_fini(&draft->arena);
}

const char *
blueprint_confidence_name(enum blueprint_confidence c)
{
	return c == BLUEPRINT_STATED ? "stated" : c == BLUEPRINT_INFERRED ? "inferred" : "default";
}
