/*
 * Finds what is known in a text, longest phrases first, and the template that most of it belongs
 * to.
 */
#include "ai/blueprint/words/words_priv.h"

struct look {
	const struct words_reading *r;
	size_t at, len; /* tokens of the phrase */
	const struct words_senses *found;
};

static bool
try_form(void *arg, const char *form)
{
	struct look *l = (struct look *)arg;
	char key[400];
	size_t n = strlen(form);

	if (n >= sizeof key)
		return false;
	memcpy(key, form, n + 1);
	for (size_t i = 1; i < l->len; i++) {
		const char *next = words_phrase(l->r->arena, l->r->tokens.p[l->at + i].text);
		size_t k = next ? strlen(next) : 0;

		if (!next || n + 1 + k >= sizeof key)
			return false;
		key[n++] = ' ';
		memcpy(key + n, next, k + 1);
		n += k;
	}
	l->found = wn_map_get(&l->r->lex->forms, wn_strn(key, n));
	return l->found != NULL;
}

static bool
phrase_fits(const struct words_reading *r, size_t at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at + i >= r->tokens.len || r->tokens.p[at + i].mark)
			return false;
	return true;
}

static void
match_at(struct words_reading *r, size_t *at)
{
	struct words_match m = { .from = *at, .to = *at + 1 };

	for (size_t len = WORDS_PHRASE; len > 0 && !m.senses; len--) {
		struct look l = { .r = r, .at = *at, .len = len };

		if (!phrase_fits(r, *at, len) ||
		    !words_variants(r->arena, &r->tokens.p[*at], try_form, &l))
			continue;
		m.senses = l.found;
		m.to = *at + len;
	}
	wn_vec_push(&r->matches, m);
	*at = m.to;
}

static bool
seen_before(const struct words_reading *r, size_t i, const struct words_sense *s)
{
	for (size_t k = 0; k < i; k++) {
		const struct words_senses *o = r->matches.p[k].senses;

		for (size_t n = 0; o && n < o->list.len; n++)
			if (o->list.p[n].kind == s->kind && o->list.p[n].template == s->template &&
			    !strcmp(o->list.p[n].name, s->name))
				return true;
	}
	return false;
}

/* A word for the whole counts most; things, people and modules of it count when they are named the
 * first time. */
static void
score(const struct words_reading *r, int *points)
{
	bool first = true;

	for (size_t i = 0; i < r->matches.len; i++) {
		const struct words_senses *s = r->matches.p[i].senses;
		bool domain = false;

		for (size_t n = 0; s && n < s->list.len; n++) {
			const struct words_sense *x = &s->list.p[n];

			if (x->template <0 || (x->kind != WORDS_DOMAIN && seen_before(r, i, x)))
				continue;
			if (x->kind == WORDS_DOMAIN && !seen_before(r, i, x))
				points[x->template] += first ? 13 : 10;
			domain |= x->kind == WORDS_DOMAIN;
			points[x->template] += x->kind == WORDS_ENTITY ? 3
					       : x->kind == WORDS_ROLE || x->kind == WORDS_MODULE
						       ? 2
						       : 0;
		}
		first = first && !domain;
	}
}

void
words_read(struct words_reading *r)
{
	int points[WORDS_TEMPLATES_MAX] = { 0 }, best = -1;

	for (size_t i = 0; i < r->tokens.len;) {
		if (r->tokens.p[i].mark) {
			struct words_match m = { .from = i, .to = i + 1 };

			wn_vec_push(&r->matches, m);
			i++;
		} else {
			match_at(r, &i);
		}
	}
	score(r, points);
	for (int i = 0; i < r->lex->templates_len; i++)
		if (points[i] >= 9 && (best < 0 || points[i] > points[best]))
			best = i;
	r->template = best;
}
