/*
 * Methods and interface of the secrets. Values come and go as attachments only: no message, event
 * or log line has a place for one. Every query names the tenant.
 */
#include "runtime/modules/secret/secret.h"

#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define ENVIRONMENTS_SQL \
	"SELECT environment, name, version, readable, changed_ms, workspace FROM secret_item "
#define KEPT_VERSIONS 10
#define FILE_MAX (1 << 20) /* of a .env file */
#define PASSPHRASE_MIN 8
#define PASSPHRASE_MAX 1024

struct item {
	struct secret_place at;
	int64_t version, changed_ms;
	bool readable;
};

struct items {
	struct wn_arena *arena;
	WN_VEC(struct item) list;
};

/* ---- the table ---- */

static wn_err
take_row(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct items *r = (struct items *)arg;
	struct item it = {
		.at = { .environment = wn_arena_strndup(r->arena, row[0].s.p, row[0].s.len),
			.name = wn_arena_strndup(r->arena, row[1].s.p, row[1].s.len),
			.workspace = wn_arena_strndup(r->arena, row[5].s.p, row[5].s.len) },
		.version = row[2].i,
		.readable = row[3].i != 0,
		.changed_ms = row[4].i,
	};

	(void)columns;
	wn_vec_push(&r->list, it);
	return WN_OK;
}

/* Secrets of the tenant; workspace, environment and name narrow it, NULL: any. */
static wn_err
find(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_place *at, struct items *out)
{
	struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant), WN_SQL_T(at->workspace),
				       WN_SQL_T(at->environment), WN_SQL_T(at->name) };
	struct wn_mod *sm;
	const struct wn_iface_store *store = secret_store(m, &sm);

	out->arena = ctx->arena;
	return store->query(sm,
			    ENVIRONMENTS_SQL
			    "WHERE tenant = ?1 AND (?2 IS NULL OR workspace = ?2) AND "
			    "(?3 IS NULL OR environment = ?3) AND (?4 IS NULL OR name = ?4) "
			    "ORDER BY workspace, environment, name",
			    args, 4, take_row, out, &ctx->diag);
}

/* The one secret there, or WN_E_NOT_FOUND. */
static wn_err
find_one(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_place *at, struct item *out)
{
	struct items r = { 0 };
	wn_err err = find(m, ctx, at, &r);

	if (!err && r.list.len == 0)
		err = WN_FAIL(ctx, WN_E_NOT_FOUND, "%s has no secret %s", at->environment,
			      at->name);
	if (!err)
		*out = r.list.p[0];
	wn_vec_fini(&r.list);
	return err;
}

/* Words of a call as C strings; the workspace must be one of the tenant's. */
static wn_err
place_of(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str workspace, struct wn_str environment,
	 struct wn_str name, struct secret_place *out)
{
	const struct wn_bound *b = &m->bound[SECRET_NEED_WORKSPACE];
	struct wn_workspace ws = { 0 };
	wn_err err =
		((const struct wn_iface_workspace *)b->vtable)->get(b->mod, ctx, workspace, &ws);

	if (err)
		return err;
	out->workspace = ws.id;
	out->environment = environment.p != NULL
				   ? wn_arena_strndup(ctx->arena, environment.p, environment.len)
				   : NULL;
	out->name = name.p != NULL ? wn_arena_strndup(ctx->arena, name.p, name.len) : NULL;
	return WN_OK;
}

static struct model_secret
to_model(const struct item *it)
{
	return (struct model_secret){ .environment = wn_str(it->at.environment),
				      .name = wn_str(it->at.name),
				      .version = it->version,
				      .readable = it->readable,
				      .changed = it->changed_ms };
}

static wn_err
to_models(struct wn_ctx *ctx, const struct items *r, struct model_secret **out, size_t *n_out)
{
	*out = (struct model_secret *)wn_arena_array(ctx->arena, r->list.len, sizeof **out);
	*n_out = r->list.len;
	for (size_t i = 0; i < r->list.len; i++)
		(*out)[i] = to_model(&r->list.p[i]);
	return WN_OK;
}

