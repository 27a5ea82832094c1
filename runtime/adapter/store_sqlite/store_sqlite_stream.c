/*
 * Versions of streams: read once from the log, counted in memory. Only for whoever commits.
 *
 * A stream's version is that of its last event, so a commit writes nothing about it but, once, its
 * name. Every operation can be taken back alone: what it touched is listed with the version before.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include <string.h>

#include "runtime/base/mem.h"

static wn_err
take_row(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct store_stream *st = (struct store_stream *)arg;

	(void)columns;
	st->id = row[0].i;
	st->version = row[1].i;
	st->fresh = false;
	return WN_OK;
}

/* What the log knows of it; a stream without a row gets the next id. */
static wn_err
load(struct store *s, struct store_stream *st, struct wn_diag *d)
{
	struct wn_sql_value args[] = { WN_SQL_S(st->tenant), WN_SQL_S(st->name) };
	wn_err err;

	st->fresh = true;
	err = store_run(s->writer,
			"SELECT s.id, coalesce((SELECT max(e.version) FROM store_event e WHERE "
			"e.stream_id = s.id), 0) FROM store_stream s WHERE s.tenant = ?1 AND "
			"s.name = ?2",
			args, 2, take_row, st, d);
	if (!err && st->fresh)
		st->id = s->next_stream++;
	return err;
}

static struct store_stream *
stream_new(struct wn_str key, size_t tenant_len)
{
	struct store_stream *st = (struct store_stream *)wn_alloc(sizeof *st + key.len);
	char *text = (char *)(st + 1);

	memcpy(text, key.p, key.len);
	st->tenant = wn_strn(text, tenant_len);
	st->name = wn_strn(text + tenant_len + 1, key.len - tenant_len - 1);
	st->op_version = -1;
	return st;
}

static struct store_stream *
find_key(struct store *s, struct wn_str key, size_t tenant_len, wn_err *err, struct wn_diag *d)
{
	struct store_stream *st = (struct store_stream *)wn_map_get(&s->streams, key);

	if (st)
		return st;
	st = stream_new(key, tenant_len);
	*err = load(s, st, d);
	if (*err) {
		wn_free(st);
		return NULL;
	}
	wn_map_set(&s->streams, key, st);
	return st;
}

/* NULL with *err set when the table cannot be read. */
static struct store_stream *
find(struct store *s, const struct wn_event *ev, wn_err *err, struct wn_diag *d)
{
	char space[512];
	size_t a = strlen(ev->tenant), b = strlen(ev->stream);
	struct store_stream *st = s->last_stream;
	char *key;

	/* Events of one stream come in a row. */
	if (st && wn_str_eq(st->name, wn_strn(ev->stream, b)) &&
	    wn_str_eq(st->tenant, wn_strn(ev->tenant, a)))
		return st;
	key = a + b + 1 <= sizeof space ? space : (char *)wn_alloc(a + b + 1);
	memcpy(key, ev->tenant, a);
	key[a] = '\n';
	memcpy(key + a + 1, ev->stream, b);
	st = s->last_stream = find_key(s, wn_strn(key, a + b + 1), a, err, d);
	if (key != space)
		wn_free(key);
	return st;
}

wn_err
store_stream_next(struct store *s, struct wn_event *ev, int64_t expect, int64_t *id_out,
		  struct wn_diag *d)
{
	wn_err err = WN_OK;
	struct store_stream *st = find(s, ev, &err, d);

	if (!st)
		return err;
	if (expect >= 0 && st->version != expect)
		return wn_fail(d, WN_E_CONFLICT, "stream %s is at version %lld, not %lld",
			       ev->stream, (long long)st->version, (long long)expect);
	if (st->op_version < 0) {
		st->op_version = st->version;
		st->next_touched = s->touched;
		s->touched = st;
	}
	ev->version = ++st->version;
	*id_out = st->id;
	return WN_OK;
}

void
store_stream_op_end(struct store *s, bool undone)
{
	for (struct store_stream *st = s->touched; st; st = st->next_touched) {
		if (undone)
			st->version = st->op_version;
		else if (st->fresh) {
			st->next_fresh = s->fresh;
			s->fresh = st;
			st->fresh = false;
		}
		st->op_version = -1;
	}
	s->touched = NULL;
}

wn_err
store_stream_flush(struct store *s, struct wn_diag *d)
{
	wn_err err = WN_OK;

	for (; s->fresh && !err; s->fresh = s->fresh->next_fresh) {
		struct wn_sql_value args[] = { WN_SQL_I(s->fresh->id), WN_SQL_S(s->fresh->tenant),
					       WN_SQL_S(s->fresh->name) };

		err = store_run(s->writer,
				"INSERT INTO store_stream (id, tenant, name) VALUES (?1, ?2, ?3)",
				args, 3, NULL, NULL, d);
	}
	return err;
}

void
store_stream_forget(struct store *s)
{
	wn_map_fini(&s->streams, wn_free);
	wn_map_init(&s->streams);
	s->touched = s->fresh = s->last_stream = NULL;
}
