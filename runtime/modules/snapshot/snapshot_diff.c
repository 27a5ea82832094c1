/*
 * What differs between two snapshots, or between one and the files as they are.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include <string.h>

#include "runtime/base/vec.h"

#define PATCH_MAX (8u << 20)
#define CHANGES_MAX 100000

struct sides {
	git_tree *from, *to; /* from NULL: nothing was there */
};

/* `to` absent: the files as they are now, read into a tree. `from` absent: the parent of `to`, or
 * the newest. */
static wn_err
pick_sides(struct snapshot_repo *r, const struct snapshot_diff_params *p, struct sides *out)
{
	struct model_snapshot s;
	struct wn_str from = p->from;
	struct snapshot_scan now;
	wn_err err = WN_OK;
	int rc;

	if (!from.p) {
		err = snapshot_find(r->m, r->ctx, r->workspace, p->to, &s);
		if (err == WN_E_NOT_FOUND && p->to.p)
			return WN_FAIL(r->ctx, err, "there is no snapshot %.*s", WN_STR_ARG(p->to));
		from = err ? WN_STR_NONE : p->to.p ? s.parent : s.id;
		err = err == WN_E_NOT_FOUND ? WN_OK : err;
	}
	if (!err && from.p)
		err = snapshot_tree(r, from, &out->from);
	if (err)
		return err;
	if (p->to.p)
		return snapshot_tree(r, p->to, &out->to);
	err = snapshot_scan_dir(r, &now);
	if (err)
		return err;
	rc = r->g->tree_lookup(&out->to, r->git, &now.tree);
	return rc == 0 ? WN_OK : snapshot_fail(r, rc, "read the present files");
}

static enum model_file_change_change
kind_of(git_delta_t status)
{
	switch (status) {
	case GIT_DELTA_ADDED:
		return MODEL_FILE_CHANGE_CHANGE_ADDED;
	case GIT_DELTA_DELETED:
		return MODEL_FILE_CHANGE_CHANGE_DELETED;
	case GIT_DELTA_TYPECHANGE:
		return MODEL_FILE_CHANGE_CHANGE_TYPE_CHANGED;
	default:
		return MODEL_FILE_CHANGE_CHANGE_MODIFIED;
	}
}

static wn_err
describe(struct snapshot_repo *r, git_diff *diff, size_t i, struct model_file_change *out)
{
	const git_diff_delta *d;
	git_patch *patch = NULL;
	size_t added = 0, removed = 0;
	int rc = r->g->patch_from_diff(&patch, diff, i);

	if (rc != 0)
		return snapshot_fail(r, rc, "compare a file");
	if (patch)
		(void)r->g->patch_line_stats(NULL, &added, &removed, patch);
	/* Whether it is binary is known only after the content was looked at. */
	d = r->g->diff_get_delta(diff, i);
	*out = (struct model_file_change){
		.path = snapshot_name_tell(r->ctx->arena,
					   d->new_file.path ? d->new_file.path : d->old_file.path),
		.change = kind_of(d->status),
		.added = (int64_t)added,
		.removed = (int64_t)removed,
		.binary = (d->flags & GIT_DIFF_FLAG_BINARY) != 0,
	};
	r->g->patch_free(patch);
	return WN_OK;
}

/* The unified diff of one file as the attachment of the answer. */
static wn_err
attach_patch(struct snapshot_repo *r, git_diff *diff)
{
	git_buf text = GIT_BUF_INIT;
	int rc = r->g->diff_to_buf(&text, diff, GIT_DIFF_FORMAT_PATCH);
	wn_err err = rc == 0 ? WN_OK : snapshot_fail(r, rc, "write the difference");

	if (!err && text.size > PATCH_MAX)
		err = WN_FAIL(r->ctx, WN_E_LIMIT,
			      "the difference has %zu bytes, more than can be shown", text.size);
	if (!err)
		err = r->m->host->attach(r->ctx, wn_strn(text.ptr, text.size));
	r->g->buf_dispose(&text);
	return err;
}

static wn_err
fill(struct snapshot_repo *r, git_diff *diff, bool one_file, struct snapshot_diff_result *result)
{
	size_t n = r->g->diff_num_deltas(diff);
	wn_err err = WN_OK;

	result->truncated = n > CHANGES_MAX;
	n = n > CHANGES_MAX ? CHANGES_MAX : n;
	result->changes = (struct model_file_change *)wn_arena_array(r->ctx->arena, n + 1,
								     sizeof *result->changes);
	for (size_t i = 0; i < n && !err; i++) {
		if (wn_cancelled(r->ctx))
			return WN_FAIL(r->ctx, WN_E_CANCELLED, "comparing was cancelled");
		err = describe(r, diff, i, &result->changes[i]);
	}
	result->changes_len = n;
	return err || !one_file ? err : attach_patch(r, diff);
}

wn_err
snapshot_on_diff(struct wn_mod *m, struct wn_ctx *ctx, const struct snapshot_diff_params *params,
		 struct snapshot_diff_result *result)
{
	git_diff_options opts;
	struct wn_str name = WN_STR_NONE;
	char *path = NULL;
	struct sides sides = { NULL, NULL };
	struct snapshot_repo r;
	struct wn_workspace w;
	git_diff *diff = NULL;
	wn_err err = snapshot_workspace(m, ctx, params->workspace, &w);
	int rc;

	if (!err && params->path.p)
		err = snapshot_name_read(ctx, params->path, &name);
	if (!err && name.p)
		path = wn_arena_strndup(ctx->arena, name.p, name.len);
	if (!err)
		err = snapshot_repo_open(m, ctx, w.id, w.path, &r);
	if (err)
		return err;
	err = pick_sides(&r, params, &sides);
	if (!err) {
		r.g->diff_options_init(&opts, GIT_DIFF_OPTIONS_VERSION);
		opts.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_DISABLE_PATHSPEC_MATCH;
		if (path)
			opts.pathspec = (git_strarray){ &path, 1 };
		rc = r.g->diff_tree_to_tree(&diff, r.git, sides.from, sides.to, &opts);
		err = rc == 0 ? fill(&r, diff, path != NULL, result)
			      : snapshot_fail(&r, rc, "compare");
	}
	r.g->diff_free(diff);
	r.g->tree_free(sides.from);
	r.g->tree_free(sides.to);
	snapshot_repo_close(&r);
	return err;
}
