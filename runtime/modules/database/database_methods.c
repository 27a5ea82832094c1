/*
 * Methods and interface of the databases. Every query names the tenant; who works on a database has
 * claimed it. Job threads.
 */
#include "runtime/modules/database/database.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/id.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define ROWS_MAX (1u << 20)
#define BACKUP_MS 3600000

/* ---- the tables ---- */

struct items {
	struct wn_ctx *ctx;
	WN_VEC(struct model_database) list;
};

static wn_err
take_item(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct items *r = (struct items *)arg;
	struct wn_arena *a = r->ctx->arena;
	struct model_database d = {
		.environment = wn_str(wn_arena_strndup(a, row[0].s.p, row[0].s.len)),
		.server = model_server_value(row[1].s),
		.version = wn_str(wn_arena_strndup(a, row[2].s.p, row[2].s.len)),
		.created = row[3].i,
	};

	(void)columns;
	wn_vec_push(&r->list, d);
	return WN_OK;
}

/* Databases of a workspace of the tenant; environment NULL: all of them. */
static wn_err
find(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *environment,
     struct items *out)
{
	struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant), WN_SQL_T(workspace),
				       WN_SQL_T(environment) };
	struct wn_mod *sm;
	const struct wn_iface_store *store = database_store(m, &sm);

	out->ctx = ctx;
	return store->query(sm,
			    "SELECT environment, server, version, created_ms FROM database_item "
			    "WHERE tenant = ?1 AND workspace = ?2 AND (?3 IS NULL OR environment = "
			    "?3) ORDER BY environment",
			    args, 3, take_item, out, &ctx->diag);
}

static wn_err
workspace_of(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, const char **out)
{
	const struct wn_bound *b = &m->bound[DATABASE_NEED_WORKSPACE];
	struct wn_workspace ws = { 0 };
	wn_err err = ((const struct wn_iface_workspace *)b->vtable)->get(b->mod, ctx, id, &ws);

	*out = ws.id;
	return err;
}

/* Takes the row of a database over; WN_E_NOT_FOUND. */
static wn_err
load_row(struct database_at *at)
{
	struct items r = { 0 };
	wn_err err = find(at->m, at->ctx, at->workspace, at->environment, &r);

	if (!err && r.list.len == 0)
		err = WN_FAIL(at->ctx, WN_E_NOT_FOUND,
			      "%s has no database; webnova db create makes one", at->environment);
	if (!err) {
		at->kind = database_kind_of(r.list.p[0].server);
		at->version = r.list.p[0].version.p;
		at->created_ms = r.list.p[0].created;
	}
	wn_vec_fini(&r.list);
	return err;
}

/* Claims the place a call names; with `must_exist` also its row. */
static wn_err
begin(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str workspace, struct wn_str environment,
      bool must_exist, struct database_at *at)
{
	const char *id;
	wn_err err = workspace_of(m, ctx, workspace, &id);

	*at = (struct database_at){ .m = m, .ctx = ctx };
	if (err)
		return err;
	database_place(at, m, ctx, id,
		       wn_arena_strndup(ctx->arena, environment.p, environment.len));
	err = database_claim(at);
	return err || !must_exist ? err : load_row(at);
}

static wn_err
begin_running(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str workspace,
	      struct wn_str environment, struct database_at *at)
{
	wn_err err = begin(m, ctx, workspace, environment, true, at);

	if (!err && !database_runs(at))
		err = WN_FAIL(ctx, WN_E_STATE, "the database of %s does not run; webnova db start",
			      at->environment);
	return err;
}

static struct model_database
to_model(struct database_at *at)
{
	return (struct model_database){ .environment = wn_str(at->environment),
					.server = at->kind->server,
					.version = wn_str(at->version),
					.state = database_runs(at) ? MODEL_DATABASE_STATE_RUNNING
								   : MODEL_DATABASE_STATE_STOPPED,
					.created = at->created_ms };
}

