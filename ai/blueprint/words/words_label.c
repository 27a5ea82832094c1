/*
 * Where every part of the blueprint comes from: said, implied by the kind of platform, or a
 * default.
 */
#include "ai/blueprint/words/words_draft.h"

#include <stdio.h>

/* --- what was understood --------------------------------------------------------------- */

/* Words of the sentence, not of what it is about: unless the template knows them as a thing. */
static bool
only_small_words(const struct words_draft *w, const struct words_match *m)
{
	bool small = false, other = false;

	for (size_t i = 0; m->senses && i < m->senses->list.len; i++) {
		const struct words_sense *s = &m->senses->list.p[i];

		small = small || s->kind == WORDS_STOP || s->kind == WORDS_GRAMMAR;
		other = other || (s->template >= 0 && s->template == w->r.template) ||
			s->kind == WORDS_NOT_MADE || s->kind == WORDS_BUILT_IN;
	}
	return small && !other;
}

/* A field's word alone says something when the blueprint has such a field. */
static bool
names_a_field(const struct words_draft *w, const struct words_match *m)
{
	const struct words_sense *s = words_sense(m, WORDS_FIELD, -1);
	const struct wn_json *e = wn_json_first(wn_json_get(w->template, "entities"));

	for (; s && e; e = wn_json_next(e))
		if (wn_json_get(wn_json_get(e, "fields"), s->name))
			return true;
	return false;
}

static void
note_not_made(struct words_draft *w, const struct words_match *m)
{
	const struct words_sense *s = words_sense(m, WORDS_NOT_MADE, -1);
	const struct wn_json *note = s ? wn_json_get(s->json, "note") : NULL;
	struct wn_arena *a = &w->out->arena;

	if (!note)
		return;
	wn_vec_push(
		&w->out->not_made,
		(struct blueprint_not_made){ wn_arena_strdup(a, words_quote(&w->r, m->from, m->to)),
					     wn_arena_strdup(a, wn_json_get_str(note, "en", "")),
					     wn_arena_strdup(a, wn_json_get_str(note, "ar", "")) });
}

static bool
understood(struct words_draft *w, struct words_match *m)
{
	int t = w->r.template;
	bool template =
		t >= 0 && (words_sense(m, WORDS_DOMAIN, t) || words_sense(m, WORDS_ENTITY, t) ||
			   words_sense(m, WORDS_ROLE, t) || words_sense(m, WORDS_MODULE, t));

	if (!m->used && !template)
		note_not_made(w, m);
	return m->used || template || words_sense(m, WORDS_BUILT_IN, -1) ||
	       words_sense(m, WORDS_NOT_MADE, -1) || names_a_field(w, m);
}

static void
add_unmatched(struct words_draft *w, const struct words_match *m)
{
	const char *words = wn_arena_strdup(&w->out->arena, words_quote(&w->r, m->from, m->to));

	for (size_t i = 0; i < w->out->unmatched.len; i++)
		if (!strcmp(w->out->unmatched.p[i], words))
			return;
	wn_vec_push(&w->out->unmatched, words);
}

void
words_count(struct words_draft *w)
{
	for (size_t i = 0; i < w->r.matches.len; i++) {
		struct words_match *m = &w->r.matches.p[i];

		if (w->r.tokens.p[m->from].mark || (only_small_words(w, m) && !m->used))
			continue;
		w->out->words++;
		if (understood(w, m))
			w->out->matched++;
		else
			add_unmatched(w, m);
	}
}

/* --- labels --------------------------------------------------------------------------------- */

static const char *
domain_words(const struct words_draft *w)
{
	for (size_t i = 0; i < w->r.matches.len; i++)
		if (words_sense(&w->r.matches.p[i], WORDS_DOMAIN, w->r.template))
			return words_quote(&w->r, w->r.matches.p[i].from, w->r.matches.p[i].to);
	return "";
}

static void
label(struct words_draft *w, const char *pointer, const char *what, const char *key,
      enum blueprint_confidence otherwise)
{
	const char *said = wn_map_get(&w->said, wn_str(key));
	struct wn_arena *a = &w->out->arena;
	struct blueprint_element e = { .confidence = said ? BLUEPRINT_STATED : otherwise };

	e.pointer = wn_arena_strdup(a, pointer);
	e.label = wn_arena_strdup(a, what);
	e.words = wn_arena_strdup(a, said			       ? said
				     : otherwise == BLUEPRINT_INFERRED ? domain_words(w)
								       : "");
	wn_vec_push(&w->out->elements, e);
}

static bool
is_default_module(const struct words_draft *w, const char *entity)
{
	const struct wn_json *e = wn_json_first(wn_json_get(w->template, "entities"));

	for (; e; e = wn_json_next(e))
		if (!strcmp(wn_json_get_str(e, "name", ""), entity))
			return wn_json_get(e, "module") != NULL;
	return false;
}

static void
label_entity(struct words_draft *w, const struct wn_json *e, size_t i)
{
	const char *name = wn_json_get_str(e, "name", "?");
	char p[100], key[160], what[200];
	size_t k = 0;

	(void)snprintf(p, sizeof p, "/entities/%zu", i);
	(void)snprintf(what, sizeof what, "entity %s", name);
	label(w, p, what, name,
	      is_default_module(w, name) ? BLUEPRINT_DEFAULT : BLUEPRINT_INFERRED);
	for (const struct wn_json *f = wn_json_first(wn_json_get(e, "fields")); f;
	     f = wn_json_next(f)) {
		const char *field = wn_json_get_str(f, "name", "?");

		(void)snprintf(p, sizeof p, "/entities/%zu/fields/%zu", i, k++);
		(void)snprintf(key, sizeof key, "%s.%s", name, field);
		(void)snprintf(what, sizeof what, "field %s", key);
		label(w, p, what, key, BLUEPRINT_DEFAULT);
	}
}

