/*
 * What every implementation of the interface "observability" must do, wherever its measurements go.
 */
#include "tests/lib/contract.h"

#include <pthread.h>

#include "runtime/abi/iface_observability.h"

enum { THREADS = 4, EACH = 1000 };

static const struct wn_metric sample = { .name = WN_METRIC_RPC,
					 .kind = WN_METRIC_DURATION,
					 .value = 1000,
					 .of = "engine.ping",
					 .outcome = "ok" };

static const struct wn_iface_observability *
iface(const struct contract *c)
{
	return c->vtable;
}

static struct wn_metric_stats
stats(const struct contract *c)
{
	struct wn_metric_stats s = { 0 };

	iface(c)->stats(c->mod, &s);
	return s;
}

static void
it_starts_at_nothing(void **state)
{
	assert_int_equal(stats(*state).accepted, 0);
}

static void
what_is_recorded_is_counted(void **state)
{
	struct contract *c = *state;

	iface(c)->record(c->mod, &sample);
	iface(c)->record(
		c->mod,
		&(struct wn_metric){ .name = WN_METRIC_JOB, .kind = WN_METRIC_COUNT, .value = 1 });
	assert_int_equal(stats(c).accepted, 2);
}

static void
the_counts_add_up(void **state)
{
	struct contract *c = *state;
	struct wn_metric_stats s;

	for (int i = 0; i < 10; i++)
		iface(c)->record(c->mod, &sample);
	s = stats(c);
	assert_true(s.delivered >= 0 && s.dropped >= 0);
	assert_true(s.delivered + s.dropped <= s.accepted);
}

static void
a_measurement_without_a_name_is_not_accepted(void **state)
{
	struct contract *c = *state;

	iface(c)->record(c->mod, &(struct wn_metric){ .value = 1 });
	iface(c)->record(c->mod, &(struct wn_metric){ .name = "", .value = 1 });
	assert_int_equal(stats(c).accepted, 0);
}

static void *
record_many(void *arg)
{
	struct contract *c = arg;

	for (int i = 0; i < EACH; i++)
		iface(c)->record(c->mod, &sample);
	return NULL;
}

static void
threads_lose_none(void **state)
{
	struct contract *c = *state;
	pthread_t t[THREADS];

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, record_many, c), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(t[i], NULL), 0);
	assert_int_equal(stats(c).accepted, THREADS * EACH);
}

static void
there_is_a_sink_or_a_reason(void **state)
{
	struct wn_metric_stats s = stats(*state);

	assert_true((s.sink != NULL) != (s.reason != NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(it_starts_at_nothing),
		CONTRACT_TEST(what_is_recorded_is_counted),
		CONTRACT_TEST(the_counts_add_up),
		CONTRACT_TEST(a_measurement_without_a_name_is_not_accepted),
		CONTRACT_TEST(threads_lose_none),
		CONTRACT_TEST(there_is_a_sink_or_a_reason),
	};

	return contract_run("observability", tests, sizeof(tests) / sizeof(tests[0]));
}
