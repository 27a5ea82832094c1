/*
 * Which files of a folder count: the rules of .gitignore files, each for the directory it lies in.
 * Pure but for reading the rule files.
 */
#ifndef TUI_PANE_SEARCH_IGNORE_H
#define TUI_PANE_SEARCH_IGNORE_H

#include <stdbool.h>

#include "runtime/base/str.h"

struct ignore; /* the rules of one directory and those above it */

/* The rules of dir (relative to root, "": root itself); parent nullable and must outlive it. NULL
 * when there are no new rules: use the parent. */
struct ignore *ignore_open(const char *root, const char *dir, const struct ignore *parent);
void ignore_close(struct ignore *i); /* nullable */
/* True when the rules leave out path (relative to root). rules nullable. */
bool ignore_has(const struct ignore *rules, const char *path, bool is_dir);
/* One pattern of a rule file, against a path relative to that file: as gitignore(5) says. */
bool ignore_match(struct wn_str pattern, struct wn_str path);

#endif
