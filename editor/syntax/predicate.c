/*
 * The predicates of query files, which the tree-sitter core parses but does not evaluate: #eq?
 * #match? #any-of?, their #not- forms, and the directive #set!. A predicate on a capture that did
 * not match holds; on several nodes it must hold for each.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "editor/syntax/grammar.h"

#include <pcre2.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define TEXT_MAX 4096 /* of a node, that a predicate looks at */

enum op { OP_EQ, OP_MATCH, OP_ANY_OF, OP_SET };

struct predicate {
	enum op op;
	bool negated;
	uint32_t capture;
	uint32_t other;	    /* #eq? with a second capture; UINT32_MAX: strings */
	const char **words; /* owned array of borrowed strings of the query */
	uint32_t n_words;
	pcre2_code *code;
};

struct pattern {
	WN_VEC(struct predicate) list;
};

struct ed_predicates {
	struct pattern *patterns;
	uint32_t n;
};

static const struct {
	const char *name;
	enum op op;
	bool negated;
} ops[] = {
	{ "eq?", OP_EQ, false },	 { "not-eq?", OP_EQ, true },
	{ "match?", OP_MATCH, false },	 { "not-match?", OP_MATCH, true },
	{ "any-of?", OP_ANY_OF, false }, { "not-any-of?", OP_ANY_OF, true },
	{ "set!", OP_SET, false },
};

static wn_err
compile(struct predicate *p, struct wn_diag *d)
{
	PCRE2_SIZE at;
	int code;

	p->code =
		pcre2_compile((PCRE2_SPTR)p->words[0], PCRE2_ZERO_TERMINATED, 0, &code, &at, NULL);
	if (!p->code)
		return wn_fail(d, WN_E_PARSE, "bad pattern in #match?: %s", p->words[0]);
	(void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
	return 0;
}

/* One predicate: steps[0] is its name, `n` steps without the end mark. */
static wn_err
add(struct pattern *into, const TSQuery *q, const TSQueryPredicateStep *steps, uint32_t n,
    struct wn_diag *d)
{
	struct predicate p = { .other = UINT32_MAX };
	uint32_t len, first = 1;
	const char *name = ts_query_string_value_for_id(q, steps[0].value_id, &len);
	size_t i = 0;

	while (i < sizeof ops / sizeof *ops && strcmp(ops[i].name, name) != 0)
		i++;
	if (i == sizeof ops / sizeof *ops)
		return wn_fail(d, WN_E_PARSE, "unknown predicate #%s", name);
	p.op = ops[i].op;
	p.negated = ops[i].negated;
	if (p.op != OP_SET) {
		if (n < 3 || steps[1].type != TSQueryPredicateStepTypeCapture)
			return wn_fail(d, WN_E_PARSE, "#%s needs a capture and a value", name);
		p.capture = steps[1].value_id;
		first = 2;
	}
	if (p.op == OP_EQ && steps[2].type == TSQueryPredicateStepTypeCapture) {
		p.other = steps[2].value_id;
	} else {
		p.words = wn_alloc_array(n, sizeof *p.words);
		for (uint32_t k = first; k < n; k++)
			p.words[p.n_words++] =
				ts_query_string_value_for_id(q, steps[k].value_id, &len);
	}
	wn_vec_push(&into->list, p);
	return p.op == OP_MATCH ? compile(&wn_vec_last(&into->list), d) : 0;
}

wn_err
ed_predicates_new(const TSQuery *q, struct ed_predicates **out, struct wn_diag *d)
{
	struct ed_predicates *p = WN_NEW(struct ed_predicates);
	wn_err err = 0;

	*out = p;
	p->n = ts_query_pattern_count(q);
	p->patterns = wn_alloc_array(p->n + 1, sizeof *p->patterns);
	for (uint32_t i = 0; i < p->n && !err; i++) {
		uint32_t n, from = 0;
		const TSQueryPredicateStep *s = ts_query_predicates_for_pattern(q, i, &n);
		for (uint32_t k = 0; k < n && !err; k++) {
			if (s[k].type != TSQueryPredicateStepTypeDone)
				continue;
			err = add(&p->patterns[i], q, s + from, k - from, d);
			from = k + 1;
		}
	}
	return err;
}

void
ed_predicates_free(struct ed_predicates *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->patterns[i].list.len; k++) {
			pcre2_code_free(p->patterns[i].list.p[k].code);
			wn_free(p->patterns[i].list.p[k].words);
		}
		wn_vec_fini(&p->patterns[i].list);
	}
	wn_free(p->patterns);
	wn_free(p);
}

static struct wn_str
node_text(TSNode node, const struct ed_text *text, char buf[TEXT_MAX])
{
	size_t from = ts_node_start_byte(node), n = ts_node_end_byte(node) - from;

	n = n < TEXT_MAX ? n : TEXT_MAX;
	return wn_strn(buf, ed_text_read(text, from, buf, n));
}

static bool
is_one_of(const struct predicate *p, struct wn_str s)
{
	for (uint32_t i = 0; i < p->n_words; i++)
		if (wn_str_is(s, p->words[i]))
			return true;
	return false;
}

static bool
same_as_other(const struct predicate *p, const TSQueryMatch *m, struct wn_str s,
	      const struct ed_text *text)
{
	char buf[TEXT_MAX];

	for (uint16_t i = 0; i < m->capture_count; i++)
		if (m->captures[i].index == p->other)
			return wn_str_eq(s, node_text(m->captures[i].node, text, buf));
	return true;
}

/* Two threads may ask at once, so the room for an answer is not kept. */
static bool
matches(const pcre2_code *code, struct wn_str s)
{
	pcre2_match_data *room = pcre2_match_data_create(1, NULL);
	bool yes = pcre2_match(code, (PCRE2_SPTR)s.p, s.len, 0, 0, room, NULL) >= 0;

	pcre2_match_data_free(room);
	return yes;
}

static bool
holds(const struct predicate *p, const TSQueryMatch *m, const struct ed_text *text)
{
	char buf[TEXT_MAX];

	for (uint16_t i = 0; i < m->capture_count; i++) {
		bool yes;
		if (m->captures[i].index != p->capture)
			continue;
		struct wn_str s = node_text(m->captures[i].node, text, buf);
		if (p->op == OP_MATCH)
			yes = matches(p->code, s);
		else if (p->other != UINT32_MAX)
			yes = same_as_other(p, m, s, text);
		else
			yes = is_one_of(p, s);
		if (yes == p->negated)
			return false;
	}
	return true;
}

bool
ed_predicates_hold(const struct ed_predicates *p, const TSQueryMatch *m, const struct ed_text *text)
{
	const struct pattern *pat = &p->patterns[m->pattern_index];

	for (size_t i = 0; i < pat->list.len; i++)
		if (pat->list.p[i].op != OP_SET && !holds(&pat->list.p[i], m, text))
			return false;
	return true;
}

const char *
ed_predicates_setting(const struct ed_predicates *p, uint32_t pattern, const char *key)
{
	for (size_t i = 0; i < p->patterns[pattern].list.len; i++) {
		const struct predicate *s = &p->patterns[pattern].list.p[i];
		if (s->op == OP_SET && s->n_words > 0 && strcmp(s->words[0], key) == 0)
			return s->n_words > 1 ? s->words[1] : "";
	}
	return NULL;
}
