/*
 * Durable appends of 512 B events: our store (each event held against its contract, versions
 *counted, a table projected) beside a bare SQLite table of the same rows and a raw file written and
 *flushed with fdatasync. Then the log projected anew, beside a plain read of the same rows in
 *order. Interleaved rounds, medians, ratios only.
 *
 *	append_bench [DIR]	prints one JSON object
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/contracts.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_store.h"
#include "runtime/base/clock.h"
#include "runtime/base/file.h"
#include "runtime/base/id.h"
#include "runtime/base/mem.h"

extern const struct wn_module store_sqlite_module;

#define ROUNDS 7
#define SINGLES 400
#define GROUPS 200
#define GROUP 100
#define BODY 512

static char body[BODY + 1];

static void
on_done(void *arg, wn_err err, const struct wn_event *evs, size_t n, const struct wn_diag *d)
{
	(void)arg;
	(void)evs;
	(void)n;
	if (err) {
		fprintf(stderr, "append: %s\n", d->text);
		exit(1);
	}
}

static wn_err
project(void *arg, struct wn_tx *tx, const struct wn_event *ev)
{
	struct wn_sql_value row[] = { WN_SQL_T(ev->stream), WN_SQL_I(ev->version) };

	(void)arg;
	return tx->exec(
		tx, "INSERT INTO bench_item VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET n = ?2",
		row, 2);
}

static void
on_state(void *arg, enum wn_store_state state, const char *why)
{
	(void)arg;
	(void)state;
	(void)why;
}

struct ours {
	struct wn_host host;
	struct wn_mod mod;
	const struct wn_iface_store *store;
	struct wn_migration_set set;
	struct wn_idgen ids;
	struct wn_arena arena;
};

static void
ours_open(struct ours *o, const char *dir)
{
	static const char *const sql[] = {
		"CREATE TABLE bench_item (id TEXT PRIMARY KEY, n INTEGER NOT NULL)", NULL
	};
	static const char *const tables[] = { "bench_item", NULL };
	struct wn_diag d = { 0 };

	o->host.state_dir = dir;
	o->host.clock = wn_clock_real();
	o->mod = (struct wn_mod){ .desc = &store_sqlite_module, .host = &o->host };
	o->set = (struct wn_migration_set){ "bench", sql, tables };
	wn_idgen_init(&o->ids, o->host.clock);
	wn_arena_init(&o->arena, 0);
	if (store_sqlite_module.init(&o->mod, &o->host))
		exit(1);
	o->store = (const struct wn_iface_store *)store_sqlite_module.offers[0].vtable;
	if (o->store->open(&o->mod, &o->set, 1, project, NULL, on_state, NULL, &d)) {
		fprintf(stderr, "%s\n", d.text);
		exit(1);
	}
}

/* As the kernel does for an emit of a job: a fresh id, the contract, and wait until it is durable.
 */
static struct wn_append
event(struct ours *o, char id[WN_ULID_MAX], const char *first)
{
	struct wn_diag d = { 0 };
	struct wn_append a = { .ev = { .id = id,
				       .source = "webnova/engine",
				       .type = "job.finished",
				       .subject = "x",
				       .time_ms = 1,
				       .dataschema = "urn:webnova:event:job.finished:1",
				       .stream = "job/1",
				       .tenant = "local",
				       .actor = "user:0",
				       .correlation = first,
				       .data = wn_strn(body, BODY) },
			       .expect = -1,
			       .fresh_id = true };

	wn_id_ulid(&o->ids, id);
	if (wn_contract_check_event(a.ev.type, 1, a.ev.data, &o->arena, &d)) {
		fprintf(stderr, "contract: %s\n", d.text);
		exit(1);
	}
	wn_arena_clear(&o->arena);
	return a;
}

static double
ours_run(struct ours *o, size_t times, size_t group)
{
	static char ids[GROUP][WN_ULID_MAX];
	struct wn_append *batch = (struct wn_append *)wn_alloc_array(group, sizeof *batch);
	int64_t began = wn_mono_ns(o->host.clock);

	for (size_t t = 0; t < times; t++) {
		for (size_t i = 0; i < group; i++)
			batch[i] = event(o, ids[i], ids[0]);
		if (o->store->append_wait(&o->mod, batch, group, on_done, NULL, NULL))
			exit(1);
	}
	wn_free(batch);
	return (double)(wn_mono_ns(o->host.clock) - began);
}

static double
rebuild_run(struct ours *o)
{
	int64_t began = wn_mono_ns(o->host.clock);
	struct wn_diag d = { 0 };

	if (o->store->rebuild(&o->mod, NULL, NULL, &d)) {
		fprintf(stderr, "rebuild: %s\n", d.text);
		exit(1);
	}
	return (double)(wn_mono_ns(o->host.clock) - began);
}

/* Every column of the bare log, in order of seq. */
static double
scan_run(sqlite3 *db, int64_t *rows)
{
	int64_t began = wn_mono_ns(wn_clock_real());
	sqlite3_stmt *all;

	*rows = 0;
	sqlite3_prepare_v2(db, "SELECT * FROM e ORDER BY seq", -1, &all, NULL);
	while (sqlite3_step(all) == SQLITE_ROW) {
		for (int i = 0; i < 13; i++)
			(void)sqlite3_column_blob(all, i);
		++*rows;
	}
	sqlite3_finalize(all);
	return (double)(wn_mono_ns(wn_clock_real()) - began);
}

