/*
 * Streams of a connection: items from the engine, paid for with credit the client grants.
 * Owns the stream objects; a stream dies with its connection, its close, or its owner's.
 */
#include <assert.h>
#include <stdio.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/conn.h"

#define CREDIT_MAX ((int64_t)1 << 40)

struct wn_stream {
	struct wn_stream *next;
	struct wn_conn *conn;
	struct wn_mod *mod;
	const struct wn_stream_ops *ops;
	void *arg;
	int64_t id, credit;
};

wn_err
wn_stream_open(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_stream_ops *ops, void *arg,
	       int64_t credit, struct wn_stream **out, int64_t *id_out)
{
	struct wn_conn *c = ctx->call != NULL ? ctx->call->conn : NULL;
	struct wn_stream *s;

	if (c == NULL || c->dead)
		return WN_FAIL(ctx, WN_E_CLOSED, "the caller is gone");
	if (c->n_streams >= c->server->limits.streams)
		return WN_FAIL(ctx, WN_E_LIMIT, "more than %u streams are open on this connection",
			       c->server->limits.streams);
	s = WN_NEW(struct wn_stream);
	s->conn = c;
	s->mod = m;
	s->ops = ops;
	s->arg = arg;
	s->credit = credit < 0 ? 0 : credit > CREDIT_MAX ? CREDIT_MAX : credit;
	s->id = ++c->next_stream;
	s->next = c->streams;
	c->streams = s;
	c->n_streams++;
	*out = s;
	*id_out = s->id;
	return WN_OK;
}

/* The client finds the stream by the first member of the item; an owner that wrote it itself is
 * fine. */
static wn_err
item_params(const struct wn_stream *s, struct wn_str params, struct wn_buf *out)
{
	static const char key[] = "{\"stream\":";

	if (params.len >= sizeof(key) - 1 && memcmp(params.p, key, sizeof(key) - 1) == 0)
		return wn_buf_str(out, params);
	if (params.len < 2 || params.p[0] != '{')
		return WN_E_INVALID;
	(void)wn_buf_printf(out, "{\"stream\":%lld", (long long)s->id);
	if (params.p[1] != '}')
		(void)wn_buf_chr(out, ',');
	return wn_buf_add(out, params.p + 1, params.len - 1);
}

wn_err
wn_stream_send(struct wn_stream *s, const char *method, struct wn_str params,
	       struct wn_str attachment)
{
	struct wn_buf *out, text;
	wn_err err;

	if (s->credit <= 0)
		return WN_E_BUSY;
	wn_buf_init(&text, params.len + 64);
	err = item_params(s, params, &text);
	if (err == WN_OK) {
		s->credit--;
		out = wn_conn_out(s->conn);
		(void)wn_rpc_write_notify(out, method, wn_buf_view(&text), attachment.len);
		if (attachment.len > 0)
			(void)wn_buf_str(out, attachment);
		wn_conn_wrote(s->conn);
	}
	wn_buf_fini(&text);
	return err;
}

int64_t
wn_stream_credit(const struct wn_stream *s)
{
	return s->credit;
}

static struct wn_stream *
take_out(struct wn_conn *c, int64_t id)
{
	struct wn_stream **at = &c->streams, *s;

	while ((s = *at) != NULL && s->id != id)
		at = &s->next;
	if (s != NULL) {
		*at = s->next;
		c->n_streams--;
	}
	return s;
}

static struct wn_stream *
find(const struct wn_conn *c, int64_t id)
{
	struct wn_stream *s = c->streams;

	while (s != NULL && s->id != id)
		s = s->next;
	return s;
}

void
wn_stream_close(struct wn_stream *s)
{
	char text[64];

	if (s == NULL)
		return;
	(void)take_out(s->conn, s->id);
	if (!s->conn->dead) {
		(void)snprintf(text, sizeof(text), "{\"stream\":%lld}", (long long)s->id);
		(void)wn_rpc_write_notify(wn_conn_out(s->conn), "stream.closed", wn_str(text), 0);
		wn_conn_wrote(s->conn);
	}
	wn_free(s);
}

wn_err
wn_stream_grant(struct wn_conn *c, int64_t id, int64_t credit)
{
	struct wn_stream *s = find(c, id);

	if (s == NULL)
		return WN_E_NOT_FOUND;
	if (credit < 0 || credit > CREDIT_MAX - s->credit)
		return WN_E_INVALID;
	s->credit += credit;
	if (s->ops->on_credit != NULL)
		s->ops->on_credit(s->arg, s->credit);
	return WN_OK;
}

wn_err
wn_stream_from_client(struct wn_conn *c, int64_t id, struct wn_str params, struct wn_str attachment)
{
	struct wn_stream *s = find(c, id);

	if (s == NULL)
		return WN_E_NOT_FOUND;
	if (s->ops->on_data == NULL)
		return WN_E_UNSUPPORTED;
	s->ops->on_data(s->arg, params, attachment);
	return WN_OK;
}

static void
drop(struct wn_stream *s)
{
	if (s->ops->on_close != NULL)
		s->ops->on_close(s->arg);
	wn_free(s);
}

wn_err
wn_stream_client_close(struct wn_conn *c, int64_t id)
{
	struct wn_stream *s = take_out(c, id);

	if (s == NULL)
		return WN_E_NOT_FOUND;
	drop(s);
	return WN_OK;
}

void
wn_stream_drop_all(struct wn_conn *c)
{
	while (c->streams != NULL)
		drop(take_out(c, c->streams->id));
}
