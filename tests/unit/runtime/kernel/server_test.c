/*
 * The server over socket pairs: greeting, checks in their order, limits, attachments, streams,
 * deferred answers, cancelling, and answers that wait for the log.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/call.h"
#include "runtime/kernel/conn.h"
#include "runtime/kernel/emit.h"
#include "runtime/kernel/signal_hub.h"
#include "tests/lib/kernel_fix.h"

/* ---- a module to talk to ---- */

struct demo {
	struct wn_call *waiting;
	struct wn_stream *stream;
	int closed;
	int64_t credit;
	char data[64];
};

static wn_err
demo_init(struct wn_mod *m, const struct wn_host *h)
{
	(void)h;
	m->state = WN_NEW(struct demo);
	return WN_OK;
}

static void
demo_fini(struct wn_mod *m)
{
	wn_free(m->state);
}

static wn_err
demo_echo(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	struct wn_str bytes = m->host->attachment(ctx);

	(void)wn_buf_str(result, params);
	return bytes.len > 0 ? m->host->attach(ctx, bytes) : WN_OK;
}

static wn_err
demo_defer(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	struct demo *s = m->state;

	(void)params;
	(void)result;
	s->waiting = m->host->defer(ctx);
	return WN_PENDING;
}

static wn_err
demo_fail(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	(void)m;
	(void)params;
	(void)result;
	wn_fail_where(&ctx->diag, "/x/0");
	return WN_FAIL(ctx, WN_E_CONFLICT, "somebody was faster");
}

static wn_err
demo_emit(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	struct wn_emit e = { .type = "demo.done",
			     .schema_version = 1,
			     .stream = "demo/1",
			     .expect = -1,
			     .data = params };

	(void)wn_buf_cstr(result, "{\"emitted\":true}");
	return m->host->emit(m, ctx, &e);
}

static void
on_credit(void *arg, int64_t credit)
{
	((struct demo *)arg)->credit = credit;
}

static void
on_data(void *arg, struct wn_str params, struct wn_str attachment)
{
	struct demo *s = arg;

	(void)snprintf(s->data, sizeof(s->data), "%.*s+%.*s", WN_STR_ARG(params),
		       WN_STR_ARG(attachment));
}

static void
on_close(void *arg)
{
	struct demo *s = arg;

	s->closed++;
	s->stream = NULL;
}

static const struct wn_stream_ops stream_ops = { on_credit, on_data, on_close };

static wn_err
demo_stream(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	struct demo *s = m->state;
	int64_t id = 0;
	wn_err err = m->host->stream_open(m, ctx, &stream_ops, s, 2, &s->stream, &id);

	(void)params;
	(void)wn_buf_printf(result, "{\"stream\":%lld}", (long long)id);
	return err;
}

static wn_err
demo_big(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	static char block[65536];

	(void)params;
	memset(block, 'x', sizeof(block));
	(void)wn_buf_cstr(result, "{}");
	return m->host->attach(ctx, wn_strn(block, sizeof(block)));
}

static wn_err
demo_job(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	struct wn_str bytes = m->host->attachment(ctx);

	if (wn_loop_here(wn_kernel_of(m)->loop))
		return WN_FAIL(ctx, WN_E_INTERNAL, "on the loop");
	(void)wn_buf_str(result, params);
	return m->host->attach(ctx, bytes);
}

static const struct wn_method demo_methods[] = {
	{ "demo.echo", "demo.use", WN_RUN_LOOP, demo_echo },
	{ "demo.defer", "", WN_RUN_LOOP, demo_defer },
	{ "demo.fail", "", WN_RUN_LOOP, demo_fail },
	{ "demo.emit", "", WN_RUN_LOOP, demo_emit },
	{ "demo.stream", "", WN_RUN_LOOP, demo_stream },
	{ "demo.big", "", WN_RUN_LOOP, demo_big },
	{ "demo.job", "", WN_RUN_JOB, demo_job },
	{ NULL, NULL, WN_RUN_LOOP, NULL },
};

