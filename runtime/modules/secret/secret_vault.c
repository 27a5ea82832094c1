/*
 * Values at rest, under <state_dir>/secret:
 *
 *	<tenant>/vault.json		how the data key is wrapped, and which generation counts
 *	<tenant>/key.<generation>	32 random bytes, for the engine's user only; absent with a
 *passphrase <tenant>/<generation>/<workspace>/<environment>/<NAME>.<version>
 *
 * A data key encrypts the values; it is itself encrypted by the key file or by a stretched
 * passphrase, so that changing those touches no value. vault.json is replaced in one rename: it
 * alone says which generation counts, and others are left-overs of a crash.
 */
#include "runtime/modules/secret/secret.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

#define FORMAT 1
#define KEYS_BYTES ((size_t)2 * SECRET_KEY_BYTES)
#define ABOUT_KEY "webnova data key"

struct secret_vault {
	char *dir;
	int64_t generation;
	bool passphrase, locked;
	unsigned char salt[SECRET_SALT_BYTES];
	int64_t ops, mem;
	unsigned char *keys;	 /* owned: the two below, in memory that is not swapped out */
	unsigned char *key, *by; /* the data key, and what wraps it; valid unless locked */
	struct wn_str wrapped;	 /* owned bytes */
	int failures;
	int64_t next_try_ns;
};

bool
secret_vault_locked(const struct secret_vault *v)
{
	return v->locked;
}

bool
secret_vault_has_passphrase(const struct secret_vault *v)
{
	return v->passphrase;
}

void
secret_vault_free(void *p)
{
	struct secret_vault *v = (struct secret_vault *)p;

	if (v == NULL)
		return;
	if (v->keys != NULL)
		sodium_munlock(v->keys, KEYS_BYTES); /* wipes them too */
	wn_free(v->keys);
	wn_free((char *)v->wrapped.p);
	wn_free(v->dir);
	wn_free(v);
}

/* ---- the key file ---- */

static const char *
key_path(struct wn_ctx *ctx, const struct secret_vault *v, int64_t generation)
{
	return wn_arena_printf(ctx->arena, "%s/key.%lld", v->dir, (long long)generation);
}

static wn_err
key_file_make(struct wn_ctx *ctx, const struct secret_vault *v, int64_t generation,
	      unsigned char out[SECRET_KEY_BYTES])
{
	wn_random(out, SECRET_KEY_BYTES);
	return wn_file_write(key_path(ctx, v, generation),
			     wn_strn((const char *)out, SECRET_KEY_BYTES), 0600, &ctx->diag);
}

static wn_err
key_file_read(struct wn_ctx *ctx, const struct secret_vault *v, unsigned char out[SECRET_KEY_BYTES])
{
	const char *path = key_path(ctx, v, v->generation);
	struct wn_buf b;
	struct stat st;
	wn_err err;

	if (stat(path, &st) == 0 && ((st.st_mode & 077) != 0 || st.st_uid != geteuid()))
		return WN_FAIL(
			ctx, WN_E_STATE,
			"%s can be read by others; chmod 600 it, then webnova secrets rotate",
			path);
	wn_buf_init(&b, 4096);
	err = wn_file_read(path, &b, &ctx->diag);
	if (!err && b.len != SECRET_KEY_BYTES)
		err = WN_FAIL(ctx, WN_E_CORRUPT, "%s is not a key of ours", path);
	if (!err)
		memcpy(out, b.p, SECRET_KEY_BYTES);
	secret_wipe(&b);
	return err;
}

/* ---- vault.json ---- */

