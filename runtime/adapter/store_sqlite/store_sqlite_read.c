/*
 * Reading: a small pool of read-only connections for any number of job threads.
 * Readers never wait for the writer (WAL) and never write.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include "runtime/base/mem.h"

/* A connection of the pool that still looks at the present file; NULL: open one. Called with the
 * lock held. */
static struct store_conn *
pool_take(struct store *s)
{
	struct store_conn *c;

	while ((c = SLIST_FIRST(&s->pool))) {
		SLIST_REMOVE_HEAD(&s->pool, next);
		if (c->generation == atomic_load(&s->generation))
			return c;
		s->pool_open--;
		store_conn_free(c);
	}
	return NULL;
}

static wn_err
reader_take(struct store *s, struct store_conn **out, struct wn_diag *d)
{
	struct store_conn *c;
	wn_err err = WN_OK;

	pthread_mutex_lock(&s->pool_lock);
	while (SLIST_EMPTY(&s->pool) && s->pool_open >= STORE_READERS_MAX)
		pthread_cond_wait(&s->pool_cond, &s->pool_lock);
	c = pool_take(s);
	if (!c)
		s->pool_open++;
	pthread_mutex_unlock(&s->pool_lock);
	if (!c) {
		err = store_conn_open(s, true, &c, d);
		if (err) {
			pthread_mutex_lock(&s->pool_lock);
			s->pool_open--;
			pthread_cond_signal(&s->pool_cond);
			pthread_mutex_unlock(&s->pool_lock);
		}
	}
	*out = c;
	return err;
}

static void
reader_give(struct store *s, struct store_conn *c)
{
	bool stale = c->generation != atomic_load(&s->generation);

	pthread_mutex_lock(&s->pool_lock);
	if (stale)
		s->pool_open--;
	else
		SLIST_INSERT_HEAD(&s->pool, c, next);
	pthread_cond_signal(&s->pool_cond);
	pthread_mutex_unlock(&s->pool_lock);
	if (stale)
		store_conn_free(c);
}

void
store_readers_fini(struct store *s)
{
	struct store_conn *c;

	while ((c = SLIST_FIRST(&s->pool))) {
		SLIST_REMOVE_HEAD(&s->pool, next);
		store_conn_free(c);
	}
	s->pool_open = 0;
}

wn_err
store_query(struct wn_mod *m, const char *sql, const struct wn_sql_value *args, size_t n,
	    wn_row_fn row, void *arg, struct wn_diag *d)
{
	struct store *s = store_of(m);
	struct store_conn *c;
	wn_err err = reader_take(s, &c, d);

	if (err)
		return err;
	err = store_run(c, sql, args, n, row, arg, d);
	reader_give(s, c);
	return err;
}

static const char *
text(const struct wn_sql_value *v)
{
	return v->type == WN_SQL_TEXT ? v->s.p : NULL;
}

struct each_event {
	wn_event_fn fn;
	void *arg;
};

static wn_err
event_row(void *arg, const struct wn_sql_value *r, size_t columns)
{
	struct each_event *each = (struct each_event *)arg;
	struct wn_event ev = {
		.seq = r[0].i,
		.id = text(&r[1]),
		.type = text(&r[2]),
		.source = text(&r[3]),
		.subject = text(&r[4]),
		.time_ms = r[5].i,
		.dataschema = text(&r[6]),
		.stream = text(&r[7]),
		.version = r[8].i,
		.tenant = text(&r[9]),
		.actor = text(&r[10]),
		.causation = text(&r[11]),
		.correlation = text(&r[12]),
		.data = r[13].s,
	};

	(void)columns;
	return each->fn(each->arg, &ev);
}

static const char event_select[] =
	"SELECT e.seq, e.id, e.type, e.source, e.subject, e.time_ms, e.dataschema, s.name, "
	"e.version, s.tenant, e.actor, e.causation, e.correlation, e.data "
	"FROM store_event e JOIN store_stream s ON s.id = e.stream_id WHERE e.seq > ?1";

/* Only the conditions that are asked: each costs every row something. The plus keeps a tenant from
 * being an index: all of the log, sorted, for the first row of it. Types are '|a||b.*|'. */