static const struct wn_module demo_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "demo",
	.version = "1.0.0",
	.manifest =
		"{\"name\":\"demo\",\"version\":\"1.0.0\",\"summary\":\"x\",\"emits\":[\"demo."
		"done\"],"
		"\"methods\":{\"demo.echo\":\"demo.use\",\"demo.defer\":\"\",\"demo.fail\":\"\","
		"\"demo.emit\":\"\",\"demo.stream\":\"\",\"demo.big\":\"\",\"demo.job\":\"\"}}",
	.methods = demo_methods,
	.init = demo_init,
	.fini = demo_fini,
};
static const struct wn_module *const modules[] = { &demo_module };

static struct demo *
demo_of(struct kernel_fix *f)
{
	return wn_registry_find(f->k->registry, "demo")->state;
}

/* Changes to settings before the start, as "name=value" pairs. */
static void
begin_with(struct kernel_fix *f, struct fix_client *c, const char *name, const char *value,
	   bool greeted)
{
	struct wn_diag d = { 0 };

	kernel_fix_init(f);
	f->no_contracts = true;
	f->fake_time = true;
	if (name != NULL)
		kernel_fix_set(f, name, value);
	assert_int_equal(kernel_fix_start(f, modules, 1, &d), WN_OK);
	fix_client_open(c, f, greeted);
}

static void
begin(struct kernel_fix *f, struct fix_client *c)
{
	begin_with(f, c, NULL, NULL, true);
}

static void
end(struct kernel_fix *f, struct fix_client *c)
{
	fix_client_close(c);
	kernel_fix_end(f);
}

static void
expect_error(struct fix_client *c, const char *method, const char *params, const char *name)
{
	struct wn_json *a = fix_client_call(c, method, params);

	assert_string_equal(fix_error(a), name);
	wn_json_free(a);
}

/* ---- greeting ---- */

static void
hello_says_who_and_what(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin_with(&f, &c, NULL, NULL, false);
	a = fix_client_call(&c, "engine.hello", "{\"protocol\":1,\"client\":\"t\"}");
	assert_string_equal(wn_json_str(wn_json_at(a, "/result/actor"), ""), "user:1000");
	assert_int_equal(wn_json_num(wn_json_at(a, "/result/protocol"), 0), 1);
	wn_json_free(a);
	end(&f, &c);
}

static void
nothing_comes_before_hello(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin_with(&f, &c, NULL, NULL, false);
	expect_error(&c, "demo.echo", "{}", "unauthenticated");
	expect_error(&c, "no.such", "{}", "unauthenticated");
	end(&f, &c);
}

static void
another_protocol_is_refused(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin_with(&f, &c, NULL, NULL, false);
	expect_error(&c, "engine.hello", "{\"protocol\":2}", "version");
	expect_error(&c, "demo.echo", "{}", "unauthenticated");
	expect_error(&c, "engine.hello", "{\"protocol\":1}", "");
	expect_error(&c, "engine.hello", "{\"protocol\":1}", "state");
	end(&f, &c);
}

static void
a_client_that_says_nothing_is_ended(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin_with(&f, &c, "engine.rpc.hello_ms", "1000", false);
	fix_client_send(&c, "{\"jsonrpc\":\"2.0\",", 17); /* a slow loris */
	wn_clock_fake_advance(&f.fake, 999);
	kernel_fix_settle(&f);
	assert_int_equal(wn_server_connections(f.k->server), 1);
	wn_clock_fake_advance(&f.fake, 1);
	kernel_fix_settle(&f);
	a = fix_client_recv(&c, NULL);
	assert_string_equal(fix_error(a), "deadline");
	wn_json_free(a);
	assert_null(fix_client_recv(&c, NULL));
	assert_int_equal(wn_server_connections(f.k->server), 0);
	end(&f, &c);
}

