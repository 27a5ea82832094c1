/*
 * Private to modules/preview: the cache of what npm fetches.
 */
#ifndef RUNTIME_MODULES_PREVIEW_PREVIEW_CACHE_H
#define RUNTIME_MODULES_PREVIEW_PREVIEW_CACHE_H

#include "runtime/modules/preview/preview.h"

/* Runs npm in a directory of its own and moves it to `place` (an absolute path) whole; copies
 * (NULL-terminated, nullable) are files of the workspace that it needs. */
wn_err preview_fetch(struct preview_run *r, const char *place, const char *const *argv,
		     const char *const *copies);
/* True when place (something below the cache) is there; an error when it belongs to somebody we do
 * not trust. */
wn_err preview_is_cached(struct preview_run *r, const char *place, bool *out);
/* Takes the turn to fetch, waiting for others, cancellable; and gives it back. */
wn_err preview_fetch_lock(struct preview_run *r);
void preview_fetch_unlock(struct preview_run *r);
/* The failure of a program that ended with an exit code, with its last words. */
wn_err preview_fail_output(struct preview_run *r, const char *what, const struct wn_exec_result *x);

/* What was cancelled in words of the person, not of the program that did it; any other err as it
 * is. */
wn_err preview_say_cancelled(struct preview_run *r, wn_err err, const char *what);

#endif
