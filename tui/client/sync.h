/*
 * The engine for programs that read from top to bottom (the command line): each call runs a private
 * loop until its answer is there.
 */
#ifndef TUI_CLIENT_SYNC_H
#define TUI_CLIENT_SYNC_H

#include "runtime/base/buf.h"
#include "tui/client/client.h"

struct wn_sync;

/* Connects (and starts an engine if allowed); on_notify in opts is called while a call or wait
 * runs. */
wn_err wn_sync_open(const struct wn_client_opts *opts, struct wn_sync **out,
		    struct wn_diag *d) WN_MUST;
void wn_sync_close(struct wn_sync *s);
/* One call. params empty: {}. result gets JSON text, attachment_nullable the raw bytes. ms 0: no
 * limit. */
wn_err wn_sync_call(struct wn_sync *s, const char *method, struct wn_str params, int64_t ms,
		    struct wn_buf *result, struct wn_buf *attachment_nullable,
		    struct wn_diag *d) WN_MUST;
/* Handles notifications until stop says true, ms pass (0: no limit: WN_E_DEADLINE), the link
 * breaks, or SIGINT comes (WN_E_CANCELLED). */
wn_err wn_sync_wait(struct wn_sync *s, bool (*stop)(void *arg), void *arg, int64_t ms,
		    struct wn_diag *d) WN_MUST;
struct wn_client *wn_sync_client(struct wn_sync *s);

#endif
