/*
 * open: makes an existing directory known to the engine.
 */
#include "gen/workspace_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static int
exec(struct cli *c)
{
	const char *path = cli_absolute(c, cli_word(c, 0));
	struct workspace_open_params params;
	struct workspace_open_result result;
	int code;

	if (path == NULL)
		return CLI_USAGE;
	params.path = wn_str(path);
	code = CLI_ASK(c, workspace_open, "workspace.open", &params, &result);
	if (code != CLI_OK)
		return code;
	if (c->json)
		cli_json_item(c, &model_workspace_shape, &result.workspace);
	else
		cli_say(c, "%.*s is workspace %.*s\n", WN_STR_ARG(result.workspace.path),
			WN_STR_ARG(result.workspace.id));
	return CLI_OK;
}

const struct cli_command cli_open = {
	.name = "open",
	.args = "[DIR]",
	.summary = "make a directory known to the engine",
	.more = "The same directory gives the same workspace. `webnova DIR` opens it in the IDE.",
	.max = 1,
	.exec = exec,
};
