/*
 * modules/preview: descriptor and lifecycle. Services outlive it: stopping the engine stops none.
 */
#include "runtime/modules/preview/preview.h"

#include "runtime/base/mem.h"

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct preview *p = WN_NEW(struct preview);

	p->host = host;
	wn_map_init(&p->items);
	pthread_mutex_init(&p->install, NULL);
	m->state = p;
	return WN_OK;
}

static wn_err
start(struct wn_mod *m, struct wn_ctx *ctx)
{
	(void)ctx;
	preview_adopt(m);
	return WN_OK;
}

static void
stop(struct wn_mod *m, wn_done_fn done)
{
	struct wn_map_iter it;

	wn_map_iter_init(&it, &preview_of(m)->items);
	while (wn_map_iter_next(&it)) {
		struct preview_item *item = (struct preview_item *)it.value;

		preview_watch_stop(item);
		preview_restart_cancel(item);
		m->host->link_close(item->link);
		item->link = NULL;
	}
	done(m);
}

static void
fini(struct wn_mod *m)
{
	struct preview *p = preview_of(m);

	wn_map_fini(&p->items, preview_item_free);
	pthread_mutex_destroy(&p->install);
	wn_free(p);
	m->state = NULL;
}

const struct wn_module preview_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "preview",
	.version = "1.0.0",
	.manifest = preview_manifest,
	.needs = preview_needs,
	.listens = preview_listens,
	.methods = preview_methods,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
