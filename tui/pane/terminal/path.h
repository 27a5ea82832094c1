/*
 * Names of files in what programs print: "src/a.c:12:3", "File "a.py", line 3", (a.js:1). Pure.
 */
#ifndef TUI_PANE_TERMINAL_PATH_H
#define TUI_PANE_TERMINAL_PATH_H

#include <stdint.h>

#include "runtime/base/str.h"

struct term_path {
	struct wn_str path; /* part of the line */
	int64_t line, col;  /* from 1; 0: not said */
};

/* The name at byte `at` of a line; false: there is none that looks like a file's. */
bool term_path_at(struct wn_str line, size_t at, struct term_path *out);

#endif
