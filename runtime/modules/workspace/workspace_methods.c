/*
 * Methods and interface of the workspaces. Every query names the tenant: another tenant's
 * workspace is "not found", whatever the reason.
 */
#include "runtime/modules/workspace/workspace.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/abi/host.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "runtime/base/vec.h"

#define COLUMNS "id, name, path, platform, revision, created_ms"

struct rows {
	struct wn_arena *arena;
	WN_VEC(struct wn_workspace) list;
};

static const char *
keep(struct wn_arena *a, const struct wn_sql_value *v)
{
	return wn_arena_strndup(a, v->s.p ? v->s.p : "", v->s.len);
}

static wn_err
take_row(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct rows *r = (struct rows *)arg;
	struct wn_workspace w = {
		.id = keep(r->arena, &row[0]),
		.name = keep(r->arena, &row[1]),
		.path = keep(r->arena, &row[2]),
		.platform = row[3].i != 0,
		.revision = row[4].i,
		.created_ms = row[5].i,
	};

	(void)columns;
	wn_vec_push(&r->list, w);
	return WN_OK;
}

static wn_err
find(struct wn_mod *m, struct wn_ctx *ctx, const char *sql, struct wn_str key,
     struct wn_workspace *out)
{
	struct rows r = { .arena = ctx->arena };
	struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant), WN_SQL_S(key) };
	struct wn_mod *sm;
	const struct wn_iface_store *store = workspace_store(m, &sm);
	wn_err err = store->query(sm, sql, args, 2, take_row, &r, &ctx->diag);

	if (!err && r.list.len == 0)
		err = WN_E_NOT_FOUND;
	if (!err)
		*out = r.list.p[0];
	wn_vec_fini(&r.list);
	return err;
}

wn_err
workspace_get(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, struct wn_workspace *out)
{
	wn_err err =
		find(m, ctx, "SELECT " COLUMNS " FROM workspace_item WHERE tenant = ?1 AND id = ?2",
		     id, out);

	return err == WN_E_NOT_FOUND
		       ? WN_FAIL(ctx, err, "there is no workspace %.*s", WN_STR_ARG(id))
		       : err;
}

static wn_err
get_by_path(struct wn_mod *m, struct wn_ctx *ctx, const char *path, struct wn_workspace *out)
{
	return find(m, ctx,
		    "SELECT " COLUMNS " FROM workspace_item WHERE tenant = ?1 AND path = ?2",
		    wn_str(path), out);
}

/* The workspace whose directory holds path: the path itself, then its parents. */
static wn_err
get_above(struct wn_mod *m, struct wn_ctx *ctx, const char *path, struct wn_workspace *out)
{
	char *p = wn_arena_strdup(ctx->arena, path);
	wn_err err = get_by_path(m, ctx, p, out);

	while (err == WN_E_NOT_FOUND) {
		char *slash = strrchr(p, '/');

		if (!slash || !slash[1])
			return WN_FAIL(ctx, WN_E_NOT_FOUND,
				       "no workspace holds %s; open its directory first", path);
		slash[slash == p] = '\0'; /* the last one above is / itself */
		err = get_by_path(m, ctx, p, out);
	}
	return err;
}

static wn_err
add_locked(struct wn_mod *m, struct wn_ctx *ctx, const char *id, const char *path, const char *name,
	   bool platform)
{
	struct workspace_created e = {
		.id = wn_str(id), .name = wn_str(name), .path = wn_str(path), .platform = platform
	};
	struct wn_workspace known;
	wn_err err = get_by_path(m, ctx, path, &known);

	if (!err && !platform)
		return WN_FAIL(ctx, WN_E_EXISTS, "%s is a workspace already", path);
	/* A platform's directory has just been made, so the one that was known there is gone. */
	if (!err)
		err = workspace_forget(m, ctx, known.id);
	if (err && err != WN_E_NOT_FOUND)
		return err;
	return emit_workspace_created(m, ctx, wn_arena_printf(ctx->arena, "workspace/%s", id), &e);
}

wn_err
workspace_add(struct wn_mod *m, struct wn_ctx *ctx, const char *id, const char *path,
	      const char *name, bool platform)
{
	struct workspace *w = (struct workspace *)m->state;
	wn_err err;

	pthread_mutex_lock(&w->lock);
	err = add_locked(m, ctx, id, path, name, platform);
	pthread_mutex_unlock(&w->lock);
	return err;
}

