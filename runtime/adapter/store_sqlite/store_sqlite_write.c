/*
 * The queue in front of the writer, the writer thread, and what it does when the disk is sick:
 * appends are refused at once with the reason, and a small write is tried every second
 * until it works again. A healthy idle store has no wakeups.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/mem.h"

static void
op_free(struct store_op *op)
{
	wn_arena_fini(&op->arena);
	wn_free(op);
}

static struct store_op *
op_new(enum store_op_kind kind)
{
	struct store_op *op = WN_NEW(struct store_op);

	op->kind = kind;
	wn_arena_init(&op->arena, 0);
	return op;
}

static const char *
dup_text(struct store_op *op, const char *s)
{
	return s ? wn_arena_strdup(&op->arena, s) : NULL;
}

static void
copy_event(struct store_op *op, struct wn_event *to, const struct wn_event *from)
{
	*to = *from;
	to->id = dup_text(op, from->id);
	to->source = dup_text(op, from->source);
	to->type = dup_text(op, from->type);
	to->subject = dup_text(op, from->subject);
	to->dataschema = dup_text(op, from->dataschema);
	to->stream = dup_text(op, from->stream);
	to->tenant = dup_text(op, from->tenant);
	to->actor = dup_text(op, from->actor);
	to->causation = dup_text(op, from->causation);
	to->correlation = dup_text(op, from->correlation);
	to->data = wn_arena_str(&op->arena, from->data);
	op->bytes += from->data.len + 512;
}

/* Takes op. */
static wn_err
enqueue(struct store *s, struct store_op *op, struct wn_diag *d)
{
	wn_err err = WN_OK;

	pthread_mutex_lock(&s->lock);
	if (s->stopping)
		err = wn_fail(d, WN_E_CLOSED, "the store is closed");
	else if (s->queue_len >= STORE_QUEUE_MAX || s->queue_bytes + op->bytes > STORE_QUEUE_BYTES)
		err = wn_fail(d, WN_E_BUSY, "the store has %zu operations waiting", s->queue_len);
	if (!err) {
		STAILQ_INSERT_TAIL(&s->queue, op, next);
		s->queue_len++;
		s->queue_bytes += op->bytes;
		if (s->queue_len == 1)
			pthread_cond_signal(&s->cond);
	}
	pthread_mutex_unlock(&s->lock);
	if (err)
		op_free(op);
	return err;
}

static wn_err
refuse_when_sick(struct store *s, struct wn_diag *d)
{
	switch ((enum wn_store_state)atomic_load(&s->state)) {
	case WN_STORE_OK:
		return WN_OK;
	case WN_STORE_FULL:
		return wn_fail(d, WN_E_NO_SPACE, "the disk of the store is full: %s", s->path);
	case WN_STORE_READ_ONLY:
		return wn_fail(d, WN_E_READ_ONLY, "the store cannot be written: %s", s->path);
	case WN_STORE_FAILED:
		break;
	}
	return wn_fail(d, WN_E_READ_ONLY, "the disk of the store answers with errors: %s", s->path);
}

wn_err
store_append(struct wn_mod *m, const struct wn_append *batch, size_t n, wn_append_done_fn done,
	     void *arg, struct wn_diag *d)
{
	struct store *s = store_of(m);
	struct store_op *op;
	wn_err err = refuse_when_sick(s, d);

	if (err)
		return err;
	op = op_new(STORE_OP_APPEND);
	op->n = n;
	op->evs = (struct wn_event *)wn_arena_array(&op->arena, n, sizeof *op->evs);
	op->expect = (int64_t *)wn_arena_array(&op->arena, n, sizeof *op->expect);
	for (size_t i = 0; i < n; i++) {
		copy_event(op, &op->evs[i], &batch[i].ev);
		op->expect[i] = batch[i].expect;
	}
	op->done = done;
	op->done_arg = arg;
	return enqueue(s, op, d);
}

wn_err
store_cursor_set(struct wn_mod *m, const char *consumer, int64_t seq)
{
	struct store_op *op = op_new(STORE_OP_CURSOR);

	op->consumer = dup_text(op, consumer);
	op->seq = seq;
	return enqueue(store_of(m), op, NULL);
}

wn_err
store_dead_letter(struct wn_mod *m, const char *consumer, const struct wn_event *ev,
		  const struct wn_diag *why)
{
	struct store_op *op = op_new(STORE_OP_DEAD);

	op->consumer = dup_text(op, consumer);
	op->n = 1;
	op->evs = WN_ARENA_NEW(&op->arena, struct wn_event);
	copy_event(op, op->evs, ev);
	op->seq = ev->seq;
	op->error = wn_error_row(why->code)->name;
	op->text = dup_text(op, why->text);
	return enqueue(store_of(m), op, NULL);
}

