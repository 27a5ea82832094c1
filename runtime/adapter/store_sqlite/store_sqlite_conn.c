/*
 * SQLite connections: opening, cached statements, result codes to errors.
 * Nothing here knows the log's tables.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"

static wn_err
code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return WN_E_NO_SPACE;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return WN_E_READ_ONLY;
	case SQLITE_CONSTRAINT:
		return WN_E_EXISTS;
	case SQLITE_NOMEM:
		return WN_E_NO_MEMORY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return WN_E_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return WN_E_BUSY;
	case SQLITE_INTERRUPT:
		return WN_E_CANCELLED;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return WN_E_IO;
	default:
		return WN_E_INTERNAL;
	}
}

wn_err
store_fail(struct store_conn *c, int rc, struct wn_diag *d, const char *doing)
{
	return wn_fail(d, code_of(rc), "store: %s: %s", doing,
		       c && c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(rc));
}

/* Writes wait for the disk (FULL); the log is only as durable as this. */
static const char writer_setup[] = "PRAGMA journal_mode = WAL;"
				   "PRAGMA synchronous = FULL;"
				   "PRAGMA wal_autocheckpoint = 0;"
				   "PRAGMA journal_size_limit = 67108864;"
				   "PRAGMA temp_store = MEMORY;";

static int
open_db(const struct store *s, bool read_only, sqlite3 **db)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
	int rc;

	if (s->read_only_file) {
		/* A directory we cannot write to has no shared memory file either. */
		char *uri = sqlite3_mprintf("file:%s?immutable=1", s->path);

		rc = sqlite3_open_v2(uri, db, flags | SQLITE_OPEN_READONLY, NULL);
		sqlite3_free(uri);
		return rc;
	}
	flags |= read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	return sqlite3_open_v2(s->path, db, flags, NULL);
}

wn_err
store_conn_open(const struct store *s, bool read_only, struct store_conn **out, struct wn_diag *d)
{
	struct store_conn *c = WN_NEW(struct store_conn);
	wn_err err = WN_OK;
	int rc;

	wn_map_init(&c->statements);
	c->generation = atomic_load(&s->generation);
	rc = open_db(s, read_only, &c->db);
	if (rc != SQLITE_OK) {
		err = store_fail(c, rc, d, "open");
		goto fail;
	}
	sqlite3_extended_result_codes(c->db, 1);
	sqlite3_busy_timeout(c->db, 5000);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (!read_only && !s->read_only_file) {
		err = store_script(c, "PRAGMA page_size = 8192", d);
		if (!err)
			err = store_script(c, writer_setup, d);
	}
	if (err)
		goto fail;
	*out = c;
	return WN_OK;
fail:
	store_conn_free(c);
	return err;
}

static void
free_statement(void *stmt)
{
	sqlite3_finalize((sqlite3_stmt *)stmt);
}

void
store_conn_free(struct store_conn *c)
{
	if (!c)
		return;
	wn_map_fini(&c->statements, free_statement);
	sqlite3_close(c->db);
	wn_free(c);
}

static wn_err
prepare_new(struct store_conn *c, const char *sql, sqlite3_stmt **out, struct wn_diag *d)
{
	int rc;

	if (c->statements.len >= STORE_STATEMENTS_MAX) {
		wn_map_fini(&c->statements, free_statement);
		wn_map_init(&c->statements);
		memset(c->recent, 0, sizeof c->recent);
	}
	rc = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
	if (rc != SQLITE_OK || !*out)
		return store_fail(c, rc, d, sql);
	wn_map_set(&c->statements, wn_str(sql), *out);
	return WN_OK;
}

/* Most texts are constants: their address finds the statement without a hash of the whole text,
 * which is compared all the same. */
wn_err
store_prepare(struct store_conn *c, const char *sql, sqlite3_stmt **out, struct wn_diag *d)
{
	size_t slot = ((uintptr_t)sql >> 3) % STORE_RECENT;
	wn_err err = WN_OK;

	*out = c->recent[slot].sql == sql ? c->recent[slot].stmt : NULL;
	if (*out && strcmp(sqlite3_sql(*out), sql) == 0)
		return WN_OK;
	*out = (sqlite3_stmt *)wn_map_get(&c->statements, wn_str(sql));
	if (!*out)
		err = prepare_new(c, sql, out, d);
	if (!err) {
		c->recent[slot].sql = sql;
		c->recent[slot].stmt = *out;
	}
	return err;
}

static int
bind_one(sqlite3_stmt *stmt, int i, const struct wn_sql_value *v)
{
	switch (v->type) {
	case WN_SQL_INT:
		return sqlite3_bind_int64(stmt, i, v->i);
	case WN_SQL_REAL:
		return sqlite3_bind_double(stmt, i, v->r);
	case WN_SQL_TEXT:
		return sqlite3_bind_text64(stmt, i, v->s.p ? v->s.p : "", v->s.len, SQLITE_STATIC,
					   SQLITE_UTF8);
	case WN_SQL_BLOB:
		return sqlite3_bind_blob64(stmt, i, v->s.p ? v->s.p : "", v->s.len, SQLITE_STATIC);
	case WN_SQL_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, i);
}

static struct wn_sql_value
column(sqlite3_stmt *stmt, int i)
{
	struct wn_sql_value v = { .type = WN_SQL_NULL };

	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_INTEGER:
		v.type = WN_SQL_INT;
		v.i = sqlite3_column_int64(stmt, i);
		break;
	case SQLITE_FLOAT:
		v.type = WN_SQL_REAL;
		v.r = sqlite3_column_double(stmt, i);
		break;
	case SQLITE_TEXT:
		v.type = WN_SQL_TEXT;
		v.s.p = (const char *)sqlite3_column_text(stmt, i);
		v.s.len = (size_t)sqlite3_column_bytes(stmt, i);
		break;
	case SQLITE_BLOB:
		v.type = WN_SQL_BLOB;
		v.s.p = sqlite3_column_blob(stmt, i);
		v.s.len = (size_t)sqlite3_column_bytes(stmt, i);
		break;
	default:
		break;
	}
	return v;
}

#define COLUMNS_MAX 64

static wn_err
give_row(sqlite3_stmt *stmt, wn_row_fn row, void *arg)
{
	struct wn_sql_value values[COLUMNS_MAX];
	int n = sqlite3_column_count(stmt);

	if (n > COLUMNS_MAX)
		n = COLUMNS_MAX;
	for (int i = 0; i < n; i++)
		values[i] = column(stmt, i);
	return row(arg, values, (size_t)n);
}

wn_err
store_run(struct store_conn *c, const char *sql, const struct wn_sql_value *args, size_t n,
	  wn_row_fn row, void *row_arg, struct wn_diag *d)
{
	sqlite3_stmt *stmt = NULL;
	wn_err err = store_prepare(c, sql, &stmt, d);
	int rc = SQLITE_OK;

	if (err)
		return err;
	/* Bound text is borrowed: what this call does not bind must not be the last call's. */
	if (n < (size_t)sqlite3_bind_parameter_count(stmt))
		sqlite3_clear_bindings(stmt);
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = bind_one(stmt, (int)i + 1, &args[i]);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(stmt);
		if (rc != SQLITE_ROW)
			break;
		err = row ? give_row(stmt, row, row_arg) : WN_OK;
		if (err)
			break;
	}
	if (!err && rc != SQLITE_DONE)
		err = store_fail(c, rc, d, "run a statement");
	sqlite3_reset(stmt);
	return err;
}

wn_err
store_script(struct store_conn *c, const char *sql, struct wn_diag *d)
{
	int rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? WN_OK : store_fail(c, rc, d, "run a script");
}