static struct wn_json *
head_json(const struct secret_vault *v)
{
	struct wn_json *j = wn_json_new_object();
	char salt[2 * SECRET_SALT_BYTES + 1];
	char *wrapped = (char *)wn_alloc(2 * v->wrapped.len + 1);

	wn_hex(v->salt, sizeof v->salt, salt);
	wn_hex((const unsigned char *)v->wrapped.p, v->wrapped.len, wrapped);
	wn_json_set_num(j, "format", FORMAT);
	wn_json_set_i64s(j, "generation", v->generation);
	wn_json_set_str(j, "kept_by", v->passphrase ? "passphrase" : "file");
	wn_json_set_str(j, "salt", salt);
	wn_json_set_i64s(j, "ops", v->ops);
	wn_json_set_i64s(j, "mem", v->mem);
	wn_json_set_str(j, "key", wrapped);
	wn_free(wrapped);
	return j;
}

static wn_err
head_write(struct wn_ctx *ctx, const struct secret_vault *v)
{
	struct wn_json *j = head_json(v);
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, 65536);
	err = wn_json_print(j, &b);
	if (!err)
		err = wn_file_write(wn_arena_printf(ctx->arena, "%s/vault.json", v->dir),
				    wn_buf_view(&b), 0600, &ctx->diag);
	wn_buf_fini(&b);
	wn_json_free(j);
	return err;
}

/* Bytes of a text of exactly 2n hexadecimal digits. */
static bool
unhex(const char *text, unsigned char *out, size_t n)
{
	size_t got = 0;

	return sodium_hex2bin(out, n, text, strlen(text), NULL, &got, NULL) == 0 && got == n;
}

static bool
head_take(struct secret_vault *v, const struct wn_json *j)
{
	const char *kept = wn_json_get_str(j, "kept_by", "");
	const char *key = wn_json_get_str(j, "key", "");
	size_t n = strlen(key) / 2;
	unsigned char *bytes;

	if ((int)wn_json_get_num(j, "format", 0) != FORMAT || n == 0 || n > 4096 ||
	    !wn_json_i64(wn_json_get(j, "generation"), &v->generation) ||
	    !wn_json_i64(wn_json_get(j, "ops"), &v->ops) ||
	    !wn_json_i64(wn_json_get(j, "mem"), &v->mem) || v->generation < 1 || v->ops < 1 ||
	    v->ops > 64 || v->mem < 8192 || v->mem > (4LL << 30) ||
	    (strcmp(kept, "file") != 0 && strcmp(kept, "passphrase") != 0) ||
	    !unhex(wn_json_get_str(j, "salt", ""), v->salt, sizeof v->salt))
		return false;
	v->passphrase = strcmp(kept, "passphrase") == 0;
	bytes = (unsigned char *)wn_alloc(n);
	v->wrapped = wn_strn((const char *)bytes, n);
	return unhex(key, bytes, n);
}

static wn_err
head_read(struct wn_ctx *ctx, struct secret_vault *v)
{
	const char *path = wn_arena_printf(ctx->arena, "%s/vault.json", v->dir);
	struct wn_json *j = NULL;
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, 65536);
	err = wn_file_read(path, &b, &ctx->diag);
	if (!err && (wn_json_parse(wn_buf_view(&b), NULL, &j, NULL) != WN_OK || !head_take(v, j)))
		err = WN_FAIL(
			ctx, WN_E_CORRUPT,
			"%s is damaged; put it back from a backup, the values are still there",
			path);
	wn_json_free(j);
	wn_buf_fini(&b);
	return err;
}

/* ---- wrapping ---- */

/* Writes the head with the data key wrapped by v->by. */
static wn_err
wrap(struct wn_ctx *ctx, struct secret_vault *v)
{
	struct wn_buf b;
	size_t n;
	wn_err err;

	wn_buf_init(&b, 4096);
	err = secret_seal(v->by, wn_str(ABOUT_KEY), wn_strn((const char *)v->key, SECRET_KEY_BYTES),
			  &b);
	if (!err) {
		wn_free((char *)v->wrapped.p);
		v->wrapped.p = wn_buf_take(&b, &n);
		v->wrapped.len = n;
		err = head_write(ctx, v);
	}
	wn_buf_fini(&b);
	return err;
}