static struct wn_emit
about(struct database_at *at)
{
	return (struct wn_emit){ .stream = wn_arena_printf(at->ctx->arena, "database/%s/%s",
							   at->workspace, at->environment),
				 .subject = at->workspace,
				 .expect = -1 };
}

/* ---- making ---- */

/* Takes back what was begun: no row, no files, no server. */
static void
undo(struct database_at *at)
{
	const atomic_int *cancelled = at->ctx->cancelled;
	struct wn_diag keep = at->ctx->diag;

	at->ctx->cancelled = NULL;
	(void)!database_down(at);
	(void)!wn_file_rmtree(at->dir, NULL);
	at->ctx->cancelled = cancelled;
	at->ctx->diag = keep;
}

static wn_err
must_be_new(struct database_at *at)
{
	struct items r = { 0 };
	wn_err err = find(at->m, at->ctx, at->workspace, at->environment, &r);

	if (!err && r.list.len > 0)
		err = WN_FAIL(at->ctx, WN_E_EXISTS, "%s has a database already", at->environment);
	wn_vec_fini(&r.list);
	/* Files without a row are what a killed engine left of a creation. */
	if (!err)
		err = database_down(at);
	return err ? err : wn_file_rmtree(at->dir, &at->ctx->diag);
}

static wn_err
record_created(struct database_at *at, const char *from)
{
	struct database_created e = { .workspace = wn_str(at->workspace),
				      .environment = wn_str(at->environment),
				      .server = at->kind->server == MODEL_SERVER_MARIADB
							? DATABASE_CREATED_SERVER_MARIADB
							: DATABASE_CREATED_SERVER_POSTGRESQL,
				      .version = wn_str(at->version),
				      .from = from != NULL ? wn_str(from) : WN_STR_NONE };
	struct wn_emit how = about(at);

	return emit_database_created_with(at->m, at->ctx, &how, &e);
}

/* from: a claimed, stopped database, or NULL. */
static wn_err
make(struct database_at *at, const struct database_at *from)
{
	wn_err err = must_be_new(at);

	/* What is there already is not ours to take back. */
	if (err)
		return err;
	err = database_fill(at, from);
	if (!err)
		err = database_up(at);
	if (!err)
		err = database_bootstrap(at, from != NULL);
	if (!err)
		err = record_created(at, from != NULL ? from->environment : NULL);
	if (!err)
		err = load_row(at);
	if (err)
		undo(at);
	return err;
}

wn_err
database_on_create(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct database_create_params *params,
		   struct database_create_result *result)
{
	struct database_at at;
	wn_err err = begin(m, ctx, params->workspace, params->environment, false, &at);

	at.kind = database_kind_of(params->server);
	if (!err)
		err = at.kind->find(m, ctx, &at.version);
	if (!err)
		err = make(&at, NULL);
	if (!err)
		result->database = to_model(&at);
	database_release(&at);
	return err;
}

/* The source is down while its files are copied, and up again whatever became of the copy. */
static wn_err
branch(struct database_at *from, struct database_at *to)
{
	bool ran = database_runs(from);
	wn_err err = database_down(from), again = WN_OK;
	struct wn_diag keep;

	if (!err)
		err = make(to, from);
	keep = from->ctx->diag;
	if (ran)
		again = database_up(from);
	if (err)
		from->ctx->diag = keep;
	return err ? err : again;
}

wn_err
database_on_branch(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct database_branch_params *params,
		   struct database_branch_result *result)
{
	struct database_at from, to;
	wn_err err = begin(m, ctx, params->workspace, params->environment, true, &from);

	if (!err) {
		err = begin(m, ctx, params->workspace, params->to, false, &to);
		to.kind = from.kind;
		to.version = from.version;
		if (!err)
			err = branch(&from, &to);
		if (!err)
			result->database = to_model(&to);
		database_release(&to);
	}
	database_release(&from);
	return err;
}

