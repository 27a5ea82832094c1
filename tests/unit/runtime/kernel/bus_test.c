/*
 * The eight rules of the bus (architecture, section 2), each as a test, and what a pattern fits.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/abi/module.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/consumer.h"
#include "runtime/kernel/emit.h"
#include "tests/lib/fake_store.h"
#include "tests/lib/kernel_fix.h"

/* ---- a bus with a store, on a clock that stands still ---- */

struct fix {
	struct wn_clock_fake clock;
	struct wn_log log;
	struct wn_loop *loop;
	struct wn_bus *bus;
	struct wn_pool *pool;
	struct fake_store *store;
	struct wn_feed_source src;
};

static void
quiet(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	(void)arg;
	(void)level;
	(void)line;
	(void)n;
}

static void
fix_open(struct fix *f)
{
	*f = (struct fix){ 0 };
	wn_clock_fake_init(&f->clock, 1767225600000);
	f->log = (struct wn_log){ WN_LOG_ERROR, 0, &f->clock.clock, quiet, NULL };
	f->loop = wn_loop_new(&f->clock.clock);
	f->bus = wn_bus_new(f->loop);
	f->pool = wn_pool_new("test", 2, 64);
	f->store = fake_store_new();
	f->src = (struct wn_feed_source){ .bus = f->bus,
					  .store = &fake_store_iface,
					  .store_mod = fake_store_mod(f->store),
					  .pool = f->pool,
					  .log = &f->log,
					  .batch = 4 };
}

static void
fix_close(struct fix *f)
{
	wn_pool_free(f->pool);
	while (wn_loop_pending(f->loop))
		wn_loop_turn(f->loop, false);
	wn_bus_free(f->bus);
	wn_loop_free(f->loop);
	fake_store_free(f->store);
}

static void
on_done(void *arg, wn_err err, const struct wn_event *evs, size_t n, const struct wn_diag *d)
{
	struct fix *f = arg;

	(void)d;
	assert_int_equal(err, WN_OK);
	for (size_t i = 0; i < n; i++)
		wn_bus_commit(f->bus, wn_bus_event_new(&evs[i]));
}

static void
append(struct fix *f, const char *stream, const char *type)
{
	static int number;
	char id[32];
	struct wn_append a = { .expect = -1 };

	(void)snprintf(id, sizeof(id), "%026d", ++number);
	a.ev = (struct wn_event){ .id = id,
				  .source = "webnova/test",
				  .type = type,
				  .dataschema = "urn:x",
				  .data = WN_STR("{}"),
				  .stream = stream,
				  .tenant = "local",
				  .actor = "test",
				  .correlation = id };
	assert_int_equal(fake_store_iface.append(fake_store_mod(f->store), &a, 1, on_done, f, NULL),
			 WN_OK);
}

static bool
idle(void *arg)
{
	return wn_consumer_idle(arg);
}

static void
settle(struct fix *f)
{
	do
		wn_loop_turn(f->loop, false);
	while (wn_loop_pending(f->loop));
}

/* ---- the rules ---- */

static void
count(void *arg, struct wn_bus_event *e)
{
	(void)e;
	(*(int *)arg)++;
}

static void
rule_1_the_payload_is_a_copy(void **state)
{
	char type[] = "a.b", data[] = "{\"x\":1}";
	struct wn_event ev = { .id = "1",
			       .source = "s",
			       .type = type,
			       .dataschema = "d",
			       .stream = "s/1",
			       .tenant = "t",
			       .actor = "a",
			       .correlation = "c" };
	struct wn_bus_event *e;

	(void)state;
	ev.data = wn_str(data);
	e = wn_bus_event_new(&ev);
	memset(type, 'x', 3);
	memset(data, 'x', 7);
	assert_string_equal(e->ev.type, "a.b");
	assert_true(wn_str_is(e->ev.data, "{\"x\":1}"));
	assert_null(e->ev.subject);
	wn_bus_event_unref(e);
}

static void
rule_2_delivery_comes_after_commit_on_a_later_turn(void **state)
{
	struct fix f;
	int heard = 0;
	struct wn_bus_sub *s;

	(void)state;
	fix_open(&f);
	s = wn_bus_subscribe(f.bus, count, &heard);
	fake_store_hold(f.store, true);
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_int_equal(heard, 0); /* not committed */
	fake_store_hold(f.store, false);
	assert_int_equal(heard, 0); /* committed on this stack: not here */
	settle(&f);
	assert_int_equal(heard, 1);
	wn_bus_unsubscribe(s);
	fix_close(&f);
}

