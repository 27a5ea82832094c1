/*
 * What one commit does: check versions, insert, project, commit, tell. Only for whoever commits.
 *
 * First everything at once, without savepoints. When something fails in it (an id seen before, a
 * projection) all is rolled back and done again with each operation under a savepoint, so that one
 * that fails takes nobody with it; an error of the disk fails the whole group, because nothing of
 * it became durable.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include <string.h>

#include "runtime/base/mem.h"

/* --- projections -------------------------------------------------------------- */

struct project_tx {
	struct wn_tx tx;
	struct store *store;
	bool touched; /* the savepoint is open */
};

static wn_err
tx_touch(struct project_tx *p)
{
	wn_err err;

	if (p->touched || !p->store->careful)
		return WN_OK;
	err = store_run(p->store->writer, "SAVEPOINT projection", NULL, 0, NULL, NULL, p->tx.diag);
	p->touched = !err;
	return err;
}

static wn_err
tx_exec(struct wn_tx *tx, const char *sql, const struct wn_sql_value *args, size_t n)
{
	struct project_tx *p = (struct project_tx *)tx;
	wn_err err = tx_touch(p);

	return err ? err : store_run(p->store->writer, sql, args, n, NULL, NULL, tx->diag);
}

static wn_err
tx_query(struct wn_tx *tx, const char *sql, const struct wn_sql_value *args, size_t n,
	 wn_row_fn row, void *arg)
{
	struct project_tx *p = (struct project_tx *)tx;

	return store_run(p->store->writer, sql, args, n, row, arg, tx->diag);
}

static bool
is_disk_error(wn_err err)
{
	return err == WN_E_NO_SPACE || err == WN_E_IO || err == WN_E_READ_ONLY ||
	       err == WN_E_CORRUPT;
}

static wn_err
record_fault(struct store *s, const struct wn_event *ev, const struct wn_diag *why,
	     struct wn_diag *d)
{
	struct wn_sql_value row[] = { WN_SQL_I(ev->seq), WN_SQL_T(ev->type),
				      WN_SQL_T(wn_error_row(why->code)->name),
				      WN_SQL_T(why->text) };

	wn_log(s->host->log, WN_LOG_ERROR, "store", "a projection failed", WN_S("event", ev->type),
	       WN_I("seq", ev->seq), WN_S("why", why->text));
	return store_run(s->writer,
			 "INSERT OR REPLACE INTO store_projection_fault VALUES (?1, ?2, ?3, ?4)",
			 row, 4, NULL, NULL, d);
}

wn_err
store_project(struct store *s, const struct wn_event *ev, struct wn_diag *d)
{
	struct wn_diag why = { 0 };
	struct project_tx p = { .tx = { tx_exec, tx_query, &why }, .store = s };
	wn_err err, end = WN_OK;

	if (!s->projector)
		return WN_OK;
	err = s->projector(s->projector_arg, &p.tx, ev);
	if (err && is_disk_error(err))
		return wn_fail(d, err, "%s", why.text);
	if (err && !s->careful) {
		s->again = true;
		return err;
	}
	if (err && p.touched)
		end = store_run(s->writer, "ROLLBACK TO projection", NULL, 0, NULL, NULL, d);
	if (p.touched && !end)
		end = store_run(s->writer, "RELEASE projection", NULL, 0, NULL, NULL, d);
	if (err && !end) {
		if (!why.code)
			(void)wn_fail(&why, err, "%s", wn_error_row(err)->text);
		end = record_fault(s, ev, &why, d);
	}
	return end;
}

/* --- appending ------------------------------------------------------------------ */

/* Gives the events their versions and positions; nothing is written yet. */
static wn_err
place_op(struct store *s, struct store_op *op)
{
	int64_t first = s->next_seq, stream = 0;
	wn_err err = WN_OK;

	for (size_t i = 0; i < op->n && !err; i++) {
		err = store_stream_next(s, &op->evs[i], op->expect[i], &stream, &op->diag);
		op->evs[i].seq = s->next_seq++;
		op->stream_ids[i] = stream;
	}
	if (err)
		s->next_seq = first;
	return err;
}