static const char *
name_by_id(const struct wn_json *doc, const char *id)
{
	for (const struct wn_json *e = wn_json_first(wn_json_get(doc, "entities")); e;
	     e = wn_json_next(e))
		if (!strcmp(wn_json_get_str(e, "id", ""), id))
			return wn_json_get_str(e, "name", "?");
	return "?";
}

static void
label_lists(struct words_draft *w, const struct wn_json *doc)
{
	char p[100], key[160], what[200];
	size_t i = 0;
	const struct wn_json *x = wn_json_first(wn_json_get(doc, "relations"));

	for (; x; x = wn_json_next(x), i++) {
		(void)snprintf(p, sizeof p, "/relations/%zu", i);
		(void)snprintf(key, sizeof key, "%s.%s",
			       name_by_id(doc, wn_json_get_str(x, "from", "")),
			       wn_json_get_str(x, "name", "?"));
		(void)snprintf(what, sizeof what, "relation %s", key);
		label(w, p, what, key, BLUEPRINT_INFERRED);
	}
	for (x = wn_json_first(wn_json_get(doc, "roles")), i = 0; x; x = wn_json_next(x), i++) {
		(void)snprintf(p, sizeof p, "/roles/%zu", i);
		(void)snprintf(key, sizeof key, "role:%s", wn_json_get_str(x, "name", "?"));
		(void)snprintf(what, sizeof what, "role %s", wn_json_get_str(x, "name", "?"));
		label(w, p, what, key, BLUEPRINT_INFERRED);
	}
	for (x = wn_json_first(wn_json_get(doc, "workflows")), i = 0; x; x = wn_json_next(x), i++) {
		const char *entity = name_by_id(doc, wn_json_get_str(x, "entity", ""));

		(void)snprintf(p, sizeof p, "/workflows/%zu", i);
		(void)snprintf(what, sizeof what, "states of %s", entity);
		(void)snprintf(key, sizeof key, "%s!workflow", entity);
		label(w, p, what, key, BLUEPRINT_DEFAULT);
	}
}

static void
label_settings(struct words_draft *w)
{
	char key[100];

	label(w, "/name", "name", "name", BLUEPRINT_DEFAULT);
	label(w, "/locales", "languages", "languages", BLUEPRINT_DEFAULT);
	label(w, "/conventions/currency", "currency", "currency", BLUEPRINT_DEFAULT);
	label(w, "/target", "stack", "target", BLUEPRINT_DEFAULT);
	for (const struct wn_json *e = wn_json_first(wn_json_get(w->template, "entities")); e;
	     e = wn_json_next(e)) {
		(void)snprintf(key, sizeof key, "%s!access", wn_json_get_str(e, "name", "?"));
		if (wn_map_has(&w->said, wn_str(key)))
			label(w, "/operations", "who may do what", key, BLUEPRINT_STATED);
	}
	label(w, "/operations", "operations", "operations", BLUEPRINT_INFERRED);
	label(w, "/pages", "pages", "pages", BLUEPRINT_INFERRED);
}

static const char *
why(const struct words_draft *w, const struct blueprint_element *e)
{
	if (e->confidence == BLUEPRINT_STATED)
		return wn_arena_printf(&w->out->arena, "%s: \"%s\"", e->label, e->words);
	if (e->confidence == BLUEPRINT_INFERRED)
		return wn_arena_printf(&w->out->arena, "%s: a platform like this has it (\"%s\")",
				       e->label, e->words);
	return wn_arena_printf(&w->out->arena, "%s: nobody said; the template's default", e->label);
}

static void
write_provenance(struct words_draft *w, struct wn_str text)
{
	struct wn_json *p = wn_json_new_object(), *list = wn_json_new_array(), *left;

	wn_json_set_str(p, "source", "rules");
	wn_json_set_str(p, "template", wn_arena_printf(w->r.arena, "%s/1", w->out->template));
	(void)wn_json_set(p, "prompt", wn_json_new_str(text));
	for (size_t i = 0; i < w->out->elements.len; i++) {
		const struct blueprint_element *e = &w->out->elements.p[i];
		struct wn_json *a = wn_json_push(list, wn_json_new_object());

		wn_json_set_str(a, "path", e->pointer);
		wn_json_set_str(a, "why", why(w, e));
		wn_json_set_str(a, "confidence", blueprint_confidence_name(e->confidence));
	}
	(void)wn_json_set(p, "assumptions", list);
	left = wn_json_set(p, "unmatched", wn_json_new_array());
	for (size_t i = 0; i < w->out->unmatched.len; i++)
		(void)wn_json_push(left, wn_json_new_str(wn_str(w->out->unmatched.p[i])));
	(void)wn_json_set(w->out->doc, "provenance", p);
}

void
words_label_all(struct words_draft *w, struct wn_str text)
{
	size_t i = 0;

	label_settings(w);
	for (const struct wn_json *e = wn_json_first(wn_json_get(w->out->doc, "entities")); e;
	     e = wn_json_next(e))
		label_entity(w, e, i++);
	label_lists(w, w->out->doc);
	write_provenance(w, text);
}