struct changer {
	struct fix *f;
	struct wn_bus_sub *victim, *added;
	int heard, late;
};

static void
change(void *arg, struct wn_bus_event *e)
{
	struct changer *c = arg;

	(void)e;
	c->heard++;
	wn_bus_unsubscribe(c->victim);
	c->victim = NULL;
	if (c->added == NULL)
		c->added = wn_bus_subscribe(c->f->bus, count, &c->late);
}

static void
rule_3_one_added_or_removed_during_a_delivery_does_not_hear_it(void **state)
{
	struct fix f;
	struct changer c = { .f = &f };
	struct wn_bus_sub *s;
	int heard = 0;

	(void)state;
	fix_open(&f);
	s = wn_bus_subscribe(f.bus, change, &c);
	c.victim = wn_bus_subscribe(f.bus, count, &heard);
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_int_equal(c.heard, 1);
	assert_int_equal(heard, 0);
	assert_int_equal(c.late, 0);
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_int_equal(c.late, 1);
	wn_bus_unsubscribe(s);
	wn_bus_unsubscribe(c.added);
	fix_close(&f);
}

static void
remove_myself(void *arg, struct wn_bus_event *e)
{
	struct wn_bus_sub **s = arg;

	(void)e;
	wn_bus_unsubscribe(*s);
	*s = NULL;
}

static void
rule_4_removal_in_a_handler_marks_and_is_swept_after(void **state)
{
	struct fix f;
	struct wn_bus_sub *first, *last;
	int heard = 0;

	(void)state;
	fix_open(&f);
	first = wn_bus_subscribe(f.bus, remove_myself, &first);
	last = wn_bus_subscribe(f.bus, count, &heard);
	append(&f, "a/1", "a.b");
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_null(first);
	assert_int_equal(heard, 2);
	wn_bus_unsubscribe(last);
	fix_close(&f);
}

/* What a consumer under test does with its events. */
struct script {
	struct fix *f;
	int depth, deepest, calls;
	bool emit_again;	 /* once, from inside the handler */
	const char *fail_stream; /* fails for events of this stream ... */
	int failures;		 /* ... so many times */
	char order[256];	 /* streams in the order they were handled */
};

static wn_err
scripted(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_event *ev)
{
	struct script *s = m->state;

	s->calls++;
	if (++s->depth > s->deepest)
		s->deepest = s->depth;
	if (s->emit_again) {
		s->emit_again = false;
		append(s->f, "a/1", "a.b");
		wn_loop_turn(s->f->loop, false);
	}
	s->depth--;
	if (s->fail_stream != NULL && strcmp(s->fail_stream, ev->stream) == 0 && s->failures > 0) {
		s->failures--;
		return WN_FAIL(ctx, WN_E_INTERNAL, "as told");
	}
	(void)snprintf(s->order + strlen(s->order), sizeof(s->order) - strlen(s->order), "%s:%lld ",
		       ev->stream, (long long)ev->version);
	return WN_OK;
}

static const struct wn_listen script_listens[] = { { "a.*", scripted }, { NULL, NULL } };

static struct wn_consumer *
consumer(struct fix *f, struct wn_mod *m, struct script *s, int attempts)
{
	struct wn_consumer_opts o = { .name = "test",
				      .mod = m,
				      .listens = script_listens,
				      .attempts = attempts,
				      .backoff_ms = 100 };
	struct wn_consumer *c = NULL;
	struct wn_diag d = { 0 };

	s->f = f;
	m->state = s;
	assert_int_equal(wn_consumer_new(&f->src, &o, &c, &d), WN_OK);
	assert_true(wn_loop_until(f->loop, idle, c, 5000));
	return c;
}

static void
rule_5_a_running_handler_is_not_entered_again(void **state)
{
	struct fix f;
	struct script s = { .emit_again = true };
	struct wn_mod m = { 0 };
	struct wn_consumer *c;

	(void)state;
	fix_open(&f);
	c = consumer(&f, &m, &s, 3);
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_int_equal(s.calls, 2);
	assert_int_equal(s.deepest, 1);
	wn_consumer_free(c);
	fix_close(&f);
}

