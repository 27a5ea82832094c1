/*
 * history: the snapshots of a workspace, newest first.
 */
#include "gen/snapshot_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "limit", 'n', "N", "at most so many (50)" },
	{ NULL, 0, NULL, NULL },
};

static void
add_row(struct cli_table *t, const struct model_snapshot *s)
{
	struct cli *c = t->c;

	cli_table_add(t, s->id);
	cli_table_add(t, wn_str(cli_time(c, s->created)));
	cli_table_add(t, wn_str(model_snapshot_kind_name(s->kind)));
	cli_table_add(t, wn_str(wn_arena_printf(&c->arena, "%lld", (long long)s->changed)));
	cli_table_add(t, wn_str(wn_arena_printf(&c->arena, "%lld", (long long)s->files)));
	cli_table_add(t, s->label);
}

static int
exec(struct cli *c)
{
	static const char *const heads[] = { "SNAPSHOT", "TAKEN", "KIND",
					     "CHANGED",	 "FILES", "LABEL" };
	struct snapshot_list_params params = { .has_limit = true, .limit = 50 };
	struct snapshot_list_result list;
	struct model_workspace ws;
	struct cli_table t;
	int code;

	if (!cli_opt_int(c, "limit", 1, 1000, &params.limit))
		return CLI_USAGE;
	code = cli_workspace(c, cli_word(c, 0), &ws);
	if (code != CLI_OK)
		return code;
	params.workspace = ws.id;
	code = CLI_ASK(c, snapshot_list, "snapshot.list", &params, &list);
	if (code != CLI_OK)
		return code;
	for (size_t i = 0; c->json && i < list.snapshots_len; i++)
		cli_json_item(c, &model_snapshot_shape, &list.snapshots[i]);
	if (c->json)
		return CLI_OK;
	if (list.snapshots_len == 0) {
		cli_say(c, "no snapshot yet; webnova snapshot takes one\n");
		return CLI_OK;
	}
	cli_table_init(&t, c, 6, heads);
	for (size_t i = 0; i < list.snapshots_len; i++)
		add_row(&t, &list.snapshots[i]);
	cli_table_print(&t);
	return CLI_OK;
}

const struct cli_command cli_history = {
	.name = "history",
	.args = "[DIR] [-n N]",
	.summary = "list the snapshots",
	.options = options,
	.max = 1,
	.exec = exec,
};
