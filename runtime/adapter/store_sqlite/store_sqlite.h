/*
 * Private to adapter/store_sqlite: the log, projections and cursors in one SQLite file.
 *
 * Threads: one writer thread owns the write connection and is the only one that assigns
 * positions; readers borrow a connection from a pool. Callers talk to the writer through a queue.
 */
#ifndef RUNTIME_ADAPTER_STORE_SQLITE_STORE_SQLITE_H
#define RUNTIME_ADAPTER_STORE_SQLITE_STORE_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/queue.h>

#include "runtime/abi/host.h"
#include "runtime/abi/iface_store.h"
#include "runtime/adapter/store_sqlite/store_sqlite_conn.h"
#include "runtime/base/arena.h"
#include "runtime/base/map.h"
#include "runtime/base/vec.h"

#define STORE_QUEUE_MAX 20000 /* operations waiting for the writer */
#define STORE_QUEUE_BYTES (64u << 20)
#define STORE_GROUP_MAX 1000 /* operations in one commit */
#define STORE_READERS_MAX 4
#define STORE_STREAMS_MAX 4096 /* whose versions are remembered */
#define STORE_PROBE_MS 1000    /* between tries to write again on a sick disk */
#define STORE_WAL_STEP \
	1000		   /* pages of write-ahead log after which the checkpoint thread is asked */
#define STORE_WAL_MAX 4000 /* after which the writer does not wait for it */

/* Version of a stream as of the open transaction; nothing but its name is ever written, the version
 * is that of its last event. Commit lock. */
struct store_stream {
	int64_t id, version;
	int64_t op_version; /* before the operation that runs; -1: not touched by it */
	bool fresh;	    /* has no row yet */
	struct store_stream *next_touched, *next_fresh;
	struct wn_str tenant, name; /* in the same allocation */
};

enum store_op_kind { STORE_OP_APPEND, STORE_OP_CURSOR, STORE_OP_DEAD, STORE_OP_REBUILD };

/* One queued operation, in one allocation with all its text. */
struct store_op {
	enum store_op_kind kind;
	size_t bytes;
	struct wn_event *evs;
	int64_t *expect, *stream_ids;
	bool *remembered; /* the id is a key that is looked for in later appends */
	size_t n;
	wn_append_done_fn done;
	void *done_arg;
	const char *consumer;
	int64_t seq;
	const char *error, *text; /* dead letter */
	struct store_wait *wait;  /* somebody blocks for the end of it; nullable */
	void (*progress)(void *arg, int64_t done, int64_t total);
	wn_err err;
	struct wn_diag diag;
	STAILQ_ENTRY(store_op) next;
};
STAILQ_HEAD(store_ops, store_op);

struct store_wait {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool over;
	wn_err err;
	struct wn_diag diag;
};

struct store {
	const struct wn_host *host;
	char *path;
	atomic_bool read_only_file; /* opened without any right to write */
	atomic_int generation;	    /* moves when the file is opened again: old readers go */

	pthread_t thread;
	bool thread_runs;

	/* Whoever set `committing` owns these: the writer thread, or one that waits for its append.
	 */
	struct store_conn *writer;
	int64_t next_seq, next_stream;
	struct wn_map streams; /* "tenant\nname" to struct store_stream */
	struct store_stream *touched, *fresh, *last_stream;
	struct store_op *batch, *batch_end; /* what the table store_batch shows */
	int wal_asked; /* pages of write-ahead log when the checkpoint thread was asked last */
	bool careful;  /* each projection stands under a savepoint; see store_project() */
	bool again; /* a projection failed without one: what it stood in is done again, carefully */

	pthread_mutex_t lock; /* guards the queue */
	pthread_cond_t cond;  /* for the writer thread */
	struct store_ops queue;
	size_t queue_len, queue_bytes;
	bool committing, stopping;
	pthread_t checkpoint_thread;
	pthread_cond_t checkpoint_cond;
	bool checkpoint_thread_runs, checkpoint_due;

	pthread_mutex_t pool_lock;
	pthread_cond_t pool_cond;
	SLIST_HEAD(, store_conn) pool;
	unsigned pool_open;

	atomic_llong last_seq; /* committed */
	atomic_int state;      /* enum wn_store_state */

