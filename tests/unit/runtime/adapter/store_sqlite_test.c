/*
 * The store through its interface: order, versions, idempotency, projections, rebuild, cursors.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "runtime/abi/host.h"
#include "runtime/abi/iface_store.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

extern const struct wn_module store_sqlite_module;

struct fixture {
	char dir[64];
	struct wn_host host;
	struct wn_mod mod;
	struct wn_idgen ids;
	struct wn_migration_set set;
	bool project_fails;
	const struct wn_iface_store *store;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	int answers;
	wn_err last;
	int64_t last_seq, last_version;
	enum wn_store_state state;
};

static const char *const migrations[] = {
	"CREATE TABLE t_item (id TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT", NULL
};
static const char *const tables[] = { "t_item", NULL };

static wn_err
project(void *arg, struct wn_tx *tx, const struct wn_event *ev)
{
	struct fixture *f = (struct fixture *)arg;
	struct wn_sql_value row[] = { WN_SQL_T(ev->subject), WN_SQL_I(1) };
	wn_err err;

	if (strcmp(ev->type, "t.added") != 0)
		return WN_OK;
	err = tx->exec(
		tx, "INSERT INTO t_item VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET n = n + 1",
		row, 2);
	if (!err && (f->project_fails || strcmp(ev->subject, "bad") == 0))
		return wn_fail(tx->diag, WN_E_INVALID, "the projection is broken");
	return err;
}

static void
on_state(void *arg, enum wn_store_state state, const char *why)
{
	(void)why;
	((struct fixture *)arg)->state = state;
}

static void
open_store(struct fixture *f)
{
	struct wn_diag d = { 0 };

	f->mod = (struct wn_mod){ .desc = &store_sqlite_module, .host = &f->host };
	assert_int_equal(store_sqlite_module.init(&f->mod, &f->host), WN_OK);
	f->store = (const struct wn_iface_store *)store_sqlite_module.offers[0].vtable;
	f->set = (struct wn_migration_set){ "t", migrations, tables };
	if (f->store->open(&f->mod, &f->set, 1, project, f, on_state, f, &d))
		fail_msg("open: %s", d.text);
}

static int
setup(void **state)
{
	struct fixture *f = WN_NEW(struct fixture);

	strcpy(f->dir, "/tmp/wn-store-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->host.state_dir = f->dir;
	f->host.clock = wn_clock_real();
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->cond, NULL);
	wn_idgen_init(&f->ids, f->host.clock);
	open_store(f);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = (struct fixture *)*state;

	store_sqlite_module.fini(&f->mod);
	assert_int_equal(wn_file_rmtree(f->dir, NULL), WN_OK);
	pthread_cond_destroy(&f->cond);
	pthread_mutex_destroy(&f->lock);
	wn_free(f);
	return 0;
}

static void
reopen(struct fixture *f)
{
	store_sqlite_module.fini(&f->mod);
	open_store(f);
}

static void
done(void *arg, wn_err err, const struct wn_event *evs, size_t n, const struct wn_diag *d)
{
	struct fixture *f = (struct fixture *)arg;

	(void)d;
	pthread_mutex_lock(&f->lock);
	f->answers++;
	f->last = err;
	if (!err) {
		f->last_seq = evs[n - 1].seq;
		f->last_version = evs[n - 1].version;
	}
	pthread_cond_broadcast(&f->cond);
	pthread_mutex_unlock(&f->lock);
}

static struct wn_append
event(struct fixture *f, char id[WN_ULID_MAX], const char *stream, const char *subject,
      int64_t expect)
{
	wn_id_ulid(&f->ids, id);
	return (struct wn_append){
		.ev = { .id = id,
			.source = "webnova/t",
			.type = "t.added",
			.subject = subject,
			.time_ms = 1,
			.dataschema = "urn:webnova:event:t.added:1",
			.stream = stream,
			.tenant = "local",
			.actor = "user:0",
			.correlation = id,
			.data = WN_STR("{\"n\":1}") },
		.expect = expect,
	};
}

static wn_err
append(struct fixture *f, const struct wn_append *batch, size_t n)
{
	int before = f->answers;
	struct wn_diag d = { 0 };
	wn_err err = f->store->append(&f->mod, batch, n, done, f, &d);

	if (err)
		return err;
	pthread_mutex_lock(&f->lock);
	while (f->answers == before)
		pthread_cond_wait(&f->cond, &f->lock);
	pthread_mutex_unlock(&f->lock);
	return f->last;
}

static wn_err
append_one(struct fixture *f, const char *stream, const char *subject, int64_t expect)
{
	char id[WN_ULID_MAX];
	struct wn_append a = event(f, id, stream, subject, expect);

	return append(f, &a, 1);
}

static wn_err
count_row(void *arg, const struct wn_sql_value *row, size_t columns)
{
	(void)columns;
	*(int64_t *)arg = row[0].i;
	return WN_OK;
}

static int64_t
count(struct fixture *f, const char *sql)
{
	struct wn_diag d = { 0 };
	int64_t n = -1;

	if (f->store->query(&f->mod, sql, NULL, 0, count_row, &n, &d))
		fail_msg("%s: %s", sql, d.text);
	return n;
}

struct seen {
	size_t n;
	int64_t seqs[64];
	char subjects[64][16];
};

static wn_err
see(void *arg, const struct wn_event *ev)
{
	struct seen *s = (struct seen *)arg;

	s->seqs[s->n] = ev->seq;
	snprintf(s->subjects[s->n], sizeof s->subjects[0], "%s", ev->subject ? ev->subject : "");
	s->n++;
	return WN_OK;
}

static void
an_append_gets_the_next_seq_and_version(void **state)
{
	struct fixture *f = (struct fixture *)*state;

	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	assert_int_equal(append_one(f, "s/1", "b", -1), WN_OK);
	assert_int_equal(f->last_seq, 2);
	assert_int_equal(f->last_version, 2);
	assert_int_equal(f->store->last_seq(&f->mod), 2);
}

static void
a_wrong_expected_version_is_a_conflict_and_leaves_no_gap(void **state)
{
	struct fixture *f = (struct fixture *)*state;

	assert_int_equal(append_one(f, "s/1", "a", 0), WN_OK);
	assert_int_equal(append_one(f, "s/1", "b", 0), WN_E_CONFLICT);
	assert_int_equal(append_one(f, "s/1", "c", 1), WN_OK);
	assert_int_equal(f->last_seq, 2);
	assert_int_equal(f->last_version, 2);
}

static void
an_id_is_appended_once(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char id[WN_ULID_MAX];
	struct wn_append a = event(f, id, "s/1", "a", -1);

	assert_int_equal(append(f, &a, 1), WN_OK);
	assert_int_equal(append(f, &a, 1), WN_E_EXISTS);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 1);
	assert_int_equal(count(f, "SELECT n FROM t_item"), 1);
}

static void
an_id_made_for_its_append_is_no_key(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char id[WN_ULID_MAX];
	struct wn_append a = event(f, id, "s/1", "a", -1);

	a.fresh_id = true;
	assert_int_equal(append(f, &a, 1), WN_OK);
	assert_int_equal(count(f, "SELECT count(*) FROM store_key"), 0);
}

static void
a_waiting_append_is_durable_when_it_returns(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char id[WN_ULID_MAX];
	struct wn_append a = event(f, id, "s/1", "a", 0);
	struct wn_diag d = { 0 };

	assert_int_equal(f->store->append_wait(&f->mod, &a, 1, done, f, &d), WN_OK);
	assert_int_equal(f->answers, 1);
	assert_int_equal(f->last_version, 1);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 1);
	assert_int_equal(f->store->append_wait(&f->mod, &a, 1, done, f, &d), WN_E_CONFLICT);
	assert_non_null(strstr(d.text, "s/1"));
}

enum { THREADS = 4, EACH = 50 };

static void *
append_many(void *arg)
{
	struct fixture *f = (struct fixture *)arg;

	for (int i = 0; i < EACH; i++) {
		char id[WN_ULID_MAX] = "";
		struct wn_append a;

		pthread_mutex_lock(&f->lock);
		a = event(f, id, "s/1", "a", -1);
		pthread_mutex_unlock(&f->lock);
		if (f->store->append_wait(&f->mod, &a, 1, NULL, NULL, NULL))
			return f;
		a.ev.stream = "s/2";
		a.fresh_id = true;
		if (f->store->append(&f->mod, &a, 1, NULL, NULL, NULL))
			return f;
	}
	return NULL;
}

static void
appends_of_many_threads_leave_no_gap(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	pthread_t threads[THREADS];
	void *failed;

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, append_many, f), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &failed);
		assert_null(failed);
	}
	assert_int_equal(append_one(f, "s/3", "a", 0), WN_OK);
	assert_int_equal(f->last_seq, 2 * THREADS * EACH + 1);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), f->last_seq);
	assert_int_equal(count(f, "SELECT max(version) FROM store_event WHERE stream_id = (SELECT "
				  "id FROM store_stream WHERE name = 's/2')"),
			 THREADS * EACH);
	assert_int_equal(count(f, "SELECT sum(n) FROM t_item"), f->last_seq);
}

static void
what_fails_in_a_group_takes_nobody_with_it(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char ids[4][WN_ULID_MAX];
	struct wn_append a = event(f, ids[0], "s/1", "a", -1);
	struct wn_append late = event(f, ids[1], "s/1", "b", 7);
	struct wn_append good = event(f, ids[2], "s/2", "c", 0);
	struct wn_append last = event(f, ids[3], "s/2", "d", 1);

	assert_int_equal(append(f, &a, 1), WN_OK);
	/* Whatever part of these meets in one commit, only the first two fail. */
	assert_int_equal(f->store->append(&f->mod, &a, 1, done, f, NULL), WN_OK);
	assert_int_equal(f->store->append(&f->mod, &late, 1, done, f, NULL), WN_OK);
	assert_int_equal(f->store->append(&f->mod, &good, 1, done, f, NULL), WN_OK);
	assert_int_equal(f->store->cursor_set(&f->mod, "c", 1), WN_OK);
	assert_int_equal(f->store->append_wait(&f->mod, &last, 1, done, f, NULL), WN_OK);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 3);
	assert_int_equal(count(f, "SELECT seq FROM store_cursor"), 1);
	assert_int_equal(f->last_seq, 3);
}

