/*
 * Moving what the write-ahead log holds into the database, beside the writer: a thread with a
 * connection of its own, born with the first need, asleep otherwise. A commit does it itself only
 * when the thread cannot keep up, so the log stays bounded.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

/* A disk that is full or sick says so at the next commit. */
static void
checkpoint(sqlite3 *db)
{
	(void)sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void *
thread_main(void *arg)
{
	struct store *s = (struct store *)arg;
	struct store_conn *c = NULL;
	struct wn_diag ignored = { 0 };

	if (store_conn_open(s, false, &c, &ignored))
		c = NULL;
	pthread_mutex_lock(&s->lock);
	while (c && !s->stopping) {
		if (!s->checkpoint_due) {
			pthread_cond_wait(&s->checkpoint_cond, &s->lock);
			continue;
		}
		s->checkpoint_due = false;
		pthread_mutex_unlock(&s->lock);
		checkpoint(c->db);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	store_conn_free(c);
	return NULL;
}

static void
ask_thread(struct store *s)
{
	pthread_mutex_lock(&s->lock);
	if (!s->checkpoint_thread_runs && !s->stopping)
		s->checkpoint_thread_runs =
			pthread_create(&s->checkpoint_thread, NULL, thread_main, s) == 0;
	s->checkpoint_due = true;
	pthread_cond_signal(&s->checkpoint_cond);
	pthread_mutex_unlock(&s->lock);
}

/* After each commit, in the thread that did it: the log is `pages` long now. */
static int
on_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *s = (struct store *)arg;

	(void)name;
	if (pages < s->wal_asked)
		s->wal_asked = 0; /* it began anew */
	if (pages >= STORE_WAL_MAX) {
		checkpoint(db);
		s->wal_asked = 0;
	} else if (pages - s->wal_asked >= STORE_WAL_STEP) {
		s->wal_asked = pages;
		ask_thread(s);
	}
	return SQLITE_OK;
}

void
store_checkpoint_watch(struct store *s, struct store_conn *writer)
{
	s->wal_asked = 0;
	(void)sqlite3_wal_hook(writer->db, on_wal, s);
}

void
store_checkpoint_stop(struct store *s)
{
	if (s->checkpoint_thread_runs)
		pthread_join(s->checkpoint_thread, NULL);
	s->checkpoint_thread_runs = false;
}
