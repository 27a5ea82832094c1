/*
 * JSON-RPC 2.0 envelopes: reading one line into its parts, writing messages. Params
 * and results stay JSON text. Framing is in jsonrpc_reader.c.
 */
#include "runtime/base/jsonrpc.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/json_read.h"
#include "runtime/base/json_write.h"

/* Members seen, one bit each. */
enum {
	HAS_VERSION = 1,
	HAS_ID = 2,
	HAS_METHOD = 4,
	HAS_PARAMS = 8,
	HAS_RESULT = 16,
	HAS_ERROR = 32,
	HAS_BYTES = 64,
	ERROR_CODE = 128,
	ERROR_MESSAGE = 256,
	ERROR_DATA = 512
};

struct envelope {
	struct wn_jr r;
	struct wn_rpc_msg *msg;
	struct wn_diag *d;
	unsigned seen;
	wn_err refused; /* first fault of a message that is good JSON */
	bool id_is_null;
};

/* Notes a fault and lets the scan go on, so that "bytes" is known whatever comes first. */
static void
refuse(struct envelope *e, const char *why)
{
	if (e->refused)
		return;
	e->refused = wn_fail(e->d, WN_E_REQUEST, "%s", why);
}

static void
see(struct envelope *e, unsigned bit)
{
	if (e->seen & bit)
		refuse(e, "a member of the message is there twice");
	e->seen |= bit;
}

/* Takes the next value when it has that type, else skips it and refuses the message. */
static bool
takes(struct envelope *e, enum wn_json_type want, const char *why)
{
	if (wn_jr_peek(&e->r) == want)
		return true;
	wn_jr_skip(&e->r, NULL);
	refuse(e, why);
	return false;
}

static void
read_version(struct envelope *e)
{
	struct wn_str v;

	see(e, HAS_VERSION);
	if (takes(e, WN_JSON_STRING, "\"jsonrpc\" must be \"2.0\"") &&
	    wn_jr_string(&e->r, &v) == WN_OK && !wn_str_is(v, "2.0"))
		refuse(e, "\"jsonrpc\" must be \"2.0\"");
}

static void
read_id(struct envelope *e)
{
	enum wn_json_type type = wn_jr_peek(&e->r);

	see(e, HAS_ID);
	wn_jr_skip(&e->r, &e->msg->id);
	e->id_is_null = type == WN_JSON_NULL;
	if (type != WN_JSON_NUMBER && type != WN_JSON_STRING && type != WN_JSON_NULL)
		refuse(e, "\"id\" must be a number or a string");
	if (type != WN_JSON_NUMBER && type != WN_JSON_STRING)
		e->msg->id = WN_STR_NONE;
}

static void
read_params(struct envelope *e)
{
	enum wn_json_type type = wn_jr_peek(&e->r);

	see(e, HAS_PARAMS);
	wn_jr_skip(&e->r, &e->msg->params);
	if (type != WN_JSON_OBJECT && type != WN_JSON_ARRAY)
		refuse(e, "\"params\" must be an object or an array");
}

static void
read_bytes(struct envelope *e)
{
	int64_t v = -1;
	struct wn_jr probe = e->r;

	see(e, HAS_BYTES);
	probe.diag = NULL;
	wn_jr_skip(&e->r, NULL);
	if (e->r.err)
		return;
	if (wn_jr_i64(&probe, &v) || v < 0)
		refuse(e, "\"bytes\" must be a whole number that is not negative");
	else
		e->msg->bytes = (size_t)v;
}

static void
read_error_member(struct envelope *e, struct wn_str key)
{
	struct wn_jr probe;
	int64_t code;

	if (wn_str_is(key, "code")) {
		see(e, ERROR_CODE);
		probe = e->r;
		probe.diag = NULL;
		wn_jr_skip(&e->r, NULL);
		if (wn_jr_i64(&probe, &code) || code < INT_MIN || code > INT_MAX)
			refuse(e, "the error's \"code\" must be an integer");
		else
			e->msg->error_code = (int)code;
	} else if (wn_str_is(key, "message")) {
		see(e, ERROR_MESSAGE);
		if (takes(e, WN_JSON_STRING, "the error's \"message\" must be a string"))
			wn_jr_string(&e->r, &e->msg->error_message);
	} else if (wn_str_is(key, "data")) {
		see(e, ERROR_DATA);
		wn_jr_skip(&e->r, &e->msg->error_data);
	} else {
		wn_jr_skip(&e->r, NULL);
	}
}

