/*
 * The queue of operations, and who commits what waits in it: the writer thread, or a thread that
 * waits for its own append and finds nobody at work, which saves it two turns of the scheduler.
 * And what happens when the disk is sick:
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

/* Events and text come behind it in the same allocation. */
static struct store_op *
op_new(enum store_op_kind kind, size_t n, size_t text)
{
	size_t each = sizeof(struct wn_event) + 2 * sizeof(int64_t) + sizeof(bool);
	struct store_op *op = (struct store_op *)wn_alloc(sizeof *op + n * each + text);

	op->kind = kind;
	op->n = n;
	op->evs = (struct wn_event *)(op + 1);
	op->expect = (int64_t *)(op->evs + n);
	op->stream_ids = op->expect + n;
	op->remembered = (bool *)(op->stream_ids + n);
	return op;
}

static char *
text_of(struct store_op *op)
{
	return (char *)(op->remembered + op->n);
}

static size_t
text_size(const char *s)
{
	return s ? strlen(s) + 1 : 0;
}

static const char *
put_text(char **at, const char *s)
{
	size_t n = text_size(s);
	const char *copy = *at;

	if (!s)
		return NULL;
	memcpy(*at, s, n);
	*at += n;
	return copy;
}

static size_t
event_size(const struct wn_event *ev)
{
	return text_size(ev->id) + text_size(ev->source) + text_size(ev->type) +
	       text_size(ev->subject) + text_size(ev->dataschema) + text_size(ev->stream) +
	       text_size(ev->tenant) + text_size(ev->actor) + text_size(ev->causation) +
	       text_size(ev->correlation) + ev->data.len + 1;
}

static void
put_event(struct store_op *op, char **at, struct wn_event *to, const struct wn_event *from)
{
	*to = *from;
	to->id = put_text(at, from->id);
	to->source = put_text(at, from->source);
	to->type = put_text(at, from->type);
	to->subject = put_text(at, from->subject);
	to->dataschema = put_text(at, from->dataschema);
	to->stream = put_text(at, from->stream);
	to->tenant = put_text(at, from->tenant);
	to->actor = put_text(at, from->actor);
	to->causation = put_text(at, from->causation);
	to->correlation = put_text(at, from->correlation);
	if (from->data.len > 0)
		memcpy(*at, from->data.p, from->data.len);
	to->data = wn_strn(*at, from->data.len);
	*at += from->data.len + 1;
	op->bytes += from->data.len + 512;
}

static struct store_op *
append_new(const struct wn_append *batch, size_t n)
{
	size_t text = 0;
	struct store_op *op;
	char *at;

	for (size_t i = 0; i < n; i++)
		text += event_size(&batch[i].ev);
	op = op_new(STORE_OP_APPEND, n, text);
	at = text_of(op);
	for (size_t i = 0; i < n; i++) {
		put_event(op, &at, &op->evs[i], &batch[i].ev);
		op->expect[i] = batch[i].expect;
		op->remembered[i] = !batch[i].fresh_id;
	}
	return op;
}

