/*
 * JSON-RPC 2.0, framed by newlines, with raw attachments: one message a line; a
 * message with the top-level member "bytes": N is followed by exactly N raw bytes.
 * Pure: bytes in, messages out; no sockets here. Batches are refused (the
 * framing makes them pointless).
 */
#ifndef RUNTIME_BASE_JSONRPC_H
#define RUNTIME_BASE_JSONRPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"

enum wn_rpc_kind { WN_RPC_REQUEST, WN_RPC_NOTIFY, WN_RPC_RESULT, WN_RPC_ERROR };

/* Every span is JSON text borrowed from the line. */
struct wn_rpc_msg {
	enum wn_rpc_kind kind;
	struct wn_str id;	     /* number or string, as text; empty on a notification */
	struct wn_str method;	     /* decoded */
	struct wn_str params;	     /* object or array; empty: absent */
	struct wn_str result;	     /* of WN_RPC_RESULT */
	int error_code;		     /* of WN_RPC_ERROR */
	struct wn_str error_message; /* decoded */
	struct wn_str error_data;    /* JSON; empty: absent */
	size_t bytes;		     /* attachment length, 0: none */
};

/* Envelope only: params and result are checked for syntax, not parsed into anything. */
wn_err wn_rpc_parse(struct wn_str line, struct wn_arena *arena, struct wn_rpc_msg *out,
		    struct wn_diag *d) WN_MUST;

struct wn_rpc_limits {
	size_t line;	   /* bytes of one message without the newline; 0: 1 MiB */
	size_t attachment; /* 0: 16 MiB */
};

/*
 * Incremental frame reader. Feed bytes as they come; for each whole message on_msg is called
 * with the line and its attachment, both borrowed for the call. A line over the limit, or one that
 * is not a valid message, makes feed return the error: the connection is then beyond repair for
 * WN_E_LIMIT, and goes on at the next line for WN_E_PARSE (on_bad is called; feed goes on).
 */
struct wn_rpc_reader {
	struct wn_rpc_limits limits;
	struct wn_buf buf;
	size_t scanned;	 /* bytes of buf known to hold no newline */
	size_t line_len; /* > 0: line complete, waiting for the attachment */
	size_t want;	 /* attachment bytes of that line */
	struct wn_arena arena;
	wn_err (*on_msg)(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment);
	void (*on_bad)(void *arg, wn_err code, const char *text);
	void *arg;
};

void wn_rpc_reader_init(struct wn_rpc_reader *r, const struct wn_rpc_limits *limits_nullable);
void wn_rpc_reader_fini(struct wn_rpc_reader *r);
/* An error of on_msg stops feeding and is returned (WN_E_CLOSED: the callback ended the connection
 * and the reader may already be gone: feed touches it no more). */
wn_err wn_rpc_feed(struct wn_rpc_reader *r, const char *data, size_t n);

/* Writers append one whole message with its newline; params/result are JSON text. bytes > 0 adds
 * the member; the caller appends the raw bytes behind. id is JSON text. */
wn_err wn_rpc_write_request(struct wn_buf *out, struct wn_str id, const char *method,
			    struct wn_str params, size_t bytes);
wn_err wn_rpc_write_notify(struct wn_buf *out, const char *method, struct wn_str params,
			   size_t bytes);
wn_err wn_rpc_write_result(struct wn_buf *out, struct wn_str id, struct wn_str result,
			   size_t bytes);
/* data is an object {name, hint, where}; the JSON-RPC code comes from the error table. id empty:
 * null. */
wn_err wn_rpc_write_error(struct wn_buf *out, struct wn_str id, const struct wn_diag *d);
/* The failure an error answer carries, back as code and text. */
void wn_rpc_error_to_diag(const struct wn_rpc_msg *msg, struct wn_diag *d);

#endif
