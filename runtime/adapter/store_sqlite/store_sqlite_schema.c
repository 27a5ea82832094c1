/*
 * The store's own tables, the modules' migrations, and rebuilding what is projected.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include <string.h>

#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

/* Names of streams repeat in every event, so they are interned; all else is as the event says it.
 * Only ids that were handed in as keys are looked for again: store_key. */
#define EVENT_TABLE                                                                          \
	"CREATE TABLE IF NOT EXISTS store_event (seq INTEGER PRIMARY KEY, id TEXT NOT NULL," \
	" stream_id INTEGER NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL,"         \
	" source TEXT NOT NULL, subject TEXT, time_ms INTEGER NOT NULL,"                     \
	" dataschema TEXT NOT NULL, actor TEXT NOT NULL, causation TEXT,"                    \
	" correlation TEXT NOT NULL, data TEXT NOT NULL) STRICT;"                            \
	"CREATE UNIQUE INDEX IF NOT EXISTS store_event_version ON store_event (stream_id, "  \
	"version);"

static const char own_schema[] =
	"CREATE TABLE IF NOT EXISTS store_stream (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL,"
	" name TEXT NOT NULL, UNIQUE (tenant, name)) STRICT;" EVENT_TABLE
	"CREATE TABLE IF NOT EXISTS store_key (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) "
	"STRICT, WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS store_cursor (consumer TEXT PRIMARY KEY, seq INTEGER NOT NULL) "
	"STRICT;"
	"CREATE TABLE IF NOT EXISTS store_dead_letter (consumer TEXT NOT NULL, seq INTEGER NOT "
	"NULL,"
	" event_id TEXT NOT NULL, error TEXT NOT NULL, text TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	" PRIMARY KEY (consumer, seq)) STRICT;"
	"CREATE TABLE IF NOT EXISTS store_projection_fault (seq INTEGER PRIMARY KEY, type TEXT NOT "
	"NULL,"
	" error TEXT NOT NULL, text TEXT NOT NULL) STRICT;"
	"CREATE TABLE IF NOT EXISTS store_migration (module TEXT NOT NULL, number INTEGER NOT NULL,"
	" sha256 TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (module, number)) STRICT;"
	"CREATE TABLE IF NOT EXISTS store_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"
	"INSERT OR IGNORE INTO store_meta VALUES ('format', '2'), ('probe', '0');";

/* Format 1 kept every id unique in the log itself, and the version of a stream beside its name. */
static const char from_format_1[] = "INSERT INTO store_key SELECT id, seq FROM store_event;"
				    "DROP INDEX store_event_version;"
				    "ALTER TABLE store_event RENAME TO store_event_1;" EVENT_TABLE
				    "INSERT INTO store_event SELECT * FROM store_event_1;"
				    "DROP TABLE store_event_1;"
				    "ALTER TABLE store_stream DROP COLUMN version;"
				    "UPDATE store_meta SET value = '2' WHERE key = 'format';";

static wn_err
copy_text(void *arg, const struct wn_sql_value *row, size_t columns)
{
	char *out = (char *)arg;

	if (columns > 0 && row[0].type == WN_SQL_TEXT && row[0].s.len < WN_SHA256_HEX)
		memcpy(out, row[0].s.p, row[0].s.len + 1);
	return WN_OK;
}

static wn_err
migrate_one(struct store *s, const char *module, int64_t number, const char *sql, struct wn_diag *d)
{
	char hash[WN_SHA256_HEX], applied[WN_SHA256_HEX] = "";
	struct wn_sql_value key[] = { WN_SQL_T(module), WN_SQL_I(number) };
	wn_err err;

	wn_sha256_hex(sql, strlen(sql), hash);
	err = store_run(s->writer,
			"SELECT sha256 FROM store_migration WHERE module = ?1 AND number = ?2", key,
			2, copy_text, applied, d);
	if (err)
		return err;
	if (applied[0]) {
		if (strcmp(applied, hash) == 0)
			return WN_OK;
		return wn_fail(
			d, WN_E_VERSION,
			"migration %lld of module %s is not the one that was applied to this store",
			(long long)number, module);
	}
	if (s->read_only_file)
		return wn_fail(d, WN_E_READ_ONLY,
			       "module %s needs a migration, the store is read-only", module);
	err = store_script(s->writer, sql, d);
	if (!err) {
		struct wn_sql_value row[] = { WN_SQL_T(module), WN_SQL_I(number), WN_SQL_T(hash),
					      WN_SQL_I(wn_now_ms(s->host->clock)) };
		err = store_run(s->writer, "INSERT INTO store_migration VALUES (?1, ?2, ?3, ?4)",
				row, 4, NULL, NULL, d);
	}
	if (err)
		wn_fail_note(d, "in migration %lld of module %s", (long long)number, module);
	return err;
}

