/*
 * What a generator made, before anybody edited it: trees of the workspace's own repository under
 * refs/pristine/<hash>, and the three-way merge that they are the base of. May not touch the
 * workspace's files, nor a snapshot.
 */
#include <string.h>

#include "runtime/modules/snapshot/snapshot.h"

static const char *
reference(struct wn_ctx *ctx, const char *hash)
{
	return wn_arena_printf(ctx->arena, "refs/pristine/%s", hash);
}

/* Blobs that a snapshot has already are not written again. */
static int
write_tree(struct snapshot_repo *r, const struct wn_pristine *files, size_t n, git_oid *out)
{
	git_index *index = NULL;
	git_odb *odb = NULL;
	int rc = r->g->index_new(&index);

	if (rc == 0)
		rc = r->g->repository_odb(&odb, r->git);
	for (size_t i = 0; i < n && rc == 0; i++) {
		git_index_entry e = { .mode = GIT_FILEMODE_BLOB, .path = files[i].path };
		const char *text = files[i].content.p ? files[i].content.p : "";

		rc = r->g->odb_write(&e.id, odb, text, files[i].content.len, GIT_OBJECT_BLOB);
		if (rc == 0)
			rc = r->g->index_add(index, &e);
	}
	if (rc == 0)
		rc = r->g->index_write_tree_to(out, index, r->git);
	if (odb)
		r->g->odb_free(odb);
	if (index)
		r->g->index_free(index);
	return rc;
}

static wn_err
tree_of_newest(struct snapshot_repo *r, git_oid *out)
{
	struct model_snapshot newest;
	git_tree *tree = NULL;
	wn_err err = snapshot_find(r->m, r->ctx, r->workspace, WN_STR_NONE, &newest);

	if (!err)
		err = snapshot_tree(r, newest.id, &tree);
	if (err)
		return err;
	*out = *r->g->tree_id(tree);
	r->g->tree_free(tree);
	return WN_OK;
}

wn_err
snapshot_keep_pristine(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *dir,
		       const char *hash, const struct wn_pristine *files, size_t n)
{
	struct snapshot_repo r;
	git_reference *ref = NULL;
	git_oid oid;
	wn_err err = snapshot_repo_open(m, ctx, workspace, dir, &r);
	int rc;

	if (err)
		return err;
	rc = r.g->reference_name_to_id(&oid, r.git, reference(ctx, hash));
	if (rc == GIT_ENOTFOUND) {
		rc = 0;
		if (files)
			rc = write_tree(&r, files, n, &oid);
		else
			err = tree_of_newest(&r, &oid);
		if (rc == 0 && !err)
			rc = r.g->reference_create(&ref, r.git, reference(ctx, hash), &oid, 1,
						   NULL);
		if (ref)
			r.g->reference_free(ref);
	}
	if (rc != 0 && !err)
		err = snapshot_fail(&r, rc, "keep what was generated");
	snapshot_repo_close(&r);
	return err;
}

static int
find(struct snapshot_repo *r, const char *hash, const char *path, struct wn_buf *out)
{
	git_tree *tree = NULL;
	git_tree_entry *entry = NULL;
	git_blob *blob = NULL;
	git_oid oid;
	int rc = r->g->reference_name_to_id(&oid, r->git, reference(r->ctx, hash));

	if (rc == 0)
		rc = r->g->tree_lookup(&tree, r->git, &oid);
	if (rc == 0)
		rc = r->g->tree_entry_bypath(&entry, tree, path);
	if (rc == 0)
		rc = r->g->blob_lookup(&blob, r->git, r->g->tree_entry_id(entry));
	if (rc == 0)
		(void)wn_buf_add(out, r->g->blob_rawcontent(blob),
				 (size_t)r->g->blob_rawsize(blob));
	if (blob)
		r->g->blob_free(blob);
	if (entry)
		r->g->tree_entry_free(entry);
	if (tree)
		r->g->tree_free(tree);
	return rc;
}

wn_err
snapshot_read_pristine(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *dir,
		       const char *hash, const char *path, struct wn_buf *out)
{
	struct snapshot_repo r;
	wn_err err = snapshot_repo_open(m, ctx, workspace, dir, &r);
	int rc;

	if (err)
		return err;
	rc = find(&r, hash, path, out);
	if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC)
		err = WN_E_NOT_FOUND; /* an answer, not a failure: ctx stays clean */
	else if (rc != 0)
		err = snapshot_fail(&r, rc, "read what was generated");
	snapshot_repo_close(&r);
	return err ? err : out->err;
}

static git_merge_file_input
side(struct wn_str text)
{
	return (git_merge_file_input){ .version = GIT_MERGE_FILE_INPUT_VERSION,
				       .ptr = text.p ? text.p : "",
				       .size = text.len,
				       .path = "file" };
}

wn_err
snapshot_merge(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str base, struct wn_str ours,
	       struct wn_str theirs, struct wn_buf *out, bool *clean_out)
{
	struct snapshot *s = snapshot_of(m);
	git_merge_file_input a = side(base), b = side(ours), c = side(theirs);
	git_merge_file_options opts = { .version = GIT_MERGE_FILE_OPTIONS_VERSION };
	git_merge_file_result result = { 0 };
	wn_err err;

	*clean_out = false;
	pthread_mutex_lock(&s->lock);
	err = snapshot_git_load(&s->git, &ctx->diag);
	pthread_mutex_unlock(&s->lock);
	if (err)
		return err;
	if (s->git.merge_file(&result, &a, &b, &c, &opts) != 0)
		return WN_OK; /* what cannot be merged line by line is the person's to look at */
	*clean_out = result.automergeable != 0;
	if (*clean_out)
		(void)wn_buf_add(out, result.ptr, result.len);
	s->git.merge_file_result_free(&result);
	return out->err;
}
