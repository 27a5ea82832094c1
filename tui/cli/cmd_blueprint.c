/*
 * blueprint: check, explain, diff.
 */
#include <stdlib.h>
#include <string.h>

#include "gen/blueprint_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/finding.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "locale", 'l', "en|ar", "language of the explanation" },
	{ NULL, 0, NULL, NULL },
};

static int
check(struct cli *c)
{
	int worst = CLI_OK;

	for (int i = 1; i < c->nwords; i++) {
		struct wn_str doc;
		bool valid = false;
		int code = cli_document(c, c->words[i], &doc);

		if (code == CLI_OK && c->nwords > 2)
			cli_say(c, "%s:\n", c->words[i]);
		if (code == CLI_OK)
			code = cli_check_blueprint(c, doc, &valid);
		if (code == CLI_OK && valid)
			cli_say(c, "%s is valid\n", c->words[i]);
		else if (code == CLI_OK)
			code = CLI_FAILED;
		if (code != CLI_OK)
			worst = code;
	}
	return worst;
}

/* The person's language when we write it, else English. */
static const char *
locale_of(const struct cli *c)
{
	const char *l = cli_opt(c, "locale");
	const char *vars[] = { getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG") };

	for (size_t i = 0; l == NULL && i < sizeof vars / sizeof vars[0]; i++)
		if (vars[i] != NULL && vars[i][0] != '\0')
			l = vars[i][0] == 'a' && vars[i][1] == 'r' ? "ar" : "en";
	return l != NULL ? l : "en";
}

static int
explain(struct cli *c)
{
	struct blueprint_explain_params params = { .locale = 0 };
	struct blueprint_explain_result result;
	const char *locale = locale_of(c);
	int code;

	params.locale = blueprint_explain_params_locale_value(wn_str(locale));
	if (params.locale == 0)
		return cli_usage(c, "the languages are en and ar, not \"%s\"", locale);
	for (int i = 1; i < c->nwords; i++) {
		code = cli_document(c, c->words[i], &params.blueprint);
		if (code == CLI_OK)
			code = CLI_ASK(c, blueprint_explain, "blueprint.explain", &params, &result);
		if (code != CLI_OK)
			return code;
		if (c->json)
			cli_json_item(c, &blueprint_explain_result_shape, &result);
		else
			cli_printf(c, "%.*s%s", WN_STR_ARG(result.text),
				   wn_str_has_suffix(result.text, WN_STR("\n")) ? "" : "\n");
	}
	return CLI_OK;
}

static int
diff(struct cli *c)
{
	struct blueprint_diff_params params;
	struct blueprint_diff_result result;
	int code;

	if (c->nwords != 3)
		return cli_usage(c, "blueprint diff takes two files");
	code = cli_document(c, c->words[1], &params.from);
	if (code == CLI_OK)
		code = cli_document(c, c->words[2], &params.to);
	if (code == CLI_OK)
		code = CLI_ASK(c, blueprint_diff, "blueprint.diff", &params, &result);
	if (code != CLI_OK)
		return code;
	for (size_t i = 0; i < result.changes_len; i++) {
		const struct blueprint_diff_result_changes_item *x = &result.changes[i];
		const char *class = blueprint_diff_result_changes_item_class_name(x->class);

		if (c->json) {
			cli_json_item(c, &blueprint_diff_result_changes_item_shape, x);
			continue;
		}
		cli_cell_out(c,
			     strcmp(class, "safe") == 0		 ? CLI_GREEN
			     : strcmp(class, "destructive") == 0 ? CLI_RED
								 : CLI_YELLOW,
			     wn_str(class), 13);
		cli_cell_out(c, CLI_PLAIN,
			     wn_str(blueprint_diff_result_changes_item_kind_name(x->kind)), 9);
		cli_printf(c, "%.*s (%.*s)\n", WN_STR_ARG(x->text), WN_STR_ARG(x->pointer));
	}
	if (result.changes_len == 0)
		cli_say(c, "nothing changes\n");
	return CLI_OK;
}

static int
exec(struct cli *c)
{
	const char *verb = cli_word(c, 0);

	if (strcmp(verb, "check") == 0)
		return check(c);
	if (strcmp(verb, "explain") == 0)
		return explain(c);
	if (strcmp(verb, "diff") == 0)
		return diff(c);
	return cli_usage(c, "blueprint can check, explain and diff, not \"%s\"", verb);
}

const struct cli_command cli_blueprint = {
	.name = "blueprint",
	.alias = "bp",
	.args = "check FILE... | explain FILE [--locale en|ar] | diff FROM TO",
	.summary = "check, explain or compare blueprints",
	.more = "check exits with 1 when there is an error; warnings alone are valid.",
	.options = options,
	.min = 2,
	.max = -1,
	.exec = exec,
};