/* ---- requests ---- */

static void
a_failure_carries_its_name_text_and_place(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	a = fix_client_call(&c, "demo.fail", "{}");
	assert_string_equal(fix_error(a), "conflict");
	assert_string_equal(wn_json_str(wn_json_at(a, "/error/message"), ""),
			    "somebody was faster");
	assert_string_equal(wn_json_str(wn_json_at(a, "/error/data/where"), ""), "/x/0");
	wn_json_free(a);
	end(&f, &c);
}

static void
an_unknown_method_says_so(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	expect_error(&c, "demo.nothing", "{}", "method");
	end(&f, &c);
}

static void
a_bad_line_is_answered_and_the_next_one_works(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	fix_client_send(&c, "this is no JSON\n[1]\n", 20);
	for (int i = 0; i < 2; i++) {
		a = fix_client_recv(&c, NULL);
		assert_non_null(wn_json_get(a, "error"));
		assert_int_equal(wn_json_type(wn_json_get(a, "id")), WN_JSON_NULL);
		wn_json_free(a);
	}
	expect_error(&c, "demo.echo", "{}", "");
	end(&f, &c);
}

static void
garbage_without_end_ends_the_connection(void **state)
{
	struct kernel_fix f;
	struct fix_client c, other;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	fix_client_open(&other, &f, true);
	for (int i = 0; i < 100; i++)
		fix_client_send(&c, "\x01\xff\n", 3);
	while ((a = fix_client_recv(&c, NULL)) != NULL)
		wn_json_free(a);
	expect_error(&other, "demo.echo", "{}", "");
	fix_client_close(&other);
	end(&f, &c);
}

static void
a_message_over_the_limit_ends_the_connection(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;
	char *big = wn_alloc(100001);

	(void)state;
	begin_with(&f, &c, "engine.rpc.message", "4096", true);
	memset(big, 'x', 100000);
	fix_client_send(&c, big, 100000);
	a = fix_client_recv(&c, NULL);
	assert_string_equal(fix_error(a), "limit");
	wn_json_free(a);
	assert_null(fix_client_recv(&c, NULL));
	wn_free(big);
	end(&f, &c);
}

static void
a_notification_gets_no_answer(void **state)
{
	static const char note[] = "{\"jsonrpc\":\"2.0\",\"method\":\"demo.fail\"}\n";
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	fix_client_send(&c, note, sizeof(note) - 1);
	expect_error(&c, "demo.echo", "{}", ""); /* the first thing that comes is this answer */
	end(&f, &c);
}

static void
an_id_that_is_open_cannot_be_used_again(void **state)
{
	static const char two[] = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"demo.defer\"}\n"
				  "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"demo.echo\"}\n";
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	fix_client_send(&c, two, sizeof(two) - 1);
	a = fix_client_recv(&c, NULL);
	assert_string_equal(fix_error(a), "request");
	wn_json_free(a);
	f.k->host.reply(demo_of(&f)->waiting, WN_OK, NULL, WN_STR("{}"), WN_STR_NONE);
	end(&f, &c);
}

static void
requests_in_flight_are_limited(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	int64_t first;
	struct wn_json *a;

	(void)state;
	begin_with(&f, &c, "engine.rpc.in_flight", "1", true);
	first = fix_client_request(&c, "demo.defer", "{}");
	expect_error(&c, "demo.echo", "{}", "limit");
	f.k->host.reply(demo_of(&f)->waiting, WN_OK, NULL, WN_STR("{\"late\":1}"), WN_STR_NONE);
	a = fix_client_answer(&c, first);
	assert_int_equal(wn_json_num(wn_json_at(a, "/result/late"), 0), 1);
	wn_json_free(a);
	expect_error(&c, "demo.echo", "{}", "");
	end(&f, &c);
}