static void
a_batch_is_all_or_nothing(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char ids[3][WN_ULID_MAX];
	struct wn_append batch[] = { event(f, ids[0], "s/1", "a", -1),
				     event(f, ids[1], "s/2", "b", -1),
				     event(f, ids[2], "s/1", "c", 7) };

	assert_int_equal(append(f, batch, 3), WN_E_CONFLICT);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 0);
	assert_int_equal(count(f, "SELECT count(*) FROM t_item"), 0);
	assert_int_equal(count(f, "SELECT count(*) FROM store_stream"), 0);
}

static void
a_failing_projection_keeps_the_fact_and_is_recorded(void **state)
{
	struct fixture *f = (struct fixture *)*state;

	f->project_fails = true;
	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 1);
	assert_int_equal(count(f, "SELECT count(*) FROM t_item"), 0);
	assert_int_equal(count(f, "SELECT count(*) FROM store_projection_fault WHERE seq = 1"), 1);
}

static void
a_failing_projection_takes_nobody_elses_rows_with_it(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char ids[4][WN_ULID_MAX];
	struct wn_append batch[] = { event(f, ids[0], "s/1", "a", 0),
				     event(f, ids[1], "s/2", "bad", 0),
				     event(f, ids[2], "s/1", "b", 1),
				     event(f, ids[3], "s/2", "bad", 1) };

	assert_int_equal(append(f, batch, 4), WN_OK);
	assert_int_equal(f->last_seq, 4);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 4);
	assert_int_equal(count(f, "SELECT count(*) FROM t_item WHERE id = 'bad'"), 0);
	assert_int_equal(count(f, "SELECT sum(n) FROM t_item"), 2);
	assert_int_equal(count(f, "SELECT count(*) FROM store_projection_fault"), 2);
	assert_int_equal(
		count(f, "SELECT sum(v) FROM (SELECT max(version) AS v FROM store_event GROUP BY "
			 "stream_id)"),
		4);
	assert_int_equal(append_one(f, "s/2", "a", 2), WN_OK);
}

