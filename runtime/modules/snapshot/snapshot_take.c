/*
 * Taking a snapshot, and finding those that were taken.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/vec.h"

#define COLUMNS "id, workspace, label, kind, parent, created_ms, files, changed, skipped"

struct rows {
	struct wn_arena *arena;
	WN_VEC(struct model_snapshot) list;
};

static struct wn_str
keep(struct wn_arena *a, const struct wn_sql_value *v)
{
	return v->type == WN_SQL_TEXT ? wn_arena_str(a, v->s) : WN_STR_NONE;
}

static wn_err
take_row(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct rows *r = (struct rows *)arg;
	struct model_snapshot s = {
		.id = keep(r->arena, &row[0]),
		.workspace = keep(r->arena, &row[1]),
		.label = keep(r->arena, &row[2]),
		.kind = model_snapshot_kind_value(row[3].s),
		.parent = keep(r->arena, &row[4]),
		.created = row[5].i,
		.files = row[6].i,
		.changed = row[7].i,
		.skipped = row[8].i,
	};

	(void)columns;
	wn_vec_push(&r->list, s);
	return WN_OK;
}

wn_err
snapshot_find(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, struct wn_str id,
	      struct model_snapshot *out)
{
	struct rows r = { .arena = ctx->arena };
	struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant), WN_SQL_T(workspace), WN_SQL_S(id) };
	wn_err err = snapshot_store(m)->query(
		m->bound[NEED_STORE].mod,
		"SELECT " COLUMNS " FROM snapshot_item WHERE tenant = ?1 AND "
		"workspace = ?2 AND (?3 IS NULL OR id = ?3) ORDER BY id DESC LIMIT 1",
		args, 3, take_row, &r, &ctx->diag);

	if (!err && r.list.len == 0)
		err = WN_E_NOT_FOUND;
	if (!err)
		*out = r.list.p[0];
	wn_vec_fini(&r.list);
	return err;
}

wn_err
snapshot_on_list(struct wn_mod *m, struct wn_ctx *ctx, const struct snapshot_list_params *params,
		 struct snapshot_list_result *result)
{
	struct rows r = { .arena = ctx->arena };
	struct wn_workspace w;
	wn_err err = snapshot_workspace(m, ctx, params->workspace, &w);

	if (!err) {
		struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant), WN_SQL_T(w.id),
					       WN_SQL_S(params->before),
					       WN_SQL_I(params->has_limit ? params->limit : 100) };
		err = snapshot_store(m)->query(
			m->bound[NEED_STORE].mod,
			"SELECT " COLUMNS " FROM snapshot_item WHERE tenant = ?1 AND "
			"workspace = ?2 AND (?3 IS NULL OR id < ?3) ORDER BY id DESC "
			"LIMIT ?4",
			args, 4, take_row, &r, &ctx->diag);
	}
	if (!err) {
		result->snapshots_len = r.list.len;
		result->snapshots = (struct model_snapshot *)wn_arena_array(
			ctx->arena, r.list.len + 1, sizeof *result->snapshots);
		if (r.list.len)
			memcpy(result->snapshots, r.list.p, r.list.len * sizeof *r.list.p);
	}
	wn_vec_fini(&r.list);
	return err;
}

static wn_err
count_changes(struct snapshot_repo *r, git_tree *from, git_tree *to, int64_t *out)
{
	git_diff *diff = NULL;
	int rc = r->g->diff_tree_to_tree(&diff, r->git, from, to, NULL);

	*out = rc == 0 ? (int64_t)r->g->diff_num_deltas(diff) : 0;
	r->g->diff_free(diff);
	return rc == 0 ? WN_OK : snapshot_fail(r, rc, "compare with the last snapshot");
}

/* Fills in what differs from the parent; *same true: nothing does. */
static wn_err
compare_with_parent(struct snapshot_repo *r, const git_oid *tree,
		    const struct model_snapshot *parent, int64_t *changed, bool *same)
{
	git_tree *from = NULL, *to = NULL;
	wn_err err = WN_OK;
	int rc;

	*same = false;
	if (parent)
		err = snapshot_tree(r, parent->id, &from);
	if (!err && from && r->g->oid_equal(r->g->tree_id(from), tree)) {
		*same = true;
	} else if (!err) {
		rc = r->g->tree_lookup(&to, r->git, tree);
		err = rc == 0 ? count_changes(r, from, to, changed)
			      : snapshot_fail(r, rc, "read the tree");
	}
	r->g->tree_free(from);
	r->g->tree_free(to);
	return err;
}

