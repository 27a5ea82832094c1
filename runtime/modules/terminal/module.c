/*
 * modules/terminal: descriptor and lifecycle. Stopping the engine ends no terminal.
 */
#include "runtime/modules/terminal/terminal.h"

#include "runtime/base/mem.h"

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct terminal *t = WN_NEW(struct terminal);

	t->host = host;
	wn_map_init(&t->items);
	m->state = t;
	return WN_OK;
}

static wn_err
start(struct wn_mod *m, struct wn_ctx *ctx)
{
	(void)ctx;
	terminal_adopt(m);
	return WN_OK;
}

static void
stop(struct wn_mod *m, wn_done_fn done)
{
	struct wn_map_iter it;

	wn_map_iter_init(&it, &terminal_of(m)->items);
	while (wn_map_iter_next(&it)) {
		struct terminal_item *item = (struct terminal_item *)it.value;

		m->host->link_close(item->link);
		item->link = NULL;
	}
	done(m);
}

static void
fini(struct wn_mod *m)
{
	struct terminal *t = terminal_of(m);

	wn_map_fini(&t->items, terminal_item_free);
	wn_free(t);
	m->state = NULL;
}

const struct wn_module terminal_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "terminal",
	.version = "1.0.0",
	.manifest = terminal_manifest,
	.needs = terminal_needs,
	.methods = terminal_methods,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
