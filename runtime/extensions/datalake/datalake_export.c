/*
 * The export: the log from a reader's position on, as lines of CloudEvents. The position is a
 * consumer cursor of the store; no table is kept here. Job threads.
 */
#include "runtime/extensions/datalake/datalake.h"

#include "runtime/abi/host.h"
#include "runtime/base/clock.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"

enum { READER_MAX = 40, BATCH_BYTES = 8 << 20, EVENT_BYTES = 16 << 20, READERS_MAX = 1000 };

static const struct wn_iface_store *
store_of(struct wn_mod *m, struct wn_mod **mod_out)
{
	*mod_out = m->bound[DATALAKE_NEED_STORE].mod;
	return m->bound[DATALAKE_NEED_STORE].vtable;
}

static wn_err
cursor_name(struct wn_ctx *ctx, struct wn_str reader, const char **out)
{
	bool ok = reader.len >= 1 && reader.len <= READER_MAX;

	for (size_t i = 0; i < reader.len && ok; i++) {
		char c = reader.p[i];

		ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
	}
	if (!ok)
		return WN_FAIL(ctx, WN_E_INVALID, "a reader's name is 1 to %d of a-z, 0-9, - and _",
			       READER_MAX);
	*out = wn_arena_printf(ctx->arena, "datalake/%s/%.*s", ctx->tenant, WN_STR_ARG(reader));
	return WN_OK;
}

/* What this run acknowledged is newer than what the store has written. */
static wn_err
position_of(struct wn_mod *m, struct wn_ctx *ctx, const char *cursor, int64_t *out)
{
	struct datalake *d = m->state;
	struct wn_mod *sm;
	const struct wn_iface_store *store = store_of(m, &sm);
	const int64_t *known;

	pthread_mutex_lock(&d->lock);
	known = wn_map_get(&d->acked, wn_str(cursor));
	*out = known != NULL ? *known : 0;
	pthread_mutex_unlock(&d->lock);
	return known != NULL ? WN_OK : store->cursor_get(sm, cursor, out, &ctx->diag);
}

wn_err
datalake_position(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str reader, int64_t *seq_out)
{
	const char *cursor = NULL;
	wn_err err = cursor_name(ctx, reader, &cursor);

	*seq_out = 0;
	return err != WN_OK ? err : position_of(m, ctx, cursor, seq_out);
}

/* ---- reading ---- */

struct batch {
	struct wn_buf lines;
	size_t n;
	int64_t next;
	bool full;
};

static void
optional(struct wn_jw *w, const char *key, const char *v)
{
	if (v != NULL)
		wn_jw_kstr(w, key, v);
}

static void
write_event(struct wn_buf *out, const struct wn_event *ev)
{
	struct wn_jw w;
	char time[WN_TIME_MAX];

	wn_time_print(ev->time_ms, time);
	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "specversion", "1.0");
	wn_jw_kstr(&w, "id", ev->id);
	wn_jw_kstr(&w, "source", ev->source);
	wn_jw_kstr(&w, "type", ev->type);
	optional(&w, "subject", ev->subject);
	wn_jw_kstr(&w, "time", time);
	wn_jw_kstr(&w, "datacontenttype", "application/json");
	wn_jw_kstr(&w, "dataschema", ev->dataschema);
	wn_jw_ki64s(&w, "seq", ev->seq);
	wn_jw_kstr(&w, "stream", ev->stream);
	wn_jw_ki64s(&w, "version", ev->version);
	wn_jw_kstr(&w, "tenant", ev->tenant);
	wn_jw_kstr(&w, "actor", ev->actor);
	optional(&w, "causation", ev->causation);
	optional(&w, "correlation", ev->correlation);
	wn_jw_key(&w, "data");
	wn_jw_raw(&w, ev->data);
	wn_jw_object_end(&w);
	(void)wn_buf_chr(out, '\n');
}

/* One event is always taken, however large: else a reader would stand before it for ever. */
static wn_err
on_event(void *arg, const struct wn_event *ev)
{
	struct batch *b = arg;

	if (b->full)
		return WN_OK;
	write_event(&b->lines, ev);
	b->n++;
	b->next = ev->seq;
	b->full = b->lines.len >= BATCH_BYTES;
	return b->lines.err;
}