/* ---- keeping. With the lock held. ---- */

static const char *
stream_of(struct wn_ctx *ctx, const struct secret_place *at)
{
	return wn_arena_printf(ctx->arena, "secret/%s/%s", at->workspace, at->environment);
}

static wn_err
emit_stored(struct wn_mod *m, struct wn_ctx *ctx, const struct item *it)
{
	struct secret_stored e = { .workspace = wn_str(it->at.workspace),
				   .environment = wn_str(it->at.environment),
				   .name = wn_str(it->at.name),
				   .version = it->version,
				   .readable = it->readable };
	struct wn_emit how = { .stream = stream_of(ctx, &it->at),
			       .subject = it->at.workspace,
			       .expect = -1 };

	return emit_secret_stored_with(m, ctx, &how, &e);
}

/* First the value, then the fact: a crash between them leaves a file that the next value replaces.
 */
static wn_err
keep(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v, struct item *it,
     struct wn_str value)
{
	struct items known = { 0 };
	wn_err err = find(m, ctx, &it->at, &known);

	if (value.len > SECRET_VALUE_MAX)
		err = WN_FAIL(ctx, WN_E_LIMIT, "the value of %s is over %d bytes", it->at.name,
			      SECRET_VALUE_MAX);
	if (!err && memchr(value.p != NULL ? value.p : "", 0, value.len) != NULL)
		err = WN_FAIL(ctx, WN_E_INVALID,
			      "the value of %s holds a NUL byte, which no environment can",
			      it->at.name);
	it->version = known.list.len > 0 ? known.list.p[0].version + 1 : 1;
	wn_vec_fini(&known.list);
	if (!err)
		err = secret_vault_write(m, ctx, v, &it->at, it->version, value);
	if (err)
		return err;
	err = emit_stored(m, ctx, it);
	if (err)
		(void)!secret_vault_remove(m, ctx, v, &it->at, it->version);
	else if (it->version > KEPT_VERSIONS)
		(void)!secret_vault_remove(m, ctx, v, &it->at, it->version - KEPT_VERSIONS);
	return err ? err : find_one(m, ctx, &it->at, it);
}

/* WN_E_LIMIT when `more` names do not fit. */
static wn_err
has_room(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_place *at, size_t more)
{
	struct secret_place scope = { at->workspace, at->environment, NULL };
	struct items r = { 0 };
	wn_err err = find(m, ctx, &scope, &r);

	if (!err && r.list.len + more > SECRET_SCOPE_MAX)
		err = WN_FAIL(ctx, WN_E_LIMIT, "%s has %zu secrets; at most %d fit",
			      at->environment, r.list.len, SECRET_SCOPE_MAX);
	wn_vec_fini(&r.list);
	return err;
}

wn_err
secret_on_set(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_set_params *params,
	      struct secret_set_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_vault *v;
	struct item it = { .readable = params->readable };
	wn_err err = place_of(m, ctx, params->workspace, params->environment, params->name, &it.at);

	if (err)
		return err;
	pthread_mutex_lock(&s->lock);
	err = secret_vault_of(m, ctx, &v);
	if (!err)
		err = has_room(m, ctx, &it.at, 1);
	if (!err)
		err = keep(m, ctx, v, &it, m->host->attachment(ctx));
	pthread_mutex_unlock(&s->lock);
	if (!err)
		result->secret = to_model(&it);
	return err;
}

wn_err
secret_on_list(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_list_params *params,
	       struct secret_list_result *result)
{
	struct items r = { 0 };
	struct secret_place at;
	wn_err err =
		place_of(m, ctx, params->workspace, params->environment, (struct wn_str){ 0 }, &at);

	if (!err)
		err = find(m, ctx, &at, &r);
	if (!err)
		err = to_models(ctx, &r, &result->secrets, &result->secrets_len);
	wn_vec_fini(&r.list);
	return err;
}

