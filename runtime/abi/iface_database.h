/*
 * Interface "database" 1.0, offered by modules/database: a workspace's own database server.
 */
#ifndef RUNTIME_ABI_IFACE_DATABASE_H
#define RUNTIME_ABI_IFACE_DATABASE_H

#include "runtime/abi/module.h"

/* Where the address in DATABASE_URL expects the directory of the server's socket to be mounted. */
#define WN_DATABASE_DIR "/run/webnova-db"

struct wn_iface_database {
	/* Starts the environment's database when there is one and it does not run; *dir_out is the
	 * directory with its socket, in ctx->arena, or NULL without a database. [job] */
	wn_err (*ensure)(struct wn_mod *, struct wn_ctx *, const char *workspace,
			 const char *environment, const char **dir_out);
};

#endif
