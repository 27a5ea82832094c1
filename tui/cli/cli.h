/*
 * The command line over the engine: every verb of the IDE as one command. Each command is one file
 * with one const entry (command.h); this header is all the rest of the program sees.
 */
#ifndef TUI_CLI_CLI_H
#define TUI_CLI_CLI_H

#include <stdbool.h>

/* Exit codes, as documented. */
enum {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,
	CLI_CONSENT = 3,
	CLI_UNREACHABLE = 4,
};

/* Runs one command from the arguments of main; returns the exit code. Connects and prints itself.
 */
int wn_cli_main(int argc, char **argv);
/* True when the arguments name a command rather than something to open: the first word, global
 * options set aside, is a command's name, or is neither a path nor the name of something that is
 * there. */
bool wn_cli_wants(int argc, char **argv);

#endif
