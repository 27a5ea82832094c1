/*
 * The reader of server-sent events alone, against the text of the standard.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ai/provider/openai/openai_sse.h"

struct got {
	struct wn_buf text;
	wn_err answer; /* of on_event */
};

static wn_err
on_event(void *arg, struct wn_str event, struct wn_str data)
{
	struct got *g = arg;

	(void)wn_buf_printf(&g->text, "(%.*s:%.*s)", WN_STR_ARG(event), WN_STR_ARG(data));
	return g->answer;
}

static wn_err
feed_all(struct openai_sse *s, struct wn_str bytes, size_t step)
{
	wn_err err = WN_OK;

	for (size_t i = 0; i < bytes.len && err == WN_OK; i += step)
		err = openai_sse_feed(s, wn_str_sub(bytes, i, step));
	return err == WN_OK ? openai_sse_end(s) : err;
}

/* In one piece and byte by byte: both must give `want`. */
static void
check(const char *bytes, const char *want)
{
	for (size_t step = 1; step <= strlen(bytes) + 1; step += strlen(bytes)) {
		struct got g = { .answer = WN_OK };
		struct openai_sse s;

		wn_buf_init(&g.text, 4096);
		openai_sse_init(&s, 64);
		s.on_event = on_event;
		s.arg = &g;
		assert_int_equal(feed_all(&s, wn_str(bytes), step), WN_OK);
		assert_string_equal(g.text.p != NULL ? g.text.p : "", want);
		openai_sse_fini(&s);
		wn_buf_fini(&g.text);
	}
}

static void
data_is_an_event(void **state)
{
	(void)state;
	check("data: a\n\n", "(:a)");
}

static void
only_one_blank_is_taken_off(void **state)
{
	(void)state;
	check("data:  a\n\ndata:b\n\n", "(: a)(:b)");
}

static void
lines_of_data_are_joined(void **state)
{
	(void)state;
	check("data: a\ndata\ndata: b\n\n", "(:a\n\nb)");
}

static void
every_line_end_is_understood(void **state)
{
	(void)state;
	check("data: a\r\rdata: b\r\n\r\ndata: c\n\n", "(:a)(:b)(:c)");
}

static void
a_byte_order_mark_is_taken_off_once(void **state)
{
	(void)state;
	check("\xEF\xBB\xBF"
	      "data: a\n\n\xEF\xBB\xBF"
	      "data: b\n\n",
	      "(:a)");
}

static void
comments_and_unknown_fields_are_nothing(void **state)
{
	(void)state;
	check(": hello\nid: 4\nretry: 9\nnew: x\n\ndata: a\n\n", "(:a)");
}

static void
an_event_has_its_name(void **state)
{
	(void)state;
	check("event: error\ndata: a\n\ndata: b\n\n", "(error:a)(:b)");
}

static void
an_event_without_data_is_none(void **state)
{
	(void)state;
	check("event: ping\n\ndata: a\n\n", "(:a)");
}

static void
the_end_gives_what_is_pending(void **state)
{
	(void)state;
	check("data: a\ndata: b", "(:a\nb)");
}

static void
a_line_over_the_maximum_is_limit(void **state)
{
	struct openai_sse s;
	struct got g = { .answer = WN_OK };
	char line[100];

	(void)state;
	memset(line, 'x', sizeof(line));
	wn_buf_init(&g.text, 4096);
	openai_sse_init(&s, 64);
	s.on_event = on_event;
	s.arg = &g;
	assert_int_equal(feed_all(&s, wn_strn(line, sizeof(line)), 7), WN_E_LIMIT);
	openai_sse_fini(&s);
	wn_buf_fini(&g.text);
}

static void
the_error_of_the_callback_ends_it(void **state)
{
	struct openai_sse s;
	struct got g = { .answer = WN_E_CLOSED };

	(void)state;
	wn_buf_init(&g.text, 4096);
	openai_sse_init(&s, 64);
	s.on_event = on_event;
	s.arg = &g;
	assert_int_equal(openai_sse_feed(&s, WN_STR("data: a\n\ndata: b\n\n")), WN_E_CLOSED);
	assert_string_equal(g.text.p, "(:a)");
	openai_sse_fini(&s);
	wn_buf_fini(&g.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_is_an_event),
		cmocka_unit_test(only_one_blank_is_taken_off),
		cmocka_unit_test(lines_of_data_are_joined),
		cmocka_unit_test(every_line_end_is_understood),
		cmocka_unit_test(a_byte_order_mark_is_taken_off_once),
		cmocka_unit_test(comments_and_unknown_fields_are_nothing),
		cmocka_unit_test(an_event_has_its_name),
		cmocka_unit_test(an_event_without_data_is_none),
		cmocka_unit_test(the_end_gives_what_is_pending),
		cmocka_unit_test(a_line_over_the_maximum_is_limit),
		cmocka_unit_test(the_error_of_the_callback_ends_it),
	};

	return cmocka_run_group_tests_name("ai/provider/openai_sse", tests, NULL, NULL);
}
