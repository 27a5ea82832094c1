/* jsonrpc: envelopes, framing over any split, writing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "runtime/base/clock.h"
#include "runtime/base/json.h"
#include "runtime/base/jsonrpc.h"
#include "runtime/base/mem.h"

#define V "\"jsonrpc\":\"2.0\""

struct fixture {
	struct wn_arena arena;
	struct wn_diag d;
	struct wn_rpc_msg msg;
	struct wn_rpc_reader r;
	struct wn_buf seen; /* one line for each thing the reader said */
	wn_err answer;	    /* of on_msg */
};

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *m, struct wn_str attachment)
{
	static const char *const kinds[] = { "request", "notify", "result", "error" };
	struct fixture *f = arg;

	wn_buf_printf(&f->seen, "%s id=%.*s method=%.*s params=%.*s result=%.*s [%.*s]\n",
		      kinds[m->kind], WN_STR_ARG(m->id), WN_STR_ARG(m->method),
		      WN_STR_ARG(m->params), WN_STR_ARG(m->result), WN_STR_ARG(attachment));
	return f->answer;
}

static void
on_bad(void *arg, wn_err code, const char *text)
{
	struct fixture *f = arg;

	wn_buf_printf(&f->seen, "bad %s: %s\n", wn_error_row(code)->name, text);
}

static int
setup(void **state)
{
	struct fixture *f = WN_NEW(struct fixture);

	wn_arena_init(&f->arena, 0);
	wn_buf_init(&f->seen, 1 << 24);
	wn_rpc_reader_init(&f->r, NULL);
	f->r.on_msg = on_msg;
	f->r.on_bad = on_bad;
	f->r.arg = f;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	wn_arena_fini(&f->arena);
	wn_buf_fini(&f->seen);
	wn_rpc_reader_fini(&f->r);
	wn_free(f);
	return 0;
}

static wn_err
parse(struct fixture *f, const char *line)
{
	wn_diag_clear(&f->d);
	return wn_rpc_parse(wn_str(line), &f->arena, &f->msg, &f->d);
}

static void
a_request_has_its_parts(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		parse(f, "{" V ",\"id\":7,\"method\":\"a.b\",\"params\":{\"x\":[1]},\"bytes\":12}"),
		WN_OK);
	assert_int_equal(f->msg.kind, WN_RPC_REQUEST);
	assert_true(wn_str_is(f->msg.id, "7"));
	assert_true(wn_str_is(f->msg.method, "a.b"));
	assert_true(wn_str_is(f->msg.params, "{\"x\":[1]}"));
	assert_int_equal(f->msg.bytes, 12);
}

static void
a_notification_has_no_id(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse(f, "{\"method\":\"\\u0061\",\"params\":[]," V "}"), WN_OK);
	assert_int_equal(f->msg.kind, WN_RPC_NOTIFY);
	assert_int_equal(f->msg.id.len, 0);
	assert_true(wn_str_is(f->msg.method, "a"));
}

static void
a_result_may_be_anything(void **state)
{
	static const char *const rows[] = { "null", "0", "\"x\"", "[]", "{\"a\":1}", "false" };
	struct fixture *f = *state;
	char line[100];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(line, sizeof(line), "{" V ",\"id\":\"q\",\"result\":%s}", rows[i]);
		assert_int_equal(parse(f, line), WN_OK);
		assert_int_equal(f->msg.kind, WN_RPC_RESULT);
		assert_true(wn_str_is(f->msg.result, rows[i]));
		assert_true(wn_str_is(f->msg.id, "\"q\""));
	}
}

static void
an_error_answer_has_code_text_and_data(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse(f, "{" V ",\"id\":null,\"error\":{\"code\":-32700,\"message\":"
				  "\"n\\no\",\"data\":[1],\"new\":1}}"),
			 WN_OK);
	assert_int_equal(f->msg.kind, WN_RPC_ERROR);
	assert_int_equal(f->msg.id.len, 0);
	assert_int_equal(f->msg.error_code, -32700);
	assert_true(wn_str_is(f->msg.error_message, "n\no"));
	assert_true(wn_str_is(f->msg.error_data, "[1]"));
}

