/*
 * The record of the wire (setting engine.record): every message of every connection, one JSON line
 * each.
 *
 * Owns the file's descriptor. It only looks on: a record that cannot be written loses lines, never
 * an answer. Bytes of attachments are left out; what was said in messages is all there, so the file
 * is its owner's alone. The test run checks it against the contracts
 * (tests/tools/contract_check.c).
 */
#ifndef RUNTIME_KERNEL_RECORD_H
#define RUNTIME_KERNEL_RECORD_H

#include "runtime/base/jsonrpc.h"

struct wn_recorder;

/* Appends to the file at path, made with mode 0600; NULL or "": *out is NULL and nothing is
 * recorded. id names this engine in the lines. Owned. */
wn_err wn_recorder_new(const char *path, const char *id, struct wn_recorder **out,
		       struct wn_diag *d) WN_MUST;
void wn_recorder_free(struct wn_recorder *r); /* nullable */

/* A message of a client; r nullable, as below. Loop thread. */
void wn_record_in(struct wn_recorder *r, int64_t conn, const struct wn_rpc_msg *msg);
/* Something of a client that is no message, and what was wrong with it. */
void wn_record_bad(struct wn_recorder *r, int64_t conn, const char *why);
/* Whole messages to a client, each with its attachment, as they stand in its output buffer. */
void wn_record_out(struct wn_recorder *r, int64_t conn, struct wn_str bytes);

#endif
