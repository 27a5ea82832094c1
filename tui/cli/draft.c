/*
 * Words to a blueprint on the command line. Everything that is said goes to stderr, so that a
 * blueprint printed to stdout stays clean.
 */
#include "tui/cli/draft.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tui/cli/print.h"

#define ANSWERS_MAX 100

struct draft {
	struct cli *c;
	struct blueprint_draft_params params;
	struct blueprint_draft_params_answers_item answers[ANSWERS_MAX];
};

/* --- what was understood ---------------------------------------------------------------- */

void
cli_note(struct cli *c, const char *fmt, ...)
{
	struct wn_buf raw, clean;
	va_list ap;

	if (c->quiet || c->json)
		return;
	wn_buf_init(&raw, (size_t)1 << 20);
	wn_buf_init(&clean, (size_t)1 << 22);
	va_start(ap, fmt);
	(void)wn_buf_vprintf(&raw, fmt, ap);
	va_end(ap);
	cli_filter(wn_buf_view(&raw), true, &clean);
	(void)fwrite(clean.p != NULL ? clean.p : "", 1, clean.len, stderr);
	wn_buf_fini(&raw);
	wn_buf_fini(&clean);
}

static void
tell_names(struct cli *c, const struct blueprint_draft_result *r, const char *title,
	   enum blueprint_draft_result_elements_item_confidence confidence)
{
	struct wn_buf b;

	wn_buf_init(&b, (size_t)1 << 20);
	for (size_t i = 0; i < r->elements_len; i++) {
		const struct blueprint_draft_result_elements_item *e = &r->elements[i];
		bool part = wn_str_has_prefix(e->label, WN_STR("field ")) ||
			    wn_str_has_prefix(e->label, WN_STR("relation ")) ||
			    wn_str_has_prefix(e->label, WN_STR("states "));

		if (e->confidence != confidence ||
		    (part && confidence != BLUEPRINT_DRAFT_RESULT_ELEMENTS_ITEM_CONFIDENCE_STATED))
			continue;
		(void)wn_buf_printf(&b, "%s%.*s", b.len ? ", " : "", WN_STR_ARG(e->label));
		if (confidence == BLUEPRINT_DRAFT_RESULT_ELEMENTS_ITEM_CONFIDENCE_STATED)
			(void)wn_buf_printf(&b, " (\"%.*s\")", WN_STR_ARG(e->words));
	}
	if (b.len)
		cli_note(c, "  %-9s %s\n", title, b.p);
	wn_buf_fini(&b);
}

static void
tell_unmatched(struct cli *c, const struct blueprint_draft_result *r)
{
	for (size_t i = 0; i < r->unmatched_len; i++)
		cli_note(c, "%s%.*s", i == 0 ? "  not understood: " : ", ",
			 WN_STR_ARG(r->unmatched[i]));
	if (r->unmatched_len > 0)
		cli_note(c, "\n");
	for (size_t i = 0; i < r->not_made_len; i++)
		cli_note(c, "  not made: %.*s. %.*s\n", WN_STR_ARG(r->not_made[i].words),
			 WN_STR_ARG(r->not_made[i].en));
}

static void
tell_result(struct cli *c, const struct blueprint_draft_result *r)
{
	cli_note(c, "%.*s: template %.*s, %lld of %lld words understood\n", WN_STR_ARG(r->made_by),
		 WN_STR_ARG(r->template), (long long)r->matched, (long long)r->words);
	tell_names(c, r, "stated", BLUEPRINT_DRAFT_RESULT_ELEMENTS_ITEM_CONFIDENCE_STATED);
	tell_names(c, r, "inferred", BLUEPRINT_DRAFT_RESULT_ELEMENTS_ITEM_CONFIDENCE_INFERRED);
	tell_names(c, r, "default", BLUEPRINT_DRAFT_RESULT_ELEMENTS_ITEM_CONFIDENCE_DEFAULT);
	tell_unmatched(c, r);
}

/* --- questions ----------------------------------------------------------------------------- */

static bool
add_answer(struct draft *d, struct wn_str id, struct wn_str value)
{
	if (d->params.answers_len == ANSWERS_MAX || id.len > 100 || value.len > 200)
		return false;
	d->answers[d->params.answers_len++] =
		(struct blueprint_draft_params_answers_item){ .id = id, .value = value };
	return true;
}

