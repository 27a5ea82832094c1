/*
 * What every pane that talks with the engine does alike: which errors are told by an event anyway,
 * the words of a failure, ids into fixed places, the workspace of the open folder.
 */
#ifndef TUI_PANE_TALK_H
#define TUI_PANE_TALK_H

#include <stdio.h>

#include "gen/client.h"
#include "tui/pane/pane.h"

/* A call that was cancelled is a pane that closes; one that lost its link is told by the engine's
 * event. */
static inline bool
pane_link_lost(wn_err err)
{
	return err == WN_E_CANCELLED || err == WN_E_CLOSED || err == WN_E_UNAVAILABLE;
}

/* The words of a failure. Borrowed from d. */
static inline const char *
pane_why(const struct wn_diag *d)
{
	return d->text[0] != '\0' ? d->text : wn_error_row(d->code)->text;
}

/* Cut when it is too long. */
static inline void
pane_copy(char *to, size_t max, struct wn_str from)
{
	snprintf(to, max, "%.*s", WN_STR_ARG(from));
}

/* Asks for the workspace of the open folder. */
static inline wn_err
pane_open_workspace(struct pane_host *h, wn_reply_workspace_open_fn reply, void *arg,
		    struct wn_diag *d)
{
	struct workspace_open_params p = { .path = wn_str(h->ops->root(h)) };

	return wn_call_workspace_open(h->ops->engine(h), &p, reply, arg, d);
}

#endif