static wn_err
migrate_all(struct store *s, struct wn_diag *d)
{
	wn_err err = WN_OK;

	for (size_t i = 0; i < s->nsets && !err; i++)
		for (int64_t k = 0; s->sets[i].sql && s->sets[i].sql[k] && !err; k++)
			err = migrate_one(s, s->sets[i].module, k + 1, s->sets[i].sql[k], d);
	return err;
}

static wn_err
upgrade(struct store *s, struct wn_diag *d)
{
	char format[WN_SHA256_HEX] = "";
	wn_err err = store_run(s->writer, "SELECT value FROM store_meta WHERE key = 'format'", NULL,
			       0, copy_text, format, d);

	if (err || strcmp(format, "2") == 0)
		return err;
	if (strcmp(format, "1") == 0)
		return store_script(s->writer, from_format_1, d);
	return wn_fail(d, WN_E_VERSION, "the store has format %s, this engine reads up to 2",
		       format);
}

/* All or nothing: a migration that fails leaves the store as it was. */
wn_err
store_schema(struct store *s, struct wn_diag *d)
{
	struct wn_diag ignored = { 0 };
	wn_err err;

	if (s->read_only_file)
		return migrate_all(s, d);
	err = store_script(s->writer, "BEGIN IMMEDIATE", d);
	if (err)
		return err;
	err = store_script(s->writer, own_schema, d);
	if (!err)
		err = upgrade(s, d);
	if (!err)
		err = migrate_all(s, d);
	if (!err)
		err = store_script(s->writer, "COMMIT", d);
	if (err)
		(void)store_script(s->writer, "ROLLBACK", &ignored);
	return err;
}

static wn_err
take_ends(void *arg, const struct wn_sql_value *row, size_t columns)
{
	int64_t *ends = (int64_t *)arg;

	(void)columns;
	ends[0] = row[0].i;
	ends[1] = row[1].i;
	return WN_OK;
}

wn_err
store_positions(struct store *s, struct wn_diag *d)
{
	int64_t ends[2] = { 0, 0 };
	wn_err err = store_run(s->writer,
			       "SELECT (SELECT max(seq) FROM store_event), (SELECT max(id) FROM "
			       "store_stream)",
			       NULL, 0, take_ends, ends, d);

	s->next_seq = ends[0] + 1;
	s->next_stream = ends[1] + 1;
	atomic_store(&s->last_seq, ends[0]);
	return err;
}

/* --- rebuild ------------------------------------------------------------------ */

static wn_err
empty_tables(struct store *s, struct wn_diag *d)
{
	wn_err err = store_script(s->writer, "DELETE FROM store_projection_fault", d);

	for (size_t i = 0; i < s->nsets && !err; i++)
		for (const char *const *t = s->sets[i].tables; t && *t && !err; t++) {
			char *sql = sqlite3_mprintf("DELETE FROM \"%w\"", *t);

			err = sql ? store_script(s->writer, sql, d)
				  : wn_fail(d, WN_E_NO_MEMORY, "no memory to rebuild");
			sqlite3_free(sql);
		}
	return err;
}

struct replay {
	struct store *store;
	struct store_op *op;
	int64_t done, total;
};

static wn_err
replay_one(void *arg, const struct wn_event *ev)
{
	struct replay *r = (struct replay *)arg;

	r->done++;
	if (r->op->progress && r->done % 10000 == 0)
		r->op->progress(r->op->done_arg, r->done, r->total);
	return store_project(r->store, ev, &r->op->diag);
}

/* One try, in a transaction that is over afterwards. */
static wn_err
replay_all(struct store *s, struct store_op *op, struct store_conn *reader)
{
	struct replay r = { s, op, 0, atomic_load(&s->last_seq) };
	struct wn_event_query all = { .limit = INT32_MAX };
	struct wn_diag ignored = { 0 };
	wn_err err = store_script(s->writer, "BEGIN IMMEDIATE", &op->diag);

	if (err)
		return err;
	err = empty_tables(s, &op->diag);
	if (!err)
		err = store_events_on(reader, &all, replay_one, &r, &op->diag);
	if (!err)
		err = store_script(s->writer, "COMMIT", &op->diag);
	if (err)
		(void)store_script(s->writer, "ROLLBACK", &ignored);
	else if (op->progress)
		op->progress(op->done_arg, r.done, r.done);
	return err;
}

wn_err
store_rebuild_run(struct store *s, struct store_op *op)
{
	struct store_conn *reader = NULL;
	/* A connection of its own: the cursor over the log must not share statements with the
	 * projections. */
	wn_err err = store_conn_open(s, true, &reader, &op->diag);

	if (err)
		return err;
	s->again = false;
	err = replay_all(s, op, reader);
	if (err && s->again) {
		wn_diag_clear(&op->diag);
		s->careful = true;
		err = replay_all(s, op, reader);
		s->careful = false;
	}
	store_conn_free(reader);
	return err;
}