static void
a_rebuild_goes_on_over_a_failing_projection(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	struct wn_diag d = { 0 };

	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	assert_int_equal(append_one(f, "s/1", "bad", -1), WN_OK);
	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	assert_int_equal(f->store->rebuild(&f->mod, NULL, NULL, &d), WN_OK);
	assert_int_equal(count(f, "SELECT n FROM t_item WHERE id = 'a'"), 2);
	assert_int_equal(count(f, "SELECT count(*) FROM t_item"), 1);
	assert_int_equal(count(f, "SELECT seq FROM store_projection_fault"), 2);
	assert_int_equal(append_one(f, "s/1", "b", 3), WN_OK);
}

static void
rebuild_gives_the_same_rows_and_mends_faults(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	struct wn_diag d = { 0 };

	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	f->project_fails = true;
	assert_int_equal(append_one(f, "s/1", "b", -1), WN_OK);
	f->project_fails = false;
	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	assert_int_equal(f->store->rebuild(&f->mod, NULL, NULL, &d), WN_OK);
	assert_int_equal(count(f, "SELECT n FROM t_item WHERE id = 'a'"), 2);
	assert_int_equal(count(f, "SELECT n FROM t_item WHERE id = 'b'"), 1);
	assert_int_equal(count(f, "SELECT count(*) FROM store_projection_fault"), 0);
}

