/*
 * What every implementation of the interface "datalake" must do: all history, in order, none lost,
 * none twice once acknowledged.
 */
#include "tests/lib/contract.h"

#include <stdio.h>
#include <string.h>

#include "runtime/abi/iface_datalake.h"
#include "runtime/base/json.h"

static const struct wn_iface_datalake *
iface(const struct contract *c)
{
	return c->vtable;
}

static void
appended(void *arg, wn_err err, const struct wn_event *evs, size_t n, const struct wn_diag *d)
{
	(void)arg;
	(void)evs;
	(void)n;
	(void)d;
	assert_int_equal(err, WN_OK);
}

/* Events straight into the log: what they say is not the lake's business. */
static void
put(struct contract *c, const char *tenant, int n)
{
	for (int i = 0; i < n; i++) {
		char id[WN_ULID_MAX], data[40];
		struct wn_append a = { .expect = -1 };
		struct wn_diag d = { 0 };

		fake_host_host(c->h)->new_id(fake_host_host(c->h), id);
		(void)snprintf(data, sizeof(data), "{\"n\":%d}", i);
		a.ev = (struct wn_event){ .id = id,
					  .source = "webnova/test",
					  .type = "test.happened",
					  .subject = "s",
					  .dataschema = "urn:webnova:event:test.happened:1",
					  .data = wn_str(data),
					  .stream = "test/1",
					  .tenant = tenant,
					  .actor = "user:1",
					  .correlation = id };
		assert_int_equal(fake_store_iface.append(fake_store_mod(c->store), &a, 1, appended,
							 NULL, &d),
				 WN_OK);
	}
}

static struct wn_lake_batch
read_all(struct contract *c, size_t limit)
{
	struct wn_lake_batch b = { 0 };

	assert_int_equal(iface(c)->read(c->mod, fake_host_ctx(c->h), WN_STR("lake"), limit, &b),
			 WN_OK);
	return b;
}

static wn_err
ack(struct contract *c, const char *reader, int64_t seq)
{
	return iface(c)->ack(c->mod, fake_host_ctx(c->h), wn_str(reader), seq);
}

static int64_t
position(struct contract *c, const char *reader)
{
	int64_t seq = -1;

	assert_int_equal(iface(c)->position(c->mod, fake_host_ctx(c->h), wn_str(reader), &seq),
			 WN_OK);
	return seq;
}

static void
an_empty_log_gives_nothing(void **state)
{
	struct wn_lake_batch b = read_all(*state, 10);

	assert_int_equal(b.n, 0);
	assert_int_equal(b.lines.len, 0);
	assert_true(b.end);
}

static void
a_line_is_one_cloud_event(void **state)
{
	struct wn_lake_batch b;
	struct wn_json *j = NULL;
	int64_t seq = 0;

	put(*state, "local", 1);
	b = read_all(*state, 10);
	assert_int_equal(b.n, 1);
	assert_int_equal(b.lines.p[b.lines.len - 1], '\n');
	assert_int_equal(wn_json_parse(wn_str_trim(b.lines), NULL, &j, NULL), WN_OK);
	assert_string_equal(wn_json_get_str(j, "specversion", ""), "1.0");
	assert_string_equal(wn_json_get_str(j, "type", ""), "test.happened");
	assert_string_equal(wn_json_get_str(j, "source", ""), "webnova/test");
	assert_true(wn_json_i64(wn_json_get(j, "seq"), &seq) && seq == b.next);
	assert_int_equal(wn_json_type(wn_json_get(j, "data")), WN_JSON_OBJECT);
	wn_json_free(j);
}

static void
batches_cover_the_log_in_order(void **state)
{
	struct contract *c = *state;
	struct wn_lake_batch b;
	size_t all = 0, batches = 0;
	int64_t last = 0;

	put(c, "local", 7);
	do {
		b = read_all(c, 3);
		assert_true(b.n <= 3 && (b.n == 0 || b.next > last));
		all += b.n;
		last = b.next;
		batches++;
		assert_int_equal(ack(c, "lake", b.next), WN_OK);
	} while (!b.end && batches < 10);
	assert_int_equal(all, 7);
	assert_int_equal(read_all(c, 3).n, 0);
}

static void
what_is_not_acknowledged_comes_again(void **state)
{
	struct contract *c = *state;
	struct wn_lake_batch b;

	put(c, "local", 2);
	b = read_all(c, 10);
	assert_int_equal(b.n, 2);
	assert_int_equal(read_all(c, 10).n, 2);
	assert_int_equal(position(c, "lake"), 0);
}

static void
an_acknowledged_position_stays(void **state)
{
	struct contract *c = *state;

	put(c, "local", 3);
	assert_int_equal(ack(c, "lake", 2), WN_OK);
	assert_int_equal(position(c, "lake"), 2);
	assert_int_equal(ack(c, "lake", 2), WN_OK);
	assert_int_equal(read_all(c, 10).n, 1);
}

static void
a_position_moves_neither_back_nor_past_the_log(void **state)
{
	struct contract *c = *state;

	put(c, "local", 3);
	assert_int_equal(ack(c, "lake", 3), WN_OK);
	assert_int_equal(ack(c, "lake", 1), WN_E_CONFLICT);
	assert_int_equal(ack(c, "lake", 99), WN_E_INVALID);
	assert_int_equal(position(c, "lake"), 3);
}

static void
readers_stand_apart(void **state)
{
	struct contract *c = *state;

	put(c, "local", 3);
	assert_int_equal(ack(c, "other", 3), WN_OK);
	assert_int_equal(position(c, "lake"), 0);
	assert_int_equal(read_all(c, 10).n, 3);
}

static void
another_tenant_is_not_seen(void **state)
{
	struct contract *c = *state;
	struct wn_lake_batch b;

	put(c, "somebody", 3);
	put(c, "local", 1);
	b = read_all(c, 10);
	assert_int_equal(b.n, 1);
	assert_int_equal(wn_str_find(b.lines, WN_STR("somebody")), -1);
}

static void
bad_names_and_limits_are_invalid(void **state)
{
	static const char *const names[] = { "", "Upper", "a/b", "a b",
					     "01234567890123456789012345678901234567890" };
	struct contract *c = *state;
	struct wn_lake_batch b;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(
			iface(c)->read(c->mod, fake_host_ctx(c->h), wn_str(names[i]), 1, &b),
			WN_E_INVALID);
	assert_int_equal(iface(c)->read(c->mod, fake_host_ctx(c->h), WN_STR("a"), 0, &b),
			 WN_E_INVALID);
	assert_int_equal(
		iface(c)->read(c->mod, fake_host_ctx(c->h), WN_STR("a"), WN_LAKE_BATCH_MAX + 1, &b),
		WN_E_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(an_empty_log_gives_nothing),
		CONTRACT_TEST(a_line_is_one_cloud_event),
		CONTRACT_TEST(batches_cover_the_log_in_order),
		CONTRACT_TEST(what_is_not_acknowledged_comes_again),
		CONTRACT_TEST(an_acknowledged_position_stays),
		CONTRACT_TEST(a_position_moves_neither_back_nor_past_the_log),
		CONTRACT_TEST(readers_stand_apart),
		CONTRACT_TEST(another_tenant_is_not_seen),
		CONTRACT_TEST(bad_names_and_limits_are_invalid),
	};

	return contract_run("datalake", tests, sizeof(tests) / sizeof(tests[0]));
}
