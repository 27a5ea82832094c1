/*
 * Links to a local process (here: the kernel's own server on a socket), from the loop and from a
 * job, and HTTP against a small server on loopback.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/http.h"
#include "runtime/kernel/link.h"
#include "runtime/kernel/server.h"
#include "tests/lib/kernel_fix.h"

/* ---- links ---- */

struct peer {
	struct kernel_fix f;
	char *path;
	struct wn_link *link;
	int replies, closes, notes;
	wn_err err, why;
	char result[2000], note[64];
	bool close_in_reply;
};

static void
on_reply(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct peer *p = arg;

	(void)attachment;
	(void)d;
	p->replies++;
	p->err = err;
	(void)snprintf(p->result, sizeof(p->result), "%.*s", WN_STR_ARG(result));
	if (p->close_in_reply) {
		p->close_in_reply = false;
		wn_link_close(p->link);
		p->link = NULL;
	}
}

static void
on_notify(void *arg, const char *method, struct wn_str params, struct wn_str attachment)
{
	struct peer *p = arg;

	(void)params;
	(void)attachment;
	p->notes++;
	(void)snprintf(p->note, sizeof(p->note), "%s", method);
}

static void
on_close(void *arg, wn_err why)
{
	struct peer *p = arg;

	p->closes++;
	p->why = why;
}

static const struct wn_link_ops ops = { on_notify, on_close };

static void
begin(struct peer *p)
{
	struct wn_diag d = { 0 };

	*p = (struct peer){ 0 };
	kernel_fix_init(&p->f);
	assert_int_equal(kernel_fix_start(&p->f, NULL, 0, &d), WN_OK);
	p->path = wn_path_join(p->f.dir, "x.sock");
	assert_int_equal(wn_server_listen(p->f.k->server, p->path, &d), WN_OK);
	assert_int_equal(wn_link_open(p->f.k->loop, p->path, &ops, p, &p->link), WN_OK);
}

static void
end(struct peer *p)
{
	wn_link_close(p->link);
	kernel_fix_end(&p->f);
	wn_free(p->path);
}

static bool
has_reply(void *arg)
{
	return ((struct peer *)arg)->replies > 0;
}

static bool
has_closed(void *arg)
{
	return ((struct peer *)arg)->closes > 0;
}

static void
call(struct peer *p, const char *method, const char *params)
{
	p->replies = 0;
	assert_int_equal(wn_link_call(p->link, method, wn_str(params), WN_STR_NONE, on_reply, p),
			 WN_OK);
	kernel_fix_until(&p->f, has_reply, p);
}

static void
a_call_over_a_link_is_answered(void **state)
{
	struct peer p;

	(void)state;
	begin(&p);
	call(&p, "engine.hello", "{\"protocol\":1}");
	call(&p, "engine.ping", "{\"data\":[1]}");
	assert_int_equal(p.err, WN_OK);
	assert_string_equal(p.result, "{\"data\":[1]}");
	end(&p);
}

static void
an_error_over_a_link_keeps_its_code(void **state)
{
	struct peer p;

	(void)state;
	begin(&p);
	call(&p, "engine.ping", "{}");
	assert_int_equal(p.err, WN_E_UNAUTHENTICATED);
	end(&p);
}

static void
a_notification_comes_through(void **state)
{
	struct peer p;

	(void)state;
	begin(&p);
	call(&p, "engine.hello", "{\"protocol\":1}");
	call(&p, "engine.rebuild", "{}"); /* a task tells of its progress */
	assert_string_equal(p.note, "call.progress");
	end(&p);
}

static void
a_link_may_be_closed_inside_a_reply(void **state)
{
	struct peer p;

	(void)state;
	begin(&p);
	p.close_in_reply = true;
	call(&p, "engine.hello", "{\"protocol\":1}");
	assert_null(p.link);
	kernel_fix_settle(&p.f);
	assert_int_equal(p.closes, 0);
	end(&p);
}

static void
a_lost_link_answers_its_calls_and_says_so_once(void **state)
{
	struct peer p;

	(void)state;
	begin(&p);
	call(&p, "engine.hello", "{\"protocol\":1}");
	p.replies = 0;
	wn_server_drop_all(p.f.k->server);
	assert_int_equal(
		wn_link_call(p.link, "engine.ping", WN_STR("{}"), WN_STR_NONE, on_reply, &p),
		WN_OK);
	kernel_fix_until(&p.f, has_closed, &p);
	assert_int_equal(p.replies, 1);
	assert_int_equal(p.err, WN_E_CLOSED);
	assert_int_equal(p.closes, 1);
	assert_int_equal(wn_link_notify(p.link, "x", WN_STR("{}"), WN_STR_NONE), WN_E_CLOSED);
	end(&p);
}