/* ---- running ---- */

wn_err
database_on_list(struct wn_mod *m, struct wn_ctx *ctx, const struct database_list_params *params,
		 struct database_list_result *result)
{
	struct items r = { 0 };
	struct database_at at;
	const char *id;
	wn_err err = workspace_of(m, ctx, params->workspace, &id);

	if (!err)
		err = find(m, ctx, id, NULL, &r);
	if (!err) {
		result->databases_len = r.list.len;
		result->databases = (struct model_database *)wn_arena_array(
			ctx->arena, r.list.len, sizeof *result->databases);
	}
	for (size_t i = 0; !err && i < r.list.len; i++) {
		database_place(&at, m, ctx, id, r.list.p[i].environment.p);
		result->databases[i] = r.list.p[i];
		result->databases[i].state = database_runs(&at) ? MODEL_DATABASE_STATE_RUNNING
								: MODEL_DATABASE_STATE_STOPPED;
	}
	wn_vec_fini(&r.list);
	return err;
}

wn_err
database_on_start(struct wn_mod *m, struct wn_ctx *ctx, const struct database_start_params *params,
		  struct database_start_result *result)
{
	struct database_at at;
	wn_err err = begin(m, ctx, params->workspace, params->environment, true, &at);

	if (!err)
		err = database_up(&at);
	if (!err)
		result->database = to_model(&at);
	database_release(&at);
	return err;
}

wn_err
database_on_stop(struct wn_mod *m, struct wn_ctx *ctx, const struct database_stop_params *params,
		 struct database_stop_result *result)
{
	struct database_at at;
	wn_err err = begin(m, ctx, params->workspace, params->environment, true, &at);

	if (!err)
		err = database_down(&at);
	if (!err)
		result->database = to_model(&at);
	database_release(&at);
	return err;
}

static wn_err
delete_claimed(struct database_at *at)
{
	const struct wn_bound *b = &at->m->bound[DATABASE_NEED_SECRET];
	struct database_deleted e = { .workspace = wn_str(at->workspace),
				      .environment = wn_str(at->environment) };
	struct wn_emit how = about(at);
	wn_err err = database_down(at);

	if (!err)
		err = emit_database_deleted_with(at->m, at->ctx, &how, &e);
	if (!err)
		err = ((const struct wn_iface_secret *)b->vtable)
			      ->drop(b->mod, at->ctx, at->workspace, at->environment,
				     "DATABASE_URL");
	return err ? err : wn_file_rmtree(at->dir, &at->ctx->diag);
}

wn_err
database_on_delete(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct database_delete_params *params,
		   struct database_delete_result *result)
{
	struct database_at at;
	wn_err err = begin(m, ctx, params->workspace, params->environment, true, &at);

	(void)result;
	if (!err && !wn_str_eq(params->confirm, params->environment))
		err = WN_FAIL(ctx, WN_E_CONSENT,
			      "deleting the database of %s takes its data and its backups away for "
			      "good",
			      at.environment);
	if (!err)
		err = delete_claimed(&at);
	database_release(&at);
	return err;
}

/* ---- asking ---- */

wn_err
database_on_query(struct wn_mod *m, struct wn_ctx *ctx, const struct database_query_params *params,
		  struct database_query_result *result)
{
	int64_t ms = m->host->config_int(m->host, "database.query_seconds") * 1000;
	struct wn_exec_result rows = { 0 };
	struct database_at at;
	const char *id;
	wn_err err = workspace_of(m, ctx, params->workspace, &id);

