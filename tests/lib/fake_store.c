/*
 * Implements the fake store. The log is a vector of copies; tables live in an SQLite memory
 * database. A lock makes it usable from job threads of a real kernel under test.
 */
#include "tests/lib/fake_store.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>

#include "runtime/base/map.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"
#include "runtime/kernel/bus.h"

struct held {
	WN_VEC(struct wn_bus_event *) evs;
	wn_append_done_fn done;
	void *arg;
};

struct fake_store {
	struct wn_mod mod;
	pthread_mutex_t lock;
	sqlite3 *db;
	WN_VEC(struct wn_bus_event *) log;
	WN_VEC(struct held *) held;
	WN_VEC(char *) dead;
	int refuse_dead;
	struct wn_map cursors; /* name to int64_t * */
	wn_projector_fn projector;
	void *projector_arg;
	const struct wn_migration_set *sets;
	size_t n_sets;
	wn_err fail;
	int fail_n;
	bool hold;
};

static struct fake_store *
store_of(struct wn_mod *m)
{
	return m->state;
}

static void
lock(struct fake_store *s)
{
	pthread_mutex_lock(&s->lock);
}

static void
unlock(struct fake_store *s)
{
	pthread_mutex_unlock(&s->lock);
}

/* ---- SQL ---- */

static wn_err
sql_fail(struct fake_store *s, const char *sql, struct wn_diag *d)
{
	return wn_fail(d, WN_E_INTERNAL, "%s: %s", sqlite3_errmsg(s->db), sql);
}

static void
bind_values(sqlite3_stmt *st, const struct wn_sql_value *args, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int at = (int)i + 1;

		switch (args[i].type) {
		case WN_SQL_INT:
			sqlite3_bind_int64(st, at, args[i].i);
			break;
		case WN_SQL_REAL:
			sqlite3_bind_double(st, at, args[i].r);
			break;
		case WN_SQL_TEXT:
			sqlite3_bind_text(st, at, args[i].s.p, (int)args[i].s.len,
					  SQLITE_TRANSIENT);
			break;
		case WN_SQL_BLOB:
			sqlite3_bind_blob(st, at, args[i].s.p, (int)args[i].s.len,
					  SQLITE_TRANSIENT);
			break;
		case WN_SQL_NULL:
			sqlite3_bind_null(st, at);
			break;
		}
	}
}

static struct wn_sql_value
column(sqlite3_stmt *st, int i)
{
	struct wn_sql_value v = { .type = WN_SQL_NULL };

	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		v.type = WN_SQL_INT;
		v.i = sqlite3_column_int64(st, i);
		break;
	case SQLITE_FLOAT:
		v.type = WN_SQL_REAL;
		v.r = sqlite3_column_double(st, i);
		break;
	case SQLITE_TEXT:
		v.type = WN_SQL_TEXT;
		v.s = wn_strn((const char *)sqlite3_column_text(st, i),
			      (size_t)sqlite3_column_bytes(st, i));
		break;
	case SQLITE_BLOB:
		v.type = WN_SQL_BLOB;
		v.s = wn_strn(sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i));
		break;
	default:
		break;
	}
	return v;
}

/* The lock is held. */
static wn_err
run_sql(struct fake_store *s, const char *sql, const struct wn_sql_value *args, size_t n,
	wn_row_fn row, void *arg, struct wn_diag *d)
{
	struct wn_sql_value values[64];
	sqlite3_stmt *st = NULL;
	wn_err err = WN_OK;
	int rc;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return sql_fail(s, sql, d);
	bind_values(st, args, n);
	while (err == WN_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		int columns = sqlite3_column_count(st);

		assert(columns <= 64);
		for (int i = 0; i < columns; i++)
			values[i] = column(st, i);
		if (row != NULL)
			err = row(arg, values, (size_t)columns);
	}
	if (err == WN_OK && rc != SQLITE_DONE)
		err = sql_fail(s, sql, d);
	sqlite3_finalize(st);
	return err;
}

struct fake_tx {
	struct wn_tx tx; /* first */
	struct fake_store *store;
};

