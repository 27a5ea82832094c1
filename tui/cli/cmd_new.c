/*
 * new: from a blueprint to a directory with a platform and its first snapshot.
 */
#include "gen/platform_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/finding.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "blueprint", 'b', "FILE", "the blueprint (YAML or JSON); - reads standard input" },
	{ "name", 0, "NAME", "what people call it; the directory's name by default" },
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
	bool valid = false;
	int code;

	if (path == NULL)
		return CLI_USAGE;
	if (file == NULL)
		return cli_usage(c, "--blueprint FILE is missing");
	params.path = wn_str(path);
	code = cli_check_blueprint(c, file, &valid, &params.blueprint);
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
	.args = "DIR --blueprint FILE [--name NAME]",
	.summary = "make a platform from a blueprint",
	.more = "DIR must be new or empty. A step that fails leaves nothing behind.",
	.options = options,
	.min = 1,
	.max = 1,
	.exec = exec,
};
