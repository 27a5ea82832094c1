/*
 * Inside tui/cli: the findings of a blueprint check, printed.
 */
#ifndef TUI_CLI_FINDING_H
#define TUI_CLI_FINDING_H

#include "tui/cli/command.h"

/* One line and its hint a finding; with --json one object a finding. */
void cli_findings(struct cli *c, const struct model_finding *list, size_t n);
/* Checks a document; prints what was found. *valid_out: no error among it. */
int cli_check_blueprint(struct cli *c, struct wn_str document, bool *valid_out);

#endif
