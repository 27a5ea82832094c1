/*
 * modules/snapshot: descriptor and lifecycle.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

static const struct wn_iface_snapshot vtable = {
	.take = snapshot_take,
	.keep_pristine = snapshot_keep_pristine,
	.read_pristine = snapshot_read_pristine,
	.merge = snapshot_merge,
};
static const struct wn_iface_decl offers[] = { { "snapshot", 1, 1, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct snapshot *s = WN_NEW(struct snapshot);

	s->host = host;
	s->dir = wn_path_join(host->state_dir, "snapshot");
	pthread_mutex_init(&s->lock, NULL);
	wn_map_init(&s->locks);
	m->state = s;
	return WN_OK;
}

static void
free_lock(void *p)
{
	struct snapshot_lock *l = (struct snapshot_lock *)p;

	pthread_mutex_destroy(&l->mutex);
	wn_free(l);
}

static void
fini(struct wn_mod *m)
{
	struct snapshot *s = snapshot_of(m);

	wn_map_fini(&s->locks, free_lock);
	snapshot_git_unload(&s->git);
	pthread_mutex_destroy(&s->lock);
	wn_free(s->dir);
	wn_free(s);
	m->state = NULL;
}

const struct wn_module snapshot_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "snapshot",
	.version = "1.0.0",
	.manifest = snapshot_manifest,
	.needs = snapshot_needs,
	.offers = offers,
	.projects = snapshot_projects,
	.methods = snapshot_methods,
	.migrations = snapshot_migrations,
	.tables = snapshot_tables,
	.init = init,
	.fini = fini,
};
