/*
 * Searching a folder on a worker. Results come file by file while it works; the loop takes them
 * over. ripgrep names the files that hold the query when it is installed, else the folder is
 * walked; the places in them are found by editor/search, which also replaces them.
 */
#ifndef TUI_PANE_SEARCH_FINDER_H
#define TUI_PANE_SEARCH_FINDER_H

#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#include "editor/search/search.h"
#include "runtime/base/vec.h"

#define FINDER_HITS_MAX ((size_t)100000)
#define FINDER_LINE_MAX ((size_t)400) /* bytes of a line that are kept to show */

struct hit {
	size_t from, to; /* in the file's text */
	size_t row, col; /* line from 0, byte in it */
	char *line;	 /* owned: what is shown of the line */
	size_t at, len;	 /* of the match in it */
	bool off;	 /* not to be replaced */
};

struct found_file {
	char *path; /* owned, relative to the folder */
	WN_VEC(struct hit) hits;
	off_t size; /* of the file that was searched */
	struct timespec mtime;
};

struct finder; /* counted: the pane and its work */

struct finder_news {
	size_t files, hits; /* so far */
	size_t skipped;	    /* hits beyond FINDER_HITS_MAX */
	bool over, with_rg;
	wn_err err;
	struct wn_diag d;
};

struct finder *finder_new(const char *root, const char *query, unsigned flags);
void finder_ref(struct finder *f);
void finder_unref(struct finder *f); /* nullable */
/* On a worker. use_rg false: never (tests compare). news: called there when there is something. */
void finder_run(struct finder *f, bool use_rg, void (*news)(void *), void *arg);
void finder_cancel(struct finder *f); /* any thread */
/* Appends the files found since the last call to out, owned by the caller then. */
struct finder_news finder_take(struct finder *f, struct found_file ***files_out, size_t *n_out);
void found_file_free(struct found_file *f); /* nullable */

#endif
