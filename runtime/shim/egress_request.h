/*
 * What a program in a box asks its proxy: CONNECT for a tunnel, or one plain HTTP request. Pure;
 * the bytes are a stranger's.
 */
#ifndef RUNTIME_SHIM_EGRESS_REQUEST_H
#define RUNTIME_SHIM_EGRESS_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/shim/egress_policy.h"

#define EGRESS_HEAD_MAX 16384

struct egress_request {
	bool tunnel;
	char host[EGRESS_HOST_MAX];
	int port;
	size_t head;				     /* bytes of the request's head */
	int64_t body;				     /* of a plain request; 0: none */
	struct wn_str method, path, version, fields; /* into the bytes; fields: the header lines */
};

enum egress_parse { EGRESS_MORE, EGRESS_OK, EGRESS_BAD };

/* EGRESS_MORE: the head is not whole yet. EGRESS_BAD: *why is a sentence. */
enum egress_parse egress_request_parse(struct wn_str bytes, struct egress_request *out,
				       const char **why);
/* The head as the server gets it: a path instead of the address, its name as the only Host, nothing
 * meant for the proxy, and the end of the connection after the answer. */
void egress_request_head(const struct egress_request *r, struct wn_buf *out);

#endif