static void
unknown_members_are_ignored(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse(f, "{" V ",\"trace\":{\"a\":[]},\"method\":\"m\",\"trace\":1}"),
			 WN_OK);
}

static void
wrong_envelopes_are_refused(void **state)
{
	static const char *const rows[] = {
		"[]",
		"[{" V ",\"method\":\"m\"}]",
		"1",
		"\"x\"",
		"null",
		"{}",
		"{" V "}",
		"{\"method\":\"m\"}",
		"{\"jsonrpc\":\"1.0\",\"method\":\"m\"}",
		"{\"jsonrpc\":2.0,\"method\":\"m\"}",
		"{\"jsonrpc\":null,\"method\":\"m\"}",
		"{" V ",\"method\":1}",
		"{" V ",\"method\":\"\"}",
		"{" V ",\"method\":null}",
		"{" V ",\"id\":null,\"method\":\"m\"}",
		"{" V ",\"id\":true,\"method\":\"m\"}",
		"{" V ",\"id\":[1],\"method\":\"m\"}",
		"{" V ",\"id\":{},\"method\":\"m\"}",
		"{" V ",\"method\":\"m\",\"params\":1}",
		"{" V ",\"method\":\"m\",\"params\":null}",
		"{" V ",\"method\":\"m\",\"params\":\"x\"}",
		"{" V ",\"method\":\"m\",\"method\":\"m\"}",
		"{" V "," V ",\"method\":\"m\"}",
		"{" V ",\"id\":1,\"id\":1,\"method\":\"m\"}",
		"{" V ",\"id\":1,\"result\":1,\"result\":1}",
		"{" V ",\"method\":\"m\",\"params\":[],\"params\":[]}",
		"{" V ",\"method\":\"m\",\"\\u006dethod\":\"n\"}",
		"{" V ",\"method\":\"m\",\"bytes\":1,\"bytes\":1}",
		"{" V ",\"id\":1,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}",
		"{" V ",\"id\":1,\"method\":\"m\",\"result\":1}",
		"{" V ",\"result\":1}",
		"{" V ",\"id\":null,\"result\":1}",
		"{" V ",\"id\":1,\"result\":1,\"params\":{}}",
		"{" V ",\"id\":1,\"error\":null}",
		"{" V ",\"id\":1,\"error\":{}}",
		"{" V ",\"id\":1,\"error\":{\"code\":1}}",
		"{" V ",\"id\":1,\"error\":{\"message\":\"\"}}",
		"{" V ",\"id\":1,\"error\":{\"code\":\"1\",\"message\":\"\"}}",
		"{" V ",\"id\":1,\"error\":{\"code\":1.5,\"message\":\"\"}}",
		"{" V ",\"id\":1,\"error\":{\"code\":99999999999,\"message\":\"\"}}",
		"{" V ",\"id\":1,\"error\":{\"code\":1,\"code\":1,\"message\":\"\"}}",
		"{" V ",\"error\":{\"code\":1,\"message\":\"\"}}",
		"{" V ",\"method\":\"m\",\"bytes\":-1}",
		"{" V ",\"method\":\"m\",\"bytes\":1.5}",
		"{" V ",\"method\":\"m\",\"bytes\":\"1\"}",
		"{" V ",\"method\":\"m\",\"bytes\":null}",
		"{" V ",\"method\":\"m\",\"bytes\":1e3}",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		wn_err err = parse(f, rows[i]);

		if (err != WN_E_REQUEST || f->d.code != WN_E_REQUEST || !f->d.text[0])
			fail_msg("%s: %d %s", rows[i], err, f->d.text);
	}
}