wn_err
store_rebuild(struct wn_mod *m, void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
	      struct wn_diag *d)
{
	struct store_wait w = { .over = false };
	struct store_op *op = op_new(STORE_OP_REBUILD);
	wn_err err;

	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.cond, NULL);
	op->wait = &w;
	op->progress = progress;
	op->done_arg = arg;
	err = enqueue(store_of(m), op, d);
	if (!err) {
		pthread_mutex_lock(&w.lock);
		while (!w.over)
			pthread_cond_wait(&w.cond, &w.lock);
		pthread_mutex_unlock(&w.lock);
		err = w.err;
		if (err && d && !d->code)
			*d = w.diag;
	}
	pthread_cond_destroy(&w.cond);
	pthread_mutex_destroy(&w.lock);
	return err;
}

void
store_set_state(struct store *s, enum wn_store_state state, const char *why)
{
	if (atomic_exchange(&s->state, (int)state) == (int)state)
		return;
	wn_log(s->host->log, state == WN_STORE_OK ? WN_LOG_INFO : WN_LOG_ERROR, "store",
	       state == WN_STORE_OK ? "the store can be written again"
				    : "the store cannot be written",
	       WN_S("path", s->path), WN_S("why", why));
	if (s->on_state)
		s->on_state(s->state_arg, state, why);
}

/* --- the writer thread -------------------------------------------------------------- */

static bool
has_space(const struct store *s)
{
	struct statvfs v;

	return statvfs(s->path, &v) == 0 && (v.f_flag & ST_RDONLY) == 0 &&
	       (uint64_t)v.f_bavail * v.f_frsize >= 1u << 20;
}

/* A store opened without the right to write is opened anew once there is one. */
static wn_err
reopen(struct store *s, struct wn_diag *d)
{
	struct store_conn *old = s->writer, *fresh = NULL;
	wn_err err;

	atomic_store(&s->read_only_file, false);
	err = store_conn_open(s, false, &fresh, d);
	if (!err) {
		s->writer = fresh;
		err = store_schema(s, d);
	}
	if (err) {
		s->writer = old;
		store_conn_free(fresh);
		atomic_store(&s->read_only_file, true);
		return err;
	}
	store_stream_forget(s);
	atomic_fetch_add(&s->generation, 1);
	store_conn_free(old);
	return WN_OK;
}

static void
probe(struct store *s)
{
	struct wn_diag d = { 0 };
	wn_err err = WN_OK;

	if (!has_space(s))
		return;
	if (atomic_load(&s->read_only_file)) {
		if (access(s->path, W_OK) != 0)
			return;
		err = reopen(s, &d);
	}
	if (!err)
		err = store_script(s->writer,
				   "UPDATE store_meta SET value = value + 1 WHERE key = 'probe'",
				   &d);
	if (!err)
		store_set_state(s, WN_STORE_OK, "");
}

/* Waits for work: forever when healthy, a second at a time when not. Called with the lock held. */
static void
wait_for_work(struct store *s)
{
	struct timespec until;

	if (atomic_load(&s->state) == WN_STORE_OK) {
		pthread_cond_wait(&s->cond, &s->lock);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STORE_PROBE_MS / 1000;
	if (pthread_cond_timedwait(&s->cond, &s->lock, &until) == ETIMEDOUT) {
		pthread_mutex_unlock(&s->lock);
		probe(s);
		pthread_mutex_lock(&s->lock);
	}
}

/* Moves what fits into one commit; a rebuild goes alone. Called with the lock held. */
static void
take_group(struct store *s, struct store_ops *group)
{
	struct store_op *op;

	for (size_t n = 0; n < STORE_GROUP_MAX && (op = STAILQ_FIRST(&s->queue)); n++) {
		if (op->kind == STORE_OP_REBUILD && n > 0)
			break;
		STAILQ_REMOVE_HEAD(&s->queue, next);
		s->queue_len--;
		s->queue_bytes -= op->bytes;
		STAILQ_INSERT_TAIL(group, op, next);
		if (op->kind == STORE_OP_REBUILD)
			break;
	}
}

static void *
writer_main(void *arg)
{
	struct store *s = (struct store *)arg;
	struct store_ops group;
	struct store_op *op;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		while (STAILQ_EMPTY(&s->queue) && !s->stopping)
			wait_for_work(s);
		if (STAILQ_EMPTY(&s->queue))
			break;
		STAILQ_INIT(&group);
		take_group(s, &group);
		pthread_mutex_unlock(&s->lock);
		store_commit_group(s, &group);
		while ((op = STAILQ_FIRST(&group))) {
			STAILQ_REMOVE_HEAD(&group, next);
			op_free(op);
		}
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

wn_err
store_writer_start(struct store *s, struct wn_diag *d)
{
	int rc = pthread_create(&s->thread, NULL, writer_main, s);

	if (rc)
		return wn_fail_errno(d, rc, "start the store's writer");
	s->thread_runs = true;
	return WN_OK;
}

void
store_writer_stop(struct store *s)
{
	if (!s->thread_runs)
		return;
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	s->thread_runs = false;
}