static wn_err
tx_exec(struct wn_tx *tx, const char *sql, const struct wn_sql_value *args, size_t n)
{
	return run_sql(((struct fake_tx *)tx)->store, sql, args, n, NULL, NULL, tx->diag);
}

static wn_err
tx_query(struct wn_tx *tx, const char *sql, const struct wn_sql_value *args, size_t n,
	 wn_row_fn row, void *arg)
{
	return run_sql(((struct fake_tx *)tx)->store, sql, args, n, row, arg, tx->diag);
}

static wn_err
project(struct fake_store *s, const struct wn_event *ev, struct wn_diag *d)
{
	struct fake_tx tx = { { tx_exec, tx_query, d }, s };

	return s->projector != NULL ? s->projector(s->projector_arg, &tx.tx, ev) : WN_OK;
}

/* ---- the interface ---- */

static wn_err
do_open(struct wn_mod *m, const struct wn_migration_set *sets, size_t n, wn_projector_fn projector,
	void *projector_arg, wn_store_state_fn on_state, void *state_arg, struct wn_diag *d)
{
	struct fake_store *s = store_of(m);

	(void)on_state;
	(void)state_arg;
	s->sets = sets;
	s->n_sets = n;
	s->projector = projector;
	s->projector_arg = projector_arg;
	for (size_t i = 0; i < n; i++) {
		for (const char *const *sql = sets[i].sql; *sql != NULL; sql++) {
			if (sqlite3_exec(s->db, *sql, NULL, NULL, NULL) != SQLITE_OK)
				return sql_fail(s, *sql, d);
		}
	}
	return WN_OK;
}

static int64_t
version_of(const struct fake_store *s, const char *tenant, const char *stream)
{
	int64_t v = 0;

	for (size_t i = 0; i < s->log.len; i++) {
		const struct wn_event *ev = &s->log.p[i]->ev;

		if (strcmp(ev->stream, stream) == 0 && strcmp(ev->tenant, tenant) == 0)
			v = ev->version;
	}
	return v;
}

static wn_err
check(struct fake_store *s, const struct wn_append *a, struct wn_diag *d)
{
	int64_t v = version_of(s, a->ev.tenant, a->ev.stream);

	for (size_t i = 0; i < s->log.len; i++) {
		if (strcmp(s->log.p[i]->ev.id, a->ev.id) == 0)
			return wn_fail(d, WN_E_EXISTS, "event %s was appended before", a->ev.id);
	}
	if (a->expect >= 0 && a->expect != v)
		return wn_fail(d, WN_E_CONFLICT, "stream %s is at version %lld", a->ev.stream,
			       (long long)v);
	return WN_OK;
}

static wn_err
commit(struct fake_store *s, const struct wn_append *batch, size_t n, struct held *h,
       struct wn_diag *d)
{
	if (s->fail_n > 0) {
		s->fail_n--;
		return wn_fail(d, s->fail, "%s", wn_error_row(s->fail)->text);
	}
	for (size_t i = 0; i < n; i++) {
		wn_err err = check(s, &batch[i], d);

		if (err != WN_OK)
			return err;
	}
	for (size_t i = 0; i < n; i++) {
		struct wn_event ev = batch[i].ev;
		wn_err err;

		ev.seq = (int64_t)s->log.len + 1;
		ev.version = version_of(s, ev.tenant, ev.stream) + 1;
		err = project(s, &ev, d);
		if (err != WN_OK)
			return err;
		wn_vec_push(&s->log, wn_bus_event_new(&ev));
		wn_vec_push(&h->evs, wn_bus_event_new(&ev));
	}
	return WN_OK;
}

static void
call_back(struct held *h, wn_err err, const struct wn_diag *d)
{
	struct wn_event *evs = wn_alloc_array(h->evs.len + 1, sizeof(*evs));

	for (size_t i = 0; i < h->evs.len; i++)
		evs[i] = h->evs.p[i]->ev;
	h->done(h->arg, err, evs, h->evs.len, d);
	for (size_t i = 0; i < h->evs.len; i++)
		wn_bus_event_unref(h->evs.p[i]);
	wn_vec_fini(&h->evs);
	wn_free(evs);
	wn_free(h);
}

