/*
 * Private to runtime/modules/secret.
 */
#ifndef RUNTIME_MODULES_SECRET_SECRET_H
#define RUNTIME_MODULES_SECRET_SECRET_H

#include <pthread.h>

#include "gen/secret.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_secret.h"
#include "runtime/abi/iface_store.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/map.h"

#define SECRET_VALUE_MAX 65536
#define SECRET_SCOPE_MAX 1000 /* secrets of one environment */
#define SECRET_KEY_BYTES 32

struct secret_vault;

/* Jobs of all threads meet in the lock; it is held while files are read and written. */
struct secret {
	const struct wn_host *host;
	pthread_mutex_t lock;
	char *dir;	      /* owned: <state_dir>/secret */
	struct wn_map vaults; /* tenant to struct secret_vault, made when first asked for */
};

/* Whose secret it is. All words have been checked against the contract's patterns. */
struct secret_place {
	const char *workspace, *environment, *name;
};

/* --- secret_vault.c: values at rest. Callers hold the lock. [job] --- */

/* The tenant's vault, made with a key file when there is none. Locked ones are returned too. */
wn_err secret_vault_of(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault **out);
bool secret_vault_locked(const struct secret_vault *v);
bool secret_vault_has_passphrase(const struct secret_vault *v);
/* Opens it. WN_E_DENIED: not the passphrase; WN_E_RATE: too soon after wrong ones. */
wn_err secret_vault_unlock(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
			   struct wn_str passphrase);
/* Wraps the data key anew; an empty passphrase: by the key file. */
wn_err secret_vault_keep_by(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
			    struct wn_str passphrase);
/* WN_E_STATE while locked, as all below. */
wn_err secret_vault_write(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
			  const struct secret_place *at, int64_t version, struct wn_str value);
/* Appends the value to out, which the caller wipes with secret_wipe(). */
wn_err secret_vault_read(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
			 const struct secret_place *at, int64_t version, struct wn_buf *out);
/* Removes a value; one that is not there is no error. */
wn_err secret_vault_remove(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
			   const struct secret_place *at, int64_t version);
/* Removes everything of a workspace. */
wn_err secret_vault_forget(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
			   const char *workspace);
/* A new data key for the n values listed; a crash leaves all of them readable by the old one or all
 * by the new one. */
struct secret_stored_at {
	struct secret_place at;
	int64_t version;
};
wn_err secret_vault_rotate(struct wn_mod *m, struct wn_ctx *ctx, struct secret_vault *v,
			   const struct secret_stored_at *list, size_t n);
/* Wipes and frees; nullable. */
void secret_vault_free(void *v);
/* Wipes and frees a buffer that held a value. */
void secret_wipe(struct wn_buf *b);

/* --- secret_seal.c: the cryptography, without files. Any thread. --- */

/* nonce + ciphertext + tag appended to out; `about` is bound to it and must be given again. */
wn_err secret_seal(const unsigned char key[SECRET_KEY_BYTES], struct wn_str about,
		   struct wn_str plain, struct wn_buf *out);
/* WN_E_CORRUPT: changed, cut, of another place, or of another key. */
wn_err secret_open(const unsigned char key[SECRET_KEY_BYTES], struct wn_str about,
		   struct wn_str sealed, struct wn_buf *out);
/* argon2id; about 0.1 s and 64 MiB. WN_E_NO_MEMORY. */
#define SECRET_SALT_BYTES 16
wn_err secret_stretch(struct wn_str passphrase, const unsigned char salt[SECRET_SALT_BYTES],
		      int64_t ops, int64_t mem, unsigned char key[SECRET_KEY_BYTES]);
#define SECRET_STRETCH_OPS 3
#define SECRET_STRETCH_MEM (64LL << 20)

/* --- secret_dotenv.c --- */

typedef wn_err (*secret_line_fn)(void *arg, struct wn_str name, struct wn_str value);
/* Reads a .env file: NAME=value, export NAME=value, # comments, "quoted\n" and 'literal' values
 * that may hold line breaks. fn's strings are borrowed. WN_E_INVALID names the line, never its
 * text.
 */
wn_err secret_dotenv(struct wn_str text, secret_line_fn fn, void *arg, struct wn_diag *d);

/* --- secret_methods.c --- */
wn_err secret_each(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
		   const char *environment, wn_secret_fn fn, void *arg);
wn_err secret_keep(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
		   const char *environment, const char *name, struct wn_str value);
wn_err secret_drop(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
		   const char *environment, const char *name);

static inline const struct wn_iface_store *
secret_store(struct wn_mod *m, struct wn_mod **store_out)
{
	*store_out = m->bound[SECRET_NEED_STORE].mod;
	return (const struct wn_iface_store *)m->bound[SECRET_NEED_STORE].vtable;
}

#endif
