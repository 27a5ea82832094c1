/*
 * extensions/datalake: descriptor and lifecycle.
 */
#include "runtime/extensions/datalake/datalake.h"

#include "runtime/base/mem.h"

static const struct wn_iface_datalake vtable = {
	.read = datalake_read,
	.ack = datalake_ack,
	.position = datalake_position,
};
static const struct wn_iface_decl offers[] = { { "datalake", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct datalake *d = WN_NEW(struct datalake);

	(void)host;
	pthread_mutex_init(&d->lock, NULL);
	wn_map_init(&d->acked);
	m->state = d;
	return WN_OK;
}

static void
fini(struct wn_mod *m)
{
	struct datalake *d = m->state;

	wn_map_fini(&d->acked, wn_free);
	pthread_mutex_destroy(&d->lock);
	wn_free(d);
	m->state = NULL;
}

const struct wn_module datalake_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "datalake",
	.version = "1.0.0",
	.manifest = datalake_manifest,
	.needs = datalake_needs,
	.offers = offers,
	.methods = datalake_methods,
	.init = init,
	.fini = fini,
};
