/*
 * stop: ends a platform and everything it started.
 */
#include "gen/preview_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static int
exec(struct cli *c)
{
	struct preview_stop_params params;
	struct preview_stop_result result;
	struct model_workspace ws;
	int code = cli_workspace(c, cli_word(c, 0), &ws);

	if (code != CLI_OK)
		return code;
	params.workspace = ws.id;
	code = CLI_TASK(c, preview_stop, "preview.stop", &params, &result);
	if (code != CLI_OK)
		return code;
	if (c->json)
		cli_json_item(c, &model_preview_shape, &result.preview);
	else
		cli_say(c, "%.*s is stopped\n", WN_STR_ARG(ws.name));
	return CLI_OK;
}

const struct cli_command cli_stop = {
	.name = "stop",
	.args = "[DIR]",
	.summary = "stop a platform",
	.more = "Its data stays; webnova run starts it again.",
	.max = 1,
	.exec = exec,
};
