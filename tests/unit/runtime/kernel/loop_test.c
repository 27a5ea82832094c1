/*
 * The loop: posts, timers on a clock that stands still, descriptors, hooks; and the log sink, which
 * needs none.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/log_sink.h"
#include "runtime/kernel/loop.h"
#include "runtime/kernel/pool.h"

struct fix {
	struct wn_clock_fake clock;
	struct wn_loop *loop;
	char story[200];
	struct wn_timer *timer;
	int n;
};

static void
fix_open(struct fix *f)
{
	*f = (struct fix){ 0 };
	wn_clock_fake_init(&f->clock, 0);
	f->loop = wn_loop_new(&f->clock.clock);
}

static void
add(struct fix *f, const char *text)
{
	(void)snprintf(f->story + strlen(f->story), sizeof(f->story) - strlen(f->story), "%s ",
		       text);
}

static void
say_a(void *arg)
{
	add(arg, "a");
}

static void
say_b(void *arg)
{
	add(arg, "b");
}

static void
post_b(void *arg)
{
	struct fix *f = arg;

	add(f, "p");
	wn_loop_post(f->loop, say_b, f);
}

static void
a_post_runs_on_a_later_turn_in_order(void **state)
{
	struct fix f;

	(void)state;
	fix_open(&f);
	wn_loop_post(f.loop, post_b, &f);
	wn_loop_post(f.loop, say_a, &f);
	assert_string_equal(f.story, "");
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "p a ");
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "p a b ");
	wn_loop_free(f.loop);
}

static void
count_up(void *arg)
{
	((struct fix *)arg)->n++;
}

static void *
post_many(void *arg)
{
	struct fix *f = arg;

	for (int i = 0; i < 1000; i++)
		wn_loop_post(f->loop, count_up, f);
	return NULL;
}

static bool
four_thousand(void *arg)
{
	return ((struct fix *)arg)->n == 4000;
}

static void
posts_come_from_any_thread(void **state)
{
	struct fix f;
	pthread_t t[4];

	(void)state;
	fix_open(&f);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&t[i], NULL, post_many, &f), 0);
	assert_true(wn_loop_until(f.loop, four_thousand, &f, 5000));
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	wn_loop_free(f.loop);
}

static void
timers_fire_in_order_when_due_and_not_before(void **state)
{
	struct fix f;

	(void)state;
	fix_open(&f);
	(void)wn_loop_timer(f.loop, 20, 0, say_b, &f);
	(void)wn_loop_timer(f.loop, 10, 0, say_a, &f);
	wn_clock_fake_advance(&f.clock, 9);
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "");
	wn_clock_fake_advance(&f.clock, 11);
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "a b ");
	assert_int_equal(wn_loop_timers(f.loop), 0);
	wn_loop_free(f.loop);
}

static void
a_repeating_timer_goes_on_until_stopped(void **state)
{
	struct fix f;

	(void)state;
	fix_open(&f);
	f.timer = wn_loop_timer(f.loop, 10, 10, say_a, &f);
	for (int i = 0; i < 3; i++) {
		wn_clock_fake_advance(&f.clock, 10);
		wn_loop_turn(f.loop, false);
	}
	wn_loop_timer_stop(f.loop, f.timer);
	wn_clock_fake_advance(&f.clock, 100);
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "a a a ");
	wn_loop_free(f.loop);
}

static void
stopping_a_timer_that_fired_long_ago_harms_no_other(void **state)
{
	struct fix f;
	struct wn_timer *old;

	(void)state;
	fix_open(&f);
	old = wn_loop_timer(f.loop, 0, 0, say_a, &f);
	wn_loop_turn(f.loop, false);
	(void)wn_loop_timer(f.loop, 0, 0, say_b, &f); /* takes the same slot */
	wn_loop_timer_stop(f.loop, old);
	wn_loop_timer_stop(f.loop, NULL);
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "a b ");
	wn_loop_free(f.loop);
}

