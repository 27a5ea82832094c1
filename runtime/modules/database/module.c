/*
 * modules/database: descriptor and lifecycle. Servers outlive it: stopping the engine stops none.
 */
#include "runtime/modules/database/database.h"

#include "runtime/base/mem.h"

static const struct wn_iface_database vtable = { .ensure = database_ensure };
static const struct wn_iface_decl offers[] = { { "database", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct database *d = WN_NEW(struct database);

	d->host = host;
	pthread_mutex_init(&d->lock, NULL);
	wn_map_init(&d->busy);
	m->state = d;
	return WN_OK;
}

static void
fini(struct wn_mod *m)
{
	struct database *d = database_of(m);

	wn_map_fini(&d->busy, NULL);
	pthread_mutex_destroy(&d->lock);
	wn_free(d);
	m->state = NULL;
}

const struct wn_module database_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "database",
	.version = "1.0.0",
	.manifest = database_manifest,
	.needs = database_needs,
	.offers = offers,
	.listens = database_listens,
	.projects = database_projects,
	.methods = database_methods,
	.migrations = database_migrations,
	.tables = database_tables,
	.init = init,
	.fini = fini,
};
