/*
 * snapshot.restore: the present state is kept first, then the files go to the snapshot asked for.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include "runtime/base/file.h"

/* The paths as names of files, in the arena. */
static wn_err
read_paths(struct wn_ctx *ctx, const struct snapshot_restore_params *p, struct wn_str **out)
{
	struct wn_str *paths =
		(struct wn_str *)wn_arena_array(ctx->arena, p->paths_len + 1, sizeof *paths);
	wn_err err = WN_OK;

	for (size_t i = 0; i < p->paths_len && !err; i++) {
		err = snapshot_name_read(ctx, p->paths[i], &paths[i]);
		if (!err && !wn_path_is_inside(paths[i]))
			err = WN_FAIL(ctx, WN_E_INVALID, "not a path inside the workspace: %.*s",
				      WN_STR_ARG(p->paths[i]));
	}
	*out = paths;
	return err;
}

static wn_err
restore(struct snapshot_repo *r, const struct snapshot_restore_params *params,
	const struct wn_str *paths, struct snapshot_restore_result *result)
{
	struct wn_ctx *ctx = r->ctx;
	struct model_snapshot before = { 0 };
	git_tree *from = NULL, *to = NULL;
	bool created;
	wn_err err = snapshot_tree(r, params->snapshot, &to);

	r->m->host->job_progress(ctx, 0, 2, "keeping the present state");
	if (!err)
		err = snapshot_take_on(r, "before_restore", "before restoring", &before, &created);
	if (!err)
		err = snapshot_tree(r, before.id, &from);
	r->m->host->job_progress(ctx, 1, 2, "writing files");
	if (!err)
		err = snapshot_apply(r, from, to, paths, params->paths_len, &result->written,
				     &result->removed);
	r->g->tree_free(from);
	r->g->tree_free(to);
	result->before = before.id;
	return err;
}

static wn_err
may_restore(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_workspace *w,
	    struct wn_str snapshot)
{
	struct wn_question q = { .action = "snapshot.restore",
				 .resource = wn_arena_printf(ctx->arena, "workspace/%s", w->id) };

	q.context = wn_str(
		wn_arena_printf(ctx->arena, "{\"snapshot\":\"%.*s\"}", WN_STR_ARG(snapshot)));
	return wn_may(&m->bound[NEED_COMPLIANCE], DECIDERS, ctx, q);
}

wn_err
snapshot_on_restore(struct wn_mod *m, struct wn_ctx *ctx,
		    const struct snapshot_restore_params *params,
		    struct snapshot_restore_result *result)
{
	struct snapshot_restored e;
	struct snapshot_repo r;
	struct wn_workspace w;
	struct wn_str *paths;
	wn_err err = read_paths(ctx, params, &paths);

	if (!err)
		err = snapshot_workspace(m, ctx, params->workspace, &w);
	if (!err)
		err = may_restore(m, ctx, &w, params->snapshot);
	if (!err)
		err = snapshot_repo_open(m, ctx, w.id, w.path, &r);
	if (err)
		return err;
	err = restore(&r, params, paths, result);
	snapshot_repo_close(&r);
	if (err)
		return err;
	e = (struct snapshot_restored){ .workspace = wn_str(w.id),
					.snapshot = params->snapshot,
					.before = result->before,
					.written = result->written,
					.removed = result->removed };
	return emit_snapshot_restored(m, ctx, wn_arena_printf(ctx->arena, "workspace/%s", w.id),
				      &e);
}