static void
nobody_at_the_other_end_is_unavailable(void **state)
{
	struct peer p;
	struct wn_link *l = NULL;

	(void)state;
	begin(&p);
	assert_int_equal(wn_link_open(p.f.k->loop, "/tmp/no/such.sock", &ops, &p, &l),
			 WN_E_UNAVAILABLE);
	assert_null(l);
	end(&p);
}

struct asker {
	struct peer *p;
	struct wn_arena arena;
	struct wn_ctx ctx;
	struct wn_str result;
	wn_err err;
	atomic_int done;
};

static void *
ask(void *arg)
{
	struct asker *a = arg;

	a->err = wn_link_ask(&a->ctx, -1, a->p->path, "engine.hello", WN_STR("{\"protocol\":1}"),
			     WN_STR_NONE, &a->result, NULL);
	atomic_store(&a->done, 1);
	return NULL;
}

static bool
asked(void *arg)
{
	return atomic_load(&((struct asker *)arg)->done) != 0;
}

static void
a_job_asks_and_waits(void **state)
{
	struct peer p;
	struct asker a = { .p = &p };
	pthread_t t;

	(void)state;
	begin(&p);
	wn_arena_init(&a.arena, 0);
	a.ctx.arena = &a.arena;
	assert_int_equal(pthread_create(&t, NULL, ask, &a), 0);
	while (!asked(&a)) /* the server's side of it runs in this thread */
		wn_loop_turn(p.f.k->loop, false);
	pthread_join(t, NULL);
	assert_int_equal(a.err, WN_OK);
	assert_true(wn_str_find(a.result, WN_STR("\"protocol\":1")) >= 0);
	wn_arena_fini(&a.arena);
	end(&p);
}

/* ---- http ---- */

/* Answers one request with fixed bytes, then closes. */
struct web {
	int fd, port;
	const char *answer;
	char request[4096];
	pthread_t thread;
};

static void *
web_run(void *arg)
{
	struct web *w = arg;
	int c = accept(w->fd, NULL, NULL);
	size_t used = 0;
	ssize_t n;

	while (strstr(w->request, "\r\n\r\n") == NULL &&
	       (n = recv(c, w->request + used, sizeof(w->request) - 1 - used, 0)) > 0)
		used += (size_t)n;
	(void)!send(c, w->answer, strlen(w->answer), MSG_NOSIGNAL);
	(void)shutdown(c, SHUT_WR);
	(void)recv(c, w->request + used, 1, 0);
	close(c);
	return NULL;
}

static void
web_start(struct web *w, const char *answer)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);

	*w = (struct web){ .answer = answer };
	w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(w->fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(w->fd, 4), 0);
	assert_int_equal(getsockname(w->fd, (struct sockaddr *)&a, &n), 0);
	w->port = ntohs(a.sin_port);
	assert_int_equal(pthread_create(&w->thread, NULL, web_run, w), 0);
}

static void
web_end(struct web *w)
{
	pthread_join(w->thread, NULL);
	close(w->fd);
}

struct get {
	struct wn_arena arena;
	struct wn_ctx ctx;
	struct wn_http h;
	struct wn_http_result r;
	char url[100], got[100];
};

static wn_err
fetch(struct get *g, const struct web *w)
{
	wn_err err;

	wn_arena_init(&g->arena, 0);
	g->ctx.arena = &g->arena;
	g->h.method = g->h.method != NULL ? g->h.method : "GET";
	(void)snprintf(g->url, sizeof(g->url), "http://127.0.0.1:%d/x", w->port);
	g->h.url = g->url;
	err = wn_http_exchange(&g->ctx, -1, &g->h, &g->r);
	if (err == WN_E_UNSUPPORTED) {
		print_message("no libcurl on this machine\n");
		skip();
	}
	return err;
}

