/*
 * ps: the platforms that are not stopped.
 */
#include "gen/preview_types.h"
#include "gen/workspace_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

/* A workspace that was forgotten while it runs is shown by its id. */
static const struct model_workspace *
find(const struct workspace_list_result *all, struct wn_str id)
{
	for (size_t i = 0; i < all->workspaces_len; i++)
		if (wn_str_eq(all->workspaces[i].id, id))
			return &all->workspaces[i];
	return NULL;
}

static void
add_row(struct cli_table *t, const struct model_workspace *ws, const struct model_preview *p)
{
	struct cli *c = t->c;

	cli_table_add(t, ws != NULL ? ws->name : p->workspace);
	cli_table_add(t, wn_str(model_preview_state_name(p->state)));
	cli_table_add(t, p->url.len > 0 ? p->url : WN_STR("-"));
	cli_table_add(t, wn_str(p->has_pid ? wn_arena_printf(&c->arena, "%lld", (long long)p->pid)
					   : "-"));
	cli_table_add(t, wn_str(p->has_started ? cli_time(c, p->started) : "-"));
	cli_table_add(t, p->isolation != 0 ? wn_str(model_preview_isolation_name(p->isolation))
					   : WN_STR("-"));
	cli_table_add(t, p->reason.len > 0 ? p->reason : ws != NULL ? ws->path : WN_STR(""));
}

static int
exec(struct cli *c)
{
	static const char *const heads[] = { "NAME",  "STATE",	   "URL",	  "PID",
					     "SINCE", "ISOLATION", "WHERE OR WHY" };
	struct preview_list_params none = { 0 };
	struct workspace_list_params all = { 0 };
	struct preview_list_result list;
	struct workspace_list_result spaces;
	struct cli_table t;
	int code = CLI_ASK(c, preview_list, "preview.list", &none, &list);

	if (code == CLI_OK)
		code = CLI_ASK(c, workspace_list, "workspace.list", &all, &spaces);
	if (code != CLI_OK)
		return code;
	for (size_t i = 0; c->json && i < list.previews_len; i++)
		cli_json_item(c, &model_preview_shape, &list.previews[i]);
	if (c->json)
		return CLI_OK;
	if (list.previews_len == 0) {
		cli_say(c, "nothing runs\n");
		return CLI_OK;
	}
	cli_table_init(&t, c, 7, heads);
	for (size_t i = 0; i < list.previews_len; i++)
		add_row(&t, find(&spaces, list.previews[i].workspace), &list.previews[i]);
	cli_table_print(&t);
	return CLI_OK;
}

const struct cli_command cli_ps = {
	.name = "ps",
	.args = "",
	.summary = "list the platforms that run",
	.exec = exec,
};