static void
the_rate_is_limited_by_a_bucket_that_fills_again(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin_with(&f, &c, "engine.rpc.burst", "3", true);
	expect_error(&c, "demo.echo", "{}", ""); /* hello took one */
	expect_error(&c, "demo.echo", "{}", "");
	expect_error(&c, "demo.echo", "{}", "rate");
	wn_clock_fake_advance(&f.fake, 1);
	expect_error(&c, "demo.echo", "{}", "");
	end(&f, &c);
}

static void
permissions_go_by_role(void **state)
{
	static const char *const owner[] = { "owner", NULL }, *const reader[] = { "reader", NULL },
				 *const granted[] = { "grant:demo.*", NULL },
				 *const none[] = { NULL };

	(void)state;
	assert_true(wn_access_granted(owner, "x.write"));
	assert_true(wn_access_granted(reader, "x.read"));
	assert_false(wn_access_granted(reader, "x.write"));
	assert_true(wn_access_granted(granted, "demo.use"));
	assert_false(wn_access_granted(granted, "demon.use"));
	assert_false(wn_access_granted(none, "x.read"));
	assert_true(wn_access_granted(none, ""));
}

/* ---- attachments ---- */

static void
send_with_bytes(struct fix_client *c, const char *method)
{
	char line[200];

	(void)snprintf(line, sizeof(line),
		       "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"%s\",\"params\":{\"a\":1},"
		       "\"bytes\":5}\n",
		       method);
	fix_client_send(c, line, strlen(line));
	fix_client_send(c, "\n\0{}x", 5);
}

static void
attachment_goes_both_ways(const char *method)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_buf bytes;
	struct wn_json *a;

	begin(&f, &c);
	wn_buf_init(&bytes, 100);
	send_with_bytes(&c, method);
	a = fix_client_recv(&c, &bytes);
	assert_string_equal(fix_error(a), "");
	assert_int_equal(wn_json_num(wn_json_at(a, "/result/a"), 0), 1);
	assert_int_equal(bytes.len, 5);
	assert_memory_equal(bytes.p, "\n\0{}x", 5);
	wn_json_free(a);
	wn_buf_fini(&bytes);
	end(&f, &c);
}

static void
attachments_go_both_ways_on_the_loop(void **state)
{
	(void)state;
	attachment_goes_both_ways("demo.echo");
}

static void
attachments_go_both_ways_through_a_job(void **state)
{
	(void)state;
	attachment_goes_both_ways("demo.job");
}

/* ---- deferred and cancelled ---- */

static void
cancelling_a_deferred_call_answers_at_once(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;
	int64_t id;

	(void)state;
	begin(&f, &c);
	id = fix_client_request(&c, "demo.defer", "{}");
	(void)fix_client_request(&c, "call.cancel", "{\"id\":2}");
	a = fix_client_answer(&c, id);
	assert_string_equal(fix_error(a), "cancelled");
	wn_json_free(a);
	f.k->host.reply(demo_of(&f)->waiting, WN_OK, NULL, WN_STR("{}"), WN_STR_NONE);
	expect_error(&c, "demo.echo", "{}", "");
	end(&f, &c);
}

static void
a_client_that_leaves_does_not_harm_a_deferred_call(void **state)
{
	struct kernel_fix f;
	struct fix_client c, other;

	(void)state;
	begin(&f, &c);
	fix_client_open(&other, &f, true);
	(void)fix_client_request(&other, "demo.defer", "{}");
	kernel_fix_settle(&f);
	fix_client_close(&other);
	assert_true(wn_cancelled(&demo_of(&f)->waiting->ctx));
	f.k->host.reply(demo_of(&f)->waiting, WN_OK, NULL, WN_STR("{}"), WN_STR_NONE);
	expect_error(&c, "demo.echo", "{}", "");
	end(&f, &c);
}

