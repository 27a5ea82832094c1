/*
 * run: starts a platform in its sandbox and says where it answers.
 */
#include "gen/preview_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "port", 'p', "N", "port on the loopback address; by default one that is free" },
	{ NULL, 0, NULL, NULL },
};

static void
show(struct cli *c, const struct model_workspace *ws, const struct model_preview *p)
{
	if (c->json) {
		cli_json_item(c, &model_preview_shape, p);
		return;
	}
	if (c->quiet) {
		cli_printf(c, "%.*s\n", WN_STR_ARG(p->url));
		return;
	}
	cli_printf(c, "%.*s answers at %.*s\n", WN_STR_ARG(ws->name), WN_STR_ARG(p->url));
	if (p->isolation == MODEL_PREVIEW_ISOLATION_NONE)
		cli_cell_out(c, CLI_YELLOW, WN_STR("It runs without a sandbox. "), 0);
	if (p->limits.len > 0)
		cli_printf(c, "Limits: %.*s\n", WN_STR_ARG(p->limits));
	if (p->credentials.len > 0)
		cli_printf(c, "Sign-in names and passwords of the seeded people: %.*s\n",
			   WN_STR_ARG(p->credentials));
	cli_printf(c, "webnova logs shows what it says, webnova stop ends it.\n");
}

static int
exec(struct cli *c)
{
	struct preview_start_params params = { .has_port = cli_opt(c, "port") != NULL };
	struct preview_start_result result;
	struct model_workspace ws;
	int code;

	if (!cli_opt_int(c, "port", 1, 65535, &params.port))
		return CLI_USAGE;
	code = cli_workspace(c, cli_word(c, 0), &ws);
	if (code != CLI_OK)
		return code;
	params.workspace = ws.id;
	code = CLI_TASK(c, preview_start, "preview.start", &params, &result);
	if (code == CLI_OK)
		show(c, &ws, &result.preview);
	return code;
}

const struct cli_command cli_run = {
	.name = "run",
	.alias = "start",
	.args = "[DIR] [--port N]",
	.summary = "start a platform and say where it answers",
	.more = "It goes on when this command ends, and when the engine does. ^C while it starts "
		"takes it back.",
	.options = options,
	.max = 1,
	.exec = exec,
};
