/*
 * The kernel's methods about a connection: cancelling its requests, its streams, following events
 * and signals.
 */
#include "gen/engine.h"
#include "runtime/base/json_read.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/conn.h"
#include "runtime/kernel/event_json.h"
#include "runtime/kernel/signal_hub.h"

enum { ITEM_MAX = 4 << 20 };

/* ---- calls and streams ---- */

wn_err
engine_on_call_cancel(struct wn_mod *mod, struct wn_ctx *ctx, const struct call_cancel_params *in,
		      struct call_cancel_result *out)
{
	struct wn_call *call = ctx->call->conn->calls;

	(void)mod;
	while (call != NULL && (call == ctx->call || !wn_str_eq(wn_buf_view(&call->id), in->id)))
		call = call->next;
	out->cancelled = call != NULL;
	if (call != NULL)
		wn_call_cancel(call);
	return WN_OK;
}

wn_err
engine_on_stream_credit(struct wn_mod *mod, struct wn_ctx *ctx,
			const struct stream_credit_params *in, struct stream_credit_result *out)
{
	wn_err err = wn_stream_grant(ctx->call->conn, in->stream, in->credit);

	(void)mod;
	(void)out;
	if (err == WN_E_NOT_FOUND)
		return WN_FAIL(ctx, err, "there is no open stream %lld", (long long)in->stream);
	return err;
}

wn_err
engine_on_stream_close(struct wn_mod *mod, struct wn_ctx *ctx, const struct stream_close_params *in,
		       struct stream_close_result *out)
{
	(void)mod;
	(void)out;
	if (wn_stream_client_close(ctx->call->conn, in->stream) != WN_OK)
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no open stream %lld",
			       (long long)in->stream);
	return WN_OK;
}

wn_err
engine_on_stream_data(struct wn_mod *mod, struct wn_ctx *ctx, const struct stream_data_params *in,
		      struct stream_data_result *out)
{
	wn_err err =
		wn_stream_from_client(ctx->call->conn, in->stream, in->data, ctx->call->attach_in);

	(void)mod;
	(void)out;
	if (err == WN_E_NOT_FOUND)
		return WN_FAIL(ctx, err, "there is no open stream %lld", (long long)in->stream);
	if (err == WN_E_UNSUPPORTED)
		return WN_FAIL(ctx, err, "stream %lld takes no data", (long long)in->stream);
	return err;
}

/* NULL-terminated copy in the arena; NULL when there are none. */
static const char *const *
texts(struct wn_arena *a, const struct wn_str *items, size_t n)
{
	const char **out;

	if (n == 0)
		return NULL;
	out = wn_arena_array(a, n + 1, sizeof(*out));
	for (size_t i = 0; i < n; i++)
		out[i] = wn_arena_strndup(a, items[i].p, items[i].len);
	return out;
}

static const char *
text(struct wn_arena *a, struct wn_str s)
{
	return s.p != NULL ? wn_arena_strndup(a, s.p, s.len) : NULL;
}

/* ---- following events ---- */

struct event_sub {
	struct wn_stream *stream;
	struct wn_feed *feed;
};

static bool
event_take(void *arg, struct wn_bus_event *e)
{
	struct event_sub *s = arg;
	struct wn_buf b;
	struct wn_jw w;

	if (wn_stream_credit(s->stream) <= 0)
		return false;
	wn_buf_init(&b, ITEM_MAX);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_key(&w, "event");
	wn_event_write(&w, &e->ev);
	wn_jw_object_end(&w);
	(void)wn_stream_send(s->stream, "event.item", wn_buf_view(&b), WN_STR_NONE);
	wn_buf_fini(&b);
	return true;
}

static void
event_credit(void *arg, int64_t credit)
{
	struct event_sub *s = arg;

	if (credit > 0)
		wn_feed_resume(s->feed);
}

static void
event_close(void *arg)
{
	struct event_sub *s = arg;

	wn_feed_free(s->feed);
	wn_free(s);
}

static const struct wn_stream_ops event_ops = { .on_credit = event_credit,
						.on_close = event_close };

wn_err
engine_on_event_subscribe(struct wn_mod *mod, struct wn_ctx *ctx,
			  const struct event_subscribe_params *in,
			  struct event_subscribe_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct event_sub *s = WN_NEW(struct event_sub);
	struct wn_feed_opts o = { .after = in->has_after ? in->after : -1,
				  .tenant = ctx->tenant,
				  .stream = text(ctx->arena, in->stream),
				  .subject = text(ctx->arena, in->subject),
				  .correlation = text(ctx->arena, in->correlation),
				  .types = texts(ctx->arena, in->types, in->types_len),
				  .take = event_take,
				  .arg = s };
	wn_err err = wn_stream_open(mod, ctx, &event_ops, s, in->credit, &s->stream, &out->stream);

	if (err != WN_OK) {
		wn_free(s);
		return err;
	}
	out->last = wn_bus_seq(k->bus);
	s->feed = wn_feed_new(&k->source, &o);
	return WN_OK;
}

/* ---- following signals ---- */

struct signal_sub {
	struct wn_stream *stream;
	struct wn_follower *follower;
};

static bool
signal_take(void *arg, const char *topic, const char *subject, struct wn_str json)
{
	struct signal_sub *s = arg;
	struct wn_buf b;
	struct wn_jw w;

	if (wn_stream_credit(s->stream) <= 0)
		return false;
	wn_buf_init(&b, ITEM_MAX);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "topic", topic);
	if (subject != NULL)
		wn_jw_kstr(&w, "subject", subject);
	wn_jw_key(&w, "data");
	wn_jw_raw(&w, json);
	wn_jw_object_end(&w);
	(void)wn_stream_send(s->stream, "signal.item", wn_buf_view(&b), WN_STR_NONE);
	wn_buf_fini(&b);
	return true;
}

static void
signal_credit(void *arg, int64_t credit)
{
	struct signal_sub *s = arg;

	if (credit > 0)
		wn_follower_resume(s->follower);
}

static void
signal_close(void *arg)
{
	struct signal_sub *s = arg;

	wn_follower_free(s->follower);
	wn_free(s);
}

static const struct wn_stream_ops signal_ops = { .on_credit = signal_credit,
						 .on_close = signal_close };

wn_err
engine_on_signal_subscribe(struct wn_mod *mod, struct wn_ctx *ctx,
			   const struct signal_subscribe_params *in,
			   struct signal_subscribe_result *out)
{
	static const char *const none[] = { NULL };
	struct signal_sub *s = WN_NEW(struct signal_sub);
	struct wn_follower_opts o = { .tenant = ctx->tenant,
				      .topics = texts(ctx->arena, in->topics, in->topics_len),
				      .subject = text(ctx->arena, in->subject),
				      .take = signal_take,
				      .arg = s };
	wn_err err = wn_stream_open(mod, ctx, &signal_ops, s, in->credit, &s->stream, &out->stream);

	if (err != WN_OK) {
		wn_free(s);
		return err;
	}
	if (o.topics == NULL)
		o.topics = none;
	s->follower = wn_signal_follow(wn_kernel_of(mod)->signals, &o);
	return WN_OK;
}
