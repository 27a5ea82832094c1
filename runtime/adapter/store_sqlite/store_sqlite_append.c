/*
 * What one commit does: check versions, insert, project, commit, tell. Writer thread only.
 *
 * Each operation stands under a savepoint, so that one that fails takes nobody with it; an
 * error of the disk fails the whole group, because nothing of it became durable.
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

static wn_err
insert_event(struct store *s, const struct wn_event *ev, int64_t stream_id, struct wn_diag *d)
{
	struct wn_sql_value row[] = {
		WN_SQL_I(ev->seq),     WN_SQL_T(ev->id),	WN_SQL_I(stream_id),
		WN_SQL_I(ev->version), WN_SQL_T(ev->type),	WN_SQL_T(ev->source),
		WN_SQL_T(ev->subject), WN_SQL_I(ev->time_ms),	WN_SQL_T(ev->dataschema),
		WN_SQL_T(ev->actor),   WN_SQL_T(ev->causation), WN_SQL_T(ev->correlation),
		WN_SQL_S(ev->data),
	};
	wn_err err = store_run(
		s->writer,
		"INSERT INTO store_event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
		"?11, ?12, ?13)",
		row, 13, NULL, NULL, d);

	if (err == WN_E_EXISTS && d)
		wn_fail_note(d, "event %s was appended before", ev->id);
	return err;
}

static wn_err
append_op(struct store *s, struct store_op *op)
{
	int64_t first = s->next_seq;
	wn_err err = WN_OK;

	for (size_t i = 0; i < op->n && !err; i++) {
		struct wn_event *ev = &op->evs[i];
		int64_t stream = 0;

		err = store_stream_next(s, ev, op->expect[i], &stream, &op->diag);
		if (err)
			break;
		ev->seq = s->next_seq++;
		err = insert_event(s, ev, stream, &op->diag);
		if (!err)
			err = store_project(s, ev, &op->diag);
	}
	if (err)
		s->next_seq = first;
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
	switch (op->kind) {
	case STORE_OP_APPEND:
		return append_op(s, op);
	case STORE_OP_CURSOR:
		return cursor_op(s, op);
	case STORE_OP_DEAD:
		return dead_op(s, op);
	case STORE_OP_REBUILD:
		break; /* never in a group */
	}
	return WN_OK;
}

/* Takes back what the operation did. *broken_out: why the transaction cannot go on; 0: it can. */
static void
undo_op(struct store *s, wn_err *broken_out, struct wn_diag *d)
{
	wn_err err = WN_OK;

	if (!sqlite3_get_autocommit(s->writer->db))
		err = store_run(s->writer, "ROLLBACK TO op", NULL, 0, NULL, NULL, d);
	*broken_out = store_stream_op_end(s, true, d);
	if (err)
		*broken_out = err;
}

/* Under a savepoint of its own; the savepoint is gone afterwards in any case. *broken_out: the
 * whole transaction is lost. */
static wn_err
run_op(struct store *s, struct store_op *op, wn_err *broken_out)
{
	wn_err err = store_run(s->writer, "SAVEPOINT op", NULL, 0, NULL, NULL, &op->diag);
	struct wn_diag ignored = { 0 };

	*broken_out = err;
	if (err)
		return err;
	s->again = false;
	err = do_op(s, op);
	if (err)
		undo_op(s, broken_out, &ignored);
	if (err && s->again && !*broken_out) {
		wn_diag_clear(&op->diag);
		s->careful = true;
		err = do_op(s, op);
		s->careful = false;
		if (err)
			undo_op(s, broken_out, &ignored);
	}
	if (!err)
		*broken_out = store_stream_op_end(s, false, &ignored);
	if (!sqlite3_get_autocommit(s->writer->db))
		(void)store_run(s->writer, "RELEASE op", NULL, 0, NULL, NULL, &ignored);
	if (*broken_out && !op->diag.code)
		op->diag = ignored;
	return err ? err : *broken_out;
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

static wn_err
run_group(struct store *s, struct store_ops *group, struct wn_diag *d)
{
	struct store_op *op;
	wn_err err = store_run(s->writer, "BEGIN IMMEDIATE", NULL, 0, NULL, NULL, d), broken;

	if (err)
		return err;
	STAILQ_FOREACH (op, group, next) {
		op->err = run_op(s, op, &broken);
		if (op->err &&
		    (broken || is_disk_error(op->err) || sqlite3_get_autocommit(s->writer->db))) {
			*d = op->diag;
			return op->err;
		}
	}
	err = store_stream_flush(s, d);
	return err ? err : store_run(s->writer, "COMMIT", NULL, 0, NULL, NULL, d);
}

void
store_commit_group(struct store *s, struct store_ops *group)
{
	struct wn_diag why = { 0 }, ignored = { 0 };
	int64_t first = s->next_seq;
	struct store_op *op;
	wn_err err;

	op = STAILQ_FIRST(group);
	if (op->kind == STORE_OP_REBUILD) {
		err = op->err = store_rebuild_run(s, op);
		why = op->diag;
	} else {
		err = run_group(s, group, &why);
	}
	if (err && op->kind != STORE_OP_REBUILD) {
		if (!sqlite3_get_autocommit(s->writer->db))
			(void)store_run(s->writer, "ROLLBACK", NULL, 0, NULL, NULL, &ignored);
		s->next_seq = first;
		store_stream_forget(s);
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