static wn_err
unwrap(struct secret_vault *v)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, 4096);
	err = secret_open(v->by, wn_str(ABOUT_KEY), v->wrapped, &b);
	if (!err && b.len != SECRET_KEY_BYTES)
		err = WN_E_CORRUPT;
	if (!err)
		memcpy(v->key, b.p, SECRET_KEY_BYTES);
	v->locked = err != WN_OK;
	secret_wipe(&b);
	return err;
}

static wn_err
unwrap_by_file(struct wn_ctx *ctx, struct secret_vault *v)
{
	wn_err err = key_file_read(ctx, v, v->by);

	if (!err && unwrap(v) != WN_OK)
		err = WN_FAIL(ctx, WN_E_CORRUPT,
			      "%s does not open the secrets; put the right one back from a backup",
			      key_path(ctx, v, v->generation));
	return err;
}

/* ---- opening ---- */

static wn_err
vault_make(struct wn_ctx *ctx, struct secret_vault *v)
{
	wn_err err = wn_file_mkdirs(v->dir, 0700, &ctx->diag);

	v->generation = 1;
	v->ops = SECRET_STRETCH_OPS;
	v->mem = SECRET_STRETCH_MEM;
	if (!err)
		err = key_file_make(ctx, v, v->generation, v->by);
	wn_random(v->key, SECRET_KEY_BYTES);
	if (!err)
		err = wrap(ctx, v);
	v->locked = err != WN_OK;
	return err;
}

/* Generations beside the one that counts are what a crash left of a rotation. */
static void
sweep(struct wn_ctx *ctx, const struct secret_vault *v)
{
	const char *values = wn_arena_printf(ctx->arena, "%lld", (long long)v->generation);
	const char *key = wn_arena_printf(ctx->arena, "key.%s", values);
	DIR *d = opendir(v->dir);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		bool ours = (e->d_name[0] >= '0' && e->d_name[0] <= '9') ||
			    strncmp(e->d_name, "key.", 4) == 0;

		if (ours && strcmp(e->d_name, values) != 0 &&
		    (v->passphrase || strcmp(e->d_name, key) != 0))
			(void)!wn_file_rmtree(
				wn_arena_printf(ctx->arena, "%s/%s", v->dir, e->d_name), NULL);
	}
	if (d != NULL)
		closedir(d);
}

static struct secret_vault *
vault_new(const struct secret *s, const char *tenant)
{
	struct secret_vault *v = WN_NEW(struct secret_vault);

	v->dir = wn_path_join(s->dir, tenant);
	v->locked = true;
	v->keys = (unsigned char *)wn_alloc(KEYS_BYTES);
	(void)sodium_mlock(v->keys, KEYS_BYTES); /* a limit of locked memory may forbid it */
	v->key = v->keys;
	v->by = v->keys + SECRET_KEY_BYTES;
	return v;
}

wn_err
secret_vault_of(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault **out)
{
	struct secret *s = (struct secret *)m->state;
	struct secret_vault *v = (struct secret_vault *)wn_map_get(&s->vaults, wn_str(ctx->tenant));
	wn_err err;

	*out = v;
	if (v != NULL)
		return WN_OK;
	v = vault_new(s, ctx->tenant);
	if (wn_file_exists(wn_arena_printf(ctx->arena, "%s/vault.json", v->dir))) {
		err = head_read(ctx, v);
		if (!err && !v->passphrase)
			err = unwrap_by_file(ctx, v);
		if (!err)
			sweep(ctx, v);
	} else {
		err = vault_make(ctx, v);
	}
	if (err) {
		secret_vault_free(v);
		return err;
	}
	(void)wn_map_set(&s->vaults, wn_str(ctx->tenant), v);
	*out = v;
	return WN_OK;
}

