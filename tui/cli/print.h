/*
 * Inside tui/cli: what reaches the terminal. Text from outside passes the filter here: no escape
 * sequence, control or direction override of it is sent.
 */
#ifndef TUI_CLI_PRINT_H
#define TUI_CLI_PRINT_H

#include <stdio.h>

#include "runtime/base/vec.h"
#include "tui/cli/command.h"

enum cli_style { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_RED, CLI_GREEN, CLI_YELLOW, CLI_BLUE };

/* Appends s made safe: controls become pictures, invalid bytes U+FFFD. Newlines stay with
 * keep_lines. */
void cli_filter(struct wn_str s, bool keep_lines, struct wn_buf *out);
/* Filtered text to standard output. Nothing ends the line. */
void cli_put(struct cli *c, struct wn_str s);
void cli_printf(struct cli *c, const char *fmt, ...) WN_PRINTF(2, 3);
/* Lines for people who did not ask for silence (not with --json or --quiet). */
void cli_say(struct cli *c, const char *fmt, ...) WN_PRINTF(2, 3);
void cli_style(struct cli *c, enum cli_style style);
/* Styled and padded on the right to cols columns (cols 0: as it is). */
void cli_cell_out(struct cli *c, enum cli_style style, struct wn_str s, int cols);
/* JSON text as one line; a terminal gets no raw control of it. */
void cli_json_line(struct cli *c, struct wn_str json);
/* One value by its shape, as a line. */
void cli_json_item(struct cli *c, const struct wn_shape *shape, const void *value);
/* What happened and what to do, on stderr (with --json: one object on stdout). Returns the exit
 * code of the failure. */
int cli_fail(struct cli *c, const struct wn_diag *d);
/* A message about how the command was written; returns CLI_USAGE. */
int cli_usage(struct cli *c, const char *fmt, ...) WN_PRINTF(2, 3);
/* Local time, in c->arena; "-" for 0. */
const char *cli_time(struct cli *c, int64_t wall_ms);
#define CLI_CLOCK_MAX 24
void cli_clock(int64_t wall_ms, char out[CLI_CLOCK_MAX]); /* local hours to milliseconds */

/* A table with as many columns as it needs. */
struct cli_table {
	struct cli *c;
	size_t cols;
	WN_VEC(const char *) cells; /* filtered, in the arena */
};
void cli_table_init(struct cli_table *t, struct cli *c, size_t cols, const char *const *heads);
void cli_table_add(struct cli_table *t, struct wn_str cell);
/* Prints and frees. */
void cli_table_print(struct cli_table *t);

#endif
