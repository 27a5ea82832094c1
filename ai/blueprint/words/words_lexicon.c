/*
 * The lexicon: every listed form of every template and of the ontology, and what it may mean.
 */
#include "ai/blueprint/words/data.h"
#include "ai/blueprint/words/words_priv.h"

static void
learn(struct words_lexicon *x, struct wn_str phrase, struct words_sense sense)
{
	const char *form = words_phrase(&x->arena, phrase);
	struct words_senses *s;

	if (!form)
		return;
	s = wn_map_get(&x->forms, wn_str(form));
	if (!s) {
		s = WN_NEW(struct words_senses);
		(void)wn_map_set(&x->forms, wn_str(form), s);
	}
	for (size_t i = 0; i < s->list.len; i++)
		if (s->list.p[i].kind == sense.kind && s->list.p[i].template == sense.template &&
		    !strcmp(s->list.p[i].name, sense.name))
			return;
	wn_vec_push(&s->list, sense);
}

/* "Head|Plural;form,form": all of them. Heads are labels, yet people write them too. */
static void
learn_listed(struct words_lexicon *x, const char *listed, struct words_sense sense)
{
	while (*listed) {
		size_t n = strcspn(listed, "|;,");

		learn(x, wn_strn(listed, n), sense);
		listed += n + (listed[n] != '\0');
	}
}

static void
learn_both(struct words_lexicon *x, const struct wn_json *listed, struct words_sense sense)
{
	sense.json = sense.json ? sense.json : listed;
	learn_listed(x, wn_json_get_str(listed, "en", ""), sense);
	learn_listed(x, wn_json_get_str(listed, "ar", ""), sense);
}

static void
learn_template(struct words_lexicon *x, int n)
{
	const struct wn_json *t = x->templates[n], *e;

	learn_both(x, wn_json_get(t, "words"),
		   (struct words_sense){ WORDS_DOMAIN, n, wn_json_get_str(t, "id", ""), t });
	for (e = wn_json_first(wn_json_get(t, "entities")); e; e = wn_json_next(e))
		learn_both(
			x, e,
			(struct words_sense){ WORDS_ENTITY, n, wn_json_get_str(e, "name", ""), e });
	for (e = wn_json_first(wn_json_get(t, "roles")); e; e = wn_json_next(e))
		learn_both(
			x, e,
			(struct words_sense){ WORDS_ROLE, n, wn_json_get_str(e, "name", ""), e });
	for (e = wn_json_first(wn_json_get(t, "modules")); e; e = wn_json_next(e))
		learn_both(x, e, (struct words_sense){ WORDS_MODULE, n, wn_json_key(e), e });
}

static void
learn_group(struct words_lexicon *x, const char *group, enum words_kind kind)
{
	const struct wn_json *e = wn_json_first(wn_json_get(x->ontology, group));

	for (; e; e = wn_json_next(e))
		learn_both(x, e, (struct words_sense){ kind, -1, wn_json_key(e), e });
}

static void
learn_stop(struct words_lexicon *x, const char *language)
{
	struct wn_str rest =
		wn_str(wn_json_get_str(wn_json_get(x->ontology, "stop"), language, ""));
	struct wn_str word;

	while (wn_str_split(&rest, ' ', &word))
		learn(x, word, (struct words_sense){ WORDS_STOP, -1, "", NULL });
}

static wn_err
load(struct words_lexicon *x, struct wn_diag *d)
{
	for (size_t i = 0; i < blueprint_data_count; i++) {
		const struct blueprint_data_file *f = &blueprint_data_files[i];
		struct wn_json *j = NULL;
		wn_err err = wn_json_parse(wn_strn((const char *)f->data, f->len), NULL, &j, d);

		if (err)
			return err;
		if (!strcmp(f->path, "ontology.json"))
			x->ontology = j;
		else if (x->templates_len < WORDS_TEMPLATES_MAX)
			x->templates[x->templates_len++] = j;
		else
			wn_json_free(j);
	}
	return WN_OK;
}

wn_err
words_lexicon_init(struct words_lexicon *x, struct wn_diag *d)
{
	wn_err err;

	*x = (struct words_lexicon){ 0 };
	wn_arena_init(&x->arena, 0);
	wn_map_init(&x->forms);
	err = load(x, d);
	if (err)
		return err;
	for (int i = 0; i < x->templates_len; i++)
		learn_template(x, i);
	learn_group(x, "fields", WORDS_FIELD);
	learn_group(x, "built_in", WORDS_BUILT_IN);
	learn_group(x, "not_made", WORDS_NOT_MADE);
	learn_group(x, "grammar", WORDS_GRAMMAR);
	learn_stop(x, "en");
	learn_stop(x, "ar");
	return WN_OK;
}

static void
free_senses(void *p)
{
	struct words_senses *s = (struct words_senses *)p;

	wn_vec_fini(&s->list);
	wn_free(s);
}

void
words_lexicon_fini(struct words_lexicon *x)
{
	wn_map_fini(&x->forms, free_senses);
	wn_json_free(x->ontology);
	for (int i = 0; i < x->templates_len; i++)
		wn_json_free(x->templates[i]);
	wn_arena_fini(&x->arena);
}

const struct words_sense *
words_sense(const struct words_match *m, enum words_kind kind, int template)
{
	for (size_t i = 0; m->senses && i < m->senses->list.len; i++) {
		const struct words_sense *s = &m->senses->list.p[i];

		if (s->kind == kind && (s->template <0 || s->template == template))
			return s;
	}
	return NULL;
}

bool
words_is_grammar(const struct words_match *m, const char *name)
{
	for (size_t i = 0; m->senses && i < m->senses->list.len; i++)
		if (m->senses->list.p[i].kind == WORDS_GRAMMAR &&
		    !strcmp(m->senses->list.p[i].name, name))
			return true;
	return false;
}

struct wn_json *
blueprint_template(size_t n)
{
	for (size_t i = 0; i < blueprint_data_count; i++) {
		const struct blueprint_data_file *f = &blueprint_data_files[i];
		struct wn_json *j = NULL;

		if (strncmp(f->path, "templates/", 10) != 0 || n-- > 0)
			continue;
		if (wn_json_parse(wn_strn((const char *)f->data, f->len), NULL, &j, NULL) != WN_OK)
			return NULL;
		return j;
	}
	return NULL;
}