/* Each wrong passphrase doubles the wait before the next one may be tried, up to a minute. */
static void
note_failure(struct secret_vault *v, int64_t now_ns)
{
	int64_t wait_s = v->failures < 6 ? 1 << v->failures : 60;

	v->failures++;
	v->next_try_ns = now_ns + wait_s * 1000000000LL;
}

wn_err
secret_vault_unlock(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
		    struct wn_str passphrase)
{
	const struct wn_clock *clock = m->host->clock;
	wn_err err;

	if (!v->passphrase)
		return WN_FAIL(ctx, WN_E_STATE, "the secrets are kept by a key file and are open");
	if (wn_mono_ns(clock) < v->next_try_ns)
		return WN_FAIL(ctx, WN_E_RATE, "too many wrong passphrases; wait a little");
	err = secret_stretch(passphrase, v->salt, v->ops, v->mem, v->by);
	if (!err && unwrap(v) != WN_OK) {
		note_failure(v, wn_mono_ns(clock));
		err = WN_FAIL(ctx, WN_E_DENIED, "that is not the passphrase");
	}
	if (!err) {
		v->failures = 0;
		sweep(ctx, v);
	}
	return err;
}

static wn_err
must_be_open(struct wn_ctx *ctx, const struct secret_vault *v)
{
	return v->locked ? WN_FAIL(ctx, WN_E_STATE,
				   "the secrets are locked; webnova secrets unlock asks for the "
				   "passphrase")
			 : WN_OK;
}

/* What a change of keys may have to take back. */
struct before {
	struct secret_vault head;
	unsigned char keys[KEYS_BYTES];
};

static void
remember(struct before *b, const struct secret_vault *v)
{
	b->head = *v;
	b->head.wrapped.p = wn_strndup(v->wrapped.p, v->wrapped.len);
	memcpy(b->keys, v->keys, KEYS_BYTES);
}

/* Takes the change back on failure. Either way nothing of it stays in memory. */
static void
settle(struct before *b, struct secret_vault *v, wn_err err)
{
	if (err) {
		wn_free((char *)v->wrapped.p);
		*v = b->head;
		memcpy(v->keys, b->keys, KEYS_BYTES);
	} else {
		wn_free((char *)b->head.wrapped.p);
	}
	sodium_memzero(b->keys, KEYS_BYTES);
}

wn_err
secret_vault_keep_by(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
		     struct wn_str passphrase)
{
	struct before before;
	wn_err err = must_be_open(ctx, v);

	(void)m;
	if (err)
		return err;
	remember(&before, v);
	v->passphrase = passphrase.len > 0;
	if (v->passphrase) {
		wn_random(v->salt, sizeof v->salt);
		v->ops = SECRET_STRETCH_OPS;
		v->mem = SECRET_STRETCH_MEM;
		err = secret_stretch(passphrase, v->salt, v->ops, v->mem, v->by);
	} else {
		err = key_file_make(ctx, v, v->generation, v->by);
	}
	if (!err)
		err = wrap(ctx, v);
	settle(&before, v, err);
	if (!err)
		sweep(ctx, v);
	return err;
}

/* ---- values ---- */

static const char *
value_path(struct wn_ctx *ctx, const struct secret_vault *v, int64_t generation,
	   const struct secret_place *at, int64_t version)
{
	return wn_arena_printf(ctx->arena, "%s/%lld/%s/%s/%s.%lld", v->dir, (long long)generation,
			       at->workspace, at->environment, at->name, (long long)version);
}

/* Bound to the value: a file that was moved to another name does not open. */
static struct wn_str
about_of(struct wn_ctx *ctx, const struct secret_place *at, int64_t version)
{
	return wn_str(wn_arena_printf(ctx->arena, "%s|%s|%s|%s|%lld", ctx->tenant, at->workspace,
				      at->environment, at->name, (long long)version));
}

