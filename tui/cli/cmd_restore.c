/*
 * restore: puts the files back to a snapshot. Undoable: the state before is a snapshot too.
 */
#include "gen/snapshot_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static int
exec(struct cli *c)
{
	struct snapshot_restore_params params = { .paths = NULL };
	struct snapshot_restore_result r;
	struct model_workspace ws;
	bool named = c->nwords == 2;
	int code = cli_workspace(c, named ? cli_word(c, 0) : NULL, &ws);

	if (code != CLI_OK)
		return code;
	params.workspace = ws.id;
	code = cli_snapshot(c, ws.id, cli_word(c, named), &params.snapshot);
	if (code == CLI_OK)
		code = CLI_TASK(c, snapshot_restore, "snapshot.restore", &params, &r);
	if (code != CLI_OK)
		return code;
	if (c->json) {
		cli_json_item(c, &snapshot_restore_result_shape, &r);
		return CLI_OK;
	}
	cli_say(c, "%lld written, %lld removed\n", (long long)r.written, (long long)r.removed);
	cli_say(c, "To go back: webnova restore %.*s %.*s\n", WN_STR_ARG(ws.path),
		WN_STR_ARG(r.before));
	return CLI_OK;
}

const struct cli_command cli_restore = {
	.name = "restore",
	.args = "[DIR] SNAPSHOT",
	.summary = "put the files back to a snapshot",
	.more = "SNAPSHOT is an id (or its end), first, last, last~N. The present state is kept as "
		"a snapshot first,\n"
		"so no confirmation is asked; the answer says how to go back.",
	.min = 1,
	.max = 2,
	.exec = exec,
};