static void
what_is_no_json_is_a_parse_error(void **state)
{
	static const char *const rows[] = {
		"",
		" ",
		"x",
		"{",
		"{" V,
		"{" V ",\"method\":\"m\"",
		"{" V ",\"method\":\"m\"}x",
		"{" V ",\"method\":\"\xFF\"}",
		"{" V ",\"method\":\"m\",\"params\":{\"a\":01}}",
		"[1",
		"{" V ",\"method\":\"m\",}",
		"{" V ",\"method\":\"m\\u0000\"}",
		"{" V ",\"id\":1,\"bytes\":x}",
		"{" V ",\"method\":\"m\",\"params\":[9007199254740993]}",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(f, rows[i]), WN_E_PARSE);
		assert_int_equal(f->d.code, WN_E_PARSE);
		assert_int_equal(f->msg.bytes, 0);
	}
}

static const char stream[] =
	"{" V ",\"method\":\"a\"}\n"
	"\n"
	"{" V ",\"id\":1,\"method\":\"b\",\"params\":{\"k\":\"\\n\"},\"bytes\":5}\nx\ny{}"
	"{" V ",\"id\":\"z\",\"result\":[1],\"bytes\":0}\n"
	"nonsense\n"
	"{" V ",\"id\":null,\"method\":\"c\",\"bytes\":4}\nabc\n"
	"{" V ",\"method\":\"\\u0064\"}\n";

static const char stream_seen[] = "notify id= method=a params= result= []\n"
				  "request id=1 method=b params={\"k\":\"\\n\"} result= [x\ny{}]\n"
				  "result id=\"z\" method= params= result=[1] []\n"
				  "bad parse: 1:1: expected a value\n"
				  "bad request: \"id\" must be a number or a string\n"
				  "notify id= method=d params= result= []\n";

static void
one_feed_gives_all_messages(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(wn_rpc_feed(&f->r, stream, sizeof(stream) - 1), WN_OK);
	assert_string_equal(f->seen.p, stream_seen);
	assert_int_equal(f->r.buf.len, 0);
}

static void
every_split_in_two_gives_the_same(void **state)
{
	struct fixture *f = *state;

	for (size_t cut = 0; cut < sizeof(stream); cut++) {
		wn_buf_clear(&f->seen);
		assert_int_equal(wn_rpc_feed(&f->r, stream, cut), WN_OK);
		assert_int_equal(wn_rpc_feed(&f->r, stream + cut, sizeof(stream) - 1 - cut), WN_OK);
		assert_string_equal(f->seen.p, stream_seen);
	}
}

static void
every_portion_size_gives_the_same(void **state)
{
	struct fixture *f = *state;

	for (size_t step = 1; step < sizeof(stream); step++) {
		wn_buf_clear(&f->seen);
		for (size_t i = 0; i < sizeof(stream) - 1; i += step) {
			size_t n = sizeof(stream) - 1 - i;

			assert_int_equal(wn_rpc_feed(&f->r, stream + i, n < step ? n : step),
					 WN_OK);
		}
		assert_string_equal(f->seen.p, stream_seen);
	}
}

static void
a_line_at_the_limit_passes_and_over_it_fails(void **state)
{
	struct fixture *f = *state;
	const char line[] = "{" V ",\"method\":\"m\"}\n";

	for (int pass = 0; pass < 2; pass++) {
		f->r.limits.line = sizeof(line) - 2;
		assert_int_equal(wn_rpc_feed(&f->r, line, sizeof(line) - 1), WN_OK);
		assert_int_equal(wn_rpc_feed(&f->r, line, 3), WN_OK);
		assert_int_equal(wn_rpc_feed(&f->r, line + 3, sizeof(line) - 4), WN_OK);
	}
	f->r.limits.line = sizeof(line) - 3;
	assert_int_equal(wn_rpc_feed(&f->r, line, sizeof(line) - 1), WN_E_LIMIT);
}

