/*
 * A structured log line (one JSON object, as pino, bunyan, zap, structlog and their like write it)
 * as a person reads it: level, message, the fields that matter. Pure.
 */
#ifndef TUI_PANE_RUN_HUMAN_H
#define TUI_PANE_RUN_HUMAN_H

#include "runtime/base/buf.h"

enum run_level { RUN_LEVEL_NONE, RUN_LEVEL_DEBUG, RUN_LEVEL_INFO, RUN_LEVEL_WARN, RUN_LEVEL_ERROR };

/* Appends the words of such a line and tells its level; false: it is no such line, and nothing was
 * appended. Text of the program comes through as it is: filter what is shown. */
bool run_human(struct wn_str line, struct wn_buf *out, enum run_level *level_out);
/* "debug", "info", "warn", "error", "". */
const char *run_level_name(enum run_level level);

#endif