struct reader {
	struct fix *f;
	struct wn_watch *watch;
	int fd;
};

static void
on_readable(void *arg, int events)
{
	struct reader *r = arg;
	char c;

	assert_int_equal(events, WN_IO_READ);
	assert_int_equal(read(r->fd, &c, 1), 1);
	add(r->f, "read");
	wn_watch_stop(r->watch);
	r->watch = NULL;
}

static void
a_watch_tells_and_may_stop_itself(void **state)
{
	struct fix f;
	struct reader r = { .f = &f };
	int p[2];

	(void)state;
	fix_open(&f);
	assert_int_equal(pipe(p), 0);
	r.fd = p[0];
	r.watch = wn_loop_watch(f.loop, p[0], WN_IO_READ, on_readable, &r);
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "");
	assert_int_equal(write(p[1], "xy", 2), 2);
	wn_loop_turn(f.loop, true);
	wn_loop_turn(f.loop, false);
	assert_string_equal(f.story, "read ");
	close(p[0]);
	close(p[1]);
	wn_loop_free(f.loop);
}

static void
a_hook_runs_once_at_the_end_of_the_turn(void **state)
{
	struct fix f;
	struct wn_turn_hook h = { .fn = say_b }, dropped = { .fn = say_a };

	(void)state;
	fix_open(&f);
	h.arg = dropped.arg = &f;
	wn_loop_at_turn_end(f.loop, &h);
	wn_loop_at_turn_end(f.loop, &dropped);
	wn_loop_at_turn_end(f.loop, &h);
	wn_loop_hook_drop(f.loop, &dropped);
	wn_loop_post(f.loop, say_a, &f);
	wn_loop_turn(f.loop, false);
	wn_loop_turn(f.loop, false);
	assert_int_equal(strlen(f.story), 4);
	wn_loop_free(f.loop);
}

static void
a_signal_comes_through_the_loop(void **state)
{
	struct fix f;

	(void)state;
	fix_open(&f);
	wn_loop_signal(f.loop, SIGUSR1, count_up, &f);
	assert_int_equal(raise(SIGUSR1), 0);
	for (int i = 0; i < 100 && f.n == 0; i++)
		wn_loop_turn(f.loop, false);
	assert_int_equal(f.n, 1);
	wn_loop_free(f.loop);
}

/* ---- the pool ---- */

static void
work(void *arg)
{
	atomic_fetch_add((atomic_int *)arg, 1);
}

static void
the_pool_runs_all_it_took(void **state)
{
	struct wn_pool *p = wn_pool_new("test", 3, 10000);
	atomic_int n = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(wn_pool_run(p, work, &n), WN_OK);
	wn_pool_free(p);
	assert_int_equal(atomic_load(&n), 1000);
}

struct gate {
	pthread_mutex_t lock;
};

static void
wait_gate(void *arg)
{
	struct gate *g = arg;

	pthread_mutex_lock(&g->lock);
	pthread_mutex_unlock(&g->lock);
}

static void
a_full_queue_is_busy(void **state)
{
	struct wn_pool *p = wn_pool_new("test", 1, 2);
	struct gate g = { PTHREAD_MUTEX_INITIALIZER };
	int taken = 0;

	(void)state;
	pthread_mutex_lock(&g.lock);
	while (taken < 10 && wn_pool_run(p, wait_gate, &g) == WN_OK)
		taken++;
	pthread_mutex_unlock(&g.lock);
	wn_pool_free(p);
	assert_in_range(taken, 2, 3);
}

/* ---- the log sink ---- */

static char *
read_all(const char *path)
{
	struct wn_buf b;

	wn_buf_init(&b, 1 << 20);
	if (wn_file_read(path, &b, NULL) != WN_OK)
		(void)wn_buf_cstr(&b, "(none)");
	return wn_buf_take(&b, NULL);
}

static void
expect_file(const char *path, const char *suffix, const char *want)
{
	char *name = wn_asprintf("%s%s", path, suffix), *text = read_all(name);

	assert_string_equal(text, want);
	wn_free(name);
	wn_free(text);
}