/* The same rows and indexes, one thread, nothing checked, nothing projected. */
static sqlite3 *
bare_open(const char *dir)
{
	char *path = wn_path_join(dir, "bare.db");
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		exit(1);
	wn_free(path);
	sqlite3_exec(
		db,
		"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA wal_autocheckpoint = 2000; CREATE TABLE e (seq INTEGER PRIMARY KEY, id "
		"TEXT NOT NULL UNIQUE,"
		"stream_id INTEGER, version INTEGER, type TEXT, source TEXT, subject TEXT, time_ms "
		"INTEGER,"
		"dataschema TEXT, actor TEXT, causation TEXT, correlation TEXT, data TEXT);"
		"CREATE UNIQUE INDEX v ON e (stream_id, version)",
		NULL, NULL, NULL);
	return db;
}

static double
bare_run(sqlite3 *db, struct wn_idgen *ids, int64_t *version, size_t times, size_t group)
{
	char id[WN_ULID_MAX];
	sqlite3_stmt *ins;
	int64_t began = wn_mono_ns(wn_clock_real());

	sqlite3_prepare_v2(
		db,
		"INSERT INTO e VALUES (NULL, ?1, 1, ?2, 'job.finished', 'webnova/engine', 'x', 1, "
		"'urn:webnova:event:job.finished:1', 'user:0', NULL, ?1, ?3)",
		-1, &ins, NULL);
	for (size_t t = 0; t < times; t++) {
		sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		for (size_t i = 0; i < group; i++) {
			wn_id_ulid(ids, id);
			sqlite3_reset(ins);
			sqlite3_bind_text(ins, 1, id, -1, SQLITE_STATIC);
			sqlite3_bind_int64(ins, 2, ++*version);
			sqlite3_bind_text(ins, 3, body, BODY, SQLITE_STATIC);
			if (sqlite3_step(ins) != SQLITE_DONE)
				exit(1);
		}
		sqlite3_reset(ins);
		sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	}
	sqlite3_finalize(ins);
	return (double)(wn_mono_ns(wn_clock_real()) - began);
}

static double
raw_run(int fd, size_t times, size_t group)
{
	int64_t began = wn_mono_ns(wn_clock_real());
	size_t n = BODY * group;
	char *bytes = (char *)wn_alloc(n);

	for (size_t t = 0; t < times; t++)
		if (write(fd, bytes, n) != (ssize_t)n || fdatasync(fd) != 0)
			exit(1);
	wn_free(bytes);
	return (double)(wn_mono_ns(wn_clock_real()) - began);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, by_value);
	return v[ROUNDS / 2];
}

/* A document of exactly BODY bytes that follows the contract of job.finished. */
static void
make_body(void)
{
	static const char head[] = "{\"job\":\"01J8ZQ5K3W0000000000000000\",\"result\":\"";

	memset(body, 'x', BODY);
	memcpy(body, head, sizeof head - 1);
	memcpy(body + BODY - 2, "\"}", 2);
}

int
main(int argc, char **argv)
{
	char dir[] = "/tmp/wn-bench-XXXXXX";
	const char *where = argc > 1 ? argv[1] : mkdtemp(dir);
	double ours[2][ROUNDS], bare[2][ROUNDS], raw[2][ROUNDS], rebuilt[ROUNDS], scanned[ROUNDS];
	struct ours o = { 0 };
	int64_t version = 0, rows = 0;
	char *raw_path = wn_path_join(where, "raw");
	int fd = open(raw_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	sqlite3 *db = bare_open(where);

	make_body();
	ours_open(&o, where);
	for (int r = 0; r < ROUNDS; r++) {
		ours[0][r] = ours_run(&o, SINGLES, 1);
		bare[0][r] = bare_run(db, &o.ids, &version, SINGLES, 1);
		raw[0][r] = raw_run(fd, SINGLES, 1);
		ours[1][r] = ours_run(&o, GROUPS, GROUP);
		bare[1][r] = bare_run(db, &o.ids, &version, GROUPS, GROUP);
		raw[1][r] = raw_run(fd, GROUPS, GROUP);
	}
	for (int r = 0; r < ROUNDS; r++) {
		rebuilt[r] = rebuild_run(&o);
		scanned[r] = scan_run(db, &rows);
	}
	printf("{\"append_one_vs_sqlite_rate\": %.2f, \"append_one_vs_raw_fdatasync_rate\": %.2f, "
	       "\"append_100_vs_sqlite_rate\": %.2f, \"append_100_vs_raw_fdatasync_rate\": %.2f, ",
	       median(bare[0]) / median(ours[0]), median(raw[0]) / median(ours[0]),
	       median(bare[1]) / median(ours[1]), median(raw[1]) / median(ours[1]));
	printf("\"rebuild_vs_sequential_read_rate\": %.2f, \"rebuild_vs_200k_events_a_second\": "
	       "%.2f}\n",
	       median(scanned) / median(rebuilt), (double)rows * 1e9 / median(rebuilt) / 200000);
	store_sqlite_module.fini(&o.mod);
	wn_arena_fini(&o.arena);
	sqlite3_close(db);
	close(fd);
	wn_free(raw_path);
	return wn_file_rmtree(where, NULL) ? 1 : 0;
}
