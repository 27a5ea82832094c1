/*
 * Server-sent events, byte by byte (WHATWG HTML, "Server-sent events"): bytes in any cut, whole
 * events out. Pure; knows nothing of models.
 */
#ifndef AI_PROVIDER_OPENAI_OPENAI_SSE_H
#define AI_PROVIDER_OPENAI_OPENAI_SSE_H

#include <stdbool.h>

#include "runtime/base/buf.h"

struct openai_sse {
	struct wn_buf line, data, event;
	bool skip_lf; /* the last byte was a CR: an LF now belongs to it */
	bool started; /* the first line is through: no byte order mark any more */
	bool has_data;
	/* One event; event is "" when it had no name. Both borrowed. An error ends feeding. */
	wn_err (*on_event)(void *arg, struct wn_str event, struct wn_str data);
	void *arg;
};

/* max: bytes of one line and of one event's data. */
void openai_sse_init(struct openai_sse *s, size_t max);
void openai_sse_fini(struct openai_sse *s);
/* WN_E_LIMIT: a line or an event over the maximum; else what on_event said. No more may be fed
 * after an error. */
wn_err openai_sse_feed(struct openai_sse *s, struct wn_str bytes) WN_MUST;
/* The stream is over: what is pending counts as if an empty line had come, as the vendors' own
 * clients do. */
wn_err openai_sse_end(struct openai_sse *s) WN_MUST;

#endif
