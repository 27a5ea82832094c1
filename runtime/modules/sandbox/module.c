/*
 * modules/sandbox: descriptor and lifecycle.
 */
#include "runtime/modules/sandbox/sandbox.h"

#include "gen/sandbox.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

static const struct wn_iface_sandbox vtable = { .command = sandbox_command };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct sandbox *s = WN_NEW(struct sandbox);

	s->host = host;
	pthread_mutex_init(&s->lock, NULL);
	m->state = s;
	return WN_OK;
}

/* Specs of an engine that was killed may hold secrets: they go before anything else. */
static wn_err
start(struct wn_mod *m, struct wn_ctx *ctx)
{
	struct sandbox *s = sandbox_of(m);
	wn_err err;

	s->spec_dir = wn_path_join(s->host->run_dir, "sandbox");
	err = wn_file_rmtree(s->spec_dir, &ctx->diag);
	return err ? err : wn_file_mkdirs(s->spec_dir, 0700, &ctx->diag);
}

static void
fini(struct wn_mod *m)
{
	struct sandbox *s = sandbox_of(m);

	pthread_mutex_destroy(&s->lock);
	wn_free(s->spec_dir);
	wn_free(s);
	m->state = NULL;
}

static const struct wn_iface_decl offers[] = { { "sandbox", 1, 0, &vtable, 0 }, { 0 } };

const struct wn_module sandbox_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "sandbox",
	.version = "1.0.0",
	.manifest = sandbox_manifest,
	.offers = offers,
	.methods = sandbox_methods,
	.init = init,
	.start = start,
	.fini = fini,
};
