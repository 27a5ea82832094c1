/*
 * Every command's entry; each is defined in the file of its name.
 */
#ifndef TUI_CLI_COMMANDS_H
#define TUI_CLI_COMMANDS_H

#include "tui/cli/command.h"

extern const struct cli_command cli_blueprint;
extern const struct cli_command cli_cancel;
extern const struct cli_command cli_completion;
extern const struct cli_command cli_config;
extern const struct cli_command cli_diff;
extern const struct cli_command cli_doctor;
extern const struct cli_command cli_engine;
extern const struct cli_command cli_events;
extern const struct cli_command cli_generate;
extern const struct cli_command cli_help;
extern const struct cli_command cli_history;
extern const struct cli_command cli_jobs;
extern const struct cli_command cli_logs;
extern const struct cli_command cli_new;
extern const struct cli_command cli_open;
extern const struct cli_command cli_ps;
extern const struct cli_command cli_restore;
extern const struct cli_command cli_rpc;
extern const struct cli_command cli_run;
extern const struct cli_command cli_db;
extern const struct cli_command cli_secrets;
extern const struct cli_command cli_snapshot_create; /* "snapshot" */
extern const struct cli_command cli_stop;
extern const struct cli_command cli_version;

#endif
