/*
 * Framing of JSON-RPC: bytes in any portions to whole messages. Holds at most one
 * message; a message that arrives whole is read where it lies, without a copy.
 */
#include "runtime/base/jsonrpc.h"

#include <string.h>

enum { DEFAULT_LINE = 1024 * 1024, DEFAULT_ATTACHMENT = 16 * 1024 * 1024 };
enum { KEEP = 4096, KEEP_LARGE = 128 * 1024 }; /* memory of an idle reader; while large ones come */

void
wn_rpc_reader_init(struct wn_rpc_reader *r, const struct wn_rpc_limits *limits_nullable)
{
	size_t most;

	*r = (struct wn_rpc_reader){ 0 };
	if (limits_nullable)
		r->limits = *limits_nullable;
	if (r->limits.line == 0)
		r->limits.line = DEFAULT_LINE;
	if (r->limits.attachment == 0)
		r->limits.attachment = DEFAULT_ATTACHMENT;
	if (__builtin_add_overflow(r->limits.line, r->limits.attachment, &most) || most == SIZE_MAX)
		most = SIZE_MAX - 1;
	wn_buf_init(&r->buf, most + 1);
	wn_arena_init(&r->arena, 0);
}

void
wn_rpc_reader_fini(struct wn_rpc_reader *r)
{
	wn_buf_fini(&r->buf);
	wn_arena_fini(&r->arena);
	r->scanned = r->line_len = r->want = 0;
}

static void
forget_message(struct wn_rpc_reader *r)
{
	/* A message that was read where it lay, without buf, ends a row of large ones. */
	size_t keep = r->buf.len > 0 ? KEEP_LARGE : KEEP;

	r->scanned = r->line_len = r->want = 0;
	if (r->buf.cap > keep)
		wn_buf_fini(&r->buf);
	else
		wn_buf_clear(&r->buf);
	if (r->arena.used > KEEP)
		wn_arena_fini(&r->arena);
	else
		wn_arena_clear(&r->arena);
}

/* Reads the envelope. A line that is none is reported; *bad then, and its attachment is skipped. */
static wn_err
read_line(struct wn_rpc_reader *r, struct wn_str line, struct wn_rpc_msg *msg, bool *bad)
{
	struct wn_diag d = { 0 };
	wn_err err;

	*bad = false;
	err = wn_rpc_parse(line, &r->arena, msg, &d);
	if (msg->bytes > r->limits.attachment)
		return WN_E_LIMIT;
	if (err) {
		*bad = true;
		if (r->on_bad)
			r->on_bad(r->arg, err, d.text);
	}
	return err == WN_E_NO_MEMORY ? err : WN_OK;
}

/* Hands a whole message over. After an error the reader may be gone. */
static wn_err
deliver(struct wn_rpc_reader *r, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	wn_err err = r->on_msg ? r->on_msg(r->arg, msg, attachment) : WN_OK;

	if (err == WN_E_CLOSED)
		return err;
	forget_message(r);
	return err;
}

/*
 * A whole line (without its newline) at p, and rest bytes behind the newline. Takes as much of
 * the rest as belongs to it; what is incomplete goes to buf, unless the line lies there.
 */
static wn_err
take_line(struct wn_rpc_reader *r, struct wn_str line, const char *rest, size_t n, size_t *taken)
{
	struct wn_rpc_msg msg;
	bool bad;
	wn_err err;

	*taken = 0;
	if (line.len == 0) {
		forget_message(r);
		return WN_OK;
	}
	err = read_line(r, line, &msg, &bad);
	if (err)
		return err;
	if (bad) {
		size_t skip = msg.bytes;

		forget_message(r);
		r->want = skip; /* with no line: bytes to throw away */
		return WN_OK;
	}
	if (msg.bytes <= n) {
		*taken = msg.bytes;
		return deliver(r, &msg, wn_strn(rest, msg.bytes));
	}
	if (r->buf.len == 0) {
		wn_buf_str(&r->buf, line);
		wn_buf_chr(&r->buf, '\n');
	}
	wn_buf_add(&r->buf, rest, n);
	*taken = n;
	r->line_len = line.len;
	r->want = msg.bytes;
	wn_arena_clear(&r->arena); /* the line is read again once all is there */
	return r->buf.err;
}

/* More of an attachment whose line is in buf. */
static wn_err
take_attachment(struct wn_rpc_reader *r, const char *data, size_t n, size_t *taken)
{
	size_t missing = r->line_len + 1 + r->want - r->buf.len;
	struct wn_rpc_msg msg;
	bool bad;
	wn_err err;

	*taken = n < missing ? n : missing;
	err = wn_buf_add(&r->buf, data, *taken);
	if (err || *taken < missing)
		return err;
	err = read_line(r, wn_strn(r->buf.p, r->line_len), &msg, &bad);
	if (err)
		return err;
	return deliver(r, &msg, wn_strn(r->buf.p + r->line_len + 1, r->want));
}

/* Part of a line, or its end, behind what buf holds of it. */
static wn_err
take_part(struct wn_rpc_reader *r, const char *data, size_t n, size_t *taken)
{
	const char *end = memchr(data, '\n', n);
	size_t part = end ? (size_t)(end - data) : n, more;
	wn_err err;

	*taken = 0;
	if (part > r->limits.line - r->buf.len)
		return WN_E_LIMIT;
	if (end && r->buf.len == 0) {
		err = take_line(r, wn_strn(data, part), end + 1, n - part - 1, &more);
		*taken = part + 1 + more;
		return err;
	}
	*taken = part + (end != NULL);
	err = wn_buf_add(&r->buf, data, *taken);
	r->scanned = r->buf.len;
	if (err || !end)
		return err;
	err = take_line(r, wn_strn(r->buf.p, r->buf.len - 1), end + 1, n - *taken, &more);
	*taken += more;
	return err;
}

wn_err
wn_rpc_feed(struct wn_rpc_reader *r, const char *data, size_t n)
{
	wn_err err = WN_OK;

	while (n && !err) {
		size_t taken;

		if (r->want && r->line_len == 0) {
			taken = n < r->want ? n : r->want;
			r->want -= taken;
		} else if (r->line_len) {
			err = take_attachment(r, data, n, &taken);
		} else {
			err = take_part(r, data, n, &taken);
		}
		data += taken;
		n -= taken;
	}
	return err;
}
