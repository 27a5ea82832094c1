/*
 * Versions of streams: read once, counted in memory, written once a commit. Writer thread only.
 *
 * Every operation can be taken back alone: what it touched is listed with the version before it.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include <string.h>

#include "runtime/base/mem.h"

struct row {
	int64_t id, version;
	bool found;
};

static wn_err
take_row(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct row *r = (struct row *)arg;

	(void)columns;
	r->id = row[0].i;
	r->version = row[1].i;
	r->found = true;
	return WN_OK;
}

/* The row, made when there is none. */
static wn_err
load(struct store *s, const struct wn_event *ev, struct store_stream *st, struct wn_diag *d)
{
	struct wn_sql_value args[] = { WN_SQL_T(ev->tenant), WN_SQL_T(ev->stream) };
	struct row r = { 0, 0, false };
	wn_err err = store_run(
		s->writer, "SELECT id, version FROM store_stream WHERE tenant = ?1 AND name = ?2",
		args, 2, take_row, &r, d);

	if (!err && !r.found) {
		err = store_run(s->writer,
				"INSERT INTO store_stream (tenant, name, version) VALUES (?1, ?2, "
				"0) RETURNING id, "
				"version",
				args, 2, take_row, &r, d);
		st->fresh = true;
	}
	st->id = r.id;
	st->version = r.version;
	return err;
}

/* NULL with *err set when the table cannot be read. */
static struct store_stream *
find(struct store *s, const struct wn_event *ev, wn_err *err, struct wn_diag *d)
{
	char space[512];
	size_t a = strlen(ev->tenant), b = strlen(ev->stream);
	char *key = a + b + 1 <= sizeof space ? space : (char *)wn_alloc(a + b + 1);
	struct store_stream *st;

	memcpy(key, ev->tenant, a);
	key[a] = '\n';
	memcpy(key + a + 1, ev->stream, b);
	st = (struct store_stream *)wn_map_get(&s->streams, wn_strn(key, a + b + 1));
	if (!st) {
		st = WN_NEW(struct store_stream);
		st->op_version = -1;
		*err = load(s, ev, st, d);
		if (*err) {
			wn_free(st);
			st = NULL;
		} else {
			wn_map_set(&s->streams, wn_strn(key, a + b + 1), st);
		}
	}
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
	if (st->op_version < 0) {
		st->op_version = st->version;
		st->next_touched = s->touched;
		s->touched = st;
	}
	if (expect >= 0 && st->version != expect)
		return wn_fail(d, WN_E_CONFLICT, "stream %s is at version %lld, not %lld",
			       ev->stream, (long long)st->version, (long long)expect);
	ev->version = ++st->version;
	*id_out = st->id;
	return WN_OK;
}

wn_err
store_stream_op_end(struct store *s, bool undone, struct wn_diag *d)
{
	wn_err err = WN_OK;

	bool row_gone = false;

	for (struct store_stream *st = s->touched; st; st = st->next_touched) {
		if (undone)
			st->version = st->op_version;
		row_gone = row_gone || (undone && st->fresh);
		if (!undone && !st->dirty) {
			st->dirty = true;
			st->next_dirty = s->dirty;
			s->dirty = st;
		}
		st->op_version = -1;
		st->fresh = false;
	}
	s->touched = NULL;
	/* A row that was rolled back may still be remembered as dirty by nobody: start over from
	 * the table. What other operations of this transaction moved must be in it first. */
	if (row_gone) {
		err = store_stream_flush(s, d);
		store_stream_forget(s);
	}
	return err;
}

wn_err
store_stream_flush(struct store *s, struct wn_diag *d)
{
	wn_err err = WN_OK;

	for (struct store_stream *st = s->dirty; st && !err; st = st->next_dirty) {
		struct wn_sql_value args[] = { WN_SQL_I(st->version), WN_SQL_I(st->id) };

		err = store_run(s->writer, "UPDATE store_stream SET version = ?1 WHERE id = ?2",
				args, 2, NULL, NULL, d);
		st->dirty = false;
	}
	s->dirty = NULL;
	return err;
}

void
store_stream_forget(struct store *s)
{
	wn_map_fini(&s->streams, wn_free);
	wn_map_init(&s->streams);
	s->touched = s->dirty = NULL;
}
