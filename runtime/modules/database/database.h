/*
 * Private to runtime/modules/database.
 */
#ifndef RUNTIME_MODULES_DATABASE_DATABASE_H
#define RUNTIME_MODULES_DATABASE_DATABASE_H

#include <pthread.h>

#include "gen/database.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_database.h"
#include "runtime/abi/iface_sandbox.h"
#include "runtime/abi/iface_secret.h"
#include "runtime/abi/iface_store.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/map.h"

#define DATABASE_PASSWORD 33 /* 32 hexadecimal digits */

struct database {
	const struct wn_host *host;
	pthread_mutex_t lock; /* of busy; and one template is made at a time */
	struct wn_map busy;   /* places somebody works on */
};

/* One database in hand. Paths in ctx->arena. */
struct database_at {
	struct wn_mod *m;
	struct wn_ctx *ctx;
	const char *workspace, *environment;
	const struct database_kind *kind;
	const char *version; /* it was made with */
	int64_t created_ms;
	const char *dir; /* <state>/database/<workspace>/<environment>: data, backup, admin, log */
	const char *sockets; /* directory of its socket; short, for a socket's path is */
	const char *shim;    /* socket of its shim */
	bool claimed;
};

/* What the two servers do differently. */
struct database_kind {
	enum model_server server;
	const char *stop_signal; /* asks for an end in good order that waits for no client */
	const char *format;	 /* of a query's rows */
	const char *url;	 /* printf format of DATABASE_URL: the password */
	/* The version that is installed, in ctx->arena, or WN_E_TOOL with what to install. */
	wn_err (*find)(struct wn_mod *m, struct wn_ctx *ctx, const char **version_out);
	/* argv that makes a cluster in /data, with the superuser's password of /in/password. */
	const char *const *(*make)(struct wn_arena *a);
	/* argv that serves /data at WN_DATABASE_DIR. */
	const char *const *(*serve)(struct wn_arena *a);
	/* argv and environment of the client; admin: the superuser, else the owner of "app". */
	const char *const *(*client)(struct wn_arena *a, bool admin);
	const char *const *(*client_env)(struct wn_arena *a, bool admin, const char *password);
	/* SQL that gives a fresh cluster its passwords, its owner and its database. */
	const char *(*bootstrap)(struct wn_arena *a, const char *admin_password,
				 const char *app_password, bool has_app);
	/* argv that writes /backup/<name>, and that reads it back in one transaction where it can.
	 */
	const char *const *(*dump)(struct wn_arena *a, const char *name);
	const char *const *(*load)(struct wn_arena *a, const char *name);
};
/* A NULL-terminated list in the arena. */
const char *const *database_argv(struct wn_arena *a, const char *const *words, size_t n);
#define DATABASE_ARGV(a, ...)                                    \
	database_argv((a), (const char *const[]){ __VA_ARGS__ }, \
		      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

extern const struct database_kind database_postgresql, database_mariadb;
const struct database_kind *database_kind_of(enum model_server server);

/* --- database_server.c: processes and files of one database. [job] --- */

/* Fills the paths; no file is touched. */
void database_place(struct database_at *at, struct wn_mod *m, struct wn_ctx *ctx,
		    const char *workspace, const char *environment);
/* Nobody else works on it until released; WN_E_BUSY. */
wn_err database_claim(struct database_at *at);
void database_release(struct database_at *at);
bool database_runs(const struct database_at *at);
/* A cluster of the template, or of another database's stopped one (from nullable). */
wn_err database_fill(struct database_at *at, const struct database_at *from);
wn_err database_up(struct database_at *at);
wn_err database_down(struct database_at *at);
/* Sets new passwords and keeps the address of the database as a secret. */
wn_err database_bootstrap(struct database_at *at, bool has_app);
/* Runs the client or a tool in a box of its own that sees the socket and the backups only. */
wn_err database_tool(struct database_at *at, const char *const *argv, bool admin,
		     struct wn_str input, size_t output_max, int64_t timeout_ms,
		     struct wn_exec_result *out);
/* Password of the superuser or the owner, in the arena. */
wn_err database_password(struct database_at *at, bool admin, const char **out);

static inline struct database *
database_of(struct wn_mod *m)
{
	return (struct database *)m->state;
}

static inline const struct wn_iface_store *
database_store(struct wn_mod *m, struct wn_mod **store_out)
{
	*store_out = m->bound[DATABASE_NEED_STORE].mod;
	return (const struct wn_iface_store *)m->bound[DATABASE_NEED_STORE].vtable;
}

wn_err database_ensure(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
		       const char *environment, const char **dir_out);

#endif