static void
everything_is_there_after_a_reopen(void **state)
{
	struct fixture *f = (struct fixture *)*state;

	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	assert_int_equal(append_one(f, "s/1", "b", -1), WN_OK);
	reopen(f);
	assert_int_equal(f->store->last_seq(&f->mod), 2);
	assert_int_equal(append_one(f, "s/1", "c", 2), WN_OK);
	assert_int_equal(f->last_seq, 3);
}

static void
events_are_read_in_order_with_filters(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	struct seen all = { 0 }, one = { 0 }, none = { 0 }, back = { 0 };
	const char *const types[] = { "t.*", NULL }, *const other[] = { "u.*", "t.adde", NULL };
	struct wn_event_query q = { .types = types };
	struct wn_diag d = { 0 };

	for (int i = 0; i < 5; i++)
		assert_int_equal(append_one(f, i % 2 ? "s/odd" : "s/even", i % 2 ? "o" : "e", -1),
				 WN_OK);
	assert_int_equal(f->store->events(&f->mod, &q, see, &all, &d), WN_OK);
	assert_int_equal(all.n, 5);
	assert_int_equal(all.seqs[4], 5);
	q.stream = "s/odd";
	q.after = 2;
	assert_int_equal(f->store->events(&f->mod, &q, see, &one, &d), WN_OK);
	assert_int_equal(one.n, 1);
	assert_int_equal(one.seqs[0], 4);
	q = (struct wn_event_query){ .types = other };
	assert_int_equal(f->store->events(&f->mod, &q, see, &none, &d), WN_OK);
	assert_int_equal(none.n, 0);
	q = (struct wn_event_query){ .newest_first = true, .limit = 2 };
	assert_int_equal(f->store->events(&f->mod, &q, see, &back, &d), WN_OK);
	assert_int_equal(back.n, 2);
	assert_int_equal(back.seqs[0], 5);
}

static void
cursors_only_move_forward_and_survive(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	struct wn_diag d = { 0 };
	int64_t seq = -1;

	assert_int_equal(f->store->cursor_set(&f->mod, "snapshot", 7), WN_OK);
	assert_int_equal(f->store->cursor_set(&f->mod, "snapshot", 5), WN_OK);
	reopen(f);
	assert_int_equal(f->store->cursor_get(&f->mod, "snapshot", &seq, &d), WN_OK);
	assert_int_equal(seq, 7);
	assert_int_equal(f->store->cursor_get(&f->mod, "nobody", &seq, &d), WN_OK);
	assert_int_equal(seq, 0);
}

