/*
 * Interface "store" 1.1: the event log, the tables projected from it, and durable cursors.
 * Offered by adapter/store_sqlite (default) and later store_postgres. SQL in it is the portable
 * subset both understand, with ?1 ?2 placeholders; a module names only its own tables
 * ("snapshot_*"); `make lint` checks that.
 */
#ifndef RUNTIME_ABI_IFACE_STORE_H
#define RUNTIME_ABI_IFACE_STORE_H

#include <stdbool.h>

#include "runtime/abi/event.h"
#include "runtime/abi/module.h"

enum wn_sql_type { WN_SQL_NULL, WN_SQL_INT, WN_SQL_REAL, WN_SQL_TEXT, WN_SQL_BLOB };
struct wn_sql_value {
	enum wn_sql_type type;
	int64_t i;
	double r;
	struct wn_str s; /* borrowed */
};
#define WN_SQL_I(v) ((struct wn_sql_value){ .type = WN_SQL_INT, .i = (v) })
#define WN_SQL_T(v) wn_sql_text(wn_str(v))
#define WN_SQL_S(v) wn_sql_text(v)
#define WN_SQL_NONE ((struct wn_sql_value){ .type = WN_SQL_NULL })

/* A text argument; a text without pointer is NULL. */
static inline struct wn_sql_value
wn_sql_text(struct wn_str s)
{
	return (struct wn_sql_value){ .type = s.p ? WN_SQL_TEXT : WN_SQL_NULL, .s = s };
}

/* One row; values borrowed for the call. An error stops the query and is returned by it. */
typedef wn_err (*wn_row_fn)(void *arg, const struct wn_sql_value *row, size_t columns);

/* An open transaction, given to projections for the call. */
struct wn_tx {
	wn_err (*exec)(struct wn_tx *, const char *sql, const struct wn_sql_value *args, size_t n);
	wn_err (*query)(struct wn_tx *, const char *sql, const struct wn_sql_value *args, size_t n,
			wn_row_fn row, void *arg);
	struct wn_diag *diag;
};

enum wn_store_state { WN_STORE_OK, WN_STORE_READ_ONLY, WN_STORE_FULL, WN_STORE_FAILED };

/* What is asked of the log: all conditions hold together; NULL: any. */
struct wn_event_query {
	int64_t after; /* seq greater than this */
	int64_t upto;  /* 0: no end */
	const char *tenant;
	const char *stream;
	const char *subject;
	const char *correlation;
	const char *const *types; /* NULL-terminated; exact or "snapshot.*" */
	size_t limit;		  /* 0: 1000 */
	bool newest_first;
};
typedef wn_err (*wn_event_fn)(void *arg, const struct wn_event *ev);

/* One append as the kernel hands it in: complete but for seq and version. All text is copied. */
struct wn_append {
	struct wn_event ev; /* seq and version ignored */
	int64_t expect;	    /* stream version expected; -1: any */
	bool fresh_id; /* the id was made for this append: no key, nobody can have used it before */
};
/* evs (with seq and version filled in) are borrowed for the call; err 0: durable. Called in the
 * thread that commits, in the order of commits. WN_E_EXISTS: the id was appended before
 * (idempotent: treated as done by the kernel). */
typedef void (*wn_append_done_fn)(void *arg, wn_err err, const struct wn_event *evs, size_t n,
				  const struct wn_diag *d);

/* How the kernel plugs the projections in. Called in the thread that commits, inside the
 * transaction; never in two at once. */
typedef wn_err (*wn_projector_fn)(void *arg, struct wn_tx *tx, const struct wn_event *ev);
typedef void (*wn_store_state_fn)(void *arg, enum wn_store_state state, const char *why);

struct wn_migration_set {
	const char *module;
	const char *const *sql;	   /* NULL-terminated, applied once each in order */
	const char *const *tables; /* projections: emptied by rebuild */
};

struct wn_iface_store {
	/* Opens (makes) the store, applies migrations, checks integrity cheaply. [loop, at start;
	 * may block] */
	wn_err (*open)(struct wn_mod *, const struct wn_migration_set *sets, size_t n,
		       wn_projector_fn projector, void *projector_arg, wn_store_state_fn on_state,
		       void *state_arg, struct wn_diag *);
	/* Queues one atomic batch; returns at once (WN_E_READ_ONLY, WN_E_BUSY: queue full). [any]
	 */
	wn_err (*append)(struct wn_mod *, const struct wn_append *batch, size_t n,
			 wn_append_done_fn done, void *arg, struct wn_diag *);
	/* Reads the log in order of seq. [job, or the loop at start] */
	wn_err (*events)(struct wn_mod *, const struct wn_event_query *, wn_event_fn fn, void *arg,
			 struct wn_diag *);
	/* Last seq committed. [any] */
	int64_t (*last_seq)(struct wn_mod *);
	/* Version of a stream, 0 when it has no event. [job] */
	wn_err (*stream_version)(struct wn_mod *, const char *tenant, const char *stream,
				 int64_t *out, struct wn_diag *);
	/* Reads projected tables on a read connection. [job] */
	wn_err (*query)(struct wn_mod *, const char *sql, const struct wn_sql_value *args, size_t n,
			wn_row_fn row, void *arg, struct wn_diag *);
	/* Durable position of a consumer, and its dead letters. set is queued, like append. [any]
	 */
	wn_err (*cursor_get)(struct wn_mod *, const char *consumer, int64_t *seq_out,
			     struct wn_diag *);
	wn_err (*cursor_set)(struct wn_mod *, const char *consumer, int64_t seq);
	wn_err (*dead_letter)(struct wn_mod *, const char *consumer, const struct wn_event *ev,
			      const struct wn_diag *why);
	/* Empties all projections and replays the log through the projector in one transaction:
	 * readers see the old rows until it is done, a crash leaves them. Appends wait meanwhile.
	 * progress (store's thread) nullable. [job, or the loop at start] */
	wn_err (*rebuild)(struct wn_mod *, void (*progress)(void *arg, int64_t done, int64_t total),
			  void *arg, struct wn_diag *);
	enum wn_store_state (*state)(struct wn_mod *); /* [any] */
	/* Ends the writer after what is queued; blocks shortly. [loop, at stop] */
	void (*close)(struct wn_mod *);
	/* Since 1.1, nullable: appends one atomic batch and returns when it is durable. `done` has
	 * been called then, in this thread when it did the commit itself. [job] */
	wn_err (*append_wait)(struct wn_mod *, const struct wn_append *batch, size_t n,
			      wn_append_done_fn done, void *arg, struct wn_diag *);
};

#endif
