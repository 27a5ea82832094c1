/*
 * Implements the thread pool with plain pthreads.
 */
#include "runtime/kernel/pool.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "runtime/base/mem.h"

enum { IDLE_SECONDS = 10 };

struct work {
	struct work *next;
	void (*fn)(void *arg);
	void *arg;
};

struct wn_pool {
	pthread_mutex_t lock;
	pthread_cond_t more; /* work came, or the pool ends */
	pthread_cond_t gone; /* a thread ended */
	struct work *head, **tail;
	size_t waiting, threads, idle;
	size_t max_threads, max_queue;
	bool ending;
	char name[16];
};

struct wn_pool *
wn_pool_new(const char *name, size_t threads, size_t queue)
{
	struct wn_pool *p = WN_NEW(struct wn_pool);
	pthread_condattr_t attr;

	assert(threads > 0 && queue > 0);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->more, &attr);
	pthread_condattr_destroy(&attr);
	pthread_cond_init(&p->gone, NULL);
	p->tail = &p->head;
	p->max_threads = threads;
	p->max_queue = queue;
	(void)snprintf(p->name, sizeof(p->name), "%s", name);
	return p;
}

/* Takes the next piece of work; NULL: this thread has been idle long enough, or the pool ends. */
static struct work *
take(struct wn_pool *p)
{
	struct timespec until;
	struct work *w;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += IDLE_SECONDS;
	p->idle++;
	while (p->head == NULL && !p->ending && rc == 0)
		rc = pthread_cond_timedwait(&p->more, &p->lock, &until);
	p->idle--;
	w = p->head;
	if (w != NULL) {
		p->head = w->next;
		if (p->head == NULL)
			p->tail = &p->head;
		p->waiting--;
	}
	return w;
}

static void *
thread_main(void *arg)
{
	struct wn_pool *p = arg;
	struct work *w;

	pthread_setname_np(pthread_self(), p->name);
	pthread_mutex_lock(&p->lock);
	while ((w = take(p)) != NULL) {
		pthread_mutex_unlock(&p->lock);
		w->fn(w->arg);
		wn_free(w);
		pthread_mutex_lock(&p->lock);
	}
	p->threads--;
	pthread_cond_broadcast(&p->gone);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Signals belong to the loop thread: a pool thread starts with all of them blocked. */
static bool
thread_start(struct wn_pool *p)
{
	sigset_t all, old;
	pthread_attr_t attr;
	pthread_t t;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	rc = pthread_create(&t, &attr, thread_main, p);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc == 0;
}

wn_err
wn_pool_run(struct wn_pool *p, void (*fn)(void *arg), void *arg)
{
	struct work *w = WN_NEW(struct work);
	wn_err err = WN_OK;

	w->fn = fn;
	w->arg = arg;
	pthread_mutex_lock(&p->lock);
	if (p->waiting >= p->max_queue) {
		err = WN_E_BUSY;
	} else if (p->idle <= p->waiting && p->threads < p->max_threads) {
		if (thread_start(p))
			p->threads++;
		else if (p->threads == 0)
			err = WN_E_UNAVAILABLE;
	}
	if (err == WN_OK) {
		*p->tail = w;
		p->tail = &w->next;
		p->waiting++;
		pthread_cond_signal(&p->more);
		w = NULL;
	}
	pthread_mutex_unlock(&p->lock);
	wn_free(w);
	return err;
}

void
wn_pool_free(struct wn_pool *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->more);
	while (p->threads > 0)
		pthread_cond_wait(&p->gone, &p->lock);
	pthread_mutex_unlock(&p->lock);
	pthread_cond_destroy(&p->more);
	pthread_cond_destroy(&p->gone);
	pthread_mutex_destroy(&p->lock);
	wn_free(p);
}
