/*
 * snapshot: keeps the state of a workspace's files.
 */
#include "gen/snapshot_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "message", 'm', "LABEL", "what it is taken for" },
	{ NULL, 0, NULL, NULL },
};

static int
exec(struct cli *c)
{
	struct snapshot_create_params params = { .label = wn_str(cli_opt(c, "message")) };
	struct snapshot_create_result r;
	struct model_workspace ws;
	int code = cli_workspace(c, cli_word(c, 0), &ws);

	if (code != CLI_OK)
		return code;
	params.workspace = ws.id;
	code = CLI_TASK(c, snapshot_create, "snapshot.create", &params, &r);
	if (code != CLI_OK)
		return code;
	if (c->json) {
		cli_json_item(c, &snapshot_create_result_shape, &r);
	} else if (!r.created) {
		cli_say(c, "nothing changed since %.*s\n", WN_STR_ARG(r.snapshot.id));
	} else {
		cli_say(c, "snapshot %.*s: %lld files, %lld changed\n", WN_STR_ARG(r.snapshot.id),
			(long long)r.snapshot.files, (long long)r.snapshot.changed);
		if (r.snapshot.skipped > 0)
			cli_say(c, "%lld left out: too large or unreadable\n",
				(long long)r.snapshot.skipped);
	}
	return CLI_OK;
}

const struct cli_command cli_snapshot_create = {
	.name = "snapshot",
	.alias = "snap",
	.args = "[DIR] [-m LABEL]",
	.summary = "keep the state of the files",
	.options = options,
	.max = 1,
	.exec = exec,
};