static void
one_that_only_shut_its_sending_side_gets_its_answers(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;
	int64_t id;

	(void)state;
	begin(&f, &c);
	id = fix_client_request(&c, "demo.job", "{\"a\":2}");
	assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
	a = fix_client_answer(&c, id);
	assert_int_equal(wn_json_num(wn_json_at(a, "/result/a"), 0), 2);
	wn_json_free(a);
	assert_null(fix_client_recv(&c, NULL));
	end(&f, &c);
}

/* ---- the log ---- */

static void
an_answer_waits_until_its_events_are_durable(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;
	int64_t id;
	char byte;

	(void)state;
	begin(&f, &c);
	fake_store_hold(f.store, true);
	id = fix_client_request(&c, "demo.emit", "{\"n\":1}");
	kernel_fix_settle(&f);
	assert_int_equal(recv(c.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT), -1);
	fake_store_hold(f.store, false);
	a = fix_client_answer(&c, id);
	assert_string_equal(fix_error(a), "");
	wn_json_free(a);
	end(&f, &c);
}

static void
a_full_disk_is_told_to_the_caller(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	fake_store_fail(f.store, WN_E_NO_SPACE, 1);
	expect_error(&c, "demo.emit", "{}", "no_space");
	expect_error(&c, "demo.emit", "{}", "");
	end(&f, &c);
}

static void
an_event_the_manifest_does_not_name_is_refused(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_ctx ctx = { .tenant = "local", .actor = "x" };
	struct wn_emit e = { .type = "demo.other",
			     .schema_version = 1,
			     .stream = "demo/1",
			     .expect = -1,
			     .data = WN_STR("{}") };

	(void)state;
	begin(&f, &c);
	assert_int_equal(wn_emit(wn_registry_find(f.k->registry, "demo"), &ctx, &e), WN_E_CONTRACT);
	end(&f, &c);
}

static void
data_that_is_no_object_is_refused(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	expect_error(&c, "demo.emit", "[1]", "contract");
	assert_int_equal(fake_store_count(f.store), 0);
	end(&f, &c);
}

/* ---- streams ---- */

static void
a_stream_sends_as_much_as_it_has_credit(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct demo *s;

	(void)state;
	begin(&f, &c);
	s = demo_of(&f);
	expect_error(&c, "demo.stream", "{}", "");
	assert_int_equal(f.k->host.stream_send(s->stream, "demo.item", WN_STR("{}"), WN_STR_NONE),
			 WN_OK);
	assert_int_equal(f.k->host.stream_send(s->stream, "demo.item", WN_STR("{}"), WN_STR_NONE),
			 WN_OK);
	assert_int_equal(f.k->host.stream_send(s->stream, "demo.item", WN_STR("{}"), WN_STR_NONE),
			 WN_E_BUSY);
	expect_error(&c, "stream.credit", "{\"stream\":1,\"credit\":5}", "");
	assert_int_equal(s->credit, 5);
	expect_error(&c, "stream.credit", "{\"stream\":9,\"credit\":5}", "not_found");
	end(&f, &c);
}

static void
an_item_names_its_stream_first(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct demo *s;
	struct wn_buf bytes;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	s = demo_of(&f);
	wn_buf_init(&bytes, 100);
	expect_error(&c, "demo.stream", "{}", "");
	(void)f.k->host.stream_send(s->stream, "demo.item", WN_STR("{\"x\":2}"), WN_STR("raw"));
	a = fix_client_recv(&c, &bytes);
	assert_string_equal(wn_json_get_str(a, "method", ""), "demo.item");
	assert_int_equal(wn_json_num(wn_json_at(a, "/params/stream"), 0), 1);
	assert_int_equal(wn_json_num(wn_json_at(a, "/params/x"), 0), 2);
	assert_memory_equal(bytes.p, "raw", 3);
	wn_json_free(a);
	wn_buf_fini(&bytes);
	end(&f, &c);
}