static void
a_line_without_end_is_stopped_early(void **state)
{
	struct fixture *f = *state;
	char block[1000];
	wn_err err = WN_OK;
	size_t fed = 0;

	f->r.limits.line = 10000;
	memset(block, 'x', sizeof(block));
	for (; !err && fed < 100000; fed += sizeof(block))
		err = wn_rpc_feed(&f->r, block, sizeof(block));
	assert_int_equal(err, WN_E_LIMIT);
	assert_true(fed <= 11000);
	assert_true(f->r.buf.cap < 20000);
}

static void
an_attachment_over_the_limit_fails(void **state)
{
	struct fixture *f = *state;
	const char line[] = "{" V ",\"method\":\"m\",\"bytes\":1000}\n";

	f->r.limits.attachment = 999;
	assert_int_equal(wn_rpc_feed(&f->r, line, sizeof(line) - 1), WN_E_LIMIT);
	assert_int_equal(f->seen.len, 0);
}

static void
an_error_of_the_callback_stops(void **state)
{
	struct fixture *f = *state;
	const char two[] = "{" V ",\"method\":\"m\"}\n{" V ",\"method\":\"m\"}\n";

	f->answer = WN_E_BUSY;
	assert_int_equal(wn_rpc_feed(&f->r, two, sizeof(two) - 1), WN_E_BUSY);
	assert_string_equal(f->seen.p, "notify id= method=m params= result= []\n");
}

static wn_err
end_it(void *arg, const struct wn_rpc_msg *m, struct wn_str attachment)
{
	struct wn_rpc_reader *r = arg;

	(void)m;
	(void)attachment;
	wn_rpc_reader_fini(r);
	wn_free(r);
	return WN_E_CLOSED;
}

/* Under the sanitizers a touch after the end is found. */
static void
the_callback_may_free_the_reader(void **state)
{
	const char two[] =
		"{" V ",\"method\":\"\\u006d\",\"bytes\":2}\nab{" V ",\"method\":\"m\"}\n";

	(void)state;
	for (size_t cut = 0; cut < sizeof(two); cut++) {
		struct wn_rpc_reader *r = WN_NEW(struct wn_rpc_reader);
		wn_err err;

		wn_rpc_reader_init(r, NULL);
		r->on_msg = end_it;
		r->arg = r;
		err = wn_rpc_feed(r, two, cut);
		if (!err)
			err = wn_rpc_feed(r, two + cut, sizeof(two) - 1 - cut);
		assert_int_equal(err, WN_E_CLOSED);
	}
}

static void
an_idle_reader_is_small(void **state)
{
	struct fixture *f = *state;
	size_t n = 500000;
	char *block = wn_alloc(n);
	char head[100];

	f->r.on_msg = NULL;
	snprintf(head, sizeof(head), "{" V ",\"method\":\"\\u006d\",\"bytes\":%zu}\n", n);
	assert_int_equal(wn_rpc_feed(&f->r, head, strlen(head)), WN_OK);
	assert_int_equal(wn_rpc_feed(&f->r, block, n), WN_OK);
	assert_true(f->r.buf.cap <= 4096);
	assert_true(f->r.arena.used == 0);
	wn_free(block);
}

static void
single_bytes_cost_linear_time(void **state)
{
	const struct wn_clock *c = wn_clock_real();
	struct fixture *f = *state;
	size_t n = 1000000;
	char *block = wn_alloc(n);
	int64_t start = wn_mono_ns(c);

	memset(block, 'x', n);
	block[n - 1] = '\n';
	for (size_t i = 0; i < n; i++)
		assert_int_equal(wn_rpc_feed(&f->r, block + i, 1), WN_OK);
	assert_true(wn_mono_ns(c) - start < INT64_C(5000000000));
	wn_free(block);
}