static void
read_error(struct envelope *e)
{
	struct wn_str key;

	see(e, HAS_ERROR);
	if (!takes(e, WN_JSON_OBJECT, "\"error\" must be an object") || !wn_jr_object(&e->r))
		return;
	while (wn_jr_member(&e->r, &key))
		read_error_member(e, key);
	if (!(e->seen & ERROR_CODE) || !(e->seen & ERROR_MESSAGE))
		refuse(e, "\"error\" needs a \"code\" and a \"message\"");
}

static void
read_member(struct envelope *e, struct wn_str key)
{
	if (wn_str_is(key, "jsonrpc")) {
		read_version(e);
	} else if (wn_str_is(key, "id")) {
		read_id(e);
	} else if (wn_str_is(key, "method")) {
		see(e, HAS_METHOD);
		if (takes(e, WN_JSON_STRING, "\"method\" must be a string"))
			wn_jr_string(&e->r, &e->msg->method);
	} else if (wn_str_is(key, "params")) {
		read_params(e);
	} else if (wn_str_is(key, "result")) {
		see(e, HAS_RESULT);
		wn_jr_skip(&e->r, &e->msg->result);
	} else if (wn_str_is(key, "error")) {
		read_error(e);
	} else if (wn_str_is(key, "bytes")) {
		read_bytes(e);
	} else {
		wn_jr_skip(&e->r, NULL); /* from a newer version */
	}
}

/* What kind of message the members make; refuses what is none. */
static void
decide_kind(struct envelope *e)
{
	unsigned what = e->seen & (HAS_METHOD | HAS_RESULT | HAS_ERROR);

	if (!(e->seen & HAS_VERSION))
		refuse(e, "\"jsonrpc\": \"2.0\" is missing");
	if (what == HAS_METHOD) {
		e->msg->kind = e->seen & HAS_ID ? WN_RPC_REQUEST : WN_RPC_NOTIFY;
		if (e->id_is_null)
			refuse(e, "\"id\" must be a number or a string");
		if (e->msg->method.len == 0)
			refuse(e, "\"method\" is empty");
		return;
	}
	e->msg->kind = what == HAS_ERROR ? WN_RPC_ERROR : WN_RPC_RESULT;
	if (what != HAS_RESULT && what != HAS_ERROR)
		refuse(e, "a message has one of \"method\", \"result\" and \"error\"");
	if (!(e->seen & HAS_ID))
		refuse(e, "an answer needs an \"id\"");
	/* null is how a peer answers what it could not read the id of. */
	if (e->id_is_null && what != HAS_ERROR)
		refuse(e, "\"id\" must be a number or a string");
	if (e->seen & HAS_PARAMS)
		refuse(e, "an answer has no \"params\"");
}

wn_err
wn_rpc_parse(struct wn_str line, struct wn_arena *arena, struct wn_rpc_msg *out, struct wn_diag *d)
{
	struct envelope e = { .msg = out, .d = d };
	struct wn_diag syntax = { 0 };
	struct wn_str key;
	enum wn_json_type type;

	*out = (struct wn_rpc_msg){ 0 };
	wn_jr_init(&e.r, line, arena, d ? &syntax : NULL);
	type = wn_jr_peek(&e.r);
	if (type == WN_JSON_OBJECT && wn_jr_object(&e.r)) {
		while (wn_jr_member(&e.r, &key))
			read_member(&e, key);
		decide_kind(&e);
	} else {
		wn_jr_skip(&e.r, NULL);
		refuse(&e, type == WN_JSON_ARRAY ? "batches are not accepted"
						 : "a message is a JSON object");
	}
	if (wn_jr_end(&e.r)) {
		/* Not JSON: that, and not what was missing in it, is the fault. */
		out->bytes = 0;
		if (d)
			*d = syntax;
		return e.r.err == WN_E_NO_MEMORY ? e.r.err : WN_E_PARSE;
	}
	return e.refused;
}

static void
begin(struct wn_jw *w, struct wn_buf *out)
{
	wn_jw_init(w, out);
	wn_jw_object(w);
	wn_jw_kstr(w, "jsonrpc", "2.0");
}

/* Closes the message; a failure takes the half message back, so that the line stays whole. */
static wn_err
finish(struct wn_jw *w, size_t start, size_t bytes)
{
	if (bytes)
		wn_jw_kint(w, "bytes", (int64_t)bytes);
	wn_jw_object_end(w);
	wn_buf_chr(w->out, '\n');
	if (w->out->err && w->out->len > start)
		wn_buf_cut(w->out, start);
	return w->out->err;
}

