/*
 * A blueprint in plain words, English or Arabic: what there is, who may do what, and how much
 * of it is left to hand-written code.
 */
#ifndef AI_BLUEPRINT_EXPLAIN_H
#define AI_BLUEPRINT_EXPLAIN_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/json.h"

/* What the blueprint leaves to people's own code. */
struct blueprint_surface {
	size_t operations; /* kind custom */
	size_t hooks;	   /* named hooks of other operations and of views */
	size_t pages;	   /* custom pages and sections */
};

struct blueprint_surface blueprint_surface(const struct wn_json *doc);
/* Appends the text, lines ended by newlines. locale "ar" (or "ar-..") gives Arabic, all others
 * English; names come from the labels. The document should have passed its check. Any thread. */
wn_err blueprint_explain(const struct wn_json *doc, const char *locale, struct wn_buf *out);

#endif
