/*
 * The lines a platform wrote, the newest few thousand. Pure. Escape sequences and controls of the
 * program are taken out: a log is text, and must not be able to move our cursor.
 */
#ifndef TUI_PANE_RUN_LOG_H
#define TUI_PANE_RUN_LOG_H

#include "runtime/base/buf.h"
#include "runtime/base/vec.h"
#include "tui/pane/run/human.h"

#define RUN_LOG_MAX 5000

enum run_source { RUN_OUT, RUN_ERR, RUN_ENGINE };

struct run_line {
	char *text;	 /* as it is shown */
	char *raw;	 /* as it was written, when that is another text; else NULL */
	int64_t time_ms; /* 0: not known */
	enum run_source source;
	enum run_level level; /* that the line itself tells */
};

struct run_log {
	WN_VEC(struct run_line) v;
	int64_t dropped; /* lines that made room for newer ones */
};

void run_log_fini(struct run_log *l);
void run_log_clear(struct run_log *l);
void run_log_add(struct run_log *l, enum run_source source, int64_t time_ms, struct wn_str text);
/* The line as it was written (borrowed). */
const char *run_log_raw(const struct run_line *l);
/* Index of the first line from `from` on (downwards, or upwards when !down) that holds the text,
 * letter case aside; -1: none. */
int64_t run_log_find(const struct run_log *l, const char *text, int64_t from, bool down);
/* Appends the text without escape sequences and controls; tabs become blanks. */
void run_log_plain(struct wn_str text, struct wn_buf *out);

#endif
