/*
 * Questions for what the description leaves open. Each has a default, so nothing must be answered.
 */
#include "ai/blueprint/words/words_draft.h"

const char *
words_answer(const struct words_draft *w, const char *id)
{
	return wn_json_get_str(w->answers, id, NULL);
}

static struct blueprint_question *
ask(struct words_draft *w, const char *id, const char *en, const char *ar, const char *fallback)
{
	const char *answer = words_answer(w, id);
	struct wn_arena *a = &w->out->arena;
	struct blueprint_question q = { .id = wn_arena_strdup(a, id),
					.en = wn_arena_strdup(a, en),
					.ar = wn_arena_strdup(a, ar),
					.fallback = wn_arena_strdup(a, fallback) };

	q.answered = answer && *answer;
	q.answer = q.answered ? wn_arena_strdup(a, answer) : q.fallback;
	wn_vec_push(&w->out->questions, q);
	return &w->out->questions.p[w->out->questions.len - 1];
}

static void
ask_module(struct words_draft *w, const struct wn_json *module)
{
	const char *id = wn_arena_printf(w->r.arena, "module:%s", wn_json_key(module));
	struct wn_json *label = words_label(module, false);
	const char *en = wn_json_get_str(label, "en", ""), *ar = wn_json_get_str(label, "ar", "");
	struct blueprint_question *q;

	if (!wn_map_has(&w->said, wn_str(id)) && !wn_map_has(&w->denied, wn_str(id))) {
		q = ask(w, id, wn_arena_printf(w->r.arena, "Include: %s?", en),
			wn_arena_printf(w->r.arena, "هل تُضاف: %s؟", ar),
			wn_json_get_bool(module, "on", false) ? "yes" : "no");
		q->options[0] = "yes";
		q->options[1] = "no";
	}
	wn_json_free(label);
}

void
words_ask(struct words_draft *w)
{
	static const char *const currencies[] = { "USD", "EUR", "GBP", "SAR", "AED", "EGP",
						  "JOD", "KWD", "MAD", "TRY", NULL };
	const struct wn_json *m = wn_json_first(wn_json_get(w->template, "modules"));
	struct blueprint_question *q;

	if (!w->called) {
		struct wn_json *name = wn_json_mut(wn_json_get(w->template, "name"));

		(void)ask(w, "name", "What is it called?", "ما اسمه؟",
			  wn_json_get_str(name, w->arabic ? "ar" : "en", "Platform"));
	}
	for (; m; m = wn_json_next(m))
		ask_module(w, m);
	if (wn_json_first(wn_json_get(w->template, "questions"))) {
		q = ask(w, "currency", "Which currency?", "ما العملة؟", w->arabic ? "SAR" : "USD");
		for (size_t i = 0; currencies[i]; i++)
			q->options[i] = currencies[i];
	}
}
