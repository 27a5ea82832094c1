/*
 * modules/workspace: descriptor. Its table is the state; only a lock is kept beside it.
 */
#include "runtime/modules/workspace/workspace.h"

#include "runtime/base/mem.h"

static const struct wn_iface_workspace vtable = {
	.get = workspace_get,
	.add = workspace_add,
	.forget = workspace_forget,
};

static const struct wn_iface_decl offers[] = { { "workspace", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct workspace *w = WN_NEW(struct workspace);

	(void)host;
	pthread_mutex_init(&w->lock, NULL);
	m->state = w;
	return WN_OK;
}

static void
fini(struct wn_mod *m)
{
	struct workspace *w = (struct workspace *)m->state;

	pthread_mutex_destroy(&w->lock);
	wn_free(w);
	m->state = NULL;
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
	.fini = fini,
};