static wn_err
value_write(struct wn_ctx *ctx, const struct secret_vault *v, int64_t generation,
	    const unsigned char *key, const struct secret_stored_at *at, struct wn_str value)
{
	const char *path = value_path(ctx, v, generation, &at->at, at->version);
	const char *slash = strrchr(path, '/');
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, 2 * SECRET_VALUE_MAX);
	err = wn_file_mkdirs(wn_arena_strndup(ctx->arena, path, (size_t)(slash - path)), 0700,
			     &ctx->diag);
	if (!err)
		err = secret_seal(key, about_of(ctx, &at->at, at->version), value, &b);
	if (!err)
		err = wn_file_write(path, wn_buf_view(&b), 0600, &ctx->diag);
	wn_buf_fini(&b);
	return err;
}

wn_err
secret_vault_write(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
		   const struct secret_place *at, int64_t version, struct wn_str value)
{
	struct secret_stored_at where = { *at, version };
	wn_err err = must_be_open(ctx, v);

	(void)m;
	return err ? err : value_write(ctx, v, v->generation, v->key, &where, value);
}

wn_err
secret_vault_read(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
		  const struct secret_place *at, int64_t version, struct wn_buf *out)
{
	struct wn_buf b;
	wn_err err = must_be_open(ctx, v);

	(void)m;
	if (err)
		return err;
	wn_buf_init(&b, 2 * SECRET_VALUE_MAX);
	err = wn_file_read(value_path(ctx, v, v->generation, at, version), &b, &ctx->diag);
	if (!err && secret_open(v->key, about_of(ctx, at, version), wn_buf_view(&b), out) != WN_OK)
		err = WN_FAIL(ctx, WN_E_CORRUPT, "the value of %s is damaged; set it again",
			      at->name);
	wn_buf_fini(&b);
	return err;
}

wn_err
secret_vault_remove(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
		    const struct secret_place *at, int64_t version)
{
	(void)m;
	if (unlink(value_path(ctx, v, v->generation, at, version)) == 0 || errno == ENOENT)
		return WN_OK;
	return wn_fail_errno(&ctx->diag, errno, "the value of %s", at->name);
}

wn_err
secret_vault_forget(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
		    const char *workspace)
{
	(void)m;
	return wn_file_rmtree(wn_arena_printf(ctx->arena, "%s/%lld/%s", v->dir,
					      (long long)v->generation, workspace),
			      &ctx->diag);
}

/* ---- rotation ---- */

static wn_err
copy_value(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
	   const struct secret_stored_at *at, const unsigned char *key)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, SECRET_VALUE_MAX + 64);
	err = secret_vault_read(m, ctx, v, &at->at, at->version, &b);
	if (!err)
		err = value_write(ctx, v, v->generation + 1, key, at, wn_buf_view(&b));
	secret_wipe(&b);
	return err;
}

static wn_err
copy_values(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
	    const struct secret_stored_at *list, size_t n, const unsigned char *key)
{
	wn_err err = WN_OK;

	for (size_t i = 0; i < n && !err; i++) {
		if (wn_cancelled(ctx))
			return WN_E_CANCELLED;
		m->host->job_progress(ctx, (int64_t)i, (int64_t)n, "Encrypting");
		err = copy_value(m, ctx, v, &list[i], key);
	}
	return err;
}

wn_err
secret_vault_rotate(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
		    const struct secret_stored_at *list, size_t n)
{
	unsigned char key[SECRET_KEY_BYTES];
	struct before before;
	wn_err err = must_be_open(ctx, v);

	if (err)
		return err;
	remember(&before, v);
	wn_random(key, sizeof key);
	err = copy_values(m, ctx, v, list, n, key);
	if (!err && !v->passphrase)
		err = key_file_make(ctx, v, v->generation + 1, v->by);
	if (!err) {
		v->generation++;
		memcpy(v->key, key, sizeof key);
		err = wrap(ctx, v);
	}
	settle(&before, v, err);
	sweep(ctx, v); /* what counts no more, or what was begun in vain */
	sodium_memzero(key, sizeof key);
	return err;
}
