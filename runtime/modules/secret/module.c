/*
 * modules/secret: descriptor and lifecycle.
 */
#include "runtime/modules/secret/secret.h"

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

static const struct wn_iface_secret vtable = { .each = secret_each,
					       .keep = secret_keep,
					       .drop = secret_drop };
static const struct wn_iface_decl offers[] = { { "secret", 1, 1, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct secret *s = WN_NEW(struct secret);

	s->host = host;
	s->dir = wn_path_join(host->state_dir, "secret");
	pthread_mutex_init(&s->lock, NULL);
	wn_map_init(&s->vaults);
	m->state = s;
	return WN_OK;
}

static void
fini(struct wn_mod *m)
{
	struct secret *s = (struct secret *)m->state;

	wn_map_fini(&s->vaults, secret_vault_free);
	pthread_mutex_destroy(&s->lock);
	wn_free(s->dir);
	wn_free(s);
	m->state = NULL;
}

const struct wn_module secret_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "secret",
	.version = "1.0.0",
	.manifest = secret_manifest,
	.needs = secret_needs,
	.offers = offers,
	.listens = secret_listens,
	.projects = secret_projects,
	.methods = secret_methods,
	.migrations = secret_migrations,
	.tables = secret_tables,
	.init = init,
	.fini = fini,
};
