/* clock and id. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "runtime/base/clock.h"
#include "runtime/base/id.h"

static void
times_print_in_utc(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ INT64_C(951782400000), "2000-02-29T00:00:00.000Z" },
		{ INT64_C(1769903999999), "2026-01-31T23:59:59.999Z" },
		{ INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
		{ INT64_MIN, "0000-01-01T00:00:00.000Z" },
	};
	char out[WN_TIME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		wn_time_print(rows[i].ms, out);
		assert_string_equal(out, rows[i].text);
	}
}

static void
times_parse(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01t00:00:00z", 0 },
		{ "1970-01-01 00:00:00Z", 0 },
		{ "1970-01-01T01:00:00+01:00", 0 },
		{ "1969-12-31T19:00:00-05:00", 0 },
		{ "1970-01-01T00:00:00.1Z", 100 },
		{ "1970-01-01T00:00:00.1239999Z", 123 },
		{ "1990-12-31T23:59:60Z", INT64_C(662687999999) },
		{ "2000-02-29T00:00:00Z", INT64_C(951782400000) },
		{ "0000-01-01T00:00:00Z", INT64_C(-62167219200000) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ms = -1;

		assert_int_equal(wn_time_parse(wn_str(rows[i].text), &ms), WN_OK);
		assert_true(ms == rows[i].ms);
	}
}

static void
bad_times_are_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"1970",
		"1970-01-01",
		"1970-01-01T00:00:00",
		"1970-01-01T00:00Z",
		"1970-00-01T00:00:00Z",
		"1970-13-01T00:00:00Z",
		"1970-01-00T00:00:00Z",
		"1970-01-32T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2001-02-29T00:00:00Z",
		"1970-04-31T00:00:00Z",
		"1970-01-01T24:00:00Z",
		"1970-01-01T00:60:00Z",
		"1970-01-01T00:00:61Z",
		"1970-01-01T00:00:00.Z",
		"1970-01-01T00:00:00+24:00",
		"1970-01-01T00:00:00+0100",
		"1970-01-01T00:00:00ZZ",
		"+1970-01-01T00:00:00Z",
		"1970-1-1T0:0:0Z",
		"1970-01-01T00:00:00 Z",
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(wn_time_parse(wn_str(rows[i]), &ms), WN_E_PARSE);
}

static void
every_day_of_five_centuries_returns(void **state)
{
	char out[WN_TIME_MAX];

	(void)state;
	for (int64_t day = -100000; day < 100000; day += 1) {
		int64_t ms, want = day * 86400000 + 12345678;

		wn_time_print(want, out);
		assert_int_equal(wn_time_parse(wn_str(out), &ms), WN_OK);
		assert_true(ms == want);
	}
}

static void
fake_clock_moves_only_when_told(void **state)
{
	struct wn_clock_fake f;

	(void)state;
	wn_clock_fake_init(&f, 1000);
	assert_int_equal(wn_now_ms(&f.clock), 1000);
	assert_int_equal(wn_mono_ns(&f.clock), 0);
	wn_clock_fake_advance(&f, 5);
	assert_int_equal(wn_now_ms(&f.clock), 1005);
	assert_int_equal(wn_mono_ns(&f.clock), 5000000);
}

static void
real_clock_runs(void **state)
{
	const struct wn_clock *c = wn_clock_real();
	int64_t a = wn_mono_ns(c), b = wn_mono_ns(c);

	(void)state;
	assert_true(b >= a);
	assert_true(wn_now_ms(c) > INT64_C(1600000000000));
}

static void
ulids_increase_within_one_millisecond_and_backwards(void **state)
{
	struct wn_clock_fake f;
	struct wn_idgen g;
	char last[WN_ULID_MAX] = "", now[WN_ULID_MAX];

	(void)state;
	wn_clock_fake_init(&f, INT64_C(1769903999999));
	wn_idgen_init(&g, &f.clock);
	for (int i = 0; i < 10000; i++) {
		if (i == 5000)
			wn_clock_fake_advance(&f, -3600000);
		wn_id_ulid(&g, now);
		assert_true(wn_id_is_ulid(wn_str(now)));
		assert_true(strcmp(now, last) > 0);
		memcpy(last, now, sizeof(now));
	}
	assert_true(wn_id_ulid_ms(wn_str(now)) == INT64_C(1769903999999));
}

static void
counter_overflow_moves_to_the_next_millisecond(void **state)
{
	struct wn_clock_fake f;
	struct wn_idgen g;
	char a[WN_ULID_MAX], b[WN_ULID_MAX];

	(void)state;
	wn_clock_fake_init(&f, 1000);
	wn_idgen_init(&g, &f.clock);
	wn_id_ulid(&g, a);
	memset(g.last, 0xFF, sizeof(g.last));
	wn_id_ulid(&g, b);
	assert_true(strcmp(b, a) > 0);
	assert_int_equal(wn_id_ulid_ms(wn_str(b)), 1001);
}

static void
ulid_has_the_time_in_front(void **state)
{
	(void)state;
	assert_true(wn_id_ulid_ms(WN_STR("01ARZ3NDEKTSV4RRFFQ69G5FAV")) == INT64_C(1469922850259));
	assert_true(wn_id_ulid_ms(WN_STR("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")) ==
		    INT64_C(281474976710655));
	assert_int_equal(wn_id_ulid_ms(WN_STR("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")), -1);
}

static void
malformed_ids_are_refused(void **state)
{
	(void)state;
	assert_false(wn_id_is_ulid(WN_STR("")));
	assert_false(wn_id_is_ulid(WN_STR("01ARZ3NDEKTSV4RRFFQ69G5FA")));
	assert_false(wn_id_is_ulid(WN_STR("01ARZ3NDEKTSV4RRFFQ69G5FAU")));
	assert_false(wn_id_is_ulid(WN_STR("01ARZ3NDEKTSV4RRFFQ69G5FA\0")));
	assert_true(wn_id_is_uuid(WN_STR("01890a5d-ac96-774b-bcce-b302099a8057")));
	assert_false(wn_id_is_uuid(WN_STR("01890a5dac96-774b-bcce-b302099a8057-")));
	assert_false(wn_id_is_uuid(WN_STR("01890a5d-ac96-774b-bcce-b302099a805g")));
	assert_false(wn_id_is_uuid(WN_STR("")));
}

static void
uuids_increase_with_version_and_variant(void **state)
{
	struct wn_clock_fake f;
	struct wn_idgen g;
	char last[WN_UUID_MAX] = "", now[WN_UUID_MAX], ulid[WN_ULID_MAX];

	(void)state;
	wn_clock_fake_init(&f, INT64_C(0x0123456789AB));
	wn_idgen_init(&g, &f.clock);
	for (int i = 0; i < 10000; i++) {
		if (i % 3 == 0)
			wn_id_ulid(&g, ulid);
		wn_id_uuid7(&g, now);
		assert_true(wn_id_is_uuid(wn_str(now)));
		assert_memory_equal(now, "01234567-89ab-7", 15);
		assert_non_null(strchr("89ab", now[19]));
		assert_true(strcmp(now, last) > 0);
		memcpy(last, now, sizeof(now));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_print_in_utc),
		cmocka_unit_test(times_parse),
		cmocka_unit_test(bad_times_are_refused),
		cmocka_unit_test(every_day_of_five_centuries_returns),
		cmocka_unit_test(fake_clock_moves_only_when_told),
		cmocka_unit_test(real_clock_runs),
		cmocka_unit_test(ulids_increase_within_one_millisecond_and_backwards),
		cmocka_unit_test(counter_overflow_moves_to_the_next_millisecond),
		cmocka_unit_test(ulid_has_the_time_in_front),
		cmocka_unit_test(malformed_ids_are_refused),
		cmocka_unit_test(uuids_increase_with_version_and_variant),
	};

	return cmocka_run_group_tests_name("runtime/base/id", tests, NULL, NULL);
}
