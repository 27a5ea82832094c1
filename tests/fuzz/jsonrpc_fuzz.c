/*
 * jsonrpc.h: a stream cut anywhere gives the same messages as the stream in one piece,
 * and every message that was read can be written and read again.
 */
#include <stdlib.h>

#include "runtime/base/jsonrpc.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
add_part(struct wn_buf *out, struct wn_str s)
{
	wn_buf_printf(out, "%zu:", s.len);
	wn_buf_str(out, s);
	wn_buf_chr(out, '|');
}

/* What is written of a message says the same as the message. */
static void
write_again(const struct wn_rpc_msg *m)
{
	struct wn_arena arena;
	struct wn_rpc_msg back;
	struct wn_buf b;

	if (m->kind != WN_RPC_REQUEST || memchr(m->method.p, '\0', m->method.len))
		return;
	wn_arena_init(&arena, 0);
	wn_buf_init(&b, 1 << 24);
	check(wn_rpc_write_request(&b, m->id, wn_arena_str(&arena, m->method).p, m->params,
				   m->bytes) == WN_OK);
	check(wn_rpc_parse(wn_strn(b.p, b.len - 1), &arena, &back, NULL) == WN_OK);
	check(back.kind == m->kind && wn_str_eq(back.id, m->id) &&
	      wn_str_eq(back.method, m->method));
	check(wn_str_eq(back.params, m->params) && back.bytes == m->bytes);
	wn_buf_fini(&b);
	wn_arena_fini(&arena);
}

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *m, struct wn_str attachment)
{
	struct wn_buf *out = arg;
	struct wn_diag d = { 0 };

	wn_buf_printf(out, "msg %d %d ", (int)m->kind, m->error_code);
	add_part(out, m->id);
	add_part(out, m->method);
	add_part(out, m->params);
	add_part(out, m->result);
	add_part(out, m->error_message);
	add_part(out, m->error_data);
	add_part(out, attachment);
	check(attachment.len == m->bytes);
	if (m->kind == WN_RPC_ERROR) {
		wn_rpc_error_to_diag(m, &d);
		check(d.code != WN_OK);
	}
	write_again(m);
	return wn_str_is(m->method, "stop") ? WN_E_CLOSED : WN_OK;
}

static void
on_bad(void *arg, wn_err code, const char *text)
{
	wn_buf_printf(arg, "bad %d %s|", code, text);
}

/* Feeds the text in portions (1..step bytes, from a small generator); 0: all at once. */
static wn_err
feed(struct wn_str text, unsigned step, struct wn_buf *out)
{
	struct wn_rpc_limits l = { .line = 300, .attachment = 500 };
	struct wn_rpc_reader r;
	unsigned seed = step;
	wn_err err = WN_OK;

	wn_rpc_reader_init(&r, &l);
	r.on_msg = on_msg;
	r.on_bad = on_bad;
	r.arg = out;
	for (size_t i = 0; i < text.len && !err;) {
		size_t n = text.len - i;

		seed = seed * 1103515245u + 12345u;
		if (step && n > 1 + (seed >> 16) % step)
			n = 1 + (seed >> 16) % step;
		err = wn_rpc_feed(&r, text.p + i, n);
		i += n;
	}
	check(r.buf.len <= 801);
	wn_rpc_reader_fini(&r);
	return err;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const unsigned steps[] = { 1, 3, 17, 200 };
	struct wn_str text = wn_strn((const char *)data, size);
	struct wn_buf whole, parts;
	wn_err err;

	wn_buf_init(&whole, 1 << 26);
	wn_buf_init(&parts, 1 << 26);
	err = feed(text, 0, &whole);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		wn_buf_clear(&parts);
		check(feed(text, steps[i], &parts) == err);
		check(wn_str_eq(wn_buf_view(&parts), wn_buf_view(&whole)));
	}
	wn_buf_fini(&whole);
	wn_buf_fini(&parts);
	return 0;
}