static void
rule_6_order_is_kept_per_stream_while_one_waits_for_its_retry(void **state)
{
	struct fix f;
	struct script s = { .fail_stream = "a/1", .failures = 1 };
	struct wn_mod m = { 0 };
	struct wn_consumer *c;

	(void)state;
	fix_open(&f);
	c = consumer(&f, &m, &s, 5);
	append(&f, "a/1", "a.b");
	append(&f, "a/1", "a.b");
	append(&f, "a/2", "a.b");
	settle(&f);
	assert_string_equal(s.order, "a/2:1 ");
	wn_clock_fake_advance(&f.clock, 100);
	settle(&f);
	assert_string_equal(s.order, "a/2:1 a/1:1 a/1:2 ");
	wn_consumer_free(c);
	fix_close(&f);
}

static void
rule_7_an_event_waits_while_its_dead_letter_is_refused(void **state)
{
	struct fix f;
	struct script s = { .fail_stream = "a/1", .failures = 100 };
	struct wn_mod m = { 0 };
	struct wn_consumer *c;

	(void)state;
	fix_open(&f);
	fake_store_refuse_dead(f.store, 1);
	c = consumer(&f, &m, &s, 1);
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_int_equal(fake_store_dead_count(f.store), 0);
	wn_clock_fake_advance(&f.clock, 100);
	settle(&f);
	assert_int_equal(fake_store_dead_count(f.store), 1);
	wn_consumer_free(c);
	assert_int_equal(fake_store_cursor(f.store, "test"), 1);
	fix_close(&f);
}

static void
rule_7_a_failing_handler_is_retried_with_backoff_then_dead_lettered(void **state)
{
	struct fix f;
	struct script s = { .fail_stream = "a/1", .failures = 3 };
	struct wn_mod m = { 0 };
	struct wn_consumer *c;

	(void)state;
	fix_open(&f);
	c = consumer(&f, &m, &s, 3);
	append(&f, "a/1", "a.b");
	append(&f, "a/1", "a.b");
	append(&f, "a/2", "a.b");
	settle(&f);
	assert_string_equal(s.order, "a/2:1 "); /* the others are not blocked */
	wn_clock_fake_advance(&f.clock, 100);
	settle(&f);
	assert_int_equal(s.calls, 3);
	wn_clock_fake_advance(&f.clock, 100);
	settle(&f);
	assert_int_equal(s.calls, 3); /* the second wait is twice as long */
	wn_clock_fake_advance(&f.clock, 100);
	settle(&f);
	assert_int_equal(fake_store_dead_count(f.store), 1);
	assert_string_equal(s.order, "a/2:1 a/1:2 ");
	wn_consumer_free(c);
	assert_int_equal(fake_store_cursor(f.store, "test"), 3);
	fix_close(&f);
}