static wn_err
do_append(struct wn_mod *m, const struct wn_append *batch, size_t n, wn_append_done_fn done,
	  void *arg, struct wn_diag *d)
{
	struct fake_store *s = store_of(m);
	struct held *h = WN_NEW(struct held);
	struct wn_diag diag = { 0 };
	bool hold;
	wn_err err;

	(void)d;
	h->done = done;
	h->arg = arg;
	lock(s);
	err = commit(s, batch, n, h, &diag);
	hold = s->hold && err == WN_OK;
	if (hold)
		wn_vec_push(&s->held, h);
	unlock(s);
	if (!hold)
		call_back(h, err, &diag);
	return WN_OK;
}

static bool
same(const char *want, const char *have)
{
	return want == NULL || (have != NULL && strcmp(want, have) == 0);
}

static bool
fits(const struct wn_event_query *q, const struct wn_event *ev)
{
	if (ev->seq <= q->after || (q->upto > 0 && ev->seq > q->upto))
		return false;
	if (!same(q->tenant, ev->tenant) || !same(q->stream, ev->stream) ||
	    !same(q->subject, ev->subject) || !same(q->correlation, ev->correlation))
		return false;
	if (q->types == NULL)
		return true;
	for (const char *const *t = q->types; *t != NULL; t++) {
		if (wn_event_type_fits(*t, ev->type))
			return true;
	}
	return false;
}

static wn_err
do_events(struct wn_mod *m, const struct wn_event_query *q, wn_event_fn fn, void *arg,
	  struct wn_diag *d)
{
	struct fake_store *s = store_of(m);
	size_t left = q->limit > 0 ? q->limit : 1000;
	wn_err err = WN_OK;

	(void)d;
	lock(s);
	for (size_t i = 0; i < s->log.len && left > 0 && err == WN_OK; i++) {
		const struct wn_event *ev = &s->log.p[q->newest_first ? s->log.len - 1 - i : i]->ev;

		if (!fits(q, ev))
			continue;
		left--;
		err = fn(arg, ev);
	}
	unlock(s);
	return err;
}

static int64_t
do_last_seq(struct wn_mod *m)
{
	struct fake_store *s = store_of(m);
	int64_t n;

	lock(s);
	n = (int64_t)s->log.len;
	unlock(s);
	return n;
}

static wn_err
do_stream_version(struct wn_mod *m, const char *tenant, const char *stream, int64_t *out,
		  struct wn_diag *d)
{
	struct fake_store *s = store_of(m);

	(void)d;
	lock(s);
	*out = version_of(s, tenant, stream);
	unlock(s);
	return WN_OK;
}

static wn_err
do_query(struct wn_mod *m, const char *sql, const struct wn_sql_value *args, size_t n,
	 wn_row_fn row, void *arg, struct wn_diag *d)
{
	struct fake_store *s = store_of(m);
	wn_err err;

	lock(s);
	err = run_sql(s, sql, args, n, row, arg, d);
	unlock(s);
	return err;
}

static wn_err
do_cursor_get(struct wn_mod *m, const char *consumer, int64_t *seq_out, struct wn_diag *d)
{
	(void)d;
	*seq_out = fake_store_cursor(store_of(m), consumer);
	return WN_OK;
}

static wn_err
do_cursor_set(struct wn_mod *m, const char *consumer, int64_t seq)
{
	fake_store_set_cursor(store_of(m), consumer, seq);
	return WN_OK;
}

static wn_err
do_dead_letter(struct wn_mod *m, const char *consumer, const struct wn_event *ev,
	       const struct wn_diag *why)
{
	struct fake_store *s = store_of(m);
	wn_err err = WN_OK;

	(void)why;
	lock(s);
	if (s->refuse_dead > 0) {
		s->refuse_dead--;
		err = WN_E_BUSY;
	} else {
		wn_vec_push(&s->dead, wn_asprintf("%s %s", consumer, ev->id));
	}
	unlock(s);
	return err;
}

static wn_err
do_rebuild(struct wn_mod *m, void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
	   struct wn_diag *d)
{
	struct fake_store *s = store_of(m);
	wn_err err = WN_OK;

