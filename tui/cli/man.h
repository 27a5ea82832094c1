/*
 * Inside tui/cli: manual pages from the table of commands.
 */
#ifndef TUI_CLI_MAN_H
#define TUI_CLI_MAN_H

#include "tui/cli/command.h"

/* Prints webnova-NAME(1) as roff. */
void cli_man_command(struct cli *c, const struct cli_command *cmd);
/* Prints webnova(1) as roff. */
void cli_man_program(struct cli *c);

#endif
