/*
 * modules/workspace: descriptor. It has no state of its own: its table is the state.
 */
#include "runtime/modules/workspace/workspace.h"

static const struct wn_iface_workspace vtable = {
	.get = workspace_get,
	.add = workspace_add,
	.forget = workspace_forget,
};

static const struct wn_iface_decl offers[] = { { "workspace", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module workspace_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "workspace",
	.version = "1.0.0",
	.manifest = workspace_manifest,
	.needs = workspace_needs,
	.offers = offers,
	.projects = workspace_projects,
	.methods = workspace_methods,
	.migrations = workspace_migrations,
	.tables = workspace_tables,
	.init = init,
};
