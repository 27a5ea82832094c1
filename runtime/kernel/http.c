/*
 * Implements the exchange with curl's multi interface, so that cancelling is felt at once. TLS is
 * always checked; redirects are not followed; nothing of a request is logged.
 */
#include "runtime/kernel/http.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

#include "runtime/base/buf.h"

enum { BODY_MAX = 8 << 20, CONNECT_MS = 10000, IDLE_MS = 60000, POLL_MS = 1000, TICK_MS = 100 };

/* Loaded once for the process and never unloaded; written under the once only. */
struct curl_api {
	CURLcode (*global_init)(long);
	CURL *(*easy_init)(void);
	CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
	CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
	void (*easy_cleanup)(CURL *);
	const char *(*easy_strerror)(CURLcode);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_add_handle)(CURLM *, CURL *);
	CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
	CURLMcode (*multi_perform)(CURLM *, int *);
	CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned, int, int *);
	CURLMsg *(*multi_info_read)(CURLM *, int *);
	CURLMcode (*multi_cleanup)(CURLM *);
	struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
	void (*slist_free_all)(struct curl_slist *);
	bool ready;
};

static struct curl_api api;
static pthread_once_t api_once = PTHREAD_ONCE_INIT;

static void
load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} symbols[] = {
		{ "curl_global_init", offsetof(struct curl_api, global_init) },
		{ "curl_easy_init", offsetof(struct curl_api, easy_init) },
		{ "curl_easy_setopt", offsetof(struct curl_api, easy_setopt) },
		{ "curl_easy_getinfo", offsetof(struct curl_api, easy_getinfo) },
		{ "curl_easy_cleanup", offsetof(struct curl_api, easy_cleanup) },
		{ "curl_easy_strerror", offsetof(struct curl_api, easy_strerror) },
		{ "curl_multi_init", offsetof(struct curl_api, multi_init) },
		{ "curl_multi_add_handle", offsetof(struct curl_api, multi_add_handle) },
		{ "curl_multi_remove_handle", offsetof(struct curl_api, multi_remove_handle) },
		{ "curl_multi_perform", offsetof(struct curl_api, multi_perform) },
		{ "curl_multi_poll", offsetof(struct curl_api, multi_poll) },
		{ "curl_multi_info_read", offsetof(struct curl_api, multi_info_read) },
		{ "curl_multi_cleanup", offsetof(struct curl_api, multi_cleanup) },
		{ "curl_slist_append", offsetof(struct curl_api, slist_append) },
		{ "curl_slist_free_all", offsetof(struct curl_api, slist_free_all) },
	};
	static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4" };
	void *lib = NULL;

	for (size_t i = 0; i < 2 && lib == NULL; i++)
		lib = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	if (lib == NULL)
		return;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *p = dlsym(lib, symbols[i].name);

		if (p == NULL)
			return;
		memcpy((char *)&api + symbols[i].at, &p, sizeof(p));
	}
	api.ready = api.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

struct exchange {
	struct wn_ctx *ctx;
	const struct wn_http *h;
	CURL *easy;
	CURLM *multi;
	struct curl_slist *headers;
	struct wn_buf body;
	size_t sent;
	wn_err err; /* of a callback */
	int64_t idle_since_ns, idle_ms;
	char text[CURL_ERROR_SIZE];
};

static int64_t
mono_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	long status = 0;

	n *= size;
	x->idle_since_ns = mono_ns();
	if (x->h->on_data != NULL) {
		api.easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
		x->err = x->h->on_data(x->h->arg, (int)status, wn_strn(p, n));
	} else {
		x->err = wn_buf_add(&x->body, p, n);
		if (x->err != WN_OK)
			(void)WN_FAIL(x->ctx, x->err, "the answer is larger than %zu bytes",
				      x->body.max);
	}
	return x->err == WN_OK ? n : 0;
}

static void
set_body(struct exchange *x)
{
	const struct wn_http *h = x->h;

	if (h->body.p != NULL) {
		api.easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)h->body.len);
		api.easy_setopt(x->easy, CURLOPT_POSTFIELDS, h->body.p);
	}
	if (strcmp(h->method, "HEAD") == 0)
		api.easy_setopt(x->easy, CURLOPT_NOBODY, 1L);
	else
		api.easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, h->method);
	for (const char *const *p = h->headers; p != NULL && *p != NULL; p++)
		x->headers = api.slist_append(x->headers, *p);
	x->headers = api.slist_append(x->headers, "Expect:"); /* no waiting for 100 Continue */
	api.easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static void
