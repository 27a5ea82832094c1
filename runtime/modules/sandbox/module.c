/*
 * modules/sandbox: descriptor and lifecycle.
 */
#include "runtime/modules/sandbox/sandbox.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "gen/sandbox.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

static const struct wn_iface_sandbox vtable = { .command = sandbox_command,
						.requested = sandbox_requested,
						.why = sandbox_why,
						.stop = sandbox_stop };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct sandbox *s = WN_NEW(struct sandbox);

	s->host = host;
	s->launcher_fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	wn_map_init(&s->runs);
	wn_map_init(&s->set);
	wn_map_init(&s->spaces);
	m->state = s;
	return WN_OK;
}

/* Specs of an engine that was killed may hold secrets: they go before anything else. */
static wn_err
remove_specs(const char *dir, bool *any, struct wn_diag *d)
{
	DIR *open_dir = opendir(dir);
	struct dirent *e;
	wn_err err = WN_OK;

	while (open_dir && (e = readdir(open_dir))) {
		char *path = wn_path_join(dir, e->d_name);

		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    strcmp(e->d_name, SANDBOX_RUNS) != 0 && !err) {
			*any = true;
			err = wn_file_rmtree(path, d);
		}
		wn_free(path);
	}
	if (open_dir)
		closedir(open_dir);
	return err;
}

static wn_err
start(struct wn_mod *m, struct wn_ctx *ctx)
{
	struct sandbox *s = sandbox_of(m);
	bool any = false; /* an engine before this one made boxes */
	wn_err err;

	s->spec_dir = wn_path_join(s->host->run_dir, "sandbox");
	s->runs_dir = wn_path_join(s->spec_dir, SANDBOX_RUNS);
	err = remove_specs(s->spec_dir, &any, &ctx->diag);
	if (!err)
		err = wn_file_mkdirs(s->runs_dir, 0700, &ctx->diag);
	if (!err)
		sandbox_runs_adopt(m, any);
	return err;
}

/* Boxes outlive it, as what keeps them does. */
static void
stop(struct wn_mod *m, wn_done_fn done)
{
	struct sandbox *s = sandbox_of(m);

	m->host->timer_stop(m, s->tick);
	s->tick = NULL;
	done(m);
}

static void
fini(struct wn_mod *m)
{
	struct sandbox *s = sandbox_of(m);

	wn_map_fini(&s->runs, sandbox_run_free);
	wn_map_fini(&s->set, wn_free);
	wn_map_fini(&s->spaces, sandbox_space_free);
	(void)sandbox_groups_sweep(&s->groups); /* of boxes that ended since the last look */
	sandbox_groups_fini(&s->groups);
	if (s->launcher_fd >= 0)
		close(s->launcher_fd);
	pthread_mutex_destroy(&s->lock);
	wn_free(s->launcher);
	wn_free(s->bwrap);
	wn_free(s->filter);
	wn_free(s->runs_dir);
	wn_free(s->spec_dir);
	wn_free(s);
	m->state = NULL;
}

static const struct wn_iface_decl offers[] = { { "sandbox", 1, 1, &vtable, 0 }, { 0 } };

const struct wn_module sandbox_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "sandbox",
	.version = "1.0.0",
	.manifest = sandbox_manifest,
	.needs = sandbox_needs,
	.offers = offers,
	.methods = sandbox_methods,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