	const struct wn_migration_set *sets;
	size_t nsets;
	wn_projector_fn projector;
	void *projector_arg;
	wn_store_state_fn on_state;
	void *state_arg;
};

/* store_sqlite_schema.c: tables of the store itself, and the modules' migrations. */
wn_err store_schema(struct store *s, struct wn_diag *d);
/* Where the log and the numbers of streams stand. */
wn_err store_positions(struct store *s, struct wn_diag *d);
wn_err store_rebuild_run(struct store *s, struct store_op *op);

/* store_sqlite_write.c: the queue and the writer thread. */
wn_err store_writer_start(struct store *s, struct wn_diag *d);
void store_writer_stop(struct store *s);
/* What a connection that commits needs besides: the table of a commit, the watch on its log. */
wn_err store_writer_prepare(struct store *s, struct store_conn *c, struct wn_diag *d);
wn_err store_append(struct wn_mod *m, const struct wn_append *batch, size_t n,
		    wn_append_done_fn done, void *arg, struct wn_diag *d);
wn_err store_append_wait(struct wn_mod *m, const struct wn_append *batch, size_t n,
			 wn_append_done_fn done, void *arg, struct wn_diag *d);
wn_err store_cursor_set(struct wn_mod *m, const char *consumer, int64_t seq);
wn_err store_dead_letter(struct wn_mod *m, const char *consumer, const struct wn_event *ev,
			 const struct wn_diag *why);
wn_err store_rebuild(struct wn_mod *m, void (*progress)(void *arg, int64_t done, int64_t total),
		     void *arg, struct wn_diag *d);
void store_set_state(struct store *s, enum wn_store_state state, const char *why);

/* store_sqlite_stream.c: versions of streams, remembered between appends. */
/* Moves the ev's stream on by one; WN_E_CONFLICT when it is not at `expect` (-1: any). */
wn_err store_stream_next(struct store *s, struct wn_event *ev, int64_t expect, int64_t *id_out,
			 struct wn_diag *d);
/* The operation is done, or was rolled back. */
void store_stream_op_end(struct store *s, bool undone);
/* Writes the names of streams that are new, before the commit. */
wn_err store_stream_flush(struct store *s, struct wn_diag *d);
/* The transaction was rolled back, or there are too many: nothing is remembered. */
void store_stream_forget(struct store *s);

/* store_sqlite_batch.c: the operations of a commit as a table, so that one statement inserts the
 * events of all of them. */
wn_err store_batch_register(struct store *s, struct store_conn *c, struct wn_diag *d);
/* Inserts the events of the appends from `first` up to and without `end` (nullable) that have no
 * error. */
wn_err store_batch_insert(struct store *s, struct store_op *first, struct store_op *end,
			  struct wn_diag *d);

/* store_sqlite_append.c: what one commit does. Only for whoever set `committing`. */
void store_commit_group(struct store *s, struct store_ops *group);
/* Gives an event to the projections. A failing one is recorded, never fatal; but a savepoint an
 * event costs as much as the event, so there is none until it is needed: without s->careful a
 * failure sets s->again and is returned, the caller rolls back and does it all again with it. */
wn_err store_project(struct store *s, const struct wn_event *ev, struct wn_diag *d);

/* store_sqlite_checkpoint.c: the write-ahead log into the database, beside the writer. */
void store_checkpoint_watch(struct store *s, struct store_conn *writer);
/* After `stopping` was set and told. */
void store_checkpoint_stop(struct store *s);

/* store_sqlite_read.c */
wn_err store_events(struct wn_mod *m, const struct wn_event_query *q, wn_event_fn fn, void *arg,
		    struct wn_diag *d);
wn_err store_events_on(struct store_conn *c, const struct wn_event_query *q, wn_event_fn fn,
		       void *arg, struct wn_diag *d);
wn_err store_stream_version(struct wn_mod *m, const char *tenant, const char *stream, int64_t *out,
			    struct wn_diag *d);
wn_err store_query(struct wn_mod *m, const char *sql, const struct wn_sql_value *args, size_t n,
		   wn_row_fn row, void *arg, struct wn_diag *d);
wn_err store_cursor_get(struct wn_mod *m, const char *consumer, int64_t *seq_out,
			struct wn_diag *d);
void store_readers_fini(struct store *s);

static inline struct store *
store_of(struct wn_mod *m)
{
	return (struct store *)m->state;
}

#endif