static void
a_changed_migration_is_refused(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	static const char *const other[] = { "CREATE TABLE t_item (id TEXT)", NULL };
	struct wn_migration_set set = { "t", other, tables };
	struct wn_diag d = { 0 };

	f->store->close(&f->mod);
	store_sqlite_module.fini(&f->mod);
	assert_int_equal(store_sqlite_module.init(&f->mod, &f->host), WN_OK);
	assert_int_equal(f->store->open(&f->mod, &set, 1, project, f, on_state, f, &d),
			 WN_E_VERSION);
	assert_non_null(strstr(d.text, "module t"));
}

/* The tables as format 1 had them, with one event. */
static void
make_format_1(const char *dir)
{
	char *path = wn_path_join(dir, "store/engine.db");
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(
			db,
			"DROP TABLE store_event; DROP TABLE store_stream; DROP TABLE store_key;"
			"CREATE TABLE store_stream (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL,"
			" name TEXT NOT NULL, version INTEGER NOT NULL, UNIQUE (tenant, name)) "
			"STRICT;"
			"CREATE TABLE store_event (seq INTEGER PRIMARY KEY, id TEXT NOT NULL "
			"UNIQUE,"
			" stream_id INTEGER NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL,"
			" source TEXT NOT NULL, subject TEXT, time_ms INTEGER NOT NULL, dataschema "
			"TEXT"
			" NOT NULL, actor TEXT NOT NULL, causation TEXT, correlation TEXT NOT NULL,"
			" data TEXT NOT NULL) STRICT;"
			"CREATE UNIQUE INDEX store_event_version ON store_event (stream_id, "
			"version);"
			"INSERT INTO store_stream VALUES (3, 'local', 's/1', 1);"
			"INSERT INTO store_event VALUES (1, '01J8ZQ5K3W0000000000000000', 3, 1, "
			"'t.added', 'webnova/t', 'a', 1, 'u', 'user:0', NULL, 'c', '{}');"
			"UPDATE store_meta SET value = '1' WHERE key = 'format';",
			NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	wn_free(path);
}

static void
an_older_format_is_brought_up_to_date(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char id[WN_ULID_MAX];
	struct wn_append again;

	store_sqlite_module.fini(&f->mod);
	make_format_1(f->dir);
	open_store(f);
	assert_int_equal(append_one(f, "s/1", "b", 1), WN_OK);
	assert_int_equal(append_one(f, "s/9", "c", 0), WN_OK);
	assert_int_equal(f->last_seq, 3);
	again = event(f, id, "s/1", "a", -1);
	again.ev.id = "01J8ZQ5K3W0000000000000000";
	assert_int_equal(append(f, &again, 1), WN_E_EXISTS);
	reopen(f);
	assert_int_equal(append_one(f, "s/1", "d", 2), WN_OK);
}

static void
a_newer_format_is_refused(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char *path = wn_path_join(f->dir, "store/engine.db");
	struct wn_diag d = { 0 };
	sqlite3 *db;

	store_sqlite_module.fini(&f->mod);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE store_meta SET value = '3' WHERE key = 'format'",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	wn_free(path);
	assert_int_equal(store_sqlite_module.init(&f->mod, &f->host), WN_OK);
	assert_int_equal(f->store->open(&f->mod, &f->set, 1, project, f, on_state, f, &d),
			 WN_E_VERSION);
	assert_non_null(strstr(d.text, "format 3"));
}

/* A disk of its own: a small tmpfs. */
static bool
small_disk(struct fixture *f)
{
	store_sqlite_module.fini(&f->mod);
	if (geteuid() != 0 || mount("none", f->dir, "tmpfs", 0, "size=1m") != 0) {
		open_store(f);
		return false;
	}
	open_store(f);
	return true;
}

static void
a_full_disk_is_said_and_recovered_from(void **state)
{
	struct fixture *f = (struct fixture *)*state;
	char filler[96], id[WN_ULID_MAX];
	static char big[65536];
	struct wn_append a;
	FILE *hog;
	wn_err err = WN_OK;
	int64_t kept;

	if (!small_disk(f)) {
		print_message("needs root and mount\n");
		skip();
	}
	memset(big, 'x', sizeof big - 1);
	big[0] = big[sizeof big - 2] = '"';
	snprintf(filler, sizeof filler, "%s/filler", f->dir);
	hog = fopen(filler, "w");
	for (int i = 0; i < 300; i++)
		fputs("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
		      "cdef\n",
		      hog);
	fclose(hog);
	for (int i = 0; i < 100 && !err; i++) {
		a = event(f, id, "s/1", "a", -1);
		a.ev.data = wn_str(big);
		/* The last one commits by itself: the writer has to hear of the disk all the same.
		 */
		err = f->store->append_wait(&f->mod, &a, 1, NULL, NULL, NULL);
	}
	assert_int_equal(err, WN_E_NO_SPACE);
	assert_int_equal(f->store->state(&f->mod), WN_STORE_FULL);
	kept = count(f, "SELECT count(*) FROM store_event");
	assert_true(kept > 0);
	assert_int_equal(append_one(f, "s/1", "b", -1), WN_E_NO_SPACE);
	assert_int_equal(mount("none", f->dir, "tmpfs", MS_REMOUNT, "size=16m"), 0);
	for (int i = 0; i < 400 && f->store->state(&f->mod) != WN_STORE_OK; i++)
		usleep(10000); /* the store's own probe interval is what is waited for */
	assert_int_equal(append_one(f, "s/1", "b", kept), WN_OK);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), kept + 1);
	store_sqlite_module.fini(&f->mod);
	assert_int_equal(umount(f->dir), 0);
	open_store(f);
}

