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

/* ---- following events and signals ---- */

/* One of feed and follower. */
struct sub {
	struct wn_stream *stream;
	struct wn_feed *feed;
	struct wn_follower *follower;
};

static void
on_sub_credit(void *arg, int64_t credit)
{
	struct sub *s = arg;

	if (credit > 0 && s->feed != NULL)
		wn_feed_resume(s->feed);
	if (credit > 0 && s->follower != NULL)
		wn_follower_resume(s->follower);
}

static void
on_sub_close(void *arg)
{
	struct sub *s = arg;

	wn_feed_free(s->feed);
	wn_follower_free(s->follower);
	wn_free(s);
}

static wn_err
sub_open(struct wn_mod *mod, struct wn_ctx *ctx, int64_t credit, struct sub **out, int64_t *id_out)
{
	static const struct wn_stream_ops ops = { .on_credit = on_sub_credit,
						  .on_close = on_sub_close };
	struct sub *s = WN_NEW(struct sub);
	wn_err err = wn_stream_open(mod, ctx, &ops, s, credit, &s->stream, id_out);

	if (err != WN_OK)
		wn_free(s);
	else
		*out = s;
	return err;
}

/* Begins an item; false: nobody pays for it now. */
static bool
item_begin(const struct sub *s, struct wn_buf *b, struct wn_jw *w)
{
	if (wn_stream_credit(s->stream) <= 0)
		return false;
	wn_buf_init(b, ITEM_MAX);
	wn_jw_init(w, b);
	wn_jw_object(w);
	return true;
}

static void
item_send(const struct sub *s, const char *method, struct wn_buf *b, struct wn_jw *w)
{
	wn_jw_object_end(w);
	(void)wn_stream_send(s->stream, method, wn_buf_view(b), WN_STR_NONE);
	wn_buf_fini(b);
}

static bool
event_take(void *arg, struct wn_bus_event *e)
{
	struct wn_buf b;
	struct wn_jw w;

	if (!item_begin(arg, &b, &w))
		return false;
	wn_jw_key(&w, "event");
	wn_event_write(&w, &e->ev);
	item_send(arg, "event.item", &b, &w);
	return true;
}

static bool
signal_take(void *arg, const char *topic, const char *subject, struct wn_str json)
{
	struct wn_buf b;
	struct wn_jw w;

	if (!item_begin(arg, &b, &w))
		return false;
	wn_jw_kstr(&w, "topic", topic);
	if (subject != NULL)
		wn_jw_kstr(&w, "subject", subject);
	wn_jw_key(&w, "data");
	wn_jw_raw(&w, json);
	item_send(arg, "signal.item", &b, &w);
	return true;
}

wn_err
engine_on_event_subscribe(struct wn_mod *mod, struct wn_ctx *ctx,
			  const struct event_subscribe_params *in,
			  struct event_subscribe_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct wn_feed_opts o = { .after = in->has_after ? in->after : -1,
				  .tenant = ctx->tenant,
				  .stream = text(ctx->arena, in->stream),
				  .subject = text(ctx->arena, in->subject),
				  .correlation = text(ctx->arena, in->correlation),
				  .types = texts(ctx->arena, in->types, in->types_len),
				  .take = event_take };
	struct sub *s;
	wn_err err = sub_open(mod, ctx, in->credit, &s, &out->stream);

	if (err != WN_OK)
		return err;
	out->last = wn_bus_seq(k->bus);
	o.arg = s;
	s->feed = wn_feed_new(&k->source, &o);
	return WN_OK;
}

wn_err
engine_on_signal_subscribe(struct wn_mod *mod, struct wn_ctx *ctx,
			   const struct signal_subscribe_params *in,
			   struct signal_subscribe_result *out)
{
	static const char *const none[] = { NULL };
	struct wn_follower_opts o = { .tenant = ctx->tenant,
				      .topics = texts(ctx->arena, in->topics, in->topics_len),
				      .subject = text(ctx->arena, in->subject),
				      .take = signal_take };
	struct sub *s;
	wn_err err = sub_open(mod, ctx, in->credit, &s, &out->stream);

	if (err != WN_OK)
		return err;
	if (o.topics == NULL)
		o.topics = none;
	o.arg = s;
	s->follower = wn_signal_follow(wn_kernel_of(mod)->signals, &o);
	return WN_OK;
}
