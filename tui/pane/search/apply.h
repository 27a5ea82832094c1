/*
 * Replacing in many files, and taking all of it back at once. Plain blocking calls for a worker; a
 * file that changed since it was searched is left alone and counted.
 */
#ifndef TUI_PANE_SEARCH_APPLY_H
#define TUI_PANE_SEARCH_APPLY_H

#include "tui/pane/search/finder.h"

/* A file as it was before, for undoing. */
struct undo_file {
	char *path; /* owned, relative */
	struct ed_text *before;
	off_t size; /* as we left it */
	struct timespec mtime;
};

struct apply {
	char *root, *query, *with; /* owned */
	unsigned flags;
	struct found_file **files; /* owned copies: paths and hits to be replaced */
	size_t n;
	WN_VEC(struct undo_file) done;
	size_t hits, changed; /* replaced; files left alone because they changed meanwhile */
	size_t failed;
	struct wn_diag d; /* of the first that failed */
};

void apply_run(struct apply *a);
/* Takes a->done back; what is taken back leaves the list. */
void apply_undo(struct apply *a);
void apply_free(struct apply *a); /* nullable */
/* Appends what a hit becomes, judged by the line that is kept of it (a preview: a pattern that
 * looks beyond its line may do otherwise). False: cannot be told. */
bool apply_preview(const struct hit *h, struct ed_search *s, struct wn_str with,
		   struct wn_buf *out);

#endif
