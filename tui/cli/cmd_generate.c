/*
 * generate: a platform's files again, from its blueprint.
 */
#include "gen/platform_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/finding.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "dry-run", 'n', NULL, "say what would change, write nothing" },
	{ "blueprint", 'b', "FILE", "a new revision; the stored one by default" },
	{ NULL, 0, NULL, NULL },
};

static void
show(struct cli *c, const struct platform_generate_result *r, bool dry)
{
	if (c->json) {
		cli_json_item(c, &platform_generate_result_shape, r);
		return;
	}
	cli_say(c, "%s%lld written, %lld unchanged, %lld removed\n", dry ? "would be: " : "",
		(long long)r->written, (long long)r->unchanged, (long long)r->removed);
	for (size_t i = 0; i < r->merged_len; i++)
		cli_say(c, "merged with your edits: %.*s\n", WN_STR_ARG(r->merged[i]));
	for (size_t i = 0; i < r->review_len; i++)
		cli_say(c, "to review: .webnova/review/%.*s\n", WN_STR_ARG(r->review[i]));
	for (size_t i = 0; i < r->kept_len; i++)
		cli_say(c, "kept as edited by hand: %.*s\n", WN_STR_ARG(r->kept[i]));
	if (r->migration.p)
		cli_say(c, "migration %.*s:\n", WN_STR_ARG(r->migration));
	for (size_t i = 0; i < r->changes_len; i++)
		cli_say(c, "  %.*s\n", WN_STR_ARG(r->changes[i]));
}

static int
exec(struct cli *c)
{
	const char *file = cli_opt(c, "blueprint");
	struct platform_generate_params params = { .blueprint = WN_STR_NONE };
	struct platform_generate_result result;
	struct model_workspace ws;
	bool valid = true;
	int code = cli_workspace(c, cli_word(c, 0), &ws);

	if (code == CLI_OK && file != NULL)
		code = cli_check_blueprint(c, file, &valid, &params.blueprint);
	if (code != CLI_OK || !valid)
		return code != CLI_OK ? code : CLI_FAILED;
	params.workspace = ws.id;
	params.has_dry_run = params.dry_run = cli_opt(c, "dry-run") != NULL;
	code = CLI_TASK(c, platform_generate, "platform.generate", &params, &result);
	if (code != CLI_OK)
		return code;
	if (file == NULL)
		cli_findings(c, NULL, c->json ? NULL : result.warnings,
			     c->json ? 0 : result.warnings_len);
	show(c, &result, params.dry_run);
	return CLI_OK;
}

const struct cli_command cli_generate = {
	.name = "generate",
	.alias = "gen",
	.args = "[DIR] [--dry-run] [--blueprint FILE]",
	.summary = "make a platform's files again from its blueprint",
	.more = "Files edited by hand are merged with what is new; where both changed the same "
		"place "
		"yours stays and the other waits in .webnova/review. A snapshot is taken first.",
	.options = options,
	.max = 1,
	.exec = exec,
};