wn_err
wn_rpc_write_request(struct wn_buf *out, struct wn_str id, const char *method, struct wn_str params,
		     size_t bytes)
{
	size_t start = out->len;
	struct wn_jw w;

	begin(&w, out);
	if (id.len) {
		wn_jw_key(&w, "id");
		wn_jw_raw(&w, id);
	}
	wn_jw_kstr(&w, "method", method);
	if (params.len) {
		wn_jw_key(&w, "params");
		wn_jw_raw(&w, params);
	}
	return finish(&w, start, bytes);
}

wn_err
wn_rpc_write_notify(struct wn_buf *out, const char *method, struct wn_str params, size_t bytes)
{
	return wn_rpc_write_request(out, WN_STR_NONE, method, params, bytes);
}

wn_err
wn_rpc_write_result(struct wn_buf *out, struct wn_str id, struct wn_str result, size_t bytes)
{
	size_t start = out->len;
	struct wn_jw w;

	begin(&w, out);
	wn_jw_key(&w, "id");
	wn_jw_raw(&w, id.len ? id : WN_STR("null"));
	wn_jw_key(&w, "result");
	wn_jw_raw(&w, result.len ? result : WN_STR("null"));
	return finish(&w, start, bytes);
}

wn_err
wn_rpc_write_error(struct wn_buf *out, struct wn_str id, const struct wn_diag *d)
{
	const struct wn_error_row *row = wn_error_row(d->code ? d->code : WN_E_INTERNAL);
	size_t start = out->len;
	struct wn_jw w;

	begin(&w, out);
	wn_jw_key(&w, "id");
	wn_jw_raw(&w, id.len ? id : WN_STR("null"));
	wn_jw_key(&w, "error");
	wn_jw_object(&w);
	wn_jw_kint(&w, "code", row->rpc);
	wn_jw_kstr(&w, "message", d->text[0] ? d->text : row->text);
	wn_jw_key(&w, "data");
	wn_jw_object(&w);
	wn_jw_kstr(&w, "name", row->name);
	wn_jw_kstr(&w, "hint", row->hint);
	wn_jw_kstr(&w, "where", d->where);
	wn_jw_object_end(&w);
	wn_jw_object_end(&w);
	return finish(&w, start, 0);
}

/* A string member of the error's data, decoded into the arena; empty when it is not there. */
static struct wn_str
data_string(struct wn_str data, const char *name, struct wn_arena *arena)
{
	struct wn_str key, value = WN_STR("");
	struct wn_jr r;

	wn_jr_init(&r, data, arena, NULL);
	if (wn_jr_peek(&r) != WN_JSON_OBJECT || !wn_jr_object(&r))
		return value;
	while (wn_jr_member(&r, &key)) {
		if (wn_str_is(key, name) && wn_jr_peek(&r) == WN_JSON_STRING)
			wn_jr_string(&r, &value);
		else
			wn_jr_skip(&r, NULL);
	}
	return r.err ? WN_STR("") : value;
}

/* The length for "%.*s": a diag takes no more than this anyway. */
static int
shown(struct wn_str s)
{
	return (int)(s.len < WN_DIAG_TEXT_MAX ? s.len : WN_DIAG_TEXT_MAX);
}

static wn_err
code_of_rpc(int rpc)
{
	for (size_t i = 0; i < wn_error_count; i++)
		if (wn_error_rows[i].code != WN_OK && wn_error_rows[i].rpc == rpc)
			return wn_error_rows[i].code;
	return WN_E_INTERNAL;
}

void
wn_rpc_error_to_diag(const struct wn_rpc_msg *msg, struct wn_diag *d)
{
	struct wn_arena arena;
	struct wn_str name, where;
	wn_err code;
	char text[64];

	wn_arena_init(&arena, 0);
	name = data_string(msg->error_data, "name", &arena);
	where = data_string(msg->error_data, "where", &arena);
	snprintf(text, sizeof(text), "%.*s", shown(name), name.p);
	code = wn_error_by_name(text);
	/* An unknown name, or "ok", which is none for a failure: the number decides. */
	if (code == WN_OK || (code == WN_E_INTERNAL && !wn_str_is(name, "internal")))
		code = code_of_rpc(msg->error_code);
	wn_fail(d, code, "%.*s", shown(msg->error_message), msg->error_message.p);
	if (where.len)
		wn_fail_where(d, "%.*s", shown(where), where.p);
	wn_arena_fini(&arena);
}