wn_err
workspace_forget(struct wn_mod *m, struct wn_ctx *ctx, const char *id)
{
	struct workspace_forgotten e = { .id = wn_str(id) };

	return emit_workspace_forgotten(m, ctx, wn_arena_printf(ctx->arena, "workspace/%s", id),
					&e);
}

static struct model_workspace
to_model(const struct wn_workspace *w)
{
	return (struct model_workspace){
		.id = wn_str(w->id),
		.name = wn_str(w->name),
		.path = wn_str(w->path),
		.platform = w->platform,
		.blueprint_revision = w->revision,
		.created = w->created_ms,
	};
}

/* The real path of an existing directory the engine may enter; in ctx->arena. */
static wn_err
real_dir(struct wn_ctx *ctx, struct wn_str path, const char **out)
{
	char *text = wn_arena_strndup(ctx->arena, path.p, path.len);
	char real[PATH_MAX];

	if (text[0] != '/' || strlen(text) != path.len)
		return WN_FAIL(ctx, WN_E_INVALID, "the path must be absolute: %s", text);
	if (!realpath(text, real))
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no directory %s", text);
	if (!wn_file_is_dir(real))
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "%s is not a directory", text);
	if (!wn_utf8_valid(wn_str(real)))
		return WN_FAIL(ctx, WN_E_INVALID, "%s leads to a directory whose name is not UTF-8",
			       text);
	*out = wn_arena_strdup(ctx->arena, real);
	return WN_OK;
}

wn_err
workspace_on_open(struct wn_mod *m, struct wn_ctx *ctx, const struct workspace_open_params *params,
		  struct workspace_open_result *result)
{
	struct workspace *state = (struct workspace *)m->state;
	char id[WN_ULID_MAX];
	struct wn_workspace w = { 0 };
	const char *path = "";
	bool platform;
	wn_err err = real_dir(ctx, params->path, &path);

	if (err)
		return err;
	m->host->new_id(m->host, id);
	platform = wn_file_exists(wn_arena_printf(ctx->arena, "%s/.webnova/manifest.json", path));
	pthread_mutex_lock(&state->lock);
	err = get_by_path(m, ctx, path, &w);
	if (err == WN_E_NOT_FOUND) {
		err = add_locked(m, ctx, id, path, wn_path_base(path)[0] ? wn_path_base(path) : "/",
				 platform);
		if (!err)
			err = get_by_path(m, ctx, path, &w);
	}
	pthread_mutex_unlock(&state->lock);
	if (!err)
		result->workspace = to_model(&w);
	return err;
}

wn_err
workspace_on_list(struct wn_mod *m, struct wn_ctx *ctx, const struct workspace_list_params *params,
		  struct workspace_list_result *result)
{
	struct rows r = { .arena = ctx->arena };
	struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant) };
	struct wn_mod *sm;
	const struct wn_iface_store *store = workspace_store(m, &sm);
	wn_err err = store->query(sm,
				  "SELECT " COLUMNS " FROM workspace_item WHERE tenant = ?1 "
				  "ORDER BY created_ms DESC, id DESC LIMIT 10000",
				  args, 1, take_row, &r, &ctx->diag);

	(void)params;
	if (!err) {
		result->workspaces = (struct model_workspace *)wn_arena_array(
			ctx->arena, r.list.len, sizeof *result->workspaces);
		result->workspaces_len = r.list.len;
		for (size_t i = 0; i < r.list.len; i++)
			result->workspaces[i] = to_model(&r.list.p[i]);
	}
	wn_vec_fini(&r.list);
	return err;
}

wn_err
workspace_on_get(struct wn_mod *m, struct wn_ctx *ctx, const struct workspace_get_params *params,
		 struct workspace_get_result *result)
{
	struct wn_workspace w = { 0 };
	const char *path = "";
	wn_err err;

	if (params->workspace.p) {
		err = workspace_get(m, ctx, params->workspace, &w);
	} else if (params->path.p) {
		err = real_dir(ctx, params->path, &path);
		if (!err)
			err = get_above(m, ctx, path, &w);
	} else {
		err = WN_FAIL(ctx, WN_E_INVALID, "name a workspace or a path");
	}
	if (!err)
		result->workspace = to_model(&w);
	return err;
}

wn_err
workspace_on_forget(struct wn_mod *m, struct wn_ctx *ctx,
		    const struct workspace_forget_params *params,
		    struct workspace_forget_result *result)
{
	struct wn_workspace w = { 0 };
	wn_err err = workspace_get(m, ctx, params->workspace, &w);

	(void)result;
	return err ? err : workspace_forget(m, ctx, w.id);
}