	if (err)
		return err;
	/* Not claimed: people may ask at the same time. */
	database_place(
		&at, m, ctx, id,
		wn_arena_strndup(ctx->arena, params->environment.p, params->environment.len));
	err = load_row(&at);
	if (!err && !database_runs(&at))
		err = WN_FAIL(ctx, WN_E_STATE, "the database of %s does not run; webnova db start",
			      at.environment);
	if (!err)
		err = database_tool(&at, at.kind->client(ctx->arena, false), false, params->sql,
				    ROWS_MAX, ms, &rows);
	if (!err)
		err = m->host->attach(ctx, rows.out);
	if (!err)
		result->format = database_query_result_format_value(wn_str(at.kind->format));
	result->truncated = rows.truncated;
	return err;
}

/* ---- backups ---- */

static wn_err
backup_claimed(struct database_at *at, struct model_backup *out)
{
	struct wn_arena *a = at->ctx->arena;
	char *id = (char *)wn_arena_alloc(a, WN_ULID_MAX);
	struct database_backed_up e = { .workspace = wn_str(at->workspace),
					.environment = wn_str(at->environment) };
	struct wn_emit how = about(at);
	struct wn_exec_result result;
	struct stat st = { 0 };
	const char *path;
	wn_err err;

	at->m->host->new_id(at->m->host, id);
	path = wn_arena_printf(a, "%s/backup/%s", at->dir, id);
	at->m->host->job_progress(at->ctx, 0, 0, "writing the backup");
	err = database_tool(at, at->kind->dump(a, id), false, WN_STR_NONE, 0, BACKUP_MS, &result);
	if (!err && (stat(path, &st) != 0 || st.st_size == 0))
		err = WN_FAIL(at->ctx, WN_E_IO, "the backup was not written");
	if (!err) {
		e.backup = wn_str(id);
		e.bytes = (int64_t)st.st_size;
		err = emit_database_backed_up_with(at->m, at->ctx, &how, &e);
	}
	if (err)
		(void)unlink(path);
	*out = (struct model_backup){ .id = wn_str(id),
				      .bytes = (int64_t)st.st_size,
				      .created = wn_now_ms(at->m->host->clock) };
	return err;
}

wn_err
database_on_backup(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct database_backup_params *params,
		   struct database_backup_result *result)
{
	struct database_at at;
	wn_err err = begin_running(m, ctx, params->workspace, params->environment, &at);

	if (!err)
		err = backup_claimed(&at, &result->backup);
	database_release(&at);
	return err;
}

struct backups {
	struct wn_ctx *ctx;
	WN_VEC(struct model_backup) list;
};

static wn_err
take_backup(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct backups *r = (struct backups *)arg;
	struct model_backup b = {
		.id = wn_str(wn_arena_strndup(r->ctx->arena, row[0].s.p, row[0].s.len)),
		.bytes = row[1].i,
		.created = row[2].i,
	};

	(void)columns;
	wn_vec_push(&r->list, b);
	return WN_OK;
}

/* id NULL: all of them. */
static wn_err
find_backups(struct database_at *at, const char *id, struct backups *out)
{
	struct wn_sql_value args[] = { WN_SQL_T(at->ctx->tenant), WN_SQL_T(at->workspace),
				       WN_SQL_T(at->environment), WN_SQL_T(id) };
	struct wn_mod *sm;
	const struct wn_iface_store *store = database_store(at->m, &sm);

	out->ctx = at->ctx;
	return store->query(
		sm,
		"SELECT id, bytes, created_ms FROM database_backup WHERE tenant = ?1 AND "
		"workspace = ?2 AND environment = ?3 AND (?4 IS NULL OR id = ?4) ORDER BY "
		"created_ms DESC, id DESC LIMIT 1000",
		args, 4, take_backup, out, &at->ctx->diag);
}

wn_err
database_on_backups(struct wn_mod *m, struct wn_ctx *ctx,
		    const struct database_backups_params *params,
		    struct database_backups_result *result)
{
	struct backups r = { 0 };
	struct database_at at;
	const char *id;
	wn_err err = workspace_of(m, ctx, params->workspace, &id);

