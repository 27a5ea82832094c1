/*
 * new: from a blueprint, or from words, to a directory with a platform and its first snapshot.
 */
#include "gen/platform_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/draft.h"
#include "tui/cli/finding.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "blueprint", 'b', "FILE", "the blueprint (YAML or JSON); - reads standard input" },
	{ "name", 0, "NAME", "what people call it; the directory's name by default" },
	CLI_DRAFT_OPTIONS,
	{ NULL, 0, NULL, NULL },
};

static void
show(struct cli *c, const struct platform_create_result *r)
{
	if (c->json) {
		cli_json_item(c, &platform_create_result_shape, r);
		return;
	}
	cli_say(c, "%.*s: %lld files in %.*s, first snapshot %.*s\n", WN_STR_ARG(r->workspace.name),
		(long long)r->files, WN_STR_ARG(r->workspace.path), WN_STR_ARG(r->snapshot));
	cli_say(c, "webnova run %.*s starts it.\n", WN_STR_ARG(r->workspace.path));
}

static int
exec(struct cli *c)
{
	const char *file = cli_opt(c, "blueprint"), *path = cli_absolute(c, cli_word(c, 0));
	struct platform_create_params params = { .name = wn_str(cli_opt(c, "name")) };
	struct platform_create_result result;
	struct blueprint_draft_result draft = { 0 };
	bool words = c->nwords > 1 || cli_opt(c, "template") != NULL, valid = true;
	int code;

	if (path == NULL)
		return CLI_USAGE;
	if ((file != NULL) == words)
		return cli_usage(c, "say what it is in words, or give --blueprint FILE");
	params.path = wn_str(path);
	code = words ? cli_draft(c, 1, &draft)
		     : cli_check_blueprint(c, file, &valid, &params.blueprint);
	if (words)
		params.blueprint = draft.blueprint;
	if (code == CLI_OK && !valid)
		return CLI_FAILED;
	if (code == CLI_OK)
		code = CLI_TASK(c, platform_create, "platform.create", &params, &result);
	if (code == CLI_OK)
		show(c, &result);
	return code;
}

const struct cli_command cli_new = {
	.name = "new",
	.args = "DIR WORDS... | DIR --blueprint FILE | DIR --template NAME",
	.summary = "make a platform from words or a blueprint",
	.more = "DIR must be new or empty. A step that fails leaves nothing behind.\n"
		"WORDS say what it is, in English or Arabic: webnova new shop \"a book shop with "
		"reviews\".\n"
		"They are read with templates and word lists, without AI; questions have defaults "
		"(--yes takes them).",
	.options = options,
	.min = 1,
	.max = -1,
	.exec = exec,
};