wn_err
datalake_read(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str reader, size_t limit,
	      struct wn_lake_batch *out)
{
	struct wn_mod *sm;
	const struct wn_iface_store *store = store_of(m, &sm);
	struct wn_event_query q = { .tenant = ctx->tenant, .limit = limit };
	struct batch b = { .n = 0 };
	const char *cursor = NULL;
	wn_err err = cursor_name(ctx, reader, &cursor);

	*out = (struct wn_lake_batch){ 0 };
	if (err == WN_OK && (limit < 1 || limit > WN_LAKE_BATCH_MAX))
		err = WN_FAIL(ctx, WN_E_INVALID, "the limit is 1 to %d events", WN_LAKE_BATCH_MAX);
	if (err == WN_OK)
		err = position_of(m, ctx, cursor, &q.after);
	if (err != WN_OK)
		return err;
	b.next = q.after;
	wn_buf_init(&b.lines, BATCH_BYTES + EVENT_BYTES);
	err = store->events(sm, &q, on_event, &b, &ctx->diag);
	if (err == WN_OK)
		*out = (struct wn_lake_batch){ .lines = wn_arena_str(ctx->arena,
								     wn_buf_view(&b.lines)),
					       .n = b.n,
					       .next = b.next,
					       .end = b.n < limit && !b.full };
	wn_buf_fini(&b.lines);
	return err;
}

/* ---- acknowledging ---- */

static wn_err
move(struct wn_mod *m, struct wn_ctx *ctx, const char *cursor, int64_t seq)
{
	struct datalake *d = m->state;
	struct wn_mod *sm;
	const struct wn_iface_store *store = store_of(m, &sm);
	int64_t *known;
	wn_err err = WN_OK;

	pthread_mutex_lock(&d->lock);
	known = wn_map_get(&d->acked, wn_str(cursor));
	if (known != NULL && seq < *known)
		err = WN_FAIL(ctx, WN_E_CONFLICT, "the reader stands at %lld already",
			      (long long)*known);
	else if (known == NULL && d->acked.len >= READERS_MAX)
		err = WN_FAIL(ctx, WN_E_LIMIT, "more than %d readers", READERS_MAX);
	if (err == WN_OK)
		err = store->cursor_set(sm, cursor, seq);
	if (err == WN_OK && known == NULL) {
		known = WN_NEW(int64_t);
		(void)wn_map_set(&d->acked, wn_str(cursor), known);
	}
	if (err == WN_OK)
		*known = seq;
	pthread_mutex_unlock(&d->lock);
	return err;
}

wn_err
datalake_ack(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str reader, int64_t seq)
{
	struct wn_mod *sm;
	const struct wn_iface_store *store = store_of(m, &sm);
	const char *cursor = NULL;
	int64_t at;
	wn_err err = cursor_name(ctx, reader, &cursor);

	if (err == WN_OK)
		err = position_of(m, ctx, cursor, &at);
	if (err != WN_OK)
		return err;
	if (seq < at)
		return WN_FAIL(ctx, WN_E_CONFLICT, "the reader stands at %lld already",
			       (long long)at);
	if (seq > store->last_seq(sm))
		return WN_FAIL(ctx, WN_E_INVALID, "the log ends at %lld",
			       (long long)store->last_seq(sm));
	return seq == at ? WN_OK : move(m, ctx, cursor, seq);
}

/* ---- methods ---- */

wn_err
datalake_on_export(struct wn_mod *m, struct wn_ctx *ctx, const struct datalake_export_params *in,
		   struct datalake_export_result *out)
{
	struct wn_lake_batch b;
	wn_err err = datalake_read(m, ctx, in->reader, (size_t)in->limit, &b);

	if (err != WN_OK)
		return err;
	out->count = (int64_t)b.n;
	out->next = b.next;
	out->end = b.end;
	return b.n > 0 ? m->host->attach(ctx, b.lines) : WN_OK;
}

wn_err
datalake_on_ack(struct wn_mod *m, struct wn_ctx *ctx, const struct datalake_ack_params *in,
		struct datalake_ack_result *out)
{
	wn_err err = datalake_ack(m, ctx, in->reader, in->seq);

	return err != WN_OK ? err : datalake_position(m, ctx, in->reader, &out->position);
}