static void
data_goes_up_a_stream(void **state)
{
	static const char up[] =
		"{\"jsonrpc\":\"2.0\",\"method\":\"stream.data\",\"params\":{\"stream\":1,"
		"\"data\":{\"k\":1}},\"bytes\":2}\nab";
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	expect_error(&c, "demo.stream", "{}", "");
	fix_client_send(&c, up, sizeof(up) - 1);
	expect_error(&c, "demo.echo", "{}", "");
	assert_string_equal(demo_of(&f)->data, "{\"k\":1}+ab");
	end(&f, &c);
}

static void
a_stream_is_told_when_its_client_leaves_or_closes_it(void **state)
{
	struct kernel_fix f;
	struct fix_client c, other;

	(void)state;
	begin(&f, &c);
	fix_client_open(&other, &f, true);
	expect_error(&other, "demo.stream", "{}", "");
	fix_client_close(&other);
	assert_int_equal(demo_of(&f)->closed, 1);
	expect_error(&c, "demo.stream", "{}", "");
	expect_error(&c, "stream.close", "{\"stream\":1}", "");
	assert_int_equal(demo_of(&f)->closed, 2);
	end(&f, &c);
}

static void
a_closed_stream_is_told_to_the_client(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	expect_error(&c, "demo.stream", "{}", "");
	f.k->host.stream_close(demo_of(&f)->stream);
	a = fix_client_recv(&c, NULL);
	assert_string_equal(wn_json_get_str(a, "method", ""), "stream.closed");
	wn_json_free(a);
	end(&f, &c);
}

/* ---- a client that does not read ---- */

static bool
is_gone(void *arg)
{
	struct kernel_fix *f = arg;

	return wn_server_connections(f->k->server) == 1;
}