static wn_err
project_op(struct store *s, struct store_op *op, struct wn_diag *d)
{
	wn_err err = WN_OK;

	for (size_t i = 0; i < op->n && !err; i++)
		err = store_project(s, &op->evs[i], d);
	return err;
}

static wn_err
cursor_op(struct store *s, struct store_op *op)
{
	struct wn_sql_value row[] = { WN_SQL_T(op->consumer), WN_SQL_I(op->seq) };

	return store_run(
		s->writer,
		"INSERT INTO store_cursor VALUES (?1, ?2) ON CONFLICT (consumer) DO UPDATE "
		"SET seq = max(seq, excluded.seq)",
		row, 2, NULL, NULL, &op->diag);
}

static wn_err
dead_op(struct store *s, struct store_op *op)
{
	struct wn_sql_value row[] = {
		WN_SQL_T(op->consumer), WN_SQL_I(op->seq),  WN_SQL_T(op->evs[0].id),
		WN_SQL_T(op->error),	WN_SQL_T(op->text), WN_SQL_I(wn_now_ms(s->host->clock))
	};

	return store_run(s->writer,
			 "INSERT OR REPLACE INTO store_dead_letter VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			 row, 6, NULL, NULL, &op->diag);
}

static wn_err
do_op(struct store *s, struct store_op *op)
{
	wn_err err;

	switch (op->kind) {
	case STORE_OP_APPEND:
		err = place_op(s, op);
		if (!err)
			err = store_batch_insert(s, op, STAILQ_NEXT(op, next), &op->diag);
		return err ? err : project_op(s, op, &op->diag);
	case STORE_OP_CURSOR:
		return cursor_op(s, op);
	case STORE_OP_DEAD:
		return dead_op(s, op);
	case STORE_OP_REBUILD:
		break; /* never in a group */
	}
	return WN_OK;
}

/* Under a savepoint of its own, which is gone afterwards in any case. *broken_out: why the
 * transaction cannot go on; 0: it can. */
static wn_err
run_op(struct store *s, struct store_op *op, wn_err *broken_out)
{
	struct wn_diag ignored = { 0 };
	int64_t first = s->next_seq;
	wn_err err = store_run(s->writer, "SAVEPOINT op", NULL, 0, NULL, NULL, &op->diag);

	*broken_out = err;
	if (err)
		return err;
	err = do_op(s, op);
	store_stream_op_end(s, err != WN_OK);
	if (err)
		s->next_seq = first;
	if (sqlite3_get_autocommit(s->writer->db))
		return err;
	if (err)
		*broken_out = store_run(s->writer, "ROLLBACK TO op", NULL, 0, NULL, NULL, &ignored);
	(void)store_run(s->writer, "RELEASE op", NULL, 0, NULL, NULL, &ignored);
	return err;
}

static void
tell(struct store_op *op)
{
	struct store_wait *w = op->wait;

	if (op->kind == STORE_OP_APPEND && op->done)
		op->done(op->done_arg, op->err, op->evs, op->n, op->err ? &op->diag : NULL);
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->over = true;
	w->err = op->err;
	w->diag = op->diag;
	pthread_cond_signal(&w->cond);
	pthread_mutex_unlock(&w->lock);
}

static void
fail_group(struct store_ops *group, wn_err err, const struct wn_diag *d)
{
	struct store_op *op;

	STAILQ_FOREACH (op, group, next) {
		op->err = err;
		op->diag = *d;
	}
}

static void
note_disk_error(struct store *s, wn_err err, const char *why)
{
	if (err == WN_E_NO_SPACE)
		store_set_state(s, WN_STORE_FULL, why);
	else if (err == WN_E_READ_ONLY)
		store_set_state(s, WN_STORE_READ_ONLY, why);
	else if (is_disk_error(err))
		store_set_state(s, WN_STORE_FAILED, why);
}

/* One by one, under savepoints. */
static wn_err
run_careful(struct store *s, struct store_ops *group, struct wn_diag *d)
{
	struct store_op *op;
	wn_err broken;

	STAILQ_FOREACH (op, group, next) {
		op->err = run_op(s, op, &broken);
		if (op->err &&
		    (broken || is_disk_error(op->err) || sqlite3_get_autocommit(s->writer->db))) {
			*d = op->diag;
			return op->err;
		}
	}
	return WN_OK;
}

/* All at once. Any failure but a conflict of versions is one of the whole group. */
static wn_err
run_fast(struct store *s, struct store_ops *group, struct wn_diag *d)
{
	struct store_op *op;
	wn_err err;

	STAILQ_FOREACH (op, group, next) {
		if (op->kind != STORE_OP_APPEND)
			continue;
		op->err = place_op(s, op);
		store_stream_op_end(s, op->err != WN_OK);
		if (op->err && op->err != WN_E_CONFLICT) {
			*d = op->diag;
			return op->err;
		}
	}
	err = store_batch_insert(s, STAILQ_FIRST(group), NULL, d);
	STAILQ_FOREACH (op, group, next) {
		if (err)
			break;
		if (op->kind == STORE_OP_APPEND && !op->err)
			err = project_op(s, op, d);
		else if (op->kind == STORE_OP_CURSOR)
			err = cursor_op(s, op);
		else if (op->kind == STORE_OP_DEAD)
			err = dead_op(s, op);
	}
	return err;
}

/* One try, in a transaction; rolled back when it fails. */
static wn_err
run_group(struct store *s, struct store_ops *group, struct wn_diag *d)
{
	struct wn_diag ignored = { 0 };
	int64_t first = s->next_seq;
	wn_err err = store_run(s->writer, "BEGIN IMMEDIATE", NULL, 0, NULL, NULL, d);

	if (!err)
		err = s->careful ? run_careful(s, group, d) : run_fast(s, group, d);
	if (!err)
		err = store_stream_flush(s, d);
	if (!err)
		err = store_run(s->writer, "COMMIT", NULL, 0, NULL, NULL, d);
	if (err) {
		if (!sqlite3_get_autocommit(s->writer->db))
			(void)store_run(s->writer, "ROLLBACK", NULL, 0, NULL, NULL, &ignored);
		s->next_seq = first;
		store_stream_forget(s);
	}
	return err;
}

static wn_err
commit_group(struct store *s, struct store_ops *group, struct wn_diag *d)
{
	struct store_op *op;
	wn_err err;

	s->again = false;
	err = run_group(s, group, d);
	if (!err || is_disk_error(err) || err == WN_E_BUSY || err == WN_E_NO_MEMORY)
		return err; /* it is nobody's fault in the group */
	wn_diag_clear(d);
	STAILQ_FOREACH (op, group, next) {
		op->err = WN_OK;
		wn_diag_clear(&op->diag);
	}
	s->careful = true;
	err = run_group(s, group, d);
	s->careful = false;
	return err;
}

void
store_commit_group(struct store *s, struct store_ops *group)
{
	struct wn_diag why = { 0 };
	struct store_op *op = STAILQ_FIRST(group);
	wn_err err;

	if (op->kind == STORE_OP_REBUILD) {
		err = op->err = store_rebuild_run(s, op);
		why = op->diag;
	} else {
		err = commit_group(s, group, &why);
		if (err)
			fail_group(group, err, &why);
	}
	if (s->streams.len > STORE_STREAMS_MAX)
		store_stream_forget(s);
	atomic_store(&s->last_seq, s->next_seq - 1);
	if (err)
		note_disk_error(s, err, why.text);
	STAILQ_FOREACH (op, group, next)
		tell(op);
}