wn_err
secret_on_get(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_get_params *params,
	      struct secret_get_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_vault *v;
	struct secret_place at;
	struct wn_buf value;
	struct item it = { 0 };
	wn_err err = place_of(m, ctx, params->workspace, params->environment, params->name, &at);

	if (!err)
		err = find_one(m, ctx, &at, &it);
	if (!err && !it.readable)
		err = WN_FAIL(ctx, WN_E_DENIED,
			      "%s was not kept readable: it goes to processes only", at.name);
	if (err)
		return err;
	wn_buf_init(&value, SECRET_VALUE_MAX + 64);
	pthread_mutex_lock(&s->lock);
	err = secret_vault_of(m, ctx, &v);
	if (!err)
		err = secret_vault_read(m, ctx, v, &at, it.version, &value);
	pthread_mutex_unlock(&s->lock);
	if (!err)
		err = m->host->attach(ctx, wn_buf_view(&value));
	secret_wipe(&value);
	result->secret = to_model(&it);
	return err;
}

static wn_err
revert_locked(struct wn_mod *m, struct wn_ctx *ctx, struct item *it, int64_t version)
{
	struct secret_vault *v;
	struct wn_buf value;
	wn_err err = secret_vault_of(m, ctx, &v);

	wn_buf_init(&value, SECRET_VALUE_MAX + 64);
	if (!err && (version > it->version || version <= it->version - KEPT_VERSIONS))
		err = WN_FAIL(ctx, WN_E_NOT_FOUND, "version %lld of %s is not kept; %s is at %lld",
			      (long long)version, it->at.name, it->at.name, (long long)it->version);
	if (!err)
		err = secret_vault_read(m, ctx, v, &it->at, version, &value);
	if (!err)
		err = keep(m, ctx, v, it, wn_buf_view(&value));
	secret_wipe(&value);
	return err;
}

wn_err
secret_on_revert(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_revert_params *params,
		 struct secret_revert_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_place at;
	struct item it = { 0 };
	wn_err err = place_of(m, ctx, params->workspace, params->environment, params->name, &at);

	if (err)
		return err;
	pthread_mutex_lock(&s->lock);
	err = find_one(m, ctx, &at, &it);
	if (!err)
		err = revert_locked(m, ctx, &it, params->version);
	pthread_mutex_unlock(&s->lock);
	result->secret = to_model(&it);
	return err;
}

/* ---- deleting ---- */

/* The fact first: what has no row is nobody's, and its files go with it. */
static wn_err
delete_locked(struct wn_mod *m, struct wn_ctx *ctx, const struct item *it)
{
	struct secret_deleted e = { .workspace = wn_str(it->at.workspace),
				    .environment = wn_str(it->at.environment),
				    .name = wn_str(it->at.name) };
	struct wn_emit how = { .stream = stream_of(ctx, &it->at),
			       .subject = it->at.workspace,
			       .expect = -1 };
	struct secret_vault *v;
	wn_err err = secret_vault_of(m, ctx, &v);

	if (!err)
		err = emit_secret_deleted_with(m, ctx, &how, &e);
	for (int64_t n = it->version; !err && n > 0 && n > it->version - KEPT_VERSIONS; n--)
		err = secret_vault_remove(m, ctx, v, &it->at, n);
	return err;
}

wn_err
secret_on_delete(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_delete_params *params,
		 struct secret_delete_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_place at;
	struct item it;
	wn_err err = place_of(m, ctx, params->workspace, params->environment, params->name, &at);

	(void)result;
	if (err)
		return err;
	pthread_mutex_lock(&s->lock);
	err = find_one(m, ctx, &at, &it);
	if (!err)
		err = delete_locked(m, ctx, &it);
	pthread_mutex_unlock(&s->lock);
	return err;
}

static wn_err
forget(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_vault *v;
	wn_err err;

	pthread_mutex_lock(&s->lock);
	err = secret_vault_of(m, ctx, &v);
	if (!err)
		err = secret_vault_forget(m, ctx, v, (const char *)arg);
	pthread_mutex_unlock(&s->lock);
	return err ? err : wn_buf_cstr(result, "{}");
}