static void
ask_without_reading(struct fix_client *c, int n)
{
	static const char ask[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"demo.big\"}\n";

	for (int i = 0; i < n; i++)
		(void)!send(c->fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void
one_that_does_not_read_is_held_then_ended_when_it_stalls(void **state)
{
	struct kernel_fix f;
	struct fix_client c, lazy;
	size_t waiting;

	(void)state;
	begin_with(&f, &c, "engine.rpc.stall_ms", "5000", true);
	fix_client_open(&lazy, &f, true);
	ask_without_reading(&lazy, 1000);
	kernel_fix_settle(&f);
	for (int i = 0; i < 200; i++)
		wn_loop_turn(f.k->loop, false);
	waiting = f.k->server->conns->out.len - f.k->server->conns->sent;
	assert_true(waiting > 0);
	expect_error(&c, "demo.echo", "{}", ""); /* the others are served */
	wn_clock_fake_advance(&f.fake, 5000);
	kernel_fix_until(&f, is_gone, &f);
	expect_error(&c, "demo.echo", "{}", "");
	fix_client_close(&lazy);
	end(&f, &c);
}

static void
one_whose_backlog_is_too_long_is_ended(void **state)
{
	struct kernel_fix f;
	struct fix_client c, lazy;

	(void)state;
	begin_with(&f, &c, "engine.rpc.backlog", "1000000", true);
	fix_client_open(&lazy, &f, true);
	ask_without_reading(&lazy, 1000); /* 64 KiB each, all read in one turn */
	kernel_fix_until(&f, is_gone, &f);
	expect_error(&c, "demo.echo", "{}", "");
	fix_client_close(&lazy);
	end(&f, &c);
}

/* ---- signals ---- */

static void
a_follower_gets_the_latest_signal_of_each_subject(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	expect_error(&c, "signal.subscribe", "{\"topics\":[\"demo.*\"],\"credit\":10}", "");
	for (int i = 0; i < 3; i++) {
		char text[16];

		(void)snprintf(text, sizeof(text), "%d", i);
		wn_signal_publish(f.k->signals, "local", "demo.load", "a", wn_str(text));
		wn_signal_publish(f.k->signals, "local", "other.load", "a", wn_str(text));
	}
	a = fix_client_recv(&c, NULL);
	assert_string_equal(wn_json_get_str(a, "method", ""), "signal.item");
	assert_int_equal(wn_json_num(wn_json_at(a, "/params/data"), -1), 2);
	wn_json_free(a);
	expect_error(&c, "demo.echo", "{}", "");
	end(&f, &c);
}

/* ---- subscriptions ---- */

static void
a_subscription_replays_and_follows_within_its_credit(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;
	int64_t seq = 0;

	(void)state;
	begin(&f, &c);
	for (int i = 0; i < 5; i++)
		expect_error(&c, "demo.emit", "{}", "");
	expect_error(&c, "event.subscribe", "{\"after\":\"1\",\"credit\":2,\"types\":[\"demo.*\"]}",
		     "");
	for (int i = 2; i <= 3; i++) {
		a = fix_client_recv(&c, NULL);
		assert_true(wn_json_i64(wn_json_at(a, "/params/event/seq"), &seq));
		assert_int_equal(seq, i);
		wn_json_free(a);
	}
	expect_error(&c, "demo.emit", "{}", "");
	(void)fix_client_request(&c, "stream.credit", "{\"stream\":1,\"credit\":3}");
	while (seq < 6) {
		a = fix_client_recv(&c, NULL);
		if (wn_json_get(a, "method") != NULL) {
			int64_t next = 0;

			assert_true(wn_json_i64(wn_json_at(a, "/params/event/seq"), &next));
			assert_int_equal(next, seq + 1);
			seq = next;
		}
		wn_json_free(a);
	}
	end(&f, &c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_says_who_and_what),
		cmocka_unit_test(nothing_comes_before_hello),
		cmocka_unit_test(another_protocol_is_refused),
		cmocka_unit_test(a_client_that_says_nothing_is_ended),
		cmocka_unit_test(a_failure_carries_its_name_text_and_place),
		cmocka_unit_test(an_unknown_method_says_so),
		cmocka_unit_test(a_bad_line_is_answered_and_the_next_one_works),
		cmocka_unit_test(garbage_without_end_ends_the_connection),
		cmocka_unit_test(a_message_over_the_limit_ends_the_connection),
		cmocka_unit_test(a_notification_gets_no_answer),
		cmocka_unit_test(an_id_that_is_open_cannot_be_used_again),
		cmocka_unit_test(requests_in_flight_are_limited),
		cmocka_unit_test(the_rate_is_limited_by_a_bucket_that_fills_again),
		cmocka_unit_test(permissions_go_by_role),
		cmocka_unit_test(attachments_go_both_ways_on_the_loop),
		cmocka_unit_test(attachments_go_both_ways_through_a_job),
		cmocka_unit_test(cancelling_a_deferred_call_answers_at_once),
		cmocka_unit_test(a_client_that_leaves_does_not_harm_a_deferred_call),
		cmocka_unit_test(one_that_only_shut_its_sending_side_gets_its_answers),
		cmocka_unit_test(an_answer_waits_until_its_events_are_durable),
		cmocka_unit_test(a_full_disk_is_told_to_the_caller),
		cmocka_unit_test(an_event_the_manifest_does_not_name_is_refused),
		cmocka_unit_test(data_that_is_no_object_is_refused),
		cmocka_unit_test(a_stream_sends_as_much_as_it_has_credit),
		cmocka_unit_test(an_item_names_its_stream_first),
		cmocka_unit_test(data_goes_up_a_stream),
		cmocka_unit_test(a_stream_is_told_when_its_client_leaves_or_closes_it),
		cmocka_unit_test(a_closed_stream_is_told_to_the_client),
		cmocka_unit_test(one_that_does_not_read_is_held_then_ended_when_it_stalls),
		cmocka_unit_test(one_whose_backlog_is_too_long_is_ended),
		cmocka_unit_test(a_follower_gets_the_latest_signal_of_each_subject),
		cmocka_unit_test(a_subscription_replays_and_follows_within_its_credit),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/server", tests, NULL, NULL);
}
