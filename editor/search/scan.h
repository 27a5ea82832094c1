/*
 * All matches of a snapshot, found by a worker while somebody else looks on: how many so far, how
 * far it is, which one a place is. Can be cancelled at any moment.
 */
#ifndef EDITOR_SEARCH_SCAN_H
#define EDITOR_SEARCH_SCAN_H

#include "editor/search/search.h"

/* Places are kept of so many matches; more are only counted. */
#define ED_SCAN_KEPT ((size_t)1 << 20)

struct ed_scan;

struct ed_scan_state {
	size_t n;     /* matches so far */
	size_t bytes; /* looked through */
	bool over;
	wn_err err; /* why it ended early */
};

/* text is snapped. */
struct ed_scan *ed_scan_new(struct wn_str query, unsigned flags, const struct ed_text *text);
void ed_scan_free(struct ed_scan *s); /* nullable; not while it runs */
/* On a worker; news (nullable) is called there about ten times a second. */
void ed_scan_run(struct ed_scan *s, void (*news)(void *), void *arg);
void ed_scan_cancel(struct ed_scan *s);		       /* any thread */
struct ed_scan_state ed_scan_state(struct ed_scan *s); /* any thread */
/* Which match begins at pos, from 1; 0: none that is known. Any thread. */
size_t ed_scan_number(struct ed_scan *s, size_t pos);

#endif