	lock(s);
	for (size_t i = 0; i < s->n_sets; i++) {
		for (const char *const *t = s->sets[i].tables; t != NULL && *t != NULL; t++) {
			char *sql = wn_asprintf("DELETE FROM %s", *t);

			if (err == WN_OK)
				err = run_sql(s, sql, NULL, 0, NULL, NULL, d);
			wn_free(sql);
		}
	}
	for (size_t i = 0; i < s->log.len && err == WN_OK; i++)
		err = project(s, &s->log.p[i]->ev, d);
	unlock(s);
	if (progress != NULL)
		progress(arg, (int64_t)s->log.len, (int64_t)s->log.len);
	return err;
}

static enum wn_store_state
do_state(struct wn_mod *m)
{
	return store_of(m)->fail_n > 0 ? WN_STORE_FULL : WN_STORE_OK;
}

static void
do_close(struct wn_mod *m)
{
	fake_store_hold(store_of(m), false);
}

const struct wn_iface_store fake_store_iface = { .open = do_open,
						 .append = do_append,
						 .events = do_events,
						 .last_seq = do_last_seq,
						 .stream_version = do_stream_version,
						 .query = do_query,
						 .cursor_get = do_cursor_get,
						 .cursor_set = do_cursor_set,
						 .dead_letter = do_dead_letter,
						 .rebuild = do_rebuild,
						 .state = do_state,
						 .close = do_close };

/* ---- for the test ---- */

struct fake_store *
fake_store_new(void)
{
	struct fake_store *s = WN_NEW(struct fake_store);

	s->mod.state = s;
	pthread_mutex_init(&s->lock, NULL);
	wn_map_init(&s->cursors);
	if (sqlite3_open(":memory:", &s->db) != SQLITE_OK)
		assert(!"no memory database");
	return s;
}

void
fake_store_free(struct fake_store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->log.len; i++)
		wn_bus_event_unref(s->log.p[i]);
	for (size_t i = 0; i < s->dead.len; i++)
		wn_free(s->dead.p[i]);
	wn_vec_fini(&s->log);
	wn_vec_fini(&s->held);
	wn_vec_fini(&s->dead);
	wn_map_fini(&s->cursors, wn_free);
	sqlite3_close(s->db);
	pthread_mutex_destroy(&s->lock);
	wn_free(s);
}

struct wn_mod *
fake_store_mod(struct fake_store *s)
{
	return &s->mod;
}

size_t
fake_store_count(const struct fake_store *s)
{
	return s->log.len;
}

const struct wn_event *
fake_store_at(const struct fake_store *s, size_t i)
{
	return &s->log.p[i]->ev;
}

void
fake_store_fail(struct fake_store *s, wn_err err, int n)
{
	s->fail = err;
	s->fail_n = n;
}

void
fake_store_hold(struct fake_store *s, bool hold)
{
	struct held **list;
	size_t n;

	lock(s);
	s->hold = hold;
	list = s->held.p;
	n = s->held.len;
	if (!hold) {
		s->held.p = NULL;
		s->held.len = s->held.cap = 0;
	}
	unlock(s);
	if (hold)
		return;
	for (size_t i = 0; i < n; i++)
		call_back(list[i], WN_OK, NULL);
	wn_free(list);
}

void
fake_store_refuse_dead(struct fake_store *s, int n)
{
	s->refuse_dead = n;
}

size_t
fake_store_dead_count(const struct fake_store *s)
{
	return s->dead.len;
}

const char *
fake_store_dead(const struct fake_store *s, size_t i)
{
	return s->dead.p[i];
}

int64_t
fake_store_cursor(const struct fake_store *s, const char *consumer)
{
	const int64_t *seq = wn_map_get(&s->cursors, wn_str(consumer));

	return seq != NULL ? *seq : 0;
}

void
fake_store_set_cursor(struct fake_store *s, const char *consumer, int64_t seq)
{
	int64_t *v = WN_NEW(int64_t);

	*v = seq;
	lock(s);
	wn_free(wn_map_set(&s->cursors, wn_str(consumer), v));
	unlock(s);
}