static bool
answer_options(struct draft *d)
{
	for (int i = 0; i < d->c->ngiven; i++) {
		struct wn_str value = wn_str(d->c->given[i].value), id;
		ptrdiff_t eq;

		if (strcmp(d->c->given[i].option->name, "answer") != 0)
			continue;
		eq = wn_str_chr(value, '=');
		id = eq > 0 ? wn_str_sub(value, 0, (size_t)eq) : WN_STR_NONE;
		if (eq <= 0 || !add_answer(d, id, wn_str_sub(value, (size_t)eq + 1, value.len)))
			return false;
	}
	return true;
}

/* One line; the default when it is empty. False: the input ended. */
static bool
ask(struct draft *d, const struct blueprint_draft_result_questions_item *q)
{
	char line[256];
	struct wn_str value;

	cli_note(d->c, "%.*s ", WN_STR_ARG(q->en));
	for (size_t i = 0; i < q->options_len; i++)
		cli_note(d->c, "%s%.*s%s", i == 0 ? "(" : "/", WN_STR_ARG(q->options[i]),
			 i + 1 == q->options_len ? ") " : "");
	cli_note(d->c, "[%.*s] ", WN_STR_ARG(q->default_));
	if (fgets(line, sizeof line, stdin) == NULL)
		return false;
	value = wn_str_trim(wn_str(line));
	return value.len == 0 ||
	       add_answer(d, wn_arena_str(&d->c->arena, q->id), wn_arena_str(&d->c->arena, value));
}

static bool
ask_all(struct draft *d, const struct blueprint_draft_result *r)
{
	size_t before = d->params.answers_len;

	if (d->c->yes || d->c->json || d->c->quiet || !isatty(0) || !d->c->tty_err)
		return false;
	for (size_t i = 0; i < r->questions_len; i++)
		if (!r->questions[i].answered && !ask(d, &r->questions[i]))
			break;
	return d->params.answers_len > before;
}

/* --- together --------------------------------------------------------------------------------- */

static struct wn_str
words_from(struct cli *c, int first)
{
	struct wn_buf b;
	struct wn_str out;

	wn_buf_init(&b, 20000);
	for (int i = first; i < c->nwords; i++)
		(void)wn_buf_printf(&b, "%s%s", i > first ? " " : "", c->words[i]);
	out = wn_arena_str(&c->arena, wn_buf_view(&b));
	wn_buf_fini(&b);
	return out;
}

static int
not_understood(struct cli *c, const struct blueprint_draft_result *r)
{
	if (c->json)
		cli_json_item(c, &blueprint_draft_result_shape, r);
	cli_note(c, "That is not understood (%lld of %lld words). Nothing was made.\n",
		 (long long)r->matched, (long long)r->words);
	tell_unmatched(c, r);
	cli_note(c, "Name what kind of platform it is, or choose one with --template:\n");
	if (!c->json && !c->quiet)
		(void)cli_templates(c);
	return CLI_FAILED;
}

int
cli_draft(struct cli *c, int first, struct blueprint_draft_result *result)
{
	struct draft d = { .c = c };
	const char *template = cli_opt(c, "template");
	int code;

	d.params.words = words_from(c, first);
	d.params.template = wn_str(template);
	d.params.answers = d.answers;
	if (!answer_options(&d))
		return cli_usage(c, "an answer is written ID=VALUE");
	code = CLI_ASK(c, blueprint_draft, "blueprint.draft", &d.params, result);
	if (code != CLI_OK)
		return code;
	if (!result->understood)
		return not_understood(c, result);
	tell_result(c, result);
	if (ask_all(&d, result))
		code = CLI_ASK(c, blueprint_draft, "blueprint.draft", &d.params, result);
	if (code == CLI_OK)
		result->blueprint = wn_arena_str(&c->arena, result->blueprint);
	return code;
}

int
cli_templates(struct cli *c)
{
	struct blueprint_templates_params params = { 0 };
	struct blueprint_templates_result r;
	int code = CLI_ASK(c, blueprint_templates, "blueprint.templates", &params, &r);

	for (size_t i = 0; code == CLI_OK && i < r.templates_len; i++) {
		const struct blueprint_templates_result_templates_item *t = &r.templates[i];

		if (c->json) {
			cli_json_item(c, &blueprint_templates_result_templates_item_shape, t);
			continue;
		}
		cli_cell_out(c, CLI_BOLD, t->id, 12);
		cli_printf(c, " %.*s %.*s\n", WN_STR_ARG(t->summary_en), WN_STR_ARG(t->summary_ar));
	}
	return code;
}
