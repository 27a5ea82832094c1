/*
 * ps: the platforms that are not stopped, and what they use.
 */
#include "gen/preview_types.h"
#include "gen/sandbox_types.h"
#include "gen/workspace_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

#define MIB (1024 * 1024)

/* A workspace that was forgotten while it runs is shown by its id. */
static const struct model_workspace *
find(const struct workspace_list_result *all, struct wn_str id)
{
	for (size_t i = 0; i < all->workspaces_len; i++)
		if (wn_str_eq(all->workspaces[i].id, id))
			return &all->workspaces[i];
	return NULL;
}

/* "84/1024 MiB": used of what it may; a limit that does not hold here is marked. */
static struct wn_str
part(struct cli *c, const struct sandbox_usage_result *all, struct wn_str workspace,
     enum model_sandbox_limit_name name, int64_t unit, const char *unit_words)
{
	for (size_t i = 0; i < all->workspaces_len; i++)
		for (size_t k = 0; k < all->workspaces[i].limits_len; k++) {
			const struct model_sandbox_limit *l = &all->workspaces[i].limits[k];

			if (!wn_str_eq(all->workspaces[i].workspace, workspace) ||
			    l->name != name || !l->has_used)
				continue;
			return wn_str(wn_arena_printf(
				&c->arena, "%lld/%lld%s%s", (long long)(l->used / unit),
				(long long)(l->value / unit), unit_words,
				l->enforced == MODEL_SANDBOX_LIMIT_ENFORCED_NONE ? "!" : ""));
		}
	return WN_STR("-");
}

static void
add_row(struct cli_table *t, const struct model_workspace *ws, const struct model_preview *p,
	const struct sandbox_usage_result *use)
{
	struct cli *c = t->c;

	cli_table_add(t, ws != NULL ? ws->name : p->workspace);
	cli_table_add(t, wn_str(model_preview_state_name(p->state)));
	cli_table_add(t, p->url.len > 0 ? p->url : WN_STR("-"));
	cli_table_add(t, wn_str(p->has_pid ? wn_arena_printf(&c->arena, "%lld", (long long)p->pid)
					   : "-"));
	cli_table_add(t, wn_str(p->has_started ? cli_time(c, p->started) : "-"));
	cli_table_add(t, part(c, use, p->workspace, MODEL_SANDBOX_LIMIT_NAME_PROCESSOR, 1, " %"));
	cli_table_add(t, part(c, use, p->workspace, MODEL_SANDBOX_LIMIT_NAME_MEMORY, MIB, " MiB"));
	cli_table_add(t, part(c, use, p->workspace, MODEL_SANDBOX_LIMIT_NAME_PROCESSES, 1, ""));
	cli_table_add(t, p->isolation != 0 ? wn_str(model_preview_isolation_name(p->isolation))
					   : WN_STR("-"));
	cli_table_add(t, p->reason.len > 0 ? p->reason : ws != NULL ? ws->path : WN_STR(""));
}

static int
exec(struct cli *c)
{
	static const char *const heads[] = {
		"NAME", "STATE",  "URL",   "PID",	"SINCE",
		"CPU",	"MEMORY", "PROCS", "ISOLATION", "WHERE OR WHY"
	};
	struct sandbox_usage_params every = { 0 };
	struct sandbox_usage_result use = { 0 };
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
	code = CLI_ASK(c, sandbox_usage, "sandbox.usage", &every, &use);
	if (code != CLI_OK)
		return code;
	cli_table_init(&t, c, 10, heads);
	for (size_t i = 0; i < list.previews_len; i++)
		add_row(&t, find(&spaces, list.previews[i].workspace), &list.previews[i], &use);
	cli_table_print(&t);
	return CLI_OK;
}

const struct cli_command cli_ps = {
	.name = "ps",
	.args = "",
	.summary = "list the platforms that run",
	.exec = exec,
};
