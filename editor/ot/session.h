/*
 * Several people in one text. The engine keeps the order (struct ed_ot_log); a client keeps at most
 * one operation on its way and melts what is typed meanwhile into one more (struct ed_ot_client),
 * so typing never waits. Sending is the caller's business; operations must arrive in order.
 */
#ifndef EDITOR_OT_SESSION_H
#define EDITOR_OT_SESSION_H

#include "editor/ot/ot.h"

/* The side of one who types. */
struct ed_ot_client {
	uint64_t revision;	     /* of the engine's text this one is based on */
	struct ed_ot *sent, *queued; /* owned; NULL: none */
};

/* revision: of the text that was given to the client. */
void ed_ot_client_init(struct ed_ot_client *c, uint64_t revision);
void ed_ot_client_fini(struct ed_ot_client *c);
/* The person did op (taken, also on failure). *send_out: to be sent with c->revision, borrowed;
 * NULL: it waits for the answer to the one before. After a failure the session must begin anew. */
wn_err ed_ot_client_edit(struct ed_ot_client *c, struct ed_ot *op,
			 const struct ed_ot **send_out) WN_MUST;
/* The engine took what was sent. *send_out as above: what waited. WN_E_STATE: nothing was sent. */
wn_err ed_ot_client_ack(struct ed_ot_client *c, const struct ed_ot **send_out) WN_MUST;
/* Somebody else's operation: *apply_out (owned by the caller) is to be done to the text here. */
wn_err ed_ot_client_remote(struct ed_ot_client *c, const struct ed_ot *op,
			   struct ed_ot **apply_out) WN_MUST;

/* The engine's side: the last operations in the order they count. */
struct ed_ot_log;

struct ed_ot_log *ed_ot_log_new(uint64_t revision, size_t points);
void ed_ot_log_free(struct ed_ot_log *l); /* nullable */
uint64_t ed_ot_log_revision(const struct ed_ot_log *l);
/* An operation made on the text of `revision`: *out (borrowed from the log) is what it is now, to
 * be done to the text and told to the others. WN_E_CONFLICT: the revision is older than what is
 * kept (the client reads the text again); WN_E_INVALID: newer than there is, or of another length.
 */
wn_err ed_ot_log_add(struct ed_ot_log *l, uint64_t revision, const struct ed_ot *op,
		     const struct ed_ot **out) WN_MUST;
/* The operation that led to this revision, for a client that was away; NULL: not kept. */
const struct ed_ot *ed_ot_log_at(const struct ed_ot_log *l, uint64_t revision);
/* Forgets all but the newest `keep`. */
void ed_ot_log_trim(struct ed_ot_log *l, size_t keep);

#endif