wn_err
secret_on_event_workspace_forgotten(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_event *ev)
{
	struct wn_job_spec job = {
		.kind = "secret.forget", .subject = ev->subject, .fn = forget, .free_arg = wn_free
	};
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

/* ---- .env files ---- */

struct import {
	struct wn_mod *m;
	struct wn_ctx *ctx;
	struct secret_vault *v;
	struct secret_place at;
	bool readable;
	size_t count;
	struct items done;
};

static wn_err
count_line(void *arg, struct wn_str name, struct wn_str value)
{
	struct import *im = (struct import *)arg;

	(void)value;
	im->count++;
	return name.len <= 128 ? WN_OK
			       : WN_FAIL(im->ctx, WN_E_INVALID, "a name is over 128 characters");
}

static wn_err
keep_line(void *arg, struct wn_str name, struct wn_str value)
{
	struct import *im = (struct import *)arg;
	struct item it = { .at = im->at, .readable = im->readable };
	wn_err err;

	it.at.name = wn_arena_strndup(im->ctx->arena, name.p, name.len);
	err = keep(im->m, im->ctx, im->v, &it, value);
	if (!err)
		wn_vec_push(&im->done.list, it);
	return err;
}

/* Read twice: nothing is kept before the whole file is known to be right. */
static wn_err
import_locked(struct import *im, struct wn_str text)
{
	wn_err err = secret_vault_of(im->m, im->ctx, &im->v);

	if (!err && text.len > FILE_MAX)
		err = WN_FAIL(im->ctx, WN_E_LIMIT, "the file is over %d bytes", FILE_MAX);
	if (!err)
		err = secret_dotenv(text, count_line, im, &im->ctx->diag);
	if (!err)
		err = has_room(im->m, im->ctx, &im->at, im->count);
	return err ? err : secret_dotenv(text, keep_line, im, &im->ctx->diag);
}

wn_err
secret_on_import(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_import_params *params,
		 struct secret_import_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct import im = { .m = m, .ctx = ctx, .readable = params->readable };
	wn_err err = place_of(m, ctx, params->workspace, params->environment, (struct wn_str){ 0 },
			      &im.at);

	if (err)
		return err;
	pthread_mutex_lock(&s->lock);
	err = import_locked(&im, m->host->attachment(ctx));
	pthread_mutex_unlock(&s->lock);
	if (!err)
		err = to_models(ctx, &im.done, &result->secrets, &result->secrets_len);
	wn_vec_fini(&im.done.list);
	return err;
}

/* ---- the key ---- */

/* Every version that is kept of every secret of the tenant. */
static struct secret_stored_at *
all_values(struct wn_ctx *ctx, const struct items *r, size_t *n_out)
{
	size_t n = 0;
	struct secret_stored_at *list = (struct secret_stored_at *)wn_arena_array(
		ctx->arena, r->list.len * KEPT_VERSIONS, sizeof *list);

	for (size_t i = 0; i < r->list.len; i++) {
		int64_t last = r->list.p[i].version;

		for (int64_t v = last; v > 0 && v > last - KEPT_VERSIONS; v--)
			list[n++] = (struct secret_stored_at){ r->list.p[i].at, v };
	}
	*n_out = n;
	return list;
}

static wn_err
rotate_locked(struct wn_mod *m, struct wn_ctx *ctx, size_t *n_out)
{
	struct secret_place any = { 0 };
	struct secret_stored_at *list;
	struct secret_vault *v;
	struct items r = { 0 };
	wn_err err = secret_vault_of(m, ctx, &v);

	if (!err)
		err = find(m, ctx, &any, &r);
	if (!err) {
		list = all_values(ctx, &r, n_out);
		err = secret_vault_rotate(m, ctx, v, list, *n_out);
	}
	wn_vec_fini(&r.list);
	return err;
}

wn_err
secret_on_rotate(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_rotate_params *params,
		 struct secret_rotate_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_rotated e;
	size_t n = 0;
	wn_err err;

	(void)params;
	pthread_mutex_lock(&s->lock);
	err = rotate_locked(m, ctx, &n);
	pthread_mutex_unlock(&s->lock);
	if (err)
		return err;
	e.secrets = result->secrets = (int64_t)n;
	return emit_secret_rotated(m, ctx, "secret/key", &e);
}

static enum model_key
key_kind(const struct secret_vault *v)
{
	return secret_vault_has_passphrase(v) ? MODEL_KEY_PASSPHRASE : MODEL_KEY_FILE;
}

wn_err
secret_on_status(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_status_params *params,
		 struct secret_status_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_vault *v;
	wn_err err;

	(void)params;
	pthread_mutex_lock(&s->lock);
	err = secret_vault_of(m, ctx, &v);
	if (!err) {
		result->locked = secret_vault_locked(v);
		result->key = key_kind(v);
	}
	pthread_mutex_unlock(&s->lock);
	return err;
}

wn_err
secret_on_unlock(struct wn_mod *m, struct wn_ctx *ctx, const struct secret_unlock_params *params,
		 struct secret_unlock_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_vault *v;
	wn_err err;

	(void)params;
	(void)result;
	pthread_mutex_lock(&s->lock);
	err = secret_vault_of(m, ctx, &v);
	if (!err)
		err = secret_vault_unlock(m, ctx, v, m->host->attachment(ctx));
	pthread_mutex_unlock(&s->lock);
	return err;
}

wn_err
secret_on_passphrase(struct wn_mod *m, struct wn_ctx *ctx,
		     const struct secret_passphrase_params *params,
		     struct secret_passphrase_result *result)
{
	struct secret *s = (struct secret *)m->state;
	struct wn_str word = m->host->attachment(ctx);
	struct secret_vault *v;
	wn_err err;

	(void)params;
	if (word.len > 0 && (word.len < PASSPHRASE_MIN || word.len > PASSPHRASE_MAX))
		return WN_FAIL(ctx, WN_E_INVALID, "a passphrase has %d to %d bytes", PASSPHRASE_MIN,
			       PASSPHRASE_MAX);
	pthread_mutex_lock(&s->lock);
	err = secret_vault_of(m, ctx, &v);
	if (!err)
		err = secret_vault_keep_by(m, ctx, v, word);
	if (!err)
		result->key = key_kind(v);
	pthread_mutex_unlock(&s->lock);
	return err;
}

/* ---- interface ---- */

wn_err
secret_each(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *environment,
	    wn_secret_fn fn, void *arg)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_place at = { workspace, environment, NULL };
	struct secret_vault *v = NULL;
	struct items r = { 0 };
	struct wn_buf value;
	wn_err err;

	pthread_mutex_lock(&s->lock);
	err = find(m, ctx, &at, &r);
	if (!err && r.list.len > 0)
		err = secret_vault_of(m, ctx, &v);
	for (size_t i = 0; i < r.list.len && !err; i++) {
		wn_buf_init(&value, SECRET_VALUE_MAX + 64);
		err = secret_vault_read(m, ctx, v, &r.list.p[i].at, r.list.p[i].version, &value);
		if (!err)
			err = fn(arg, r.list.p[i].at.name,
				 value.p != NULL ? wn_buf_view(&value) : wn_str(""));
		secret_wipe(&value);
	}
	pthread_mutex_unlock(&s->lock);
	wn_vec_fini(&r.list);
	return err;
}

wn_err
secret_keep(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *environment,
	    const char *name, struct wn_str value)
{
	struct secret *s = (struct secret *)m->state;
	struct item it = { .at = { workspace, environment, name } };
	struct secret_vault *v;
	wn_err err;

	pthread_mutex_lock(&s->lock);
	err = secret_vault_of(m, ctx, &v);
	if (!err)
		err = keep(m, ctx, v, &it, value);
	pthread_mutex_unlock(&s->lock);
	return err;
}

wn_err
secret_drop(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *environment,
	    const char *name)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_place at = { workspace, environment, name };
	struct items r = { 0 };
	wn_err err;

	pthread_mutex_lock(&s->lock);
	err = find(m, ctx, &at, &r);
	if (!err && r.list.len > 0)
		err = delete_locked(m, ctx, &r.list.p[0]);
	pthread_mutex_unlock(&s->lock);
	wn_vec_fini(&r.list);
	return err;
}