wn_err
snapshot_take_on(struct snapshot_repo *r, const char *kind, const char *label,
		 struct model_snapshot *out, bool *created_out)
{
	struct wn_ctx *ctx = r->ctx;
	struct model_snapshot last;
	struct snapshot_scan scan;
	bool same = false;
	char id[WN_ULID_MAX];
	wn_err err = snapshot_find(r->m, ctx, r->workspace, WN_STR_NONE, &last);
	bool has_parent = !err;

	if (err && err != WN_E_NOT_FOUND)
		return err;
	err = snapshot_scan_dir(r, &scan);
	if (err)
		return err;
	r->m->host->new_id(r->m->host, id);
	*out = (struct model_snapshot){
		.id = wn_str(wn_arena_strdup(ctx->arena, id)),
		.workspace = wn_str(r->workspace),
		.label = wn_str(label),
		.kind = model_snapshot_kind_value(wn_str(kind)),
		.created = wn_now_ms(r->m->host->clock),
		.files = scan.files,
		.skipped = scan.skipped,
		.parent = has_parent ? last.id : WN_STR_NONE,
	};
	err = compare_with_parent(r, &scan.tree, has_parent ? &last : NULL, &out->changed, &same);
	*created_out = !same;
	if (same)
		*out = last;
	if (err || same)
		return err;
	err = snapshot_commit(r, id, &scan.tree, has_parent ? last.id.p : NULL, label);
	return err ? err
		   : emit_snapshot_created(
			     r->m, ctx, wn_arena_printf(ctx->arena, "workspace/%s", r->workspace),
			     out);
}

wn_err
snapshot_take(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *dir,
	      const char *kind, const char *label, char id_out[WN_ULID_MAX])
{
	struct snapshot_repo r;
	struct model_snapshot s;
	bool created;
	wn_err err = snapshot_repo_open(m, ctx, workspace, dir, &r);

	if (err)
		return err;
	err = snapshot_take_on(&r, kind, label, &s, &created);
	snapshot_repo_close(&r);
	if (!err) {
		memcpy(id_out, s.id.p, WN_ULID_MAX - 1);
		id_out[WN_ULID_MAX - 1] = '\0';
	}
	return err;
}

wn_err
snapshot_on_create(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct snapshot_create_params *params,
		   struct snapshot_create_result *result)
{
	struct snapshot_repo r;
	struct wn_workspace w;
	wn_err err = snapshot_workspace(m, ctx, params->workspace, &w);

	if (!err)
		err = snapshot_repo_open(m, ctx, w.id, w.path, &r);
	if (err)
		return err;
	m->host->job_progress(ctx, 0, 0, "reading the files");
	err = snapshot_take_on(
		&r, "manual",
		params->label.len ? wn_arena_strndup(ctx->arena, params->label.p, params->label.len)
				  : "",
		&result->snapshot, &result->created);
	snapshot_repo_close(&r);
	return err;
}

wn_err
snapshot_project_snapshot_created(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct wn_arena arena;
	struct model_snapshot s;
	wn_err err;

	(void)m;
	wn_arena_init(&arena, 0);
	err = model_snapshot_parse(ev->data, &arena, &s, tx->diag);
	if (!err) {
		struct wn_sql_value row[] = {
			WN_SQL_S(s.id),
			WN_SQL_T(ev->tenant),
			WN_SQL_S(s.workspace),
			WN_SQL_S(s.label),
			WN_SQL_T(model_snapshot_kind_name(s.kind)),
			WN_SQL_S(s.parent),
			WN_SQL_I(s.created),
			WN_SQL_I(s.files),
			WN_SQL_I(s.changed),
			WN_SQL_I(s.skipped),
		};
		err = tx->exec(tx,
			       "INSERT OR REPLACE INTO snapshot_item (id, tenant, workspace, "
			       "label, kind, parent, "
			       "created_ms, files, changed, skipped) VALUES (?1, ?2, ?3, ?4, ?5, "
			       "?6, ?7, ?8, ?9, ?10)",
			       row, 10);
	}
	wn_arena_fini(&arena);
	return err;
}