static void
the_log_rotates_by_size(void **state)
{
	char dir[] = "/tmp/wn-test-XXXXXX", path[64];
	struct wn_log_sink_opts o = { .path = path, .max_bytes = 10, .keep = 2 };
	struct wn_log_sink *s = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/x.log", dir);
	assert_int_equal(wn_log_sink_new(&o, &s, NULL), WN_OK);
	wn_log_sink_write(s, WN_LOG_INFO, "line 1\n", 7);
	wn_log_sink_write(s, WN_LOG_INFO, "line 2\n", 7);
	wn_log_sink_write(s, WN_LOG_INFO, "line 3\n", 7);
	wn_log_sink_write(s, WN_LOG_INFO, "line 4\n", 7);
	expect_file(path, "", "line 4\n");
	expect_file(path, ".1", "line 3\n");
	expect_file(path, ".2", "line 2\n");
	expect_file(path, ".3", "(none)");
	wn_log_sink_free(s);
	assert_int_equal(wn_file_rmtree(dir, NULL), WN_OK);
}

static void
the_log_is_opened_anew_when_told(void **state)
{
	char dir[] = "/tmp/wn-test-XXXXXX", path[64];
	struct wn_log_sink_opts o = { .path = path };
	struct wn_log_sink *s = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/x.log", dir);
	assert_int_equal(wn_log_sink_new(&o, &s, NULL), WN_OK);
	wn_log_sink_write(s, WN_LOG_INFO, "old\n", 4);
	assert_int_equal(unlink(path), 0);
	wn_log_sink_reopen(s);
	wn_log_sink_write(s, WN_LOG_INFO, "new\n", 4);
	expect_file(path, "", "new\n");
	wn_log_sink_free(s);
	assert_int_equal(wn_file_rmtree(dir, NULL), WN_OK);
}

static void
a_secret_never_reaches_the_file(void **state)
{
	char dir[] = "/tmp/wn-test-XXXXXX", path[64], *text;
	struct wn_log_sink_opts o = { .path = path };
	struct wn_log_sink *s = NULL;
	struct wn_log log = { WN_LOG_INFO, 1, wn_clock_real(), wn_log_sink_write, NULL };

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/x.log", dir);
	assert_int_equal(wn_log_sink_new(&o, &s, NULL), WN_OK);
	log.arg = s;
	wn_log(&log, WN_LOG_INFO, "test", "signed in", WN_SECRET("token", "hunter2"),
	       WN_S("who", "me"));
	wn_log(&log, WN_LOG_DEBUG, "test", "below the level");
	text = read_all(path);
	assert_null(strstr(text, "hunter2"));
	assert_non_null(strstr(text, "\"who\":\"me\""));
	assert_null(strstr(text, "below"));
	wn_free(text);
	wn_log_sink_free(s);
	assert_int_equal(wn_file_rmtree(dir, NULL), WN_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_runs_on_a_later_turn_in_order),
		cmocka_unit_test(posts_come_from_any_thread),
		cmocka_unit_test(timers_fire_in_order_when_due_and_not_before),
		cmocka_unit_test(a_repeating_timer_goes_on_until_stopped),
		cmocka_unit_test(stopping_a_timer_that_fired_long_ago_harms_no_other),
		cmocka_unit_test(a_watch_tells_and_may_stop_itself),
		cmocka_unit_test(a_hook_runs_once_at_the_end_of_the_turn),
		cmocka_unit_test(a_signal_comes_through_the_loop),
		cmocka_unit_test(the_pool_runs_all_it_took),
		cmocka_unit_test(a_full_queue_is_busy),
		cmocka_unit_test(the_log_rotates_by_size),
		cmocka_unit_test(the_log_is_opened_anew_when_told),
		cmocka_unit_test(a_secret_never_reaches_the_file),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/loop", tests, NULL, NULL);
}