	if (err)
		return err;
	database_place(
		&at, m, ctx, id,
		wn_arena_strndup(ctx->arena, params->environment.p, params->environment.len));
	err = load_row(&at);
	if (!err)
		err = find_backups(&at, NULL, &r);
	if (!err) {
		result->backups_len = r.list.len;
		result->backups = (struct model_backup *)wn_arena_array(ctx->arena, r.list.len,
									sizeof *result->backups);
		for (size_t i = 0; i < r.list.len; i++)
			result->backups[i] = r.list.p[i];
	}
	wn_vec_fini(&r.list);
	return err;
}

static wn_err
restore_claimed(struct database_at *at, const char *backup, struct model_backup *before)
{
	struct database_restored e = { .workspace = wn_str(at->workspace),
				       .environment = wn_str(at->environment),
				       .backup = wn_str(backup) };
	struct wn_emit how = about(at);
	struct backups r = { 0 };
	struct wn_exec_result result;
	wn_err err = find_backups(at, backup, &r);

	if (!err && r.list.len == 0)
		err = WN_FAIL(at->ctx, WN_E_NOT_FOUND, "%s has no backup %s", at->environment,
			      backup);
	wn_vec_fini(&r.list);
	if (!err)
		err = backup_claimed(at, before);
	if (!err) {
		at->m->host->job_progress(at->ctx, 0, 0, "reading the backup");
		err = database_tool(at, at->kind->load(at->ctx->arena, backup), false, WN_STR_NONE,
				    0, BACKUP_MS, &result);
	}
	e.before = before->id;
	return err ? err : emit_database_restored_with(at->m, at->ctx, &how, &e);
}

wn_err
database_on_restore(struct wn_mod *m, struct wn_ctx *ctx,
		    const struct database_restore_params *params,
		    struct database_restore_result *result)
{
	struct database_at at;
	wn_err err = begin_running(m, ctx, params->workspace, params->environment, &at);

	if (!err)
		err = restore_claimed(
			&at, wn_arena_strndup(ctx->arena, params->backup.p, params->backup.len),
			&result->before);
	database_release(&at);
	return err;
}

/* ---- for others ---- */

wn_err
database_ensure(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
		const char *environment, const char **dir_out)
{
	struct items r = { 0 };
	struct database_at at;
	wn_err err = find(m, ctx, workspace, environment, &r);
	size_t n = r.list.len;

	wn_vec_fini(&r.list);
	*dir_out = NULL;
	if (err || n == 0)
		return err;
	database_place(&at, m, ctx, workspace, environment);
	err = database_claim(&at);
	if (!err)
		err = load_row(&at);
	if (!err)
		err = database_up(&at);
	database_release(&at);
	*dir_out = at.sockets;
	return err;
}

/* Its data stays: a directory that was taken off the list is not deleted either. */
static wn_err
stop_forgotten(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct items r = { 0 };
	struct database_at at;
	wn_err err = find(m, ctx, (const char *)arg, NULL, &r);

	for (size_t i = 0; !err && i < r.list.len; i++) {
		database_place(&at, m, ctx, (const char *)arg, r.list.p[i].environment.p);
		at.kind = database_kind_of(r.list.p[i].server);
		err = database_down(&at);
	}
	wn_vec_fini(&r.list);
	return err ? err : wn_buf_cstr(result, "{}");
}

wn_err
database_on_event_workspace_forgotten(struct wn_mod *m, struct wn_ctx *ctx,
				      const struct wn_event *ev)
{
	struct wn_job_spec job = { .kind = "database.stop",
				   .subject = ev->subject,
				   .fn = stop_forgotten,
				   .free_arg = wn_free };
	char id[WN_ULID_MAX];
	wn_err err;

	if (ev->subject == NULL)
		return WN_OK;
	job.arg = wn_strdup(ev->subject);
	err = m->host->job_start(m, ctx, &job, id);
	if (err)
		wn_free(job.arg);
	return err;
}