/* Moves what fits into one commit; a rebuild goes alone. Called with the lock held. */
static void
take_group(struct store *s, struct store_ops *group)
{
	struct store_op *op;

	STAILQ_INIT(group);
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

/* Commits what waits. Called with the lock held, which is let go meanwhile. */
static void
commit_queue(struct store *s)
{
	struct store_ops group;
	struct store_op *op;

	s->committing = true;
	take_group(s, &group);
	pthread_mutex_unlock(&s->lock);
	store_commit_group(s, &group);
	while ((op = STAILQ_FIRST(&group))) {
		STAILQ_REMOVE_HEAD(&group, next);
		wn_free(op);
	}
	pthread_mutex_lock(&s->lock);
	s->committing = false;
}

/* Takes op, with the lock held. */
static wn_err
put_in_queue(struct store *s, struct store_op *op, struct wn_diag *d)
{
	wn_err err = WN_OK;

	if (s->stopping)
		err = wn_fail(d, WN_E_CLOSED, "the store is closed");
	else if (s->queue_len >= STORE_QUEUE_MAX || s->queue_bytes + op->bytes > STORE_QUEUE_BYTES)
		err = wn_fail(d, WN_E_BUSY, "the store has %zu operations waiting", s->queue_len);
	if (err) {
		wn_free(op);
		return err;
	}
	STAILQ_INSERT_TAIL(&s->queue, op, next);
	s->queue_len++;
	s->queue_bytes += op->bytes;
	return WN_OK;
}

/* Leaves op to the writer thread. Takes op. */
static wn_err
enqueue(struct store *s, struct store_op *op, struct wn_diag *d)
{
	wn_err err;
	bool wake;

	pthread_mutex_lock(&s->lock);
	err = put_in_queue(s, op, d);
	/* Whoever commits now wakes it afterwards. */
	wake = !err && s->queue_len == 1 && !s->committing;
	pthread_mutex_unlock(&s->lock);
	if (wake) /* without the lock, which it would only wait for */
		pthread_cond_signal(&s->cond);
	return err;
}

static void
wait_over(struct store_wait *w)
{
	pthread_mutex_lock(&w->lock);
	while (!w->over)
		pthread_cond_wait(&w->cond, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

/* Queues op and blocks until it is done; the calling thread may commit it. Takes op. */
static wn_err
run_and_wait(struct store *s, struct store_op *op, bool may_commit, struct wn_diag *d)
{
	struct store_wait w = { .over = false };
	wn_err err;

	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.cond, NULL);
	op->wait = &w;
	pthread_mutex_lock(&s->lock);
	err = put_in_queue(s, op, d);
	if (!err && may_commit && !s->committing)
		commit_queue(s);
	/* The writer has work, or must hear that the disk is sick: it is who tries again. */
	if (!err && !s->committing &&
	    (!STAILQ_EMPTY(&s->queue) || s->stopping || atomic_load(&s->state) != WN_STORE_OK))
		pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&s->lock);
	if (!err) {
		wait_over(&w);
		err = w.err;
		if (err && d && !d->code)
			*d = w.diag;
	}
	pthread_cond_destroy(&w.cond);
	pthread_mutex_destroy(&w.lock);
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
	op = append_new(batch, n);
	op->done = done;
	op->done_arg = arg;
	return enqueue(s, op, d);
}

wn_err
store_append_wait(struct wn_mod *m, const struct wn_append *batch, size_t n, wn_append_done_fn done,
		  void *arg, struct wn_diag *d)
{
	struct store *s = store_of(m);
	struct store_op *op;
	wn_err err = refuse_when_sick(s, d);

	if (err)
		return err;
	op = append_new(batch, n);
	op->done = done;
	op->done_arg = arg;
	return run_and_wait(s, op, true, d);
}

wn_err
store_cursor_set(struct wn_mod *m, const char *consumer, int64_t seq)
{
	struct store *s = store_of(m);
	struct store_op *op;
	char *at;
	wn_err err = refuse_when_sick(s, NULL);

	if (err)
		return err;
	op = op_new(STORE_OP_CURSOR, 0, text_size(consumer));
	at = text_of(op);
	op->consumer = put_text(&at, consumer);
	op->seq = seq;
	return enqueue(s, op, NULL);
}

wn_err
store_dead_letter(struct wn_mod *m, const char *consumer, const struct wn_event *ev,
		  const struct wn_diag *why)
{
	struct store *s = store_of(m);
	struct store_op *op;
	char *at;
	wn_err err = refuse_when_sick(s, NULL);

	if (err)
		return err;
	op = op_new(STORE_OP_DEAD, 1, text_size(consumer) + text_size(why->text) + event_size(ev));
	at = text_of(op);
	op->consumer = put_text(&at, consumer);
	op->text = put_text(&at, why->text);
	put_event(op, &at, op->evs, ev);
	op->seq = ev->seq;
	op->error = wn_error_row(why->code)->name;
	return enqueue(s, op, NULL);
}

wn_err
store_rebuild(struct wn_mod *m, void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
	      struct wn_diag *d)
{
	struct store_op *op = op_new(STORE_OP_REBUILD, 0, 0);

	op->progress = progress;
	op->done_arg = arg;
	return run_and_wait(store_of(m), op, false, d);
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

wn_err
store_writer_prepare(struct store *s, struct store_conn *c, struct wn_diag *d)
{
	store_checkpoint_watch(s, c);
	return store_batch_register(s, c, d);
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
		err = store_writer_prepare(s, fresh, d);
	}
	if (!err)
		err = store_schema(s, d);
	if (!err)
		err = store_positions(s, d);
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
	if (pthread_cond_timedwait(&s->cond, &s->lock, &until) == ETIMEDOUT && !s->committing) {
		s->committing = true;
		pthread_mutex_unlock(&s->lock);
		probe(s);
		pthread_mutex_lock(&s->lock);
		s->committing = false;
	}
}

static void *
writer_main(void *arg)
{
	struct store *s = (struct store *)arg;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		while (s->committing || (STAILQ_EMPTY(&s->queue) && !s->stopping))
			wait_for_work(s);
		if (STAILQ_EMPTY(&s->queue))
			break;
		commit_queue(s);
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
	pthread_cond_signal(&s->checkpoint_cond);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	s->thread_runs = false;
	store_checkpoint_stop(s);
}