static void
an_answer_comes_with_status_type_and_body(void **state)
{
	struct web w;
	struct get g = { 0 };

	(void)state;
	web_start(&w, "HTTP/1.1 429 Slow\r\nContent-Type: text/x\r\nRetry-After: "
		      "3\r\nContent-Length: 5\r\n\r\nhello");
	assert_int_equal(fetch(&g, &w), WN_OK);
	assert_int_equal(g.r.status, 429);
	assert_true(wn_str_is(g.r.body, "hello"));
	assert_true(wn_str_is(g.r.content_type, "text/x"));
	assert_int_equal(g.r.retry_after_ms, 3000);
	web_end(&w);
	wn_arena_fini(&g.arena);
}

static void
a_body_and_headers_are_sent_as_given(void **state)
{
	const char *const headers[] = { "X-Test: yes", "Content-Type: application/json", NULL };
	struct web w;
	struct get g = { .h = { .method = "POST", .headers = headers, .body = WN_STR("{}") } };

	(void)state;
	web_start(&w, "HTTP/1.1 204 None\r\n\r\n");
	assert_int_equal(fetch(&g, &w), WN_OK);
	web_end(&w);
	assert_non_null(strstr(w.request, "POST /x HTTP/1.1\r\n"));
	assert_non_null(strstr(w.request, "X-Test: yes\r\n"));
	assert_non_null(strstr(w.request, "Content-Length: 2\r\n"));
	assert_null(strstr(w.request, "Expect"));
	wn_arena_fini(&g.arena);
}

static void
a_redirect_is_not_followed(void **state)
{
	struct web w;
	struct get g = { 0 };

	(void)state;
	web_start(
		&w,
		"HTTP/1.1 302 Away\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
	assert_int_equal(fetch(&g, &w), WN_OK);
	assert_int_equal(g.r.status, 302);
	web_end(&w);
	wn_arena_fini(&g.arena);
}

static void
a_body_over_the_limit_is_refused(void **state)
{
	struct web w;
	struct get g = { .h = { .body_max = 3 } };

	(void)state;
	web_start(&w, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	assert_int_equal(fetch(&g, &w), WN_E_LIMIT);
	web_end(&w);
	wn_arena_fini(&g.arena);
}

static wn_err
stop_at_once(void *arg, int status, struct wn_str piece)
{
	struct get *g = arg;

	(void)snprintf(g->got, sizeof(g->got), "%d %.*s", status, WN_STR_ARG(piece));
	return WN_E_CANCELLED;
}

static void
a_stream_can_be_stopped_by_its_reader(void **state)
{
	struct web w;
	struct get g = { .h = { .on_data = stop_at_once } };

	(void)state;
	g.h.arg = &g;
	web_start(&w, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello");
	assert_int_equal(fetch(&g, &w), WN_E_CANCELLED);
	assert_string_equal(g.got, "200 hello");
	web_end(&w);
	wn_arena_fini(&g.arena);
}

static void
a_cut_answer_is_a_network_failure(void **state)
{
	struct web w;
	struct get g = { 0 };

	(void)state;
	web_start(&w, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello");
	assert_int_equal(fetch(&g, &w), WN_E_NETWORK);
	assert_int_not_equal(g.ctx.diag.text[0], '\0');
	web_end(&w);
	wn_arena_fini(&g.arena);
}

static void
only_http_addresses_are_taken(void **state)
{
	struct get g = { .h = { .method = "GET", .url = "file:///etc/passwd" } };

	(void)state;
	wn_arena_init(&g.arena, 0);
	g.ctx.arena = &g.arena;
	assert_int_equal(wn_http_exchange(&g.ctx, -1, &g.h, &g.r), WN_E_INVALID);
	wn_arena_fini(&g.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_over_a_link_is_answered),
		cmocka_unit_test(an_error_over_a_link_keeps_its_code),
		cmocka_unit_test(a_notification_comes_through),
		cmocka_unit_test(a_link_may_be_closed_inside_a_reply),
		cmocka_unit_test(a_lost_link_answers_its_calls_and_says_so_once),
		cmocka_unit_test(nobody_at_the_other_end_is_unavailable),
		cmocka_unit_test(a_job_asks_and_waits),
		cmocka_unit_test(an_answer_comes_with_status_type_and_body),
		cmocka_unit_test(a_body_and_headers_are_sent_as_given),
		cmocka_unit_test(a_redirect_is_not_followed),
		cmocka_unit_test(a_body_over_the_limit_is_refused),
		cmocka_unit_test(a_stream_can_be_stopped_by_its_reader),
		cmocka_unit_test(a_cut_answer_is_a_network_failure),
		cmocka_unit_test(only_http_addresses_are_taken),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/link", tests, NULL, NULL);
}