static void
requests_are_written_and_read(void **state)
{
	struct fixture *f = *state;
	struct wn_buf b;

	wn_buf_init(&b, 1000);
	wn_rpc_write_request(&b, WN_STR("7"), "a.b", WN_STR("{\"x\":1}"), 3);
	assert_string_equal(
		b.p, "{" V ",\"id\":7,\"method\":\"a.b\",\"params\":{\"x\":1},\"bytes\":3}\n");
	wn_buf_clear(&b);
	wn_rpc_write_notify(&b, "n", WN_STR_NONE, 0);
	assert_string_equal(b.p, "{" V ",\"method\":\"n\"}\n");
	assert_int_equal(wn_rpc_feed(&f->r, b.p, b.len), WN_OK);
	wn_buf_clear(&b);
	wn_rpc_write_result(&b, WN_STR("\"i\""), WN_STR_NONE, 0);
	assert_string_equal(b.p, "{" V ",\"id\":\"i\",\"result\":null}\n");
	wn_buf_fini(&b);
}

static void
a_message_that_does_not_fit_leaves_nothing(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 40);
	wn_buf_cstr(&b, "before\n");
	assert_int_equal(wn_rpc_write_notify(&b, "a.long.method.name", WN_STR("{}"), 0),
			 WN_E_LIMIT);
	assert_string_equal(b.p, "before\n");
	wn_buf_fini(&b);
}

static void
failures_survive_the_wire(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < wn_error_count; i++) {
		struct wn_diag sent = { 0 }, got = { 0 };
		struct wn_buf b;

		if (wn_error_rows[i].code == WN_OK)
			continue;
		wn_fail(&sent, wn_error_rows[i].code, "the \"text\"\n%d", (int)i);
		wn_fail_where(&sent, "/a~1b/0");
		wn_buf_init(&b, 10000);
		assert_int_equal(wn_rpc_write_error(&b, WN_STR("1"), &sent), WN_OK);
		assert_int_equal(wn_rpc_parse(wn_strn(b.p, b.len - 1), &f->arena, &f->msg, NULL),
				 WN_OK);
		assert_int_equal(f->msg.error_code, wn_error_rows[i].rpc);
		wn_rpc_error_to_diag(&f->msg, &got);
		assert_int_equal(got.code, sent.code);
		assert_string_equal(got.text, sent.text);
		assert_string_equal(got.where, sent.where);
		wn_buf_fini(&b);
	}
}

static void
foreign_errors_map_by_number(void **state)
{
	struct fixture *f = *state;
	struct wn_diag d = { 0 };

	assert_int_equal(
		parse(f,
		      "{" V
		      ",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\",\"data\":\"x\"}}"),
		WN_OK);
	wn_rpc_error_to_diag(&f->msg, &d);
	assert_int_equal(d.code, WN_E_METHOD);
	wn_diag_clear(&d);
	assert_int_equal(parse(f, "{" V ",\"id\":1,\"error\":{\"code\":5,\"message\":\"\",\"data\":"
				  "{\"name\":\"ok\"}}}"),
			 WN_OK);
	wn_rpc_error_to_diag(&f->msg, &d);
	assert_int_equal(d.code, WN_E_INTERNAL);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_request_has_its_parts),
		T(a_notification_has_no_id),
		T(a_result_may_be_anything),
		T(an_error_answer_has_code_text_and_data),
		T(unknown_members_are_ignored),
		T(wrong_envelopes_are_refused),
		T(what_is_no_json_is_a_parse_error),
		T(one_feed_gives_all_messages),
		T(every_split_in_two_gives_the_same),
		T(every_portion_size_gives_the_same),
		T(a_line_at_the_limit_passes_and_over_it_fails),
		T(a_line_without_end_is_stopped_early),
		T(an_attachment_over_the_limit_fails),
		T(an_error_of_the_callback_stops),
		T(the_callback_may_free_the_reader),
		T(an_idle_reader_is_small),
		T(single_bytes_cost_linear_time),
		T(requests_are_written_and_read),
		T(a_message_that_does_not_fit_leaves_nothing),
		T(failures_survive_the_wire),
		T(foreign_errors_map_by_number),
	};

	return cmocka_run_group_tests_name("runtime/base/jsonrpc", tests, NULL, NULL);
}
