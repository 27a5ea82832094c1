/*
 * The repository behind a workspace's snapshots: opening, locking, commits, errors.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include <string.h>
#include <time.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

wn_err
snapshot_fail(struct snapshot_repo *r, int rc, const char *doing)
{
	const git_error *e = r->g->error_last();
	wn_err code = rc == GIT_ENOTFOUND ? WN_E_NOT_FOUND : WN_E_IO;

	if (e && e->klass == GIT_ERROR_OS && strstr(e->message, "No space left"))
		code = WN_E_NO_SPACE;
	if (e && e->klass == GIT_ERROR_OS && strstr(e->message, "Read-only"))
		code = WN_E_READ_ONLY;
	return WN_FAIL(r->ctx, code, "%s: %s", doing, e ? e->message : "unknown reason");
}

wn_err
snapshot_workspace(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, struct wn_workspace *out)
{
	const struct wn_bound *b = &m->bound[NEED_WORKSPACE];

	return ((const struct wn_iface_workspace *)b->vtable)->get(b->mod, ctx, id, out);
}

static struct snapshot_lock *
lock_of(struct snapshot *s, const char *workspace)
{
	struct snapshot_lock *l;

	pthread_mutex_lock(&s->lock);
	l = (struct snapshot_lock *)wn_map_get(&s->locks, wn_str(workspace));
	if (!l) {
		l = WN_NEW(struct snapshot_lock);
		pthread_mutex_init(&l->mutex, NULL);
		wn_map_set(&s->locks, wn_str(workspace), l);
	}
	pthread_mutex_unlock(&s->lock);
	return l;
}

/* Waits for the job before us, a fifth of a second at a time so that a cancel is heard. */
static wn_err
take_lock(struct snapshot_repo *r)
{
	struct timespec until;

	for (;;) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 200000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_mutex_timedlock(&r->lock->mutex, &until) == 0)
			return WN_OK;
		if (wn_cancelled(r->ctx))
			return WN_FAIL(r->ctx, WN_E_CANCELLED,
				       "cancelled while another job had the files");
	}
}

static wn_err
load_git(struct snapshot_repo *r)
{
	struct snapshot *s = snapshot_of(r->m);
	wn_err err;

	pthread_mutex_lock(&s->lock);
	err = snapshot_git_load(&s->git, &r->ctx->diag);
	pthread_mutex_unlock(&s->lock);
	r->g = err ? NULL : &s->git;
	return err;
}

static wn_err
open_git(struct snapshot_repo *r)
{
	git_repository_init_options opts;
	wn_err err;
	int rc;

	if (!r->g)
		return WN_FAIL(r->ctx, WN_E_STATE, "libgit2 is not loaded");
	rc = r->g->repository_open_bare(&r->git, r->path);

	if (rc == GIT_ENOTFOUND) {
		err = wn_file_mkdirs(snapshot_of(r->m)->dir, 0700, &r->ctx->diag);
		if (err)
			return err;
		snapshot_index_drop(r); /* what it remembers was in a repository that is gone */
		r->g->repository_init_options_init(&opts, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
		opts.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKDIR |
			     GIT_REPOSITORY_INIT_NO_DOTGIT_DIR;
		opts.mode = 0700;
		rc = r->g->repository_init_ext(&r->git, r->path, &opts);
	}
	if (rc == 0)
		rc = r->g->repository_set_workdir(r->git, r->dir, 0);
	return rc == 0 ? WN_OK : snapshot_fail(r, rc, "open the snapshots");
}

wn_err
snapshot_repo_reopen(struct snapshot_repo *r)
{
	if (r->git && r->g)
		r->g->repository_free(r->git);
	r->git = NULL;
	return open_git(r);
}

wn_err
snapshot_repo_open(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *dir,
		   struct snapshot_repo *r)
{
	struct snapshot *s = snapshot_of(m);
	wn_err err;

	if (!wn_file_is_dir(dir))
		return WN_FAIL(ctx, WN_E_NOT_FOUND,
			       "the workspace's directory %s is not there any more; put it back, "
			       "or forget the workspace",
			       dir);
	*r = (struct snapshot_repo){ .m = m, .ctx = ctx, .workspace = workspace, .dir = dir };
	r->path = wn_asprintf("%s/%s.git", s->dir, workspace);
	r->lock = lock_of(s, workspace);
	err = take_lock(r);
	if (err) {
		r->lock = NULL;
		snapshot_repo_close(r);
		return err;
	}
	err = load_git(r);
	if (!err)
		err = open_git(r);
	if (err)
		snapshot_repo_close(r);
	return err;
}

void
snapshot_repo_close(struct snapshot_repo *r)
{
	if (r->git && r->g)
		r->g->repository_free(r->git);
	r->git = NULL;
	wn_free(r->path);
	r->path = NULL;
	if (r->lock)
		pthread_mutex_unlock(&r->lock->mutex);
	r->lock = NULL;
}

wn_err
snapshot_tree(struct snapshot_repo *r, struct wn_str id, git_tree **out)
{
	const char *ref = wn_arena_printf(r->ctx->arena, "refs/snapshots/%.*s", WN_STR_ARG(id));
	git_commit *commit = NULL;
	git_oid oid;
	int rc = r->g->reference_name_to_id(&oid, r->git, ref);

	if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC)
		return WN_FAIL(r->ctx, WN_E_NOT_FOUND,
			       "there is no snapshot %.*s of this workspace", WN_STR_ARG(id));
	if (rc == 0)
		rc = r->g->commit_lookup(&commit, r->git, &oid);
	if (rc == 0)
		rc = r->g->commit_tree(out, commit);
	r->g->commit_free(commit);
	return rc == 0 ? WN_OK : snapshot_fail(r, rc, "read the snapshot");
}

wn_err
snapshot_commit(struct snapshot_repo *r, const char *id, const git_oid *tree_oid,
		const char *parent, const char *label)
{
	const char *ref = wn_arena_printf(r->ctx->arena, "refs/snapshots/%s", id);
	git_commit *before = NULL;
	git_signature *who = NULL;
	git_tree *tree = NULL;
	git_oid oid, parent_oid;
	int rc = r->g->tree_lookup(&tree, r->git, tree_oid);

	if (rc == 0)
		rc = r->g->signature_new(&who, "webnova", "webnova@localhost",
					 wn_now_ms(r->m->host->clock) / 1000, 0);
	if (rc == 0 && parent && parent[0] &&
	    r->g->reference_name_to_id(
		    &parent_oid, r->git,
		    wn_arena_printf(r->ctx->arena, "refs/snapshots/%s", parent)) == 0)
		rc = r->g->commit_lookup(&before, r->git, &parent_oid);
	if (rc == 0)
		rc = r->g->commit_create_v(&oid, r->git, ref, who, who, "UTF-8", label, tree,
					   before ? 1 : 0, before);
	r->g->commit_free(before);
	r->g->signature_free(who);
	r->g->tree_free(tree);
	return rc == 0 ? WN_OK : snapshot_fail(r, rc, "write the snapshot");
}