static void
events_sql(const struct wn_event_query *q, struct wn_buf *sql)
{
	wn_buf_cstr(sql, event_select);
	if (q->upto)
		wn_buf_cstr(sql, " AND e.seq <= ?2");
	if (q->tenant)
		wn_buf_cstr(sql, " AND +s.tenant = ?3");
	if (q->stream && q->tenant)
		wn_buf_cstr(sql,
			    " AND e.stream_id = (SELECT id FROM store_stream WHERE tenant = ?3 "
			    "AND name = ?4)");
	else if (q->stream)
		wn_buf_cstr(sql, " AND s.name = ?4");
	if (q->subject)
		wn_buf_cstr(sql, " AND e.subject = ?5");
	if (q->correlation)
		wn_buf_cstr(sql, " AND e.correlation = ?6");
	if (q->types && *q->types)
		wn_buf_cstr(sql, " AND (instr(?7, '|' || e.type || '|') > 0 OR instr(?7, '|' || "
				 "substr(e.type, 1, instr(e.type, '.')) || '*|') > 0)");
	wn_buf_cstr(sql,
		    q->newest_first ? " ORDER BY e.seq DESC LIMIT ?8" : " ORDER BY e.seq LIMIT ?8");
}

static void
types_text(const char *const *types, struct wn_buf *out)
{
	for (; types && *types; types++)
		wn_buf_printf(out, "|%s|", *types);
}

wn_err
store_events_on(struct store_conn *c, const struct wn_event_query *q, wn_event_fn fn, void *arg,
		struct wn_diag *d)
{
	struct each_event each = { fn, arg };
	struct wn_buf types, sql;
	wn_err err;

	wn_buf_init(&types, 64 << 10);
	wn_buf_init(&sql, 4096);
	types_text(q->types, &types);
	events_sql(q, &sql);
	if (types.err) {
		err = wn_fail(d, WN_E_LIMIT, "the event filter names too many types");
	} else {
		struct wn_sql_value args[] = {
			WN_SQL_I(q->after),
			WN_SQL_I(q->upto),
			WN_SQL_T(q->tenant),
			WN_SQL_T(q->stream),
			WN_SQL_T(q->subject),
			WN_SQL_T(q->correlation),
			types.len ? WN_SQL_S(wn_buf_view(&types)) : WN_SQL_NONE,
			WN_SQL_I(q->limit ? (int64_t)q->limit : 1000),
		};
		err = store_run(c, sql.p, args, 8, event_row, &each, d);
	}
	wn_buf_fini(&sql);
	wn_buf_fini(&types);
	return err;
}

wn_err
store_events(struct wn_mod *m, const struct wn_event_query *q, wn_event_fn fn, void *arg,
	     struct wn_diag *d)
{
	struct store *s = store_of(m);
	struct store_conn *c;
	wn_err err = reader_take(s, &c, d);

	if (err)
		return err;
	err = store_events_on(c, q, fn, arg, d);
	reader_give(s, c);
	return err;
}

static wn_err
first_int(void *arg, const struct wn_sql_value *row, size_t columns)
{
	if (columns > 0 && row[0].type == WN_SQL_INT)
		*(int64_t *)arg = row[0].i;
	return WN_OK;
}

wn_err
store_stream_version(struct wn_mod *m, const char *tenant, const char *stream, int64_t *out,
		     struct wn_diag *d)
{
	struct wn_sql_value args[] = { WN_SQL_T(tenant), WN_SQL_T(stream) };

	*out = 0;
	return store_query(
		m,
		"SELECT coalesce(max(e.version), 0) FROM store_stream s JOIN store_event e "
		"ON e.stream_id = s.id WHERE s.tenant = ?1 AND s.name = ?2",
		args, 2, first_int, out, d);
}

wn_err
store_cursor_get(struct wn_mod *m, const char *consumer, int64_t *seq_out, struct wn_diag *d)
{
	struct wn_sql_value args[] = { WN_SQL_T(consumer) };

	*seq_out = 0;
	return store_query(m, "SELECT seq FROM store_cursor WHERE consumer = ?1", args, 1,
			   first_int, seq_out, d);
}