static void
rule_8_shutdown_asserts_that_nobody_listens(void **state)
{
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct fix f;
		int heard = 0;

		(void)freopen("/dev/null", "w", stderr);
		fix_open(&f);
		(void)wn_bus_subscribe(f.bus, count, &heard);
		(void)signal(SIGABRT, SIG_DFL);
		wn_bus_free(f.bus);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* ---- consumers and the log ---- */

static void
a_consumer_catches_up_from_its_cursor(void **state)
{
	struct fix f;
	struct script s = { 0 };
	struct wn_mod m = { 0 };
	struct wn_consumer *c;

	(void)state;
	fix_open(&f);
	for (int i = 0; i < 11; i++)
		append(&f, "a/1", "a.b");
	append(&f, "a/1", "b.c"); /* not listened to */
	settle(&f);
	fake_store_set_cursor(f.store, "test", 2);
	c = consumer(&f, &m, &s, 3);
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_int_equal(s.calls, 10);
	wn_consumer_free(c);
	assert_int_equal(fake_store_cursor(f.store, "test"), 13);
	fix_close(&f);
}

static void
the_cursor_stays_before_an_event_that_waits(void **state)
{
	struct fix f;
	struct script s = { .fail_stream = "a/1", .failures = 1 };
	struct wn_mod m = { 0 };
	struct wn_consumer *c;

	(void)state;
	fix_open(&f);
	c = consumer(&f, &m, &s, 5);
	append(&f, "a/2", "a.b");
	append(&f, "a/1", "a.b");
	append(&f, "a/2", "a.b");
	settle(&f);
	wn_consumer_free(c);
	assert_int_equal(fake_store_cursor(f.store, "test"), 1);
	fix_close(&f);
}

/* ---- feeds ---- */

struct taken {
	struct wn_feed *feed;
	int n, room, doubles, gaps, lives;
	int64_t last;
};

static bool
take(void *arg, struct wn_bus_event *e)
{
	struct taken *t = arg;

	if (t->room == 0)
		return false;
	t->room--;
	t->n++;
	t->doubles += e->ev.seq <= t->last;
	t->gaps += e->ev.seq > t->last + 1;
	t->last = e->ev.seq;
	return true;
}

static void
on_live(void *arg)
{
	((struct taken *)arg)->lives++;
}

static bool
took_thirty(void *arg)
{
	return ((struct taken *)arg)->n >= 30;
}

static void
a_feed_turns_from_the_log_to_live_without_gap_or_double(void **state)
{
	struct fix f;
	struct taken t = { .room = 1000 };
	struct wn_feed_opts o = { .after = 0, .take = take, .on_live = on_live, .arg = &t };

	(void)state;
	fix_open(&f);
	for (int i = 0; i < 10; i++)
		append(&f, "a/1", "a.b");
	t.feed = wn_feed_new(&f.src, &o);
	/* the rest is committed while the log is being read */
	for (int i = 0; i < 20; i++) {
		append(&f, "a/1", "a.b");
		wn_loop_turn(f.loop, false);
	}
	assert_true(wn_loop_until(f.loop, took_thirty, &t, 5000));
	assert_int_equal(t.doubles, 0);
	assert_int_equal(t.gaps, 0);
	wn_feed_free(t.feed);
	fix_close(&f);
}

static bool
is_full(void *arg)
{
	struct taken *t = arg;

	return t->room == 0;
}

static void
a_feed_without_room_reads_on_from_the_log(void **state)
{
	struct fix f;
	struct taken t = { .room = 3 };
	struct wn_feed_opts o = { .after = 0, .take = take, .arg = &t };

	(void)state;
	fix_open(&f);
	t.feed = wn_feed_new(&f.src, &o);
	for (int i = 0; i < 30; i++)
		append(&f, "a/1", "a.b");
	assert_true(wn_loop_until(f.loop, is_full, &t, 5000));
	settle(&f);
	assert_int_equal(t.n, 3);
	t.room = 100;
	wn_feed_resume(t.feed);
	assert_true(wn_loop_until(f.loop, took_thirty, &t, 5000));
	assert_int_equal(t.doubles + t.gaps, 0);
	wn_feed_free(t.feed);
	fix_close(&f);
}

static void
a_feed_from_now_on_hears_nothing_old(void **state)
{
	struct fix f;
	struct taken t = { .room = 10 };
	struct wn_feed_opts o = { .after = -1, .take = take, .arg = &t };

	(void)state;
	fix_open(&f);
	append(&f, "a/1", "a.b");
	settle(&f);
	t.feed = wn_feed_new(&f.src, &o);
	append(&f, "a/1", "a.b");
	settle(&f);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.last, 2);
	wn_feed_free(t.feed);
	fix_close(&f);
}

static void
a_pattern_fits_its_own_kind_only(void **state)
{
	(void)state;
	assert_true(wn_event_type_fits("a.b", "a.b"));
	assert_true(wn_event_type_fits("a.*", "a.b"));
	assert_true(wn_event_type_fits("*", "a.b"));
	assert_false(wn_event_type_fits("a.*", "ab.c"));
	assert_false(wn_event_type_fits("a*", "ab.c"));
	assert_false(wn_event_type_fits("a.b", "a.bc"));
	assert_false(wn_event_type_fits("", "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_1_the_payload_is_a_copy),
		cmocka_unit_test(rule_2_delivery_comes_after_commit_on_a_later_turn),
		cmocka_unit_test(rule_3_one_added_or_removed_during_a_delivery_does_not_hear_it),
		cmocka_unit_test(rule_4_removal_in_a_handler_marks_and_is_swept_after),
		cmocka_unit_test(rule_5_a_running_handler_is_not_entered_again),
		cmocka_unit_test(rule_6_order_is_kept_per_stream_while_one_waits_for_its_retry),
		cmocka_unit_test(rule_7_an_event_waits_while_its_dead_letter_is_refused),
		cmocka_unit_test(
			rule_7_a_failing_handler_is_retried_with_backoff_then_dead_lettered),
		cmocka_unit_test(rule_8_shutdown_asserts_that_nobody_listens),
		cmocka_unit_test(a_consumer_catches_up_from_its_cursor),
		cmocka_unit_test(the_cursor_stays_before_an_event_that_waits),
		cmocka_unit_test(a_feed_turns_from_the_log_to_live_without_gap_or_double),
		cmocka_unit_test(a_feed_without_room_reads_on_from_the_log),
		cmocka_unit_test(a_feed_from_now_on_hears_nothing_old),
		cmocka_unit_test(a_pattern_fits_its_own_kind_only),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/bus", tests, NULL, NULL);
}
