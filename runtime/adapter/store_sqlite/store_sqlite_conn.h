/*
 * Private to adapter/store_sqlite: a connection, its cached statements, result codes to errors.
 * Knows nothing of the log's tables. One thread at a time.
 */
#ifndef RUNTIME_ADAPTER_STORE_SQLITE_STORE_SQLITE_CONN_H
#define RUNTIME_ADAPTER_STORE_SQLITE_STORE_SQLITE_CONN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/queue.h>

#include "runtime/abi/iface_store.h"
#include "runtime/base/map.h"

#define STORE_STATEMENTS_MAX 64 /* cached a connection */
#define STORE_RECENT 16		/* statements found by the address of their text; a power of 2 */

struct store;

/* A connection and its prepared statements, keyed by their SQL text. */
struct store_conn {
	sqlite3 *db;
	struct wn_map statements;
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} recent[STORE_RECENT];
	int generation; /* of the file it was opened on; see struct store */
	SLIST_ENTRY(store_conn) next;
};

wn_err store_conn_open(const struct store *s, bool read_only, struct store_conn **out,
		       struct wn_diag *d);
void store_conn_free(struct store_conn *c);
/* A cached statement, reset; it may hold the last bindings. Owned by c. */
wn_err store_prepare(struct store_conn *c, const char *sql, sqlite3_stmt **out, struct wn_diag *d);
/* Runs one statement to its end; row nullable. */
wn_err store_run(struct store_conn *c, const char *sql, const struct wn_sql_value *args, size_t n,
		 wn_row_fn row, void *row_arg, struct wn_diag *d);
/* Runs texts without parameters (pragmas, migrations). */
wn_err store_script(struct store_conn *c, const char *sql, struct wn_diag *d);
/* The wn_err of an SQLite result code, with its text. */
wn_err store_fail(struct store_conn *c, int rc, struct wn_diag *d, const char *doing);

#endif
