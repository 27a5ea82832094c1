/*
 * Files in plain blocking calls: for jobs, tools and the client's workers, never on a loop.
 */
#ifndef RUNTIME_BASE_FILE_H
#define RUNTIME_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"

/* Appends the whole file to out, within out's maximum (WN_E_LIMIT). */
wn_err wn_file_read(const char *path, struct wn_buf *out, struct wn_diag *d) WN_MUST;
/* Writes through a temporary file in the same directory, fsync, rename, fsync of the directory. An
 * existing file keeps its mode and, where allowed, its owner; a symbolic link is followed. */
wn_err wn_file_write(const char *path, struct wn_str data, mode_t mode_if_new,
		     struct wn_diag *d) WN_MUST;
/* Makes path and missing parents; an existing directory is no error. */
wn_err wn_file_mkdirs(const char *path, mode_t mode, struct wn_diag *d) WN_MUST;
/* Removes a tree without following links; a missing path is no error. */
wn_err wn_file_rmtree(const char *path, struct wn_diag *d) WN_MUST;
bool wn_file_exists(const char *path);
bool wn_file_is_dir(const char *path);
/* "a" + "/" + "b", owned. b absolute: a copy of b. */
char *wn_path_join(const char *a, const char *b);
/* Lexically clean absolute path (., .., //), relative to cwd; owned. Links are not resolved. */
char *wn_path_clean(const char *path, const char *cwd);
const char *wn_path_base(const char *path); /* borrowed: after the last '/' */
/* True when the relative path stays inside (no "..", not absolute, no NUL, not empty). */
bool wn_path_is_inside(struct wn_str relative);
/* First executable of that name in PATH, owned; NULL when there is none. */
char *wn_path_which(const char *program);

#endif