static void
a_read_only_disk_can_be_read_and_comes_back(void **state)
{
	struct fixture *f = (struct fixture *)*state;

	if (!small_disk(f)) {
		print_message("needs root and mount\n");
		skip();
	}
	assert_int_equal(append_one(f, "s/1", "a", -1), WN_OK);
	store_sqlite_module.fini(&f->mod);
	assert_int_equal(mount("none", f->dir, "tmpfs", MS_REMOUNT | MS_RDONLY, ""), 0);
	open_store(f);
	assert_int_equal(f->store->state(&f->mod), WN_STORE_READ_ONLY);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 1);
	assert_int_equal(append_one(f, "s/1", "b", -1), WN_E_READ_ONLY);
	assert_int_equal(mount("none", f->dir, "tmpfs", MS_REMOUNT, "size=16m"), 0);
	for (int i = 0; i < 400 && f->store->state(&f->mod) != WN_STORE_OK; i++)
		usleep(10000);
	assert_int_equal(append_one(f, "s/1", "b", 1), WN_OK);
	assert_int_equal(count(f, "SELECT count(*) FROM store_event"), 2);
	store_sqlite_module.fini(&f->mod);
	assert_int_equal(umount(f->dir), 0);
	open_store(f);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_append_gets_the_next_seq_and_version),
		CASE(a_wrong_expected_version_is_a_conflict_and_leaves_no_gap),
		CASE(an_id_is_appended_once),
		CASE(an_id_made_for_its_append_is_no_key),
		CASE(a_waiting_append_is_durable_when_it_returns),
		CASE(appends_of_many_threads_leave_no_gap),
		CASE(what_fails_in_a_group_takes_nobody_with_it),
		CASE(a_batch_is_all_or_nothing),
		CASE(a_failing_projection_keeps_the_fact_and_is_recorded),
		CASE(a_failing_projection_takes_nobody_elses_rows_with_it),
		CASE(a_rebuild_goes_on_over_a_failing_projection),
		CASE(rebuild_gives_the_same_rows_and_mends_faults),
		CASE(everything_is_there_after_a_reopen),
		CASE(events_are_read_in_order_with_filters),
		CASE(cursors_only_move_forward_and_survive),
		CASE(a_changed_migration_is_refused),
		CASE(an_older_format_is_brought_up_to_date),
		CASE(a_newer_format_is_refused),
		CASE(a_full_disk_is_said_and_recovered_from),
		CASE(a_read_only_disk_can_be_read_and_comes_back),
	};

	return cmocka_run_group_tests_name("runtime/adapter/store_sqlite", tests, NULL, NULL);
}
