/* json_read: the pull reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "runtime/base/buf.h"
#include "runtime/base/json_read.h"

struct fixture {
	struct wn_arena arena;
	struct wn_diag d;
	struct wn_jr r;
};

static int
setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){ 0 };
	wn_arena_init(&f.arena, 0);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	wn_arena_fini(&((struct fixture *)*state)->arena);
	return 0;
}

static struct wn_jr *
reader(struct fixture *f, struct wn_str text)
{
	wn_diag_clear(&f->d);
	wn_jr_init(&f->r, text, &f->arena, &f->d);
	return &f->r;
}

static void
walks_members_and_elements(void **state)
{
	struct wn_jr *r =
		reader(*state, WN_STR(" { \"a\" : 1 , \"b\" : [ true , null , 2.5 ] ,\"c\":{} } "));
	struct wn_str key;
	int64_t i;
	double n;
	bool b;

	assert_true(wn_jr_object(r));
	assert_true(wn_jr_member(r, &key));
	assert_true(wn_str_is(key, "a"));
	assert_int_equal(wn_jr_i64(r, &i), WN_OK);
	assert_int_equal(i, 1);
	assert_true(wn_jr_member(r, &key));
	assert_true(wn_jr_array(r));
	assert_true(wn_jr_element(r));
	assert_int_equal(wn_jr_bool(r, &b), WN_OK);
	assert_true(b);
	assert_true(wn_jr_element(r));
	assert_int_equal(wn_jr_null(r), WN_OK);
	assert_true(wn_jr_element(r));
	assert_int_equal(wn_jr_number(r, &n), WN_OK);
	assert_true(n == 2.5);
	assert_false(wn_jr_element(r));
	assert_true(wn_jr_member(r, &key));
	assert_true(wn_jr_object(r));
	assert_false(wn_jr_member(r, &key));
	assert_false(wn_jr_member(r, &key));
	assert_int_equal(wn_jr_end(r), WN_OK);
}

static void
plain_strings_are_borrowed(void **state)
{
	struct fixture *f = *state;
	struct wn_str text = WN_STR("\"hello w\xC3\xB6rld\""), s;

	assert_int_equal(wn_jr_string(reader(f, text), &s), WN_OK);
	assert_ptr_equal(s.p, text.p + 1);
	assert_true(wn_str_is(s, "hello w\xC3\xB6rld"));
	assert_int_equal(f->arena.used, 0);
	assert_int_equal(wn_jr_end(&f->r), WN_OK);
}

static void
escaped_strings_are_decoded(void **state)
{
	struct wn_str s;

	assert_int_equal(
		wn_jr_string(reader(*state, WN_STR("\"a\\n\\u00e9\\ud83d\\ude00\\/\\\\\"")), &s),
		WN_OK);
	assert_true(wn_str_is(s, "a\n\xC3\xA9\xF0\x9F\x98\x80/\\"));
}

static void
escaped_keys_are_decoded(void **state)
{
	struct wn_jr *r = reader(*state, WN_STR("{\"\\u0061\":1}"));
	struct wn_str key;

	assert_true(wn_jr_object(r));
	assert_true(wn_jr_member(r, &key));
	assert_true(wn_str_is(key, "a"));
}

static void
peek_tells_the_type(void **state)
{
	static const struct {
		const char *text;
		enum wn_json_type type;
	} rows[] = {
		{ " {", WN_JSON_OBJECT }, { "[", WN_JSON_ARRAY },  { "\"", WN_JSON_STRING },
		{ "-", WN_JSON_NUMBER },  { "9", WN_JSON_NUMBER }, { "t", WN_JSON_BOOL },
		{ "f", WN_JSON_BOOL },	  { "n", WN_JSON_NULL },   { "x", WN_JSON_NONE },
		{ "", WN_JSON_NONE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(wn_jr_peek(reader(*state, wn_str(rows[i].text))), rows[i].type);
}

static void
wrong_types_say_what_was_expected(void **state)
{
	struct fixture *f = *state;

	assert_false(wn_jr_object(reader(f, WN_STR(" \"x\""))));
	assert_int_equal(f->d.code, WN_E_SCHEMA);
	assert_string_equal(f->d.text, "1:2: expected an object, found a string");
	assert_int_equal(wn_jr_end(&f->r), WN_E_SCHEMA);
}

static void
after_an_error_nothing_happens(void **state)
{
	struct fixture *f = *state;
	struct wn_jr *r = reader(f, WN_STR("[1,2]"));
	struct wn_str s;
	int64_t i;
	double n;
	bool b;

	wn_jr_fail(r, WN_E_INVALID, "stop");
	assert_false(wn_jr_array(r));
	assert_false(wn_jr_object(r));
	assert_false(wn_jr_element(r));
	assert_false(wn_jr_member(r, &s));
	assert_int_equal(wn_jr_string(r, &s), WN_E_INVALID);
	assert_int_equal(wn_jr_i64(r, &i), WN_E_INVALID);
	assert_int_equal(wn_jr_number(r, &n), WN_E_INVALID);
	assert_int_equal(wn_jr_bool(r, &b), WN_E_INVALID);
	assert_int_equal(wn_jr_null(r), WN_E_INVALID);
	assert_int_equal(wn_jr_skip(r, &s), WN_E_INVALID);
	assert_int_equal(wn_jr_peek(r), WN_JSON_NONE);
	assert_int_equal(wn_jr_end(r), WN_E_INVALID);
	assert_string_equal(f->d.text, "1:1: stop");
}

static void
integers_are_exact_or_refused(void **state)
{
	static const struct {
		const char *text;
		wn_err err;
		int64_t value;
	} rows[] = {
		{ "0", WN_OK, 0 },
		{ "-0", WN_OK, 0 },
		{ "9007199254740992", WN_OK, INT64_C(9007199254740992) },
		{ "-9007199254740992", WN_OK, -INT64_C(9007199254740992) },
		{ "9007199254740993", WN_E_PARSE, 0 },
		{ "1.0", WN_E_SCHEMA, 0 },
		{ "1e2", WN_E_SCHEMA, 0 },
		{ "\"1\"", WN_E_SCHEMA, 0 },
		{ "01", WN_E_PARSE, 0 },
		{ "-", WN_E_PARSE, 0 },
		{ "", WN_E_PARSE, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t v = 7;

		assert_int_equal(wn_jr_i64(reader(*state, wn_str(rows[i].text)), &v), rows[i].err);
		assert_true(v == rows[i].value);
	}
}

static void
numbers_round_correctly(void **state)
{
	static const struct {
		const char *text;
		double value;
	} rows[] = {
		{ "0.1", 0.1 },
		{ "123.456", 123.456 },
		{ "1e22", 1e22 },
		{ "1e23", 1e23 },
		{ "123456789012345e22", 123456789012345e22 },
		{ "9007199254740993.0", 9007199254740993.0 },
		{ "2.2250738585072014e-308", 2.2250738585072014e-308 },
		{ "-1.5e-5", -1.5e-5 },
		{ "0.000001", 0.000001 },
		{ "179769313486231570000e288", 179769313486231570000e288 },
		{ "1.7976931348623157e308", 1.7976931348623157e308 },
		{ "0e99999999999999", 0 },
		{ "1e-99999999999999", 0 },
		{ "0."
		  "00000000000000000000000000000000000000000000000000000000000000000000000000001e7"
		  "7",
		  0.00000000000000000000000000000000000000000000000000000000000000000000000000001e77 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double v;

		assert_int_equal(wn_jr_number(reader(*state, wn_str(rows[i].text)), &v), WN_OK);
		assert_true(v == rows[i].value);
	}
}

static void
skip_gives_the_span(void **state)
{
	struct wn_jr *r = reader(*state, WN_STR("[ {\"a\":[1,\"]\"]} , 7]"));
	struct wn_str span;

	assert_true(wn_jr_array(r));
	assert_true(wn_jr_element(r));
	assert_int_equal(wn_jr_skip(r, &span), WN_OK);
	assert_true(wn_str_is(span, "{\"a\":[1,\"]\"]}"));
	assert_true(wn_jr_element(r));
	assert_int_equal(wn_jr_skip(r, NULL), WN_OK);
	assert_false(wn_jr_element(r));
	assert_int_equal(wn_jr_end(r), WN_OK);
}

static void
a_strict_skip_finds_names_that_come_twice(void **state)
{
	static const struct {
		const char *text;
		wn_err err;
	} rows[] = {
		{ "{\"a\":1,\"b\":{\"a\":2},\"c\":[{\"a\":3},{\"a\":4}]}", WN_OK },
		{ "{\"a\":1,\"b\":2,\"a\":3}", WN_E_PARSE },
		{ "{\"a\":{\"x\":1},\"a\":2}", WN_E_PARSE },
		{ "[{\"b\":{\"a\":1,\"\\u0061\":2}}]", WN_E_PARSE },
		{ "{\"\":1,\"\":2}", WN_E_PARSE },
		{ "{\"12345678x87654321\":1,\"12345678y87654321\":2}", WN_OK },
	};
	struct wn_str span;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wn_jr *r = reader(*state, wn_str(rows[i].text));

		assert_int_equal(wn_jr_skip_strict(r, &span), rows[i].err);
		if (!rows[i].err)
			assert_true(wn_str_is(span, rows[i].text));
	}
}

static void
a_strict_skip_names_the_first_repetition(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(wn_jr_skip_strict(reader(f, WN_STR("{\"a\":1,\n \"a\":2}")), NULL),
			 WN_E_PARSE);
	assert_non_null(strstr(f->d.text, "2:2: duplicate"));
}

static void
skip_checks_what_it_skips(void **state)
{
	static const char *const rows[] = {
		"[1,]", "{\"a\":01}",	 "\"\\u0000\"",	  "[\"\xFF\"]",	      "[1",
		"nul",	"{\"a\":1e999}", "[\"\\ud800\"]", "9007199254740993", ""
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(wn_jr_skip(reader(*state, wn_str(rows[i])), NULL), WN_E_PARSE);
}

static void
separators_are_checked(void **state)
{
	struct fixture *f = *state;
	int64_t v;

	assert_true(wn_jr_array(reader(f, WN_STR("[1 2]"))));
	assert_true(wn_jr_element(&f->r));
	wn_jr_i64(&f->r, &v);
	assert_false(wn_jr_element(&f->r));
	assert_string_equal(f->d.text, "1:4: expected ',' or ']'");
	assert_true(wn_jr_array(reader(f, WN_STR("[,1]"))));
	assert_true(wn_jr_element(&f->r));
	assert_int_equal(wn_jr_i64(&f->r, &v), WN_E_PARSE);
	assert_true(wn_jr_array(reader(f, WN_STR("[1,]"))));
	assert_true(wn_jr_element(&f->r));
	wn_jr_i64(&f->r, &v);
	assert_true(wn_jr_element(&f->r));
	assert_int_equal(wn_jr_i64(&f->r, &v), WN_E_PARSE);
}

static void
members_are_checked(void **state)
{
	static const char *const rows[] = { "{1:2}", "{\"a\" 1}",  "{\"a\"",
					    "{",     "{,\"a\":1}", "{\"a\\u0000\":1}" };
	struct fixture *f = *state;
	struct wn_str key;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(wn_jr_object(reader(f, wn_str(rows[i]))));
		assert_false(wn_jr_member(&f->r, &key));
		assert_int_equal(wn_jr_end(&f->r), WN_E_PARSE);
	}
}

static void
end_refuses_text_behind(void **state)
{
	struct fixture *f = *state;

	wn_jr_skip(reader(f, WN_STR("1\n x")), NULL);
	assert_int_equal(wn_jr_end(&f->r), WN_E_PARSE);
	assert_string_equal(f->d.text, "2:2: text behind the end of the document");
}

static void
end_refuses_an_unread_container(void **state)
{
	struct fixture *f = *state;

	assert_true(wn_jr_array(reader(f, WN_STR("[]"))));
	assert_int_equal(wn_jr_end(&f->r), WN_E_INTERNAL);
}

static void
depth_is_bounded_entering_and_skipping(void **state)
{
	struct fixture *f = *state;
	char text[WN_JR_DEPTH_MAX + 1];
	struct wn_jr *r;

	memset(text, '[', sizeof(text));
	r = reader(f, wn_strn(text, sizeof(text)));
	for (int i = 0; i < WN_JR_DEPTH_MAX; i++)
		assert_true(wn_jr_array(r) && wn_jr_element(r));
	assert_false(wn_jr_array(r));
	assert_int_equal(f->d.code, WN_E_LIMIT);
	assert_int_equal(wn_jr_skip(reader(f, wn_strn(text, sizeof(text))), NULL), WN_E_LIMIT);
}

static void
the_lowered_depth_counts_for_skipping(void **state)
{
	struct wn_jr *r = reader(*state, WN_STR("[[[1]]]"));

	r->max_depth = 2;
	assert_true(wn_jr_array(r) && wn_jr_element(r));
	assert_int_equal(wn_jr_skip(r, NULL), WN_E_LIMIT);
}

static void
an_exhausted_arena_is_an_error(void **state)
{
	struct fixture *f = *state;
	struct wn_str s;

	f->arena.max = 16;
	assert_int_equal(wn_jr_string(reader(f, WN_STR("\"\\naaaaaaaaaaaaaaaaaaaaaaaaaaa\"")), &s),
			 WN_E_NO_MEMORY);
	wn_jr_init(&f->r, WN_STR("\"\\n\""), NULL, NULL);
	assert_int_equal(wn_jr_string(&f->r, &s), WN_E_NO_MEMORY);
}

static void
every_special_byte_is_found_at_every_offset(void **state)
{
	static const char special[] = "\x01\x1F\"\\\xFF\x80";
	struct fixture *f = *state;

	for (size_t at = 1; at < 30; at++)
		for (size_t k = 0; k < sizeof(special) - 1; k++) {
			char text[40];
			struct wn_str s;
			wn_err err;

			memset(text, 'x', sizeof(text));
			text[0] = text[35] = '"';
			text[at] = special[k];
			err = wn_jr_string(reader(f, wn_strn(text, 36)), &s);
			if (special[k] == '"')
				assert_int_equal(s.len, at - 1);
			else
				assert_int_equal(err, WN_E_PARSE);
		}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(walks_members_and_elements),
		T(plain_strings_are_borrowed),
		T(escaped_strings_are_decoded),
		T(escaped_keys_are_decoded),
		T(peek_tells_the_type),
		T(wrong_types_say_what_was_expected),
		T(after_an_error_nothing_happens),
		T(integers_are_exact_or_refused),
		T(numbers_round_correctly),
		T(skip_gives_the_span),
		T(skip_checks_what_it_skips),
		T(a_strict_skip_finds_names_that_come_twice),
		T(a_strict_skip_names_the_first_repetition),
		T(separators_are_checked),
		T(members_are_checked),
		T(end_refuses_text_behind),
		T(end_refuses_an_unread_container),
		T(depth_is_bounded_entering_and_skipping),
		T(the_lowered_depth_counts_for_skipping),
		T(an_exhausted_arena_is_an_error),
		T(every_special_byte_is_found_at_every_offset),
	};

	return cmocka_run_group_tests_name("runtime/base/json_read", tests, NULL, NULL);
}
