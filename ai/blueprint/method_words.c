/*
 * blueprint.draft, templates: from a description to a blueprint, without a model.
 */
#include "ai/blueprint/methods.h"
#include "ai/blueprint/words/words.h"

#define TEXT_MAX ((size_t)4 << 20)
#define QUESTIONS_MAX 100
#define LIST_MAX 3000

static struct wn_json *
answers_of(struct wn_ctx *ctx, const struct blueprint_draft_params *params)
{
	struct wn_json *out = wn_json_new_object();

	for (size_t i = 0; i < params->answers_len; i++) {
		const struct blueprint_draft_params_answers_item *a = &params->answers[i];

		(void)wn_json_set(out, wn_arena_strndup(ctx->arena, a->id.p, a->id.len),
				  wn_json_new_str(a->value));
	}
	if (params->template.p)
		(void)wn_json_set(out, "template", wn_json_new_str(params->template));
	return out;
}

static struct wn_str
kept(struct wn_ctx *ctx, const char *s)
{
	return wn_str(wn_arena_strdup(ctx->arena, s ? s : ""));
}

static void
put_elements(struct wn_ctx *ctx, const struct blueprint_draft *d, struct blueprint_draft_result *r)
{
	r->elements = wn_arena_array(ctx->arena, d->elements.len + 1, sizeof *r->elements);
	r->elements_len = d->elements.len;
	for (size_t i = 0; i < d->elements.len; i++) {
		const struct blueprint_element *e = &d->elements.p[i];

		r->elements[i].pointer = kept(ctx, e->pointer);
		r->elements[i].label = kept(ctx, e->label);
		r->elements[i].words = kept(ctx, e->words);
		r->elements[i].confidence = blueprint_draft_result_elements_item_confidence_value(
			wn_str(blueprint_confidence_name(e->confidence)));
	}
}

static void
put_questions(struct wn_ctx *ctx, const struct blueprint_draft *d, struct blueprint_draft_result *r)
{
	size_t n = d->questions.len < QUESTIONS_MAX ? d->questions.len : QUESTIONS_MAX;

	r->questions = wn_arena_array(ctx->arena, n + 1, sizeof *r->questions);
	r->questions_len = n;
	for (size_t i = 0; i < n; i++) {
		const struct blueprint_question *q = &d->questions.p[i];
		struct blueprint_draft_result_questions_item *to = &r->questions[i];

		to->id = kept(ctx, q->id);
		to->en = kept(ctx, q->en);
		to->ar = kept(ctx, q->ar);
		to->default_ = kept(ctx, q->fallback);
		to->answer = kept(ctx, q->answer);
		to->answered = q->answered;
		to->options = wn_arena_array(ctx->arena, 12, sizeof *to->options);
		while (q->options[to->options_len]) {
			to->options[to->options_len] = kept(ctx, q->options[to->options_len]);
			to->options_len++;
		}
	}
}

static void
put_rest(struct wn_ctx *ctx, const struct blueprint_draft *d, struct blueprint_draft_result *r)
{
	r->unmatched_len = d->unmatched.len < LIST_MAX ? d->unmatched.len : LIST_MAX;
	r->unmatched = wn_arena_array(ctx->arena, r->unmatched_len + 1, sizeof *r->unmatched);
	for (size_t i = 0; i < r->unmatched_len; i++)
		r->unmatched[i] = kept(ctx, d->unmatched.p[i]);
	r->not_made_len = d->not_made.len < LIST_MAX ? d->not_made.len : LIST_MAX;
	r->not_made = wn_arena_array(ctx->arena, r->not_made_len + 1, sizeof *r->not_made);
	for (size_t i = 0; i < r->not_made_len; i++) {
		r->not_made[i].words = kept(ctx, d->not_made.p[i].words);
		r->not_made[i].en = kept(ctx, d->not_made.p[i].en);
		r->not_made[i].ar = kept(ctx, d->not_made.p[i].ar);
	}
}

static wn_err
put_blueprint(struct wn_ctx *ctx, const struct blueprint_draft *d, struct blueprint_draft_result *r)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, TEXT_MAX);
	err = wn_json_print(d->doc, &b);
	if (!err)
		r->blueprint = wn_arena_str(ctx->arena, wn_buf_view(&b));
	wn_buf_fini(&b);
	return err ? WN_FAIL(ctx, err, "the blueprint is too large") : WN_OK;
}

static wn_err
known_template(struct wn_ctx *ctx, struct wn_str id)
{
	struct wn_json *t;
	bool found = !id.p;

	for (size_t n = 0; !found && (t = blueprint_template(n)) != NULL; n++) {
		found = wn_str_is(id, wn_json_get_str(t, "id", ""));
		wn_json_free(t);
	}
	return found ? WN_OK
		     : WN_FAIL(ctx, WN_E_NOT_FOUND,
			       "there is no template \"%.*s\"; see blueprint.templates",
			       WN_STR_ARG(id));
}

wn_err
blueprint_on_draft(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct blueprint_draft_params *params,
		   struct blueprint_draft_result *result)
{
	struct wn_str text = params->words.p ? params->words : WN_STR("");
	struct wn_json *answers;
	struct blueprint_draft draft;
	wn_err err = known_template(ctx, params->template);

	(void)m;
	if (err)
		return err;
	answers = answers_of(ctx, params);
	err = blueprint_from_words(text, answers, &draft, &ctx->diag);
	if (!err) {
		result->understood = draft.doc != NULL;
		result->made_by = WN_STR(BLUEPRINT_WORDS_MADE_BY);
		if (draft.doc)
			result->template = kept(ctx, draft.template);
		result->words = (int64_t)draft.words;
		result->matched = (int64_t)draft.matched;
		put_elements(ctx, &draft, result);
		put_questions(ctx, &draft, result);
		put_rest(ctx, &draft, result);
		if (draft.doc)
			err = put_blueprint(ctx, &draft, result);
	}
	blueprint_draft_fini(&draft);
	wn_json_free(answers);
	return err;
}

wn_err
blueprint_on_templates(struct wn_mod *m, struct wn_ctx *ctx,
		       const struct blueprint_templates_params *params,
		       struct blueprint_templates_result *result)
{
	struct wn_json *t;

	(void)m;
	(void)params;
	result->templates = wn_arena_array(ctx->arena, 100, sizeof *result->templates);
	while (result->templates_len < 100 &&
	       (t = blueprint_template(result->templates_len)) != NULL) {
		struct blueprint_templates_result_templates_item *to =
			&result->templates[result->templates_len++];
		const struct wn_json *modules = wn_json_get(t, "modules"), *x;

		to->id = kept(ctx, wn_json_get_str(t, "id", ""));
		to->name_en = kept(ctx, wn_json_str(wn_json_at(t, "/name/en"), ""));
		to->name_ar = kept(ctx, wn_json_str(wn_json_at(t, "/name/ar"), ""));
		to->summary_en = kept(ctx, wn_json_str(wn_json_at(t, "/summary/en"), ""));
		to->summary_ar = kept(ctx, wn_json_str(wn_json_at(t, "/summary/ar"), ""));
		to->modules =
			wn_arena_array(ctx->arena, wn_json_len(modules) + 1, sizeof *to->modules);
		for (x = wn_json_first(modules); x; x = wn_json_next(x))
			to->modules[to->modules_len++] = kept(ctx, wn_json_key(x));
		wn_json_free(t);
	}
	return WN_OK;
}