set_options(struct exchange *x)
{
	const struct wn_http *h = x->h;

	api.easy_setopt(x->easy, CURLOPT_URL, h->url);
	api.easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	api.easy_setopt(x->easy, CURLOPT_FOLLOWLOCATION, 0L);
	api.easy_setopt(x->easy, CURLOPT_NOSIGNAL, 1L);
	api.easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS,
			(long)(h->connect_ms > 0 ? h->connect_ms : CONNECT_MS));
	api.easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->text);
	api.easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_body);
	api.easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
	api.easy_setopt(x->easy, CURLOPT_USERAGENT, "webnova/" WN_VERSION);
	if (h->unix_socket != NULL) {
		api.easy_setopt(x->easy, CURLOPT_UNIX_SOCKET_PATH, h->unix_socket);
		api.easy_setopt(x->easy, CURLOPT_PROXY, "");
	}
	set_body(x);
}

static wn_err
stopped(struct exchange *x)
{
	int64_t now = mono_ns();

	if (wn_cancelled(x->ctx))
		return WN_FAIL(x->ctx, WN_E_CANCELLED, "the request was cancelled");
	if (x->ctx->deadline_ns != 0 && now >= x->ctx->deadline_ns)
		return WN_FAIL(x->ctx, WN_E_DEADLINE, "the request took longer than it may");
	if (now - x->idle_since_ns > x->idle_ms * 1000000)
		return WN_FAIL(x->ctx, WN_E_DEADLINE, "the other end said nothing for %lld s",
			       (long long)(x->idle_ms / 1000));
	return WN_OK;
}

static wn_err
transfer(struct exchange *x, int wake_fd)
{
	struct curl_waitfd wake = { wake_fd, CURL_WAIT_POLLIN, 0 };
	int running = 1, left;
	CURLMsg *msg;
	wn_err err = WN_OK;

	while (running > 0 && err == WN_OK) {
		(void)api.multi_perform(x->multi, &running);
		if (running == 0)
			break;
		(void)api.multi_poll(x->multi, &wake, wake_fd >= 0 ? 1 : 0,
				     wake_fd >= 0 && x->ctx->deadline_ns == 0 ? POLL_MS : TICK_MS,
				     NULL);
		err = stopped(x);
	}
	if (err != WN_OK)
		return err;
	msg = api.multi_info_read(x->multi, &left);
	if (msg == NULL || msg->data.result == CURLE_OK)
		return WN_OK;
	if (x->err != WN_OK)
		return x->err;
	if (msg->data.result == CURLE_URL_MALFORMAT ||
	    msg->data.result == CURLE_UNSUPPORTED_PROTOCOL)
		return WN_FAIL(x->ctx, WN_E_INVALID, "the address is not usable: %s", x->text);
	return WN_FAIL(x->ctx, WN_E_NETWORK, "%s",
		       x->text[0] != '\0' ? x->text : api.easy_strerror(msg->data.result));
}

static void
results(struct exchange *x, struct wn_http_result *out)
{
	long status = 0;
	char *type = NULL;
	curl_off_t retry = 0;

	api.easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	api.easy_getinfo(x->easy, CURLINFO_CONTENT_TYPE, &type);
	api.easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &retry);
	out->status = (int)status;
	out->body = wn_arena_str(x->ctx->arena, wn_buf_view(&x->body));
	out->content_type = wn_arena_str(x->ctx->arena, wn_str(type));
	out->retry_after_ms = (int64_t)retry * 1000;
}

wn_err
wn_http_exchange(struct wn_ctx *ctx, int wake_fd, const struct wn_http *h,
		 struct wn_http_result *out)
{
	struct exchange x = { .ctx = ctx, .h = h };
	wn_err err = WN_OK;

	*out = (struct wn_http_result){ 0 };
	pthread_once(&api_once, load);
	if (!api.ready)
		return WN_FAIL(ctx, WN_E_UNSUPPORTED, "libcurl is not installed on this machine");
	if (wn_cancelled(ctx))
		return WN_FAIL(ctx, WN_E_CANCELLED, "the request was cancelled");
	x.idle_ms = h->idle_ms > 0 ? h->idle_ms : IDLE_MS;
	x.idle_since_ns = mono_ns();
	wn_buf_init(&x.body, h->body_max > 0 ? h->body_max : BODY_MAX);
	x.easy = api.easy_init();
	x.multi = api.multi_init();
	if (x.easy == NULL || x.multi == NULL)
		err = WN_FAIL(ctx, WN_E_NO_MEMORY, "no memory for a request");
	if (err == WN_OK) {
		set_options(&x);
		(void)api.multi_add_handle(x.multi, x.easy);
		err = transfer(&x, wake_fd);
		results(&x, out);
		(void)api.multi_remove_handle(x.multi, x.easy);
	}
	if (x.easy != NULL)
		api.easy_cleanup(x.easy);
	if (x.multi != NULL)
		(void)api.multi_cleanup(x.multi);
	api.slist_free_all(x.headers);
	wn_buf_fini(&x.body);
	return err;
}
