/*
 * Inside tui/cli: blueprints as people write them (YAML, JSON, with includes), and the findings of
 * their check, printed with the place where they are written.
 */
#ifndef TUI_CLI_FINDING_H
#define TUI_CLI_FINDING_H

#include "tui/cli/command.h"

/* One line and its hint a finding; with --json one object a finding. word: the file as it was named
 * on the command line; its directory goes before the files of the findings. NULL: there is none. */
void cli_findings(struct cli *c, const char *word, const struct model_finding *list, size_t n);
/* Checks a blueprint in a file ("-": standard input; a directory: its blueprint.yaml or .json) and
 * prints what was found. *valid_out: no error among it. doc_out (nullable) gets the document as one
 * line of JSON when it is valid. */
int cli_check_blueprint(struct cli *c, const char *word, bool *valid_out, struct wn_str *doc_out);
/* As above without the check: only a text that cannot be read is a failure. */
int cli_read_blueprint(struct cli *c, const char *word, struct wn_str *doc_out);
/* The file a word names: itself, or the blueprint in that directory. In c->arena. */
const char *cli_blueprint_file(struct cli *c, const char *word);
/* Text of the main file alone, with its name. */
int cli_blueprint_source(struct cli *c, const char *word, struct model_blueprint_source *out);

#endif
